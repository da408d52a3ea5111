/// A blocking TCP client that sends whatever bytes a test likes, right or wrong.

import Glibc

struct SocketFault: Error {
    let what: String
}

/// One connection to a port of this machine. Reads wait for a minute at most.
final class RawSocket {
    let descriptor: Int32

    init(port: UInt16, receiveBytes: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketFault(what: "socket \(errno)") }
        if var receiveBytes {
            unsafe setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBytes,
                socklen_t(MemoryLayout<Int32>.size))
        }
        setPatience(seconds: 60)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw SocketFault(what: "connect \(errno)") }
    }

    deinit { close(descriptor) }

    /// How long one read waits.
    func setPatience(seconds: Int, microseconds: Int = 0) {
        var patience = timeval(tv_sec: seconds, tv_usec: microseconds)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
    }

    /// How long one write waits for room.
    func setSendPatience(milliseconds: Int) {
        var patience = timeval(tv_sec: 0, tv_usec: milliseconds * 1_000)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
    }

    /// Sends all; false when the other side has gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress.map { unsafe $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// What comes next; empty at the end or when nothing comes in time.
    func receive(most: Int = 65_536) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: most)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe recv(descriptor, bytes.baseAddress, most, 0)
        }
        return count > 0 ? Array(buffer[..<count]) : []
    }

    /// Exactly `count` bytes, or fewer at the end.
    func receive(exactly count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let part = receive(most: count - bytes.count)
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }

    /// Everything until the other side closes.
    func receiveAll() -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let part = receive()
            if part.isEmpty { return bytes }
            bytes += part
        }
    }

    /// Whether the other side has closed, once all that came before is read.
    func isClosedByPeer() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
            }
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }
}
