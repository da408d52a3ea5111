/// The normal path: messages and requests come, answers go.

import Testing

@testable import Transport

@Suite(.serialized) struct ServerTests {
    @Test func aMessageIsEchoedInItsKind() throws {
        try withServer { server, delegate in
            let socket = try RawSocket(port: server.port)
            #expect(socket.upgrade("/ws/api/v2?a=b%26c&d"))
            socket.sendText("hello")
            #expect(socket.receiveFrame() == RawFrame(operation: 1, payload: Array("hello".utf8)))
            socket.send(RawSocket.frame(2, [0, 255, 1]))
            #expect(socket.receiveFrame() == RawFrame(operation: 2, payload: [0, 255, 1]))
            #expect(delegate.peer?.path == "/ws/api/v2")
            #expect(
                delegate.peer?.query == [
                    QueryItem(name: "a", value: "b&c"), QueryItem(name: "d", value: ""),
                ])
            #expect(delegate.peer?.address == "127.0.0.1")
        }
    }

    @Test func aRequestIsAnsweredAndTheConnectionKept() throws {
        try withServer { server, delegate in
            let socket = try RawSocket(port: server.port)
            for round in 0..<3 {
                socket.post("/api/v2", Array("body \(round)".utf8))
                let answer = try #require(socket.receiveAnswer())
                #expect(answer.status == 200)
                #expect(answer.header("content-type") == "application/json")
                #expect(answer.body == Array("body \(round)".utf8))
            }
            socket.get("/nothing")
            #expect(socket.receiveAnswer()?.body == [])
            #expect(delegate.events.last == .requested(method: .get, path: "/nothing", body: []))
        }
    }
}
