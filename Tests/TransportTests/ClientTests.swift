/// Clients against servers of this room, with and without TLS.

import Foundation
import Testing

@testable import Transport

@Suite(.serialized) struct ClientTests {
    @Test func aPostIsAnswered() throws {
        try withServer { server, _ in
            let endpoint = Endpoint(host: "127.0.0.1", port: server.port, path: "/submit")
            let body = [UInt8](repeating: 7, count: 200_000)
            let answer = try HTTPClient.post(endpoint, body: body)
            #expect(answer.status == 200)
            #expect(answer.body == body)
            #expect(try HTTPClient.post(endpoint, body: []).body == [])
        }
    }

    @Test func aGetIsAnsweredWithItsStatus() throws {
        let delegate = RecordingDelegate { server, connection, event in
            if case .requested(_, let path, _) = event {
                server.respond(HTTPResponse(status: 404, text: "no \(path)"), to: connection)
            }
        }
        try withServer(delegate: delegate) { server, _ in
            let endpoint = Endpoint(host: "localhost", port: server.port, path: "/x?y=1")
            let answer = try HTTPClient.get(endpoint)
            #expect(answer.status == 404)
            #expect(answer.body == Array("no /x\n".utf8))
        }
    }

    @Test func nobodyListeningIsAFault() throws {
        let free = try Server(ServerConfiguration(), delegate: RecordingDelegate.echoing())
        let port = free.port
        free.stop(graceSeconds: 0)
        free.run()
        #expect(throws: TransportFault.self) {
            try HTTPClient.get(Endpoint(host: "127.0.0.1", port: port, path: "/"), seconds: 5)
        }
    }

    @Test func anAnswerThatNeverComesIsAFault() throws {
        try withServer(delegate: RecordingDelegate { _, _, _ in }) { server, _ in
            let endpoint = Endpoint(host: "127.0.0.1", port: server.port, path: "/")
            #expect(throws: TransportFault.timedOut) {
                try HTTPClient.get(endpoint, seconds: 1)
            }
        }
    }

    @Test func anAnswerLongerThanAllowedIsAFault() throws {
        try withServer { server, _ in
            let endpoint = Endpoint(host: "127.0.0.1", port: server.port, path: "/")
            let body = [UInt8](repeating: 7, count: 1_001)
            #expect(throws: TransportFault.tooLong) {
                try HTTPClient.exchange(
                    endpoint, method: .post, body: body, contentType: nil, seconds: 10,
                    mostBytes: 1_000)
            }
            let answer = try HTTPClient.exchange(
                endpoint, method: .post, body: Array(body.dropLast()), contentType: nil,
                seconds: 10, mostBytes: 1_000)
            #expect(answer.body.count == 1_000)
        }
    }

    @Test func aWebSocketEchoesLongAndShortMessagesAndCloses() throws {
        try withServer { server, delegate in
            let session = try ClientSession(
                Endpoint(host: "127.0.0.1", port: server.port, path: "/ws"))
            #expect(session.wait { $0.contains(.opened) })
            let long = [UInt8](repeating: 0x61, count: 300_000)
            session.client.send(long, isText: true)
            session.client.send([1, 0, 2], isText: false)
            #expect(
                session.wait {
                    $0.contains(.received(long, isText: true))
                        && $0.contains(.received([1, 0, 2], isText: false))
                })
            session.client.close()
            #expect(session.wait { events in events.contains { $0.isEnd } })
            #expect(delegate.wait { $0.contains(.closed) })
        }
    }

    @Test func aClientHearsCodeAndReason() throws {
        let delegate = RecordingDelegate { server, connection, event in
            if case .received = event {
                server.close(connection, code: 4_001, reason: "enough")
            }
        }
        try withServer(delegate: delegate) { server, _ in
            let session = try ClientSession(
                Endpoint(host: "127.0.0.1", port: server.port, path: "/ws"))
            session.client.send([1], isText: true)
            #expect(session.wait { $0.contains(.closed(code: 4_001, reason: "enough")) })
        }
    }

    @Test func aMessageLongerThanAClientAllowsEndsTheConnection() throws {
        try withServer { server, _ in
            let endpoint = Endpoint(host: "127.0.0.1", port: server.port, path: "/ws")
            let session = try ClientSession(endpoint, mostMessageBytes: 1_000)
            let fitting = [UInt8](repeating: 0x61, count: 1_000)
            session.client.send(fitting, isText: true)
            #expect(session.wait { $0.contains(.received(fitting, isText: true)) })
            session.client.send(fitting + [0x61], isText: true)
            #expect(session.wait { $0.contains(.closed(code: 1_009, reason: "message too long")) })
        }
    }
}
