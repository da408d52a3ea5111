/// TLS is always verified: the authority, and the name that was asked for. The server is OpenSSL's.
import Foundation
import Testing

@testable import Publishing

/// A server with a certificate of its own for 127.0.0.1.
private final class SecureServer {
    let folder: String
    let port: Int
    private let process = Process()
    private let input = Foundation.Pipe()

    init() throws {
        folder =
            FileManager.default.temporaryDirectory.path + "/rampart-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let made = Process()
        made.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        made.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=venue", "-addext",
            "subjectAltName=IP:127.0.0.1", "-keyout", folder + "/key.pem", "-out",
            folder + "/certificate.pem",
        ]
        made.standardError = FileHandle.nullDevice
        try made.run()
        made.waitUntilExit()
        let output = Foundation.Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert",
            folder + "/certificate.pem", "-key", folder + "/key.pem",
        ]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("ACCEPT 127.0.0.1:") || !text.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            text += String(decoding: data, as: UTF8.self)
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }
        port = try #require(line?.split(separator: ":").last.flatMap { Int($0) })
    }

    deinit {
        // A thread of the test holds back SIGTERM, and its children inherit that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var certificate: String { folder + "/certificate.pem" }
}

private func outcome(_ request: WebRequest) throws -> TransferOutcome {
    let transfers = try #require(Transfers())
    #expect(transfers.begin(request, tag: 1))
    while true {
        if let ended = transfers.turn(milliseconds: 10_000).ended.first { return ended.outcome }
    }
}

@Suite(.serialized) struct TransferSecurityTests {
    @Test func aServerIsTrustedByItsAuthorityAndNameAlone() throws {
        let server = try SecureServer()
        guard
            case .answered(200, _) = try outcome(
                WebRequest(
                    "https://127.0.0.1:\(server.port)/", authorities: server.certificate,
                    milliseconds: 10_000))
        else {
            Issue.record("the server is not trusted")
            return
        }
        for request in [
            WebRequest("https://127.0.0.1:\(server.port)/", milliseconds: 10_000),
            WebRequest(
                "https://localhost:\(server.port)/", authorities: server.certificate,
                milliseconds: 10_000),
            WebRequest(
                "https://127.0.0.1:\(server.port)/", authorities: "/none.pem",
                milliseconds: 10_000),
        ] {
            guard case .failed(let reason) = try outcome(request) else {
                Issue.record("\(request) was trusted")
                return
            }
            #expect(reason.localizedCaseInsensitiveContains("SSL"), "\(reason)")
        }
    }
}
