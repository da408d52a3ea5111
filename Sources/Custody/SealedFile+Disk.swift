/// Sealed files on disk. A file is written beside its name, synced, and renamed onto it, so that a
/// crash leaves the old one or the new one whole; nobody but its owner may read it.
import Glibc

extension SealedFile {
    /// Owner may read and write, others nothing.
    private static let ownerOnly: mode_t = 0o600

    /// Seals `content` and puts it at `path`, in place of what is there. The folder must exist.
    ///
    /// - Throws: `notWritten`, `tooLong`, `notEnoughMemory`; the old file is then still there.
    package static func write(
        _ content: borrowing Secret, to path: String, passphrase: borrowing Secret,
        cost: Cost = .standard
    ) throws(Fault) {
        let bytes = try seal(content, passphrase: passphrase, cost: cost)
        var tokens = TokenSource()
        let temporary = path + "." + tokens.identifier()
        let descriptor = unsafe Glibc.open(
            temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, ownerOnly)
        guard descriptor >= 0 else { throw .notWritten(errorNumber: errno) }
        var number = writeAll(bytes, to: descriptor)
        if number == 0 && fsync(descriptor) != 0 { number = errno }
        if close(descriptor) != 0 && number == 0 { number = errno }
        if number == 0, unsafe rename(temporary, path) != 0 { number = errno }
        if number != 0 {
            unsafe unlink(temporary)
            throw .notWritten(errorNumber: number)
        }
        try syncFolder(of: path)
    }

    /// The content of the sealed file at `path`.
    ///
    /// - Throws: `notRead`, and what `open` throws.
    package static func read(
        from path: String, passphrase: borrowing Secret
    ) throws(Fault) -> Secret {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .notRead(errorNumber: errno) }
        defer { close(descriptor) }
        // One byte more than any file has, so that a longer one shows.
        var bytes = [UInt8](repeating: 0, count: longestFile + 1)
        var filled = 0
        while filled < bytes.count {
            let taken = unsafe bytes.withUnsafeMutableBytes { raw in
                unsafe Glibc.read(
                    descriptor, raw.baseAddress?.advanced(by: filled), raw.count - filled)
            }
            if taken < 0 {
                if errno == EINTR { continue }
                throw .notRead(errorNumber: errno)
            }
            if taken == 0 { break }
            filled += taken
        }
        return try open(Array(bytes[..<filled]), passphrase: passphrase)
    }

    /// Writes all of `bytes`; 0, or the system's error number.
    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.write(
                    descriptor, raw.baseAddress?.advanced(by: done), raw.count - done)
            }
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            done += written
        }
        return 0
    }

    /// Makes a new name in the folder of `path` lasting.
    private static func syncFolder(of path: String) throws(Fault) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let folder = parts.isEmpty ? "." : parts.joined(separator: "/") + "/"
        let descriptor = unsafe Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .notWritten(errorNumber: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .notWritten(errorNumber: errno) }
    }
}
