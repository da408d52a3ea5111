/// The folder that back-ups go into: one folder each, named by height and time, made beside its
/// name and complete when it gets it. The oldest go when more are there than are to be kept.

import Canonical
import Documents
import Foundation
import Glibc

/// Where back-ups stand.
struct BackupFolder {
    private static let prefix = "rampart-"
    private static let unfinished = ".unfinished"
    /// Digits of a height in a name, so that names sort as heights do.
    private static let heightDigits = 12

    let path: String

    /// Keeps others from the folder; closed, however the process ends.
    final class Claim {
        private let descriptor: Int32

        fileprivate init(_ descriptor: Int32) { self.descriptor = descriptor }

        deinit { close(descriptor) }
    }

    /// Takes the folder for as long as the claim lives, and makes it where there is none.
    ///
    /// - Throws: `CommandFault` where it cannot be written, or another back-up is under way.
    func claim() throws(CommandFault) -> Claim {
        try FileAccess.makeFolder(path)
        let file = FileAccess.path("LOCK", in: path)
        let descriptor = unsafe open(
            file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, FileAccess.Mode.ownerOnly)
        guard descriptor >= 0 else { throw FileAccess.cannotWrite(path, errno) }
        let claim = Claim(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw CommandFault(
                "\(path): another back-up is under way; wait for it", exit: ExitCode.unavailable)
        }
        return claim
    }

    /// The finished back-ups, the oldest first.
    var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter {
            $0.hasPrefix(BackupFolder.prefix) && !$0.hasSuffix(BackupFolder.unfinished)
        }.sorted()
    }

    /// Takes away what interrupted back-ups have left. The folder must be claimed.
    func clear() throws(CommandFault) {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in all
        where name.hasPrefix(BackupFolder.prefix) && name.hasSuffix(BackupFolder.unfinished) {
            try BackupFolder.remove(FileAccess.path(name, in: path))
        }
    }

    /// Makes one.
    ///
    /// - Parameter body: fills the folder that it is given.
    /// - Returns: where it is.
    /// - Throws: `CommandFault`; what is half done is gone then.
    func make(
        height: UInt64, now: UInt64, _ body: (String) throws(CommandFault) -> Void
    ) throws(CommandFault) -> String {
        let digits = String(height)
        let padding = String(
            repeating: "0", count: max(0, BackupFolder.heightDigits - digits.count))
        let time = Date(timeIntervalSince1970: Double(now / TimeText.second)).formatted(.iso8601)
            .filter { $0.isLetter || $0.isNumber }
        let target = FileAccess.path("\(BackupFolder.prefix)\(padding)\(digits)-\(time)", in: path)
        let folder = target + BackupFolder.unfinished
        guard !FileAccess.exists(target) else {
            throw CommandFault(
                "\(target): is there already; ask again in a second", exit: ExitCode.cannotWrite)
        }
        try FileAccess.makeFolder(folder)
        do throws(CommandFault) {
            try body(folder)
            try FolderCopy.synchronize(folder)
            guard unsafe rename(folder, target) == 0 else {
                throw FileAccess.cannotWrite(target, errno)
            }
            try FolderCopy.synchronize(path, alone: true)
        } catch {
            try? BackupFolder.remove(folder)
            throw error
        }
        return target
    }

    /// Takes away the oldest back-ups of a chain, so that `count` are left. What is of another
    /// chain, or says nothing of itself, stays.
    ///
    /// - Returns: how many went.
    /// - Throws: `CommandFault`.
    func prune(keeping count: Int, of chain: Digest) throws(CommandFault) -> Int {
        let ours = names.map { FileAccess.path($0, in: path) }.filter { folder in
            (try? BackupFacts(of: folder))?.chain == chain
        }
        let old = ours.dropLast(count)
        for folder in old { try BackupFolder.remove(folder) }
        return old.count
    }

    private static func remove(_ folder: String) throws(CommandFault) {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            throw CommandFault(
                "\(folder): cannot be removed: \(error.localizedDescription)",
                exit: ExitCode.cannotWrite)
        }
    }
}
