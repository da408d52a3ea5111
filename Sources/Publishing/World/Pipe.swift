/// A UNIX pipe that prices come through. It is opened for both directions, so that its end never
/// comes: writers may go and others come. It is made where there is none.

import Glibc

/// Why a pipe cannot be read.
package struct PipeFault: Error, Equatable, Sendable {
    package let path: String
    package let reason: String
}

/// The reading end of a pipe.
package final class Pipe {
    package let path: String
    package let descriptor: Int32
    private var lines = PipeLines()
    /// Only the owner may write prices.
    private static let mode: mode_t = 0o600
    private static let mostBytes = 65_536

    /// - Throws: `PipeFault` where there is something else, or no permission.
    package init(_ path: String) throws(PipeFault) {
        self.path = path
        if unsafe mkfifo(path, Pipe.mode) != 0, errno != EEXIST {
            throw PipeFault(path: path, reason: Pipe.reason(errno))
        }
        descriptor = unsafe open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw PipeFault(path: path, reason: Pipe.reason(errno)) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else {
            close(descriptor)
            throw PipeFault(path: path, reason: "is there, but no pipe")
        }
    }

    deinit { close(descriptor) }

    private static func reason(_ number: Int32) -> String {
        unsafe String(cString: strerror(number))
    }

    /// The whole lines that have come.
    package func read() -> [[UInt8]] {
        var buffer = [UInt8](repeating: 0, count: Pipe.mostBytes)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
        }
        return count > 0 ? lines.take(Array(buffer[..<count])) : []
    }
}
