/// Files as the commands touch them, with messages that name the file and the reason.

import Foundation
import Glibc

/// Reads and writes whole files.
enum FileAccess {
    /// What others may do with a file.
    enum Mode {
        static let open: mode_t = 0o644
        static let ownerOnly: mode_t = 0o600
        static let ownerOnlyFolder: mode_t = 0o700
        /// The bits that others than the owner have.
        static let others: mode_t = 0o077
    }

    /// The bytes of a file.
    ///
    /// - Throws: `CommandFault`.
    static func read(_ path: String) throws(CommandFault) -> [UInt8] {
        guard !isFolder(path) else {
            throw CommandFault("\(path): is a folder, not a file", exit: ExitCode.noInput)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            let reason = exists(path) ? "no permission" : "there is no such file"
            throw CommandFault("\(path): cannot be read: \(reason)", exit: ExitCode.noInput)
        }
        return [UInt8](data)
    }

    /// Writes a file in one step: it holds the old bytes or the new ones, and is on disk after.
    ///
    /// - Throws: `CommandFault`.
    static func write(
        _ bytes: [UInt8], to path: String, mode: mode_t = Mode.open
    ) throws(CommandFault) {
        let temporary = "\(path).\(getpid()).new"
        let descriptor = unsafe Glibc.open(
            temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw cannotWrite(path, errno) }
        var number: Int32 = 0
        var done = 0
        while done < bytes.count, number == 0 {
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.write(
                    descriptor, raw.baseAddress?.advanced(by: done), raw.count - done)
            }
            if count >= 0 { done += count } else if errno != EINTR { number = errno }
        }
        if number == 0, fsync(descriptor) != 0 { number = errno }
        if close(descriptor) != 0, number == 0 { number = errno }
        if number == 0, unsafe rename(temporary, path) != 0 { number = errno }
        guard number == 0 else {
            unsafe unlink(temporary)
            throw cannotWrite(path, number)
        }
    }

    /// Makes a folder and those above it, which is no fault where it is there already.
    ///
    /// - Throws: `CommandFault`.
    static func makeFolder(
        _ path: String, mode: mode_t = Mode.ownerOnlyFolder
    ) throws(CommandFault) {
        let above = folder(of: path)
        if above != path, !exists(above) { try makeFolder(above, mode: mode) }
        guard unsafe mkdir(path, mode) != 0 else { return }
        let number = errno
        guard number == EEXIST, isFolder(path) else { throw cannotWrite(path, number) }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func isFolder(_ path: String) -> Bool { type(of: path) == S_IFDIR }

    /// The permissions of a file; nil where there is none.
    static func mode(of path: String) -> mode_t? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    private static func type(of path: String) -> mode_t? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// The folder that a file stands in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A path inside a folder.
    static func path(_ name: String, in folder: String) -> String {
        folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// A path that means the same in every folder.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/")
            ? path : FileAccess.path(path, in: FileManager.default.currentDirectoryPath)
    }

    /// The reason that the system gives for an error number.
    static func reason(_ number: Int32) -> String { unsafe String(cString: strerror(number)) }

    static func cannotWrite(_ path: String, _ number: Int32) -> CommandFault {
        CommandFault(
            "\(path): cannot be written: \(reason(number))",
            exit: number == EACCES || number == EPERM
                ? ExitCode.noPermission : ExitCode.cannotWrite)
    }
}
