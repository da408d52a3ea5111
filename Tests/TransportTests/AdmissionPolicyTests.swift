/// Web pages that try to drive a node of their visitor's machine.

import Testing

@testable import Transport

@Suite(.serialized) struct AdmissionPolicyTests {
    @Test(
        arguments: [
            (nil, true), ("http://localhost", true), ("http://localhost:8645", true),
            ("https://127.0.0.1:1", true), ("http://[::1]:99", true), ("HTTP://LocalHost", true),
            ("https://desk.example", true), ("HTTPS://Desk.Example", true),
            ("null", false), ("https://evil.example", false),
            ("https://desk.example.evil.example", false),
            ("http://localhost.evil.example", false), ("http://evil.example#localhost", false),
            ("http://localhost:80@evil.example", false), ("https://desk.example:444", false),
            ("file://localhost", false), ("", false), ("http://", false),
        ] as [(String?, Bool)])
    func originsAreNoneOrLoopbackOrNamed(origin: String?, admitted: Bool) {
        var policy = AdmissionPolicy()
        policy.origins = ["https://desk.example"]
        #expect(policy.admits(origin: origin) == admitted)
    }

    @Test(arguments: [
        ("localhost", true), ("localhost:8645", true), ("127.0.0.1:8645", true), ("[::1]:1", true),
        ("LOCALHOST", true), ("evil.example", false), ("evil.example:8645", false),
        ("127.0.0.1.evil.example", false), ("localhost:evil", false), ("", false),
    ])
    func theLoopbackIsHeldToItsNames(host: String, admitted: Bool) {
        #expect(AdmissionPolicy().admits(host: host, fromLoopback: true) == admitted)
        #expect(AdmissionPolicy().admits(host: host, fromLoopback: false))
    }

    @Test func namedHostsHoldForEveryone() {
        var policy = AdmissionPolicy()
        policy.hosts = ["venue.example"]
        #expect(policy.admits(host: "venue.example:443", fromLoopback: false))
        #expect(policy.admits(host: "Venue.example", fromLoopback: true))
        #expect(!policy.admits(host: "other.example", fromLoopback: false))
        #expect(policy.admits(host: "localhost", fromLoopback: true))
    }

    @Test func aPageOfAnotherOriginGetsNothing() throws {
        try withServer { server, delegate in
            let request = try RawSocket(port: server.port)
            request.get("/api", headers: "Origin: https://evil.example\r\n")
            let answer = try #require(request.receiveAnswer())
            #expect(answer.status == 403)
            #expect(answer.header("access-control-allow-origin") == nil)
            let socket = try RawSocket(port: server.port)
            #expect(!socket.upgrade(headers: "Origin: https://evil.example\r\n"))
            #expect(delegate.events == [])
            #expect(delegate.onServiceThread { $0.statistics.requestsRefused } == 2)
            let own = try RawSocket(port: server.port)
            #expect(own.upgrade(headers: "Origin: http://localhost:\(server.port)\r\n"))
        }
    }

    @Test func aPageThatRebindsItsNameGetsNothing() throws {
        try withServer { server, delegate in
            let request = try RawSocket(port: server.port)
            request.send("GET /api HTTP/1.1\r\nHost: evil.example:\(server.port)\r\n\r\n")
            #expect(request.receiveAnswer()?.status == 421)
            let socket = try RawSocket(port: server.port)
            #expect(!socket.upgrade(host: "evil.example"))
            let nameless = try RawSocket(port: server.port)
            nameless.send("GET /api HTTP/1.1\r\n\r\n")
            #expect(nameless.receiveAnswer()?.status != 200)
            #expect(delegate.events == [])
        }
    }

    @Test func aPreflightIsGivenNoLeave() throws {
        let delegate = RecordingDelegate { server, connection, event in
            if case .requested = event {
                server.respond(HTTPResponse(status: 405, text: "no"), to: connection)
            }
        }
        try withServer(delegate: delegate) { server, _ in
            let socket = try RawSocket(port: server.port)
            socket.send(
                "OPTIONS / HTTP/1.1\r\nHost: localhost\r\n"
                    + "Access-Control-Request-Method: POST\r\n\r\n"
            )
            let answer = try #require(socket.receiveAnswer())
            #expect(!answer.head.lowercased().contains("access-control"))
        }
    }
}
