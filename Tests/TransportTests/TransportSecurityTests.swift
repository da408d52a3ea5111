/// TLS: who trusts whom, and who does not get in.

import Testing

@testable import Transport

@Suite(.serialized) struct TransportSecurityTests {
    private let certificates: Certificates

    init() throws {
        certificates = try Certificates()
    }

    private func configuration(wantsClients: Bool) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.security = TransportSecurity(
            certificateFile: certificates.certificate("server"),
            keyFile: certificates.key("server"),
            clientAuthorityFile: wantsClients ? certificates.certificate("authority") : nil)
        return configuration
    }

    private func endpoint(
        _ server: Server, trusting authority: String = "authority", showing name: String? = nil,
        host: String = "127.0.0.1"
    ) -> Endpoint {
        Endpoint(
            host: host, port: server.port, path: "/secure",
            security: ClientSecurity(
                authorityFile: certificates.certificate(authority),
                certificateFile: name.map(certificates.certificate),
                keyFile: name.map(certificates.key)))
    }

    @Test func requestsAndMessagesGoOverTLS() throws {
        try withServer(configuration(wantsClients: false)) { server, delegate in
            let body = [UInt8](repeating: 0x61, count: 300_000)
            let answer = try HTTPClient.post(endpoint(server), body: body)
            #expect(answer.status == 200 && answer.body == body)
            #expect(delegate.peer?.certificateName == nil)
            let session = try ClientSession(endpoint(server, host: "localhost"))
            session.client.send(body, isText: true)
            #expect(session.wait { $0.contains(.received(body, isText: true)) })
        }
    }

    @Test func aServerOfAnUnknownAuthorityIsNotTrusted() throws {
        try withServer(configuration(wantsClients: false)) { server, delegate in
            #expect(throws: TransportFault.self) {
                try HTTPClient.get(endpoint(server, trusting: "stranger"), seconds: 10)
            }
            #expect(delegate.events == [])
        }
    }

    @Test func aServerOfAnotherNameIsNotTrusted() throws {
        var configuration = configuration(wantsClients: false)
        configuration.security = TransportSecurity(
            certificateFile: certificates.certificate("elsewhere"),
            keyFile: certificates.key("elsewhere"))
        try withServer(configuration) { server, delegate in
            for host in ["127.0.0.1", "localhost"] {
                #expect(throws: TransportFault.self) {
                    try HTTPClient.get(endpoint(server, host: host), seconds: 10)
                }
            }
            #expect(delegate.events == [])
        }
    }

    @Test func plainBytesOnATLSPortAreNotServed() throws {
        try withServer(configuration(wantsClients: false)) { server, delegate in
            let socket = try RawSocket(port: server.port)
            socket.get("/")
            #expect(socket.receiveAnswer() == nil)
            #expect(delegate.events == [])
        }
    }

    @Test func whoMustShowACertificateIsKnownByItsName() throws {
        try withServer(configuration(wantsClients: true)) { server, delegate in
            #expect(try HTTPClient.get(endpoint(server, showing: "desk")).status == 200)
            #expect(delegate.peer?.certificateName == "desk")
            let session = try ClientSession(endpoint(server, showing: "desk"))
            #expect(session.wait { $0.contains(.opened) })
        }
    }

    @Test func whoShowsNoCertificateOrAForeignOneIsRefused() throws {
        try withServer(configuration(wantsClients: true)) { server, delegate in
            #expect(throws: TransportFault.self) {
                try HTTPClient.get(endpoint(server), seconds: 10)
            }
            #expect(throws: TransportFault.self) {
                try HTTPClient.get(endpoint(server, showing: "stranger"), seconds: 10)
            }
            #expect(delegate.events == [])
        }
    }

    @Test func aCertificateThatCannotBeReadIsAFault() throws {
        var configuration = configuration(wantsClients: false)
        configuration.security?.certificateFile += ".missing"
        #expect(throws: TransportFault.self) {
            try Server(configuration, delegate: RecordingDelegate.echoing())
        }
    }
}
