/// What takes too long is ended, and what does not is left alone.

import Testing

@testable import Transport

@Suite(.serialized) struct ServerPatienceTests {
    private func configuration(_ change: (inout Limits) -> Void) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        change(&configuration.limits)
        return configuration
    }

    @Test func aHeadThatDripsIsCutOff() throws {
        try withServer(configuration { $0.handshakeSeconds = 1 }) { server, delegate in
            let idle = try RawSocket(port: server.port)
            let dripping = try RawSocket(port: server.port)
            dripping.send("GET / HTTP/1.1\r\nHost: localhost\r\n")
            dripping.setPatience(seconds: 0, microseconds: 50_000)
            var drops = 0
            // One header line at a time, as slowloris does; a bound, in case nobody cuts us off.
            while drops < 200, !dripping.isClosedByPeer(), dripping.send("X-\(drops): 1\r\n") {
                drops += 1
            }
            #expect(drops > 2 && drops < 200)
            #expect(idle.isClosedByPeer())
            #expect(delegate.onServiceThread { $0.statistics.timeouts } == 2)
            #expect(delegate.onServiceThread { $0.statistics.httpConnections } == 0)
        }
    }

    @Test func aBodyThatDoesNotComeIsNotWaitedFor() throws {
        try withServer(configuration { $0.bodySeconds = 1 }) { server, delegate in
            let socket = try RawSocket(port: server.port)
            socket.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n123")
            #expect(socket.isClosedByPeer())
            #expect(delegate.events.filter { $0 != .woken } == [])
        }
    }

    @Test func aRequestThatIsNotAnsweredEnds() throws {
        let silent = RecordingDelegate { _, _, _ in }
        try withServer(configuration { $0.answerSeconds = 1 }, delegate: silent) {
            server, delegate in
            let socket = try RawSocket(port: server.port)
            socket.get("/")
            #expect(socket.isClosedByPeer())
            #expect(delegate.wait { $0.last == .closed })
        }
    }

    @Test func anIdleHTTPConnectionIsGivenUp() throws {
        try withServer(configuration { $0.keepAliveSeconds = 1 }) { server, _ in
            let socket = try RawSocket(port: server.port)
            socket.get("/")
            #expect(socket.receiveAnswer()?.status == 200)
            #expect(socket.isClosedByPeer())
        }
    }

    @Test func aSilentWebSocketIsPingedAndOneThatAnswersLives() throws {
        let patience = configuration {
            $0.pingSeconds = 1
            $0.silenceSeconds = 2
        }
        try withServer(patience) { server, delegate in
            let dead = try RawSocket(port: server.port)
            let alive = try RawSocket(port: server.port)
            #expect(dead.upgrade() && alive.upgrade())
            for _ in 0..<3 {
                #expect(alive.receiveFrame() == RawFrame(operation: 9, payload: Array("ping".utf8)))
                alive.send(RawSocket.frame(10, Array("ping".utf8)))
            }
            #expect(dead.receiveFrame() == RawFrame(operation: 9, payload: Array("ping".utf8)))
            #expect(dead.isClosedByPeer())
            alive.sendText("still here")
            #expect(alive.receiveFrame()?.operation == 1)
            #expect(delegate.onServiceThread { $0.statistics.webSockets } == 1)
        }
    }

    @Test func aPingIsAnswered() throws {
        try withServer { server, _ in
            let socket = try RawSocket(port: server.port)
            #expect(socket.upgrade())
            socket.send(RawSocket.frame(9, [1, 2, 3]))
            #expect(socket.receiveFrame() == RawFrame(operation: 10, payload: [1, 2, 3]))
        }
    }

    @Test func ticksComeAndWakesAreHeard() throws {
        var configuration = ServerConfiguration()
        configuration.tickMilliseconds = 5
        try withServer(configuration) { server, delegate in
            server.wake()
            #expect(delegate.wait { $0.contains(.woken) })
            let before = delegate.tickCount
            #expect(delegate.waitForTick(before + 4))
        }
    }
}
