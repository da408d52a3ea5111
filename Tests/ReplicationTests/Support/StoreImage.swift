/// Copies of a store's folder as a crash would leave it, ways to damage them, and the judgement:
/// all that was acknowledged is there and right, or the store says what is wrong.
import CRocksDB
import Canonical
import Foundation
import TestKit
import Testing

@testable import Replication

/// Rounds of each kind of damage; `RAMPART_FUZZ_STORAGE` asks for more.
func storageRounds(_ usual: Int) -> Int {
    guard let text = ProcessInfo.processInfo.environment["RAMPART_FUZZ_STORAGE"],
        let factor = Int(text)
    else { return usual }
    return usual * factor
}

/// What a damaged store did.
enum Verdict: Equatable {
    /// It opened with everything right; this many blocks were above the acknowledged ones.
    case whole(ahead: UInt64)
    /// It refused.
    case refused(StorageFault)
    /// It opened, and reading an old block gave a fault.
    case found(StorageFault)
}

/// Something that must never be.
struct WrongAnswer: Error, CustomStringConvertible {
    let description: String
}

/// A copy of a store.
struct StoreImage {
    let path: String

    /// Copies the store of a running venue as a crash at this instant would leave it: the tip
    /// first, then what names files, then the logs, then the tables, so that no file is older than
    /// what another says about it.
    init(crashing store: BlockStore, to path: String, beforeTip: Bool = false) throws {
        self.path = path
        let manager = FileManager.default
        let names = beforeTip ? [] : ["TIP"]
        try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in names {
            try manager.copyItem(atPath: store.path + "/" + name, toPath: path + "/" + name)
        }
        try manager.copyItem(atPath: store.path + "/LOCK", toPath: path + "/LOCK")
        try store.withDatabases { (opened) throws(StorageFault) in
            for database in [opened.blocks, opened.leaves] { try database.copyCrashing(to: path) }
        }
    }

    /// A copy of an image.
    init(copying other: StoreImage, to path: String) throws {
        self.path = path
        try FileManager.default.copyItem(atPath: other.path, toPath: path)
    }

    /// Paths of files relative to the image, in order.
    var files: [String] { PackageFiles.files(below: path) }

    func size(_ file: String) -> Int {
        FileManager.default.contents(atPath: path + "/" + file)?.count ?? 0
    }

    /// The write-ahead log of the blocks that is written at present.
    var lastLog: String? {
        files.filter { $0.hasPrefix("blocks/") && $0.hasSuffix(".log") }.max()
    }

    func cut(_ file: String, to size: Int) throws {
        let handle = try #require(FileHandle(forWritingAtPath: path + "/" + file))
        try handle.truncate(atOffset: UInt64(size))
        try handle.close()
    }

    /// Changes bytes in place.
    func change(_ file: String, _ body: (inout [UInt8]) -> Void) throws {
        let full = path + "/" + file
        var bytes = [UInt8](try #require(FileManager.default.contents(atPath: full)))
        body(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: full))
    }

    /// Opens the store and compares everything with what the venue made.
    ///
    /// - Throws: `WrongAnswer` where it opens with anything else than that.
    func judge(_ venue: ToyVenue, acknowledged: Int) throws -> Verdict {
        let store: BlockStore
        let machine: ToyMachine
        do throws(StorageFault) {
            (store, machine, _) = try reopened(path)
        } catch {
            return .refused(error)
        }
        let height = Int(store.chainTip.height)
        guard height >= acknowledged, height <= venue.records.count else {
            throw WrongAnswer(description: "\(height) of \(acknowledged) acknowledged blocks")
        }
        let root = height == 0 ? ToyMachine().root : venue.records[height - 1].header.root
        guard machine.root == root, machine.height == UInt64(height) else {
            throw WrongAnswer(description: "another state at \(height)")
        }
        do throws(StorageFault) {
            for record in venue.records.prefix(height) {
                guard try store.record(at: record.header.height) == record else {
                    throw StorageFault.tipDiffers(height: record.header.height)
                }
            }
        } catch {
            if case .tipDiffers = error { throw WrongAnswer(description: "\(error)") }
            return .found(error)
        }
        return .whole(ahead: UInt64(height - acknowledged))
    }
}

extension Database {
    /// Copies the files while none of them is deleted.
    fileprivate func copyCrashing(to folder: String) throws(StorageFault) {
        var message: UnsafeMutablePointer<CChar>?
        unsafe rocksdb_disable_file_deletions(handle, &message)
        let name = String(path.split(separator: "/").last ?? "")
        let target = folder + "/" + name
        let manager = FileManager.default
        try? manager.createDirectory(atPath: target, withIntermediateDirectories: true)
        func order(_ file: String) -> Int {
            if file.hasPrefix("CURRENT") { return 0 }
            if file.hasPrefix("MANIFEST") { return 1 }
            return file.hasSuffix(".log") ? 2 : 3
        }
        // Read whole, so that a file that grows is cut somewhere.
        let files = (Folder.names(in: path) ?? []).sorted { (order($0), $0) < (order($1), $1) }
        for file in files {
            let bytes = manager.contents(atPath: path + "/" + file)
            _ = manager.createFile(atPath: target + "/" + file, contents: bytes)
        }
        unsafe rocksdb_enable_file_deletions(handle, 1, &message)
    }
}
