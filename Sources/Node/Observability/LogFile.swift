/// The file that log lines go to, for those who keep logs in files. Something else moves it away
/// when it is large (`logrotate`) and says so with SIGHUP; then it is opened anew under its name.
/// Every line goes to one file, whole: the old one until that moment, the new one from then on.

import Foundation
import Glibc
import Synchronization

/// A file that lines are added to, from any thread.
final class LogFile: Sendable {
    let path: String
    private let descriptor: Mutex<Int32>

    /// The owner writes, the group reads: logs name accounts.
    private static let mode: mode_t = 0o640

    /// Opens the file; what is in it stays.
    ///
    /// - Throws: `CommandFault` where it cannot be written.
    init(_ path: String) throws(CommandFault) {
        self.path = path
        descriptor = Mutex(try LogFile.open(path))
    }

    deinit { descriptor.withLock { _ = close($0) } }

    private static func open(_ path: String) throws(CommandFault) -> Int32 {
        let descriptor = unsafe Glibc.open(
            path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileAccess.cannotWrite(path, errno) }
        return descriptor
    }

    /// Opens the file under its name again.
    ///
    /// - Throws: `CommandFault`; lines go on into the file that is open then.
    func reopen() throws(CommandFault) {
        let new = try LogFile.open(path)
        descriptor.withLock { descriptor in
            close(descriptor)
            descriptor = new
        }
    }

    /// Adds a line. One that the file does not take goes to standard error, so that a full disk
    /// hides nothing.
    func write(_ line: String) {
        let bytes = Array(line.utf8)
        let isWritten = descriptor.withLock { LogFile.add(bytes, to: $0) }
        if !isWritten { Log.toStandardError(line) }
    }

    private static func add(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.write(
                    descriptor, raw.baseAddress?.advanced(by: done), raw.count - done)
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return false }
            done += count
        }
        return true
    }
}
