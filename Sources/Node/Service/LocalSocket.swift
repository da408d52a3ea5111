/// Sockets of this machine (`AF_UNIX`): the one that a supervisor listens on, and the one on which
/// the node listens to its operator. Every unsafe thing about them is here.

import Foundation
import Glibc

/// An open local socket; closed when it goes.
final class LocalSocket: Sendable {
    /// How messages are cut.
    enum Kind: Sendable {
        case stream, datagram

        fileprivate var number: Int32 {
            switch self {
            case .stream: Int32(SOCK_STREAM.rawValue)
            case .datagram: Int32(SOCK_DGRAM.rawValue)
            }
        }
    }

    private let descriptor: Int32

    /// Bytes that the system takes of a path, with its end.
    private static let longestPath = 108

    private init(taking descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    private static func make(_ kind: Kind) -> LocalSocket? {
        let descriptor = socket(AF_UNIX, kind.number | Int32(SOCK_CLOEXEC.rawValue), 0)
        return descriptor < 0 ? nil : LocalSocket(taking: descriptor)
    }

    /// Runs `body` with the system's form of a path; an "@" in front names one that is in no
    /// folder (`unix(7)`).
    ///
    /// - Returns: what `body` returns, or -1 for a path that is too long or empty.
    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count < longestPath else {
            errno = ENAMETOOLONG
            return -1
        }
        let isAbstract = bytes[0] == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            for (place, byte) in bytes.enumerated() { unsafe room[place] = byte }
        }
        let head = MemoryLayout<sockaddr_un>.size - longestPath
        let size = socklen_t(head + bytes.count + (isAbstract ? 0 : 1))
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe body(pointer, size)
            }
        }
    }

    /// A socket that is connected to the one at `path`; nil, with `errno`, where nobody listens.
    static func connect(_ path: String, _ kind: Kind) -> LocalSocket? {
        guard let socket = make(kind) else { return nil }
        let number = unsafe withAddress(path) { address, size in
            unsafe Glibc.connect(socket.descriptor, address, size)
        }
        return number == 0 ? socket : nil
    }

    /// A socket that others reach at `path`, its owner alone; nil, with `errno`, where there can
    /// be none. What was at the path is gone.
    static func listen(at path: String, _ kind: Kind) -> LocalSocket? {
        let isFile = !path.hasPrefix("@")
        if isFile { unsafe unlink(path) }
        guard let socket = make(kind) else { return nil }
        // To a stream nobody can come before the mode is set, since nobody is listened to yet.
        let bound = unsafe withAddress(path) { address, size in
            unsafe Glibc.bind(socket.descriptor, address, size)
        }
        guard bound == 0 else { return nil }
        if isFile, unsafe chmod(path, FileAccess.Mode.ownerOnly) != 0 { return nil }
        if kind == .stream, Glibc.listen(socket.descriptor, SOMAXCONN) != 0 { return nil }
        return socket
    }

    /// The next who connects; nil when the socket is shut.
    func accept() -> LocalSocket? {
        while true {
            let taken = Glibc.accept(descriptor, nil, nil)
            if taken >= 0 {
                _ = fcntl(taken, F_SETFD, FD_CLOEXEC)
                return LocalSocket(taking: taken)
            }
            if errno != EINTR && errno != ECONNABORTED { return nil }
        }
    }

    /// Sends all of a text.
    ///
    /// - Returns: whether the other side takes it.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.send(
                    descriptor, raw.baseAddress?.advanced(by: done), raw.count - done,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return false }
            done += count
        }
        return true
    }

    /// The next bytes, `limit` at most; nil when the other side has gone.
    func receive(upTo limit: Int = 4_096) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: limit)
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { raw in
                unsafe recv(descriptor, raw.baseAddress, raw.count, 0)
            }
            if count < 0 && errno == EINTR { continue }
            return count <= 0 ? nil : Array(bytes.prefix(count))
        }
    }

    /// The next line, without its end; nil where the other side goes before it is whole, or says
    /// more than fits.
    func line() -> String? {
        var bytes: [UInt8] = []
        while bytes.last != UInt8(ascii: "\n") {
            guard bytes.count < LocalSocket.longestLine, let more = receive() else { return nil }
            bytes += more
        }
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    private static let longestLine = 8_192

    /// Ends what waits on the socket, in any thread.
    func shut() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
}
