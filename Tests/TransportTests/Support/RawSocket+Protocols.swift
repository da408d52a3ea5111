/// HTTP and WebSocket by hand, so that the library is not tested with itself.

import Testing

/// An answer as it came: status, head, body.
struct RawAnswer {
    let status: Int
    let head: String
    let body: [UInt8]

    func header(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == name {
                return parts[1].trimmingPrefix(while: { $0 == " " }).description
            }
        }
        return nil
    }
}

/// A frame as it came.
struct RawFrame: Equatable {
    let operation: UInt8
    let payload: [UInt8]

    /// Code and reason of a close frame.
    var farewell: (code: Int, reason: String)? {
        guard operation == 8, payload.count >= 2 else { return nil }
        return (
            Int(payload[0]) << 8 | Int(payload[1]), String(decoding: payload[2...], as: UTF8.self)
        )
    }
}

extension RawSocket {
    /// Reads one answer with its body.
    func receiveAnswer(hasBody: Bool = true) -> RawAnswer? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            let byte = receive(most: 1)
            if byte.isEmpty { return nil }
            head += byte
        }
        let text = String(decoding: head, as: UTF8.self)
        let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        let answer = RawAnswer(status: status ?? 0, head: text, body: [])
        let length = hasBody ? answer.header("content-length").flatMap { Int($0) } ?? 0 : 0
        return RawAnswer(status: status ?? 0, head: text, body: receive(exactly: length))
    }

    /// A request with a body.
    func post(_ path: String, _ body: [UInt8], headers: String = "") {
        send(
            Array(
                """
                POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r
                \(headers)\r\n
                """.utf8) + body)
    }

    func get(_ path: String, headers: String = "") {
        send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n")
    }

    /// Asks for a WebSocket; true when it stands.
    @discardableResult
    func upgrade(_ path: String = "/ws", headers: String = "", host: String = "localhost") -> Bool {
        send(
            """
            GET \(path) HTTP/1.1\r\nHost: \(host)\r\nUpgrade: websocket\r\nConnection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r
            \(headers)\r\n
            """)
        return receiveAnswer()?.status == 101
    }

    /// A masked frame, as a client must send it.
    static func frame(
        _ operation: UInt8, _ payload: [UInt8], isLast: Bool = true, isMasked: Bool = true,
        claims: Int? = nil
    ) -> [UInt8] {
        let mask: [UInt8] = [0x37, 0xfa, 0x21, 0x3d]
        let count = claims ?? payload.count
        let bit: UInt8 = isMasked ? 0x80 : 0
        var bytes: [UInt8] = [operation | (isLast ? 0x80 : 0)]
        if (0..<126).contains(count) {
            bytes.append(UInt8(count) | bit)
        } else if (126..<65_536).contains(count) {
            bytes += [126 | bit, UInt8(count >> 8), UInt8(count & 0xff)]
        } else {
            bytes.append(127 | bit)
            bytes += (0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        }
        guard isMasked else { return bytes + payload }
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    @discardableResult
    func sendText(_ text: String) -> Bool { send(RawSocket.frame(1, Array(text.utf8))) }

    /// Reads one frame; nil at the end.
    func receiveFrame() -> RawFrame? {
        let start = receive(exactly: 2)
        guard start.count == 2 else { return nil }
        #expect(start[1] & 0x80 == 0, "a server does not mask")
        var count = Int(start[1] & 0x7f)
        if count == 126 || count == 127 {
            count = receive(exactly: count == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) }
        }
        return RawFrame(operation: start[0] & 0x0f, payload: receive(exactly: count))
    }

    /// The next close frame's code and reason; nil when the connection ends without one.
    func receiveFarewell() -> (code: Int, reason: String)? {
        while let frame = receiveFrame() {
            if let farewell = frame.farewell { return farewell }
        }
        return nil
    }
}
