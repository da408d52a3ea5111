/// Whether there is room on the disk to open a store, asked before RocksDB is let at it: opened for
/// writing it turns its logs into tables, and where the disk is full then, Debian's RocksDB, which
/// is built with its assertions, ends the process instead of saying so.

import Glibc

/// Room for files of a store.
enum DiskRoom {
    /// Bytes that a store needs besides its logs: its own notes, manifest and the next blocks.
    private static let spare = 256 << 10
    private static let logSuffix = ".log"

    /// - Throws: `StorageFault.diskFull` where the logs would find no room a second time; nothing
    ///   has changed.
    static func check(_ paths: StorePaths) throws(StorageFault) {
        var bytes = spare
        for folder in [paths.blocks, paths.leaves] {
            for name in Folder.names(in: folder) ?? [] where name.hasSuffix(logSuffix) {
                bytes += try File("\(folder)/\(name)", .reading).size()
            }
        }
        try check(bytes, in: paths.folder)
    }

    private static func check(_ bytes: Int, in folder: String) throws(StorageFault) {
        let path = "\(folder)/ROOM"
        // Of a process that was killed here.
        unsafe unlink(path)
        defer { unsafe unlink(path) }
        do throws(StorageFault) {
            try File(path, .creating).allocate(bytes)
        } catch {
            guard case .diskFull(_, let reason) = error else { throw error }
            throw .diskFull(file: folder, reason: "\(reason) (\(bytes) bytes)")
        }
    }
}
