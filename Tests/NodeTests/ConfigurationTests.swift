/// Settings from the file, the environment and the flags.

import Testing

@testable import Node

@Suite struct ConfigurationTests {
    private func configuration(
        file: String = "", environment: [String: String] = [:], flags: [String] = []
    ) throws -> NodeConfiguration {
        var source = ConfigurationSource()
        try source.read(file: Array(file.utf8), named: "a.conf")
        try source.read(environment: environment)
        #expect(try source.read(arguments: flags) == [])
        return try NodeConfiguration(source)
    }

    @Test func flagsGoBeforeTheEnvironmentAndThatBeforeTheFile() throws {
        let file = "block.interval-ms = 30 # comment\nblock.idle-ms=500\napi.connections = 7\n"
        let found = try configuration(
            file: file,
            environment: ["RAMPART_BLOCK_INTERVAL_MS": "40", "RAMPART_BLOCK_IDLE_MS": "600"],
            flags: ["--block.interval-ms=50"])
        #expect(found.blockInterval == 50)
        #expect(found.blockIdle == 600)
        #expect(found.connections == 7)
        #expect(found.listen == ListenAddress("127.0.0.1:8645"))
    }

    @Test func theCommentedFileIsReadAndSaysTheDefaults() throws {
        let text = NodeConfiguration.commentedFile
        let plain = try configuration()
        let active = text.split(separator: "\n").filter { $0.contains(" = ") }.map {
            $0.replacing("# ", with: "")
        }.joined(separator: "\n")
        let read = try configuration(file: active)
        #expect(read.blockInterval == plain.blockInterval && read.workers == plain.workers)
        for setting in Setting.allCases { #expect(text.contains("# \(setting.rawValue) = ")) }
    }

    @Test(arguments: [
        ("api.listen = nowhere", "a.conf: line 1: api.listen is 'nowhere'"),
        ("\nblock.interval-ms = -1", "a.conf: line 2: block.interval-ms is '-1'"),
        ("block.interval-ms = 10001", "0 to 10000"),
        ("log.level = loud", "one of debug, info, warning, error"),
        ("block.interval = 3", "'block.interval' is no setting"),
        ("nonsense", "is not 'name = value'"),
        ("log.level = info\nlog.level = error", "stands on line 1 already"),
        ("api.tls.certificate = c.pem", "belong together"),
        ("api.tls.client-authorities = c.pem", "needs api.tls.certificate"),
        ("follow.leader = ws://a:1", "follow.token-file is needed"),
    ])
    func aFaultNamesItsPlace(_ file: String, _ part: String) {
        let fault = #expect(throws: ConfigurationFault.self) { try configuration(file: file) }
        #expect(fault?.description.contains(part) == true, "\(fault?.description ?? "")")
    }

    @Test(arguments: [
        ("127.0.0.1:1", true), ("localhost:80", true), ("[::1]:80", true), ("0.0.0.0:80", false),
        ("10.1.2.3:80", false),
    ])
    func onlyLoopbackIsLoopback(_ text: String, _ isLoopback: Bool) throws {
        #expect(try #require(ListenAddress(text)).isLoopback == isLoopback)
        #expect(ListenAddress(text)?.text == text)
    }

    @Test(arguments: ["", "127.0.0.1", ":80", "a:65536", "a:-1", "a:b"])
    func whatIsNoAddressIsNone(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
