/// Bytes that are no HTTP and no WebSocket: answered with an error or cut off, and the server stays
/// up.

import Testing

@testable import Transport

@Suite(.serialized) struct MalformedInputTests {
    /// Whether the server still serves others.
    private func serves(_ server: Server) throws -> Bool {
        let socket = try RawSocket(port: server.port)
        socket.get("/")
        return socket.receiveAnswer()?.status == 200
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked\r\n", "Content-Length: -1\r\n", "Content-Length: 5x\r\n",
        "Content-Length: 99999999999999999999\r\n", "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: 0x10\r\n", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: +5\r\n",
    ])
    func aBodyOfUnclearLengthIsRefused(header: String) throws {
        try withServer { server, delegate in
            let socket = try RawSocket(port: server.port)
            socket.send(
                "POST / HTTP/1.1\r\nHost: localhost\r\n\(header)\r\n5\r\nhello\r\n0\r\n\r\n")
            let status = socket.receiveAnswer()?.status
            #expect(status == nil || (400..<500).contains(status ?? 0))
            #expect(socket.isClosedByPeer())
            #expect(delegate.events.filter { $0 != .closed } == [])
            #expect(try serves(server))
        }
    }

    @Test(arguments: [
        "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
        "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ])
    func whatIsNoRequestIsNotHeardOf(text: String) throws {
        var configuration = ServerConfiguration()
        configuration.limits.handshakeSeconds = 1
        try withServer(configuration) { server, delegate in
            let socket = try RawSocket(port: server.port)
            socket.send(text)
            #expect(socket.isClosedByPeer())
            #expect(delegate.events.filter { $0 != .closed } == [])
            #expect(try serves(server))
        }
    }

    @Test func aQueryThatIsNotUTF8IsHandedOnAsNone() throws {
        try withServer { server, delegate in
            let socket = try RawSocket(port: server.port)
            socket.get("/a?b=%ff")
            #expect(socket.receiveAnswer()?.status == 200)
            #expect(delegate.peer?.path == "/a")
            #expect(delegate.peer != nil && delegate.peer?.query == nil)
        }
    }

    @Test func textThatIsNotUTF8EndsWith1007() throws {
        try withServer { server, delegate in
            for bytes: [UInt8] in [
                [0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80],
            ] {
                let socket = try RawSocket(port: server.port)
                #expect(socket.upgrade())
                socket.send(RawSocket.frame(1, bytes))
                #expect(socket.receiveFarewell()?.code == 1_007)
            }
            #expect(!delegate.events.contains { if case .received = $0 { true } else { false } })
            let socket = try RawSocket(port: server.port)
            #expect(socket.upgrade())
            socket.send(RawSocket.frame(1, [0xc3], isLast: false))
            socket.send(RawSocket.frame(0, [0xa9]))
            #expect(socket.receiveFrame()?.payload == [0xc3, 0xa9])
        }
    }

    /// Frames that RFC 6455 forbids a client to send.
    @Test(arguments: [
        RawSocket.frame(3, [0x61]),
        RawSocket.frame(11, [0x61]),
        RawSocket.frame(0, [0x61]),
        RawSocket.frame(0x41, [0x61]),
        RawSocket.frame(9, [UInt8](repeating: 0, count: 126)),
        RawSocket.frame(9, [1], isLast: false),
        RawSocket.frame(2, [], claims: -1),
        RawSocket.frame(8, [1]),
    ])
    func aForbiddenFrameEndsTheConnection(frame: [UInt8]) throws {
        try withServer { server, delegate in
            do {
                let socket = try RawSocket(port: server.port)
                #expect(socket.upgrade())
                socket.send(frame)
                let farewell = socket.receiveFarewell()
                #expect(farewell == nil || [1_002, 1_007, 1_009].contains(farewell?.code))
            }
            #expect(delegate.wait { $0.last == .closed })
            #expect(!delegate.events.contains { if case .received = $0 { true } else { false } })
            #expect(try serves(server))
        }
    }

    @Test func requestsSentAheadWaitTheirTurn() throws {
        let delegate = RecordingDelegate { server, connection, event in
            if case .requested(_, let path, _) = event {
                server.respond(HTTPResponse(status: 200, text: path), to: connection)
            }
        }
        try withServer(delegate: delegate) { server, _ in
            let socket = try RawSocket(port: server.port)
            socket.send(
                (0..<50).map { "GET /\($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined())
            for number in 0..<50 {
                #expect(socket.receiveAnswer()?.body == Array("/\(number)\n".utf8))
            }
        }
    }

    /// The library loses its place there: the client gets answers in order or is let go, never an
    /// answer to something that it did not ask.
    @Test func whoSendsAheadOfTheAnswerToAPostIsLetGo() throws {
        try withServer { server, delegate in
            let socket = try RawSocket(port: server.port)
            let posts = (0..<50).map { number in
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n\(10 + number)"
            }
            socket.send(posts.joined())
            var count = 0
            while let answer = socket.receiveAnswer() {
                #expect(answer.body == Array("\(10 + count)".utf8))
                count += 1
            }
            #expect(count < 50)
            let asked = delegate.events.filter { $0 != .closed }.enumerated()
            for (index, event) in asked {
                let body = Array("\(10 + index)".utf8)
                #expect(event == .requested(method: .post, path: "/", body: body))
            }
            #expect(try serves(server))
        }
    }

    @Test func aFloodDuringAnAnswerIsHeldBack() throws {
        let silent = RecordingDelegate { _, _, _ in }
        try withServer(delegate: silent) { server, delegate in
            let socket = try RawSocket(port: server.port)
            socket.get("/first")
            #expect(delegate.wait { !$0.isEmpty })
            socket.setSendPatience(milliseconds: 300)
            let block = Array(
                String(repeating: "GET /more HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 2_000)
                    .utf8)
            var sent = 0
            while sent < 64 << 20, socket.send(block) { sent += block.count }
            #expect(sent < 32 << 20, "the server took \(sent) bytes that it had no use for")
            #expect(delegate.events.filter { $0 != .woken }.count == 1)
        }
    }
}
