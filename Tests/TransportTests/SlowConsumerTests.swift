/// Who takes less than is sent: gets a prefix of the frames and a close code, and costs a bounded
/// amount.

import Testing

@testable import Transport

@Suite(.serialized) struct SlowConsumerTests {
    private static let payloadBytes = 10_000

    /// Sends numbered frames to whoever says "go", as many as the message says.
    private func numbering() -> RecordingDelegate {
        RecordingDelegate { server, connection, event in
            guard case .received(let message, _) = event,
                let count = Int(String(decoding: message, as: UTF8.self))
            else { return }
            for number in 0..<count {
                var text = Array("\(number) ".utf8)
                text += [UInt8](
                    repeating: 0x78, count: SlowConsumerTests.payloadBytes - text.count)
                server.send(Frame(text: text), to: connection)
            }
        }
    }

    /// Reads to the end and checks that the numbers have no gap.
    private func prefix(read socket: RawSocket) -> (
        count: Int, farewell: (code: Int, reason: String)?
    ) {
        var count = 0
        while let frame = socket.receiveFrame() {
            if let farewell = frame.farewell { return (count, farewell) }
            #expect(String(decoding: frame.payload, as: UTF8.self).hasPrefix("\(count) "))
            #expect(frame.payload.count == SlowConsumerTests.payloadBytes)
            count += 1
        }
        return (count, nil)
    }

    @Test func whoFallsBehindIsClosedWithAReasonAndNoGap() throws {
        var configuration = ServerConfiguration()
        configuration.limits.queuedBytes = 1 << 20
        configuration.limits.socketSendBytes = 64 << 10
        configuration.limits.closeSeconds = 10
        try withServer(configuration, delegate: numbering()) { server, delegate in
            let slow = try RawSocket(port: server.port, receiveBytes: 16 << 10)
            let quick = try RawSocket(port: server.port)
            #expect(slow.upgrade() && quick.upgrade())
            slow.sendText("1000")
            #expect(
                delegate.wait { $0.contains { if case .received = $0 { true } else { false } } })
            let statistics = delegate.onServiceThread { $0.statistics }
            #expect(statistics?.slowConsumers == 1)
            #expect(statistics?.queuedBytes == 0)
            let (count, farewell) = prefix(read: slow)
            #expect(farewell?.code == 1_013)
            #expect(farewell?.reason == "slow consumer")
            #expect(count > 0 && count < 1_000)
            quick.sendText("1")
            #expect(quick.receiveFrame()?.operation == 1)
        }
    }

    @Test func whoTakesEverythingGetsEverything() throws {
        var configuration = ServerConfiguration()
        configuration.limits.queuedBytes = 20 << 20
        try withServer(configuration, delegate: numbering()) { server, delegate in
            let socket = try RawSocket(port: server.port, receiveBytes: 16 << 10)
            #expect(socket.upgrade())
            socket.sendText("1000")
            for number in 0..<1_000 {
                let frame = socket.receiveFrame()
                #expect(frame?.payload.starts(with: Array("\(number) ".utf8)) == true)
            }
            #expect(delegate.onServiceThread { $0.statistics.queuedBytes } == 0)
            #expect(delegate.onServiceThread { $0.statistics.slowConsumers } == 0)
        }
    }

    @Test func aPongDoesNotBreakIntoAFrameThatIsHalfSent() throws {
        var configuration = ServerConfiguration()
        configuration.limits.socketSendBytes = 8 << 10
        try withServer(configuration, delegate: numbering()) { server, _ in
            let socket = try RawSocket(port: server.port, receiveBytes: 8 << 10)
            #expect(socket.upgrade())
            socket.sendText("300")
            var count = 0
            var pongs = 0
            for _ in 0..<50 { socket.send(RawSocket.frame(9, [7])) }
            while count < 300, let frame = socket.receiveFrame() {
                if frame.operation == 10 {
                    #expect(frame.payload == [7])
                    pongs += 1
                    continue
                }
                #expect(frame.payload.starts(with: Array("\(count) ".utf8)))
                count += 1
                if count % 10 == 0 { socket.send(RawSocket.frame(9, [7])) }
            }
            #expect(count == 300)
            #expect(pongs > 0)
        }
    }

    @Test func whoNeverReadsIsCut() throws {
        var configuration = ServerConfiguration()
        configuration.limits.queuedBytes = 1 << 20
        configuration.limits.socketSendBytes = 64 << 10
        configuration.limits.closeSeconds = 1
        try withServer(configuration, delegate: numbering()) { server, delegate in
            let socket = try RawSocket(port: server.port, receiveBytes: 16 << 10)
            #expect(socket.upgrade())
            socket.sendText("1000")
            #expect(delegate.wait { $0.last == .closed })
            #expect(delegate.onServiceThread { $0.statistics.webSockets } == 0)
        }
    }

    @Test func whenAllTogetherHoldTooMuchTheSlowestGoes() throws {
        var configuration = ServerConfiguration()
        configuration.limits.totalQueuedBytes = 3 << 20
        configuration.limits.socketSendBytes = 64 << 10
        configuration.limits.closeSeconds = 10
        try withServer(configuration, delegate: numbering()) { server, delegate in
            let slow = try RawSocket(port: server.port, receiveBytes: 16 << 10)
            let less = try RawSocket(port: server.port, receiveBytes: 16 << 10)
            #expect(slow.upgrade() && less.upgrade())
            slow.sendText("270")
            #expect(
                delegate.wait { $0.count { if case .received = $0 { true } else { false } } == 1 })
            less.sendText("150")
            #expect(prefix(read: slow).farewell?.reason == "slow consumer")
            for number in 0..<150 {
                #expect(less.receiveFrame()?.payload.starts(with: Array("\(number) ".utf8)) == true)
            }
        }
    }

    @Test func answersThatNobodyTakesAreBounded() throws {
        var configuration = ServerConfiguration()
        configuration.limits.totalQueuedBytes = 10 << 20
        configuration.limits.socketSendBytes = 64 << 10
        let delegate = RecordingDelegate { server, connection, event in
            if case .requested = event {
                let body = [UInt8](repeating: 0x61, count: 3 << 20)
                server.respond(
                    HTTPResponse(status: 200, contentType: "text/plain", body: body),
                    to: connection)
            }
        }
        try withServer(configuration, delegate: delegate) { server, delegate in
            var sockets: [RawSocket] = []
            for _ in 0..<6 {
                let socket = try RawSocket(port: server.port, receiveBytes: 16 << 10)
                socket.get("/")
                sockets.append(socket)
            }
            let isRequest: (Event) -> Bool = { if case .requested = $0 { true } else { false } }
            #expect(delegate.wait { $0.count(where: isRequest) == 6 })
            #expect(delegate.wait { $0.count { $0 == .closed } == 3 })
            let queued = delegate.onServiceThread { $0.statistics.queuedBytes } ?? 0
            #expect(queued > 9 << 20 && queued <= 10 << 20)
            let whole = sockets.count { $0.receiveAnswer()?.body.count == 3 << 20 }
            #expect(whole == 3)
        }
    }
}
