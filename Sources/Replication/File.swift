/// Files of the system, with every fault typed and named. Only what storage needs: whole reads and
/// writes, at the end or at a place, and the promise of the disk that they are there.

import Glibc

/// An open file; closed when it goes.
struct File: ~Copyable {
    /// How a file is opened.
    enum Mode {
        /// Reading only; it must exist.
        case reading
        /// Writing from its start; it must not exist.
        case creating
        /// Reading and writing in place; it must exist.
        case updating
    }

    let path: String
    private let descriptor: Int32

    /// Owner and group read, the owner writes: a venue's log is nobody else's to change.
    private static let rights: mode_t = 0o640

    /// - Throws: `StorageFault.absent` where it is not there, or what the system says.
    init(_ path: String, _ mode: Mode) throws(StorageFault) {
        let flags =
            switch mode {
            case .reading: O_RDONLY
            case .creating: O_RDWR | O_CREAT | O_EXCL
            case .updating: O_RDWR
            }
        descriptor = unsafe open(path, flags | O_CLOEXEC, File.rights)
        self.path = path
        if descriptor < 0 { throw .system(errno, file: path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The file's size in bytes.
    func size() throws(StorageFault) -> Int {
        var status = stat()
        if unsafe fstat(descriptor, &status) != 0 { throw .system(errno, file: path) }
        return status.st_size
    }

    /// Takes the file for this process until it is closed or the process ends, however it ends.
    ///
    /// - Throws: `StorageFault.locked` where another process, or another opening, has it.
    func lock() throws(StorageFault) {
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { throw .system(errno, file: path) }
    }

    /// Appends all of `bytes`.
    func write(_ bytes: [UInt8]) throws(StorageFault) {
        var done = 0
        while done < bytes.count {
            let start = done
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: raw[start...]).baseAddress,
                    bytes.count - start)
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw .system(errno, file: path) }
            done += count
        }
    }

    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: [UInt8], at offset: Int) throws(StorageFault) {
        if lseek(descriptor, offset, SEEK_SET) < 0 { throw .system(errno, file: path) }
        try write(bytes)
    }

    /// The next bytes, `limit` at most; none at the end of the file.
    func read(upTo limit: Int) throws(StorageFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var done = 0
        while done < limit {
            let start = done
            let count = unsafe bytes.withUnsafeMutableBytes { raw in
                unsafe Glibc.read(
                    descriptor,
                    UnsafeMutableRawBufferPointer(rebasing: raw[start...]).baseAddress,
                    limit - start)
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw .system(errno, file: path) }
            if count == 0 { break }
            done += count
        }
        bytes.removeLast(limit - done)
        return bytes
    }

    /// Has the disk keep room for as many bytes.
    func allocate(_ bytes: Int) throws(StorageFault) {
        let number = posix_fallocate(descriptor, 0, bytes)
        if number != 0 { throw .system(number, file: path) }
    }

    /// Returns when the disk has what was written.
    func synchronize() throws(StorageFault) {
        if fdatasync(descriptor) != 0 { throw .system(errno, file: path) }
    }
}

/// Folders.
enum Folder {
    /// The owner does all, the group looks.
    private static let rights: mode_t = 0o750

    /// Makes `path`; fine where it is there already.
    static func create(_ path: String) throws(StorageFault) {
        if unsafe mkdir(path, rights) != 0 && errno != EEXIST { throw .system(errno, file: path) }
    }

    /// Whether anything is at `path`.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// The names in a folder but for itself and its parent, in no order; nil where it is none.
    static func names(in path: String) -> [String]? {
        guard let folder = unsafe opendir(path) else { return nil }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { raw in
                unsafe raw.withMemoryRebound(to: CChar.self, capacity: 1) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Returns when the disk has the names that a folder holds.
    static func synchronize(_ path: String) throws(StorageFault) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw .system(errno, file: path) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw .system(errno, file: path) }
    }

    /// The folder that `path` lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Gives `path` the name `target`, on disk too. What was at `target` is gone.
    static func rename(_ path: String, to target: String) throws(StorageFault) {
        if unsafe Glibc.rename(path, target) != 0 { throw .system(errno, file: target) }
        try synchronize(parent(of: target))
    }
}
