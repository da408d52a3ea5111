/// An orderly end: nothing new, what waits goes out, everyone hears why.

import Foundation
import Testing

@testable import Transport

@Suite(.serialized) struct ServerStopTests {
    @Test func whatWaitsGoesOutBefore1001() throws {
        let payload = [UInt8](repeating: 0x61, count: 50_000)
        let delegate = RecordingDelegate { server, connection, event in
            guard case .received = event else { return }
            for _ in 0..<60 { server.send(Frame(binary: payload), to: connection) }
            server.stop(graceSeconds: 300)
        }
        // However busy the machine is.
        var configuration = ServerConfiguration()
        configuration.limits.closeSeconds = 300
        configuration.limits.pingSeconds = 300
        configuration.limits.silenceSeconds = 600
        try withServer(configuration, delegate: delegate) { server, delegate in
            let socket = try RawSocket(port: server.port, receiveBytes: 16 << 10)
            let idle = try RawSocket(port: server.port)
            #expect(socket.upgrade() && idle.upgrade())
            socket.sendText("now")
            for _ in 0..<60 { #expect(socket.receiveFrame()?.payload == payload) }
            #expect(socket.receiveFarewell()?.code == 1_001)
            #expect(idle.receiveFarewell()?.code == 1_001)
            #expect(try !RawSocket(port: server.port).upgrade())
            socket.send(RawSocket.frame(8, [0x03, 0xe9]))
            idle.send(RawSocket.frame(8, [0x03, 0xe9]))
            #expect(socket.isClosedByPeer() && idle.isClosedByPeer())
            #expect(delegate.wait { $0.count { $0 == .closed } == 2 })
        }
    }

    @Test func anOpenRequestIsStillAnswered() throws {
        let delegate = RecordingDelegate { server, _, event in
            if case .requested = event { server.stop(graceSeconds: 300) }
        }
        try withServer(delegate: delegate) { server, delegate in
            let socket = try RawSocket(port: server.port)
            socket.get("/last")
            let isRequest: (Event) -> Bool = { if case .requested = $0 { true } else { false } }
            #expect(delegate.wait { $0.contains(where: isRequest) })
            delegate.answerAll(HTTPResponse(status: 200, text: "done"))
            let answer = socket.receiveAnswer()
            #expect(answer?.body == Array("done\n".utf8))
            #expect(answer?.header("connection") == "close")
            #expect(socket.isClosedByPeer())
        }
    }

    @Test func graceEnds() throws {
        try withServer(delegate: RecordingDelegate { _, _, _ in }) { server, delegate in
            let socket = try RawSocket(port: server.port)
            socket.get("/never")
            let isRequest: (Event) -> Bool = { if case .requested = $0 { true } else { false } }
            #expect(delegate.wait { $0.contains(where: isRequest) })
            server.stop(graceSeconds: 1)
            #expect(socket.isClosedByPeer())
            #expect(delegate.wait { $0.last == .closed })
        }
    }
}
