/// A venue on the loopback that answers as a test likes, rightly or wrongly, over plain sockets, so
/// that nothing of the library under test is on its side.
import Foundation
import Glibc
import Synchronization

/// What the server does with a request.
enum Reply: Sendable {
    case json(String)
    case status(Int, String)
    /// Says nothing and keeps the connection.
    case hang
    /// Promises more bytes than it sends, and hangs up.
    case cut(String, promised: Int)
    /// So many bytes, if they are taken; the length is told before, or not.
    case huge(Int, isTold: Bool)
    /// A byte every so many milliseconds.
    case drip(String, milliseconds: UInt32)
    /// Points elsewhere.
    case redirect(String)
    /// These bytes, whatever they are, and hangs up.
    case raw(String)
}

/// One request as it came.
struct HeardRequest: Sendable {
    let path: String
    let body: String
}

final class VenueServer: Sendable {
    typealias Answer = @Sendable (HeardRequest) -> Reply

    private struct State {
        var answer: Answer
        var heard: [HeardRequest] = []
        var connections: [Int32] = []
        var accepted = 0
        var isStopped = false
    }

    let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>

    /// Listens on any free port.
    init(_ answer: @escaping Answer) throws {
        state = Mutex(State(answer: answer))
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(listener, generic, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard status else { throw ServerFault(what: "bind \(errno)") }
        port = UInt16(bigEndian: address.sin_port)
        Thread { [self] in accept() }.start()
    }

    struct ServerFault: Error { let what: String }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// What came on a path, in order.
    func heard(_ path: String) -> [HeardRequest] {
        state.withLock { state in state.heard.filter { $0.path == path } }
    }

    /// Connections since the beginning.
    var accepted: Int { state.withLock { $0.accepted } }

    /// Answers otherwise from now on.
    func answer(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

    /// Refuses connections from now on, and breaks those that stand.
    func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            // Closed by who accepts: its number must not be another's while it is asked.
            shutdown(listener, Int32(SHUT_RDWR))
            for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
        }
    }

    private func accept() {
        defer { close(listener) }
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { return }
            let isStopped = state.withLock { state in
                if !state.isStopped {
                    state.connections.append(connection)
                    state.accepted += 1
                }
                return state.isStopped
            }
            guard !isStopped else {
                close(connection)
                return
            }
            Thread { [self] in
                serve(connection)
                state.withLock { state in state.connections.removeAll { $0 == connection } }
                close(connection)
            }.start()
        }
    }

    private func serve(_ connection: Int32) {
        while let request = receive(connection) {
            let answer = state.withLock { state in
                state.heard.append(request)
                return state.answer
            }
            guard perform(answer(request), connection) else { return }
        }
    }

    private func receive(_ connection: Int32) -> HeardRequest? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let byte = read(connection, 1) else { return nil }
            head += byte
        }
        let text = String(decoding: head, as: UTF8.self)
        let path = text.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        var length = 0
        for line in text.lowercased().split(separator: "\r\n")
        where line.hasPrefix("content-length:") {
            length = Int(line.dropFirst(15).trimmingPrefix(" ")) ?? 0
        }
        guard let body = read(connection, length) else { return nil }
        return HeardRequest(path: path, body: String(decoding: body, as: UTF8.self))
    }

    private func read(_ connection: Int32, _ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var buffer = [UInt8](repeating: 0, count: count - bytes.count)
            let got = unsafe buffer.withUnsafeMutableBytes { raw in
                unsafe recv(connection, raw.baseAddress, raw.count, 0)
            }
            guard got > 0 else { return nil }
            bytes += buffer[..<got]
        }
        return bytes
    }

    private func send(_ connection: Int32, _ text: String) -> Bool {
        send(connection, Array(text.utf8))
    }

    private func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { raw in
                unsafe Glibc.send(
                    connection, raw.baseAddress?.advanced(by: sent), raw.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// - Returns: whether another request may follow.
    private func perform(_ reply: Reply, _ connection: Int32) -> Bool {
        switch reply {
        case .json(let body): return answer(connection, 200, body)
        case .status(let status, let body): return answer(connection, status, body)
        case .hang:
            _ = read(connection, 1)
            return false
        case .cut(let body, let promised):
            _ = send(connection, "HTTP/1.1 200 OK\r\ncontent-length: \(promised)\r\n\r\n\(body)")
            return false
        case .huge(let count, let isTold):
            let length = isTold ? "content-length: \(count)\r\n" : "connection: close\r\n"
            _ = send(connection, "HTTP/1.1 200 OK\r\n\(length)\r\n")
            let part = [UInt8](repeating: UInt8(ascii: "["), count: 65_536)
            var left = count
            while left > 0, send(connection, part) { left -= part.count }
            return false
        case .drip(let body, let milliseconds):
            _ = send(connection, "HTTP/1.1 200 OK\r\ncontent-length: \(body.utf8.count)\r\n\r\n")
            for byte in body.utf8 {
                usleep(milliseconds * 1_000)
                guard send(connection, [byte]) else { return false }
            }
            return true
        case .redirect(let place):
            return send(
                connection,
                "HTTP/1.1 302 Found\r\nlocation: \(place)\r\ncontent-length: 0\r\n\r\n")
        case .raw(let text):
            _ = send(connection, text)
            return false
        }
    }

    private func answer(_ connection: Int32, _ status: Int, _ body: String) -> Bool {
        send(
            connection,
            "HTTP/1.1 \(status) Status\r\ncontent-type: application/json\r\n"
                + "content-length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}
