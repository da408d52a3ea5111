/// Every limit of a server, from both sides.

import Testing

@testable import Transport

@Suite(.serialized) struct ServerLimitTests {
    private func configuration(_ change: (inout Limits) -> Void) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        change(&configuration.limits)
        return configuration
    }

    private func refused(_ delegate: RecordingDelegate) -> UInt64? {
        delegate.onServiceThread { $0.statistics.connectionsRefused }
    }

    @Test func connectionsAreAdmittedUpToTheirNumber() throws {
        try withServer(configuration { $0.connections = 3 }) { server, delegate in
            var sockets: [RawSocket] = []
            for _ in 0..<3 {
                let socket = try RawSocket(port: server.port)
                #expect(socket.upgrade())
                sockets.append(socket)
            }
            #expect(try !RawSocket(port: server.port).upgrade())
            #expect(refused(delegate) == 1)
            sockets.removeLast()
            #expect(delegate.wait { $0.contains(.closed) })
            #expect(try RawSocket(port: server.port).upgrade())
        }
    }

    @Test func connectionsOfOneAddressAreAdmittedUpToTheirNumber() throws {
        try withServer(configuration { $0.connectionsPerAddress = 2 }) { server, delegate in
            let first = try RawSocket(port: server.port)
            let second = try RawSocket(port: server.port)
            #expect(first.upgrade() && second.upgrade())
            #expect(try !RawSocket(port: server.port).upgrade())
            #expect(refused(delegate) == 1)
        }
    }

    @Test func aHeadMayBeAsLongAsAllowedAndNotLonger() throws {
        try withServer(configuration { $0.headerBytes = 2_048 }) { server, delegate in
            let fitting = try RawSocket(port: server.port)
            fitting.get("/", headers: "X-Fill: \(String(repeating: "x", count: 1_500))\r\n")
            #expect(fitting.receiveAnswer()?.status == 200)
            let long = try RawSocket(port: server.port)
            long.get("/", headers: "Cookie: \(String(repeating: "x", count: 4_000))\r\n")
            #expect(long.receiveAnswer()?.status != 200)
            #expect(delegate.events.filter { $0 != .closed }.count == 1)
        }
    }

    @Test func aBodyMayBeAsLongAsAllowedAndNotLonger() throws {
        try withServer(configuration { $0.requestBodyBytes = 1_000 }) { server, _ in
            let socket = try RawSocket(port: server.port)
            socket.post("/", [UInt8](repeating: 1, count: 1_000))
            #expect(socket.receiveAnswer()?.status == 200)
            socket.post("/", [UInt8](repeating: 1, count: 1_001))
            #expect(socket.receiveAnswer()?.status == 413)
            #expect(socket.isClosedByPeer())
        }
    }

    @Test func aMessageMayBeAsLongAsAllowedAndNotLonger() throws {
        try withServer(configuration { $0.messageBytes = 10_000 }) { server, _ in
            let socket = try RawSocket(port: server.port)
            #expect(socket.upgrade())
            let fitting = [UInt8](repeating: 0x61, count: 10_000)
            socket.send(RawSocket.frame(1, fitting))
            #expect(socket.receiveFrame()?.payload == fitting)
            socket.send(RawSocket.frame(1, fitting + [0x61]))
            #expect(socket.receiveFarewell()?.code == 1_009)
        }
    }

    @Test func fragmentsCountTogether() throws {
        try withServer(configuration { $0.messageBytes = 10_000 }) { server, _ in
            let socket = try RawSocket(port: server.port)
            #expect(socket.upgrade())
            let half = [UInt8](repeating: 0x61, count: 5_000)
            socket.send(RawSocket.frame(1, half, isLast: false))
            socket.send(RawSocket.frame(0, half))
            #expect(socket.receiveFrame()?.payload == half + half)
            socket.send(RawSocket.frame(1, half, isLast: false))
            socket.send(RawSocket.frame(0, half, isLast: false))
            socket.send(RawSocket.frame(0, [0x61]))
            #expect(socket.receiveFarewell()?.code == 1_009)
        }
    }

    @Test func aLengthThatIsOnlyClaimedIsRefusedBeforeItComes() throws {
        try withServer(configuration { $0.messageBytes = 10_000 }) { server, _ in
            let socket = try RawSocket(port: server.port)
            #expect(socket.upgrade())
            socket.send(RawSocket.frame(2, [1, 2, 3], claims: 1 << 40))
            #expect(socket.receiveFarewell()?.code == 1_009)
        }
    }

    @Test func settingsOutsideTheirRangeAreNamed() {
        func fault(_ change: (inout Limits) -> Void) -> TransportFault? {
            do {
                _ = try Server(configuration(change), delegate: RecordingDelegate.echoing())
                return nil
            } catch {
                return error
            }
        }
        #expect(
            fault { $0.headerBytes = 1_023 }
                == .badConfiguration("headerBytes is 1023, not in 1024...60000"))
        #expect(fault { $0.headerBytes = 1_024 } == nil)
        #expect(fault { $0.connections = 0 } != nil)
        #expect(fault { $0.pingSeconds = 86_401 } != nil)
        #expect(fault { $0.pingSeconds = 86_400 } == nil)
        #expect(fault { $0.messageBytes = -1 } != nil)
    }

    @Test func aPortThatIsTakenIsAFault() throws {
        try withServer { server, _ in
            var second = ServerConfiguration()
            second.port = server.port
            #expect(throws: TransportFault.notOpened("listen on 127.0.0.1:\(server.port)")) {
                try Server(second, delegate: RecordingDelegate.echoing())
            }
        }
    }
}
