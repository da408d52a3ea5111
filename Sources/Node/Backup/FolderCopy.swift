/// Folders copied with all that is in them, and brought to the disk. Plain reads and writes,
/// nothing of owners: a service that may not change owners makes back-ups too.

import Foundation
import Glibc

/// Copies folders.
enum FolderCopy {
    /// Bytes that are read at a time.
    private static let piece = 1 << 20

    /// Copies a folder to one that does not exist: its folders and files, with their rights.
    ///
    /// - Throws: `CommandFault` that names the file.
    static func copy(_ source: String, to target: String) throws(CommandFault) {
        guard let names = FileManager.default.enumerator(atPath: source) else {
            throw CommandFault("\(source): cannot be read", exit: ExitCode.noInput)
        }
        guard
            unsafe mkdir(target, FileAccess.mode(of: source) ?? FileAccess.Mode.ownerOnlyFolder)
                == 0
        else { throw FileAccess.cannotWrite(target, errno) }
        for case let name as String in names {
            let (old, new) = (FileAccess.path(name, in: source), FileAccess.path(name, in: target))
            let mode = FileAccess.mode(of: old) ?? FileAccess.Mode.ownerOnly
            if FileAccess.isFolder(old) {
                guard unsafe mkdir(new, mode) == 0 else {
                    throw FileAccess.cannotWrite(new, errno)
                }
            } else {
                try copy(file: old, to: new, mode)
            }
        }
    }

    private static func copy(
        file source: String, to target: String, _ mode: mode_t
    ) throws(CommandFault) {
        let input = unsafe open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else {
            throw CommandFault(
                "\(source): cannot be read: \(FileAccess.reason(errno))", exit: ExitCode.noInput)
        }
        defer { close(input) }
        let output = unsafe open(
            target, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard output >= 0 else { throw FileAccess.cannotWrite(target, errno) }
        defer { close(output) }
        var bytes = [UInt8](repeating: 0, count: piece)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { raw in
                unsafe read(input, raw.baseAddress, raw.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFault(
                    "\(source): cannot be read: \(FileAccess.reason(errno))",
                    exit: ExitCode.noInput)
            }
            if count == 0 { return }
            var done = 0
            while done < count {
                let start = done
                let written = unsafe bytes.withUnsafeBytes { raw in
                    unsafe write(output, raw.baseAddress?.advanced(by: start), count - start)
                }
                guard written >= 0 || errno == EINTR else {
                    throw FileAccess.cannotWrite(target, errno)
                }
                done += max(0, written)
            }
        }
    }

    /// Returns when the disk has a folder, and all that is in it unless it is `alone`.
    ///
    /// - Throws: `CommandFault`.
    static func synchronize(_ folder: String, alone: Bool = false) throws(CommandFault) {
        if !alone {
            let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
            for name in all ?? [] { try synchronize(one: FileAccess.path(name, in: folder)) }
        }
        try synchronize(one: folder)
    }

    private static func synchronize(one path: String) throws(CommandFault) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileAccess.cannotWrite(path, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileAccess.cannotWrite(path, errno) }
    }
}
