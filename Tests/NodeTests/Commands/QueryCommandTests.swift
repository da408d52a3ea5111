/// One call of the API from the command line: what is sent, and how the answer looks.
import JSON
import Testing
import Transport

@testable import Node

@Test func aQuerySendsItsParametersAsTheyRead() throws {
    let bench = try CommandBench()
    var body = ""
    bench.node = { text in
        body = text
        return "{\"result\":[]}"
    }
    let run = bench.run(
        "query", "public/test", "a=1", "b=1.50", "c=true", "d=text", "e=\"7\"", "f=[1,2]", "g=",
        "h=x=y")
    #expect(run.exit == ExitCode.done)
    #expect(run.output == "[]\n")
    #expect(body.contains("\"method\":\"public/test\""))
    #expect(
        body.contains(
            "\"params\":{\"a\":1,\"b\":1.50,\"c\":true,\"d\":\"text\",\"e\":\"7\",\"f\":[1,2],"
                + "\"g\":\"\",\"h\":\"x=y\"}"), "\(body)")
}

@Test func anAnswerIsIndentedInItsOwnOrder() throws {
    let bench = try CommandBench()
    bench.node = { _ in
        "{\"result\":{\"z\":1,\"a\":[[1.0,2],[3,4]],\"e\":{},\"s\":\"\\u00e9\\n\"}}"
    }
    #expect(
        bench.run("query", "m").output == """
            {
              "z": 1,
              "a": [
                [1.0,2],
                [3,4]
              ],
              "e": {},
              "s": "é\\u000a"
            }

            """)
}

@Test func anErrorOfTheMethodIsToldWithItsNumber() throws {
    let bench = try CommandBench()
    bench.node = { _ in
        "{\"error\":{\"code\":-32602,\"message\":\"Invalid params\",\"data\":{\"param\":\"x\"}}}"
    }
    expectRefusal(
        bench.run("query", "m"), ExitCode.refused, "Invalid params (-32602)", "{\"param\":\"x\"}")
}

@Test(arguments: ["", "<html>", "{}", "[]", "{\"result\":1,\"result\":2}"])
func anAnswerThatIsNoneIsRefused(_ answer: String) throws {
    let bench = try CommandBench()
    bench.node = { _ in answer }
    expectRefusal(bench.run("query", "m"), ExitCode.protocolFault, "is it a Rampart node?")
}

@Test func whatIsNoQueryIsRefused() throws {
    let bench = try CommandBench()
    expectRefusal(bench.run("query"), ExitCode.usage, "needs METHOD")
    expectRefusal(bench.run("query", "m", "word"), ExitCode.usage, "'word' is not NAME=VALUE")
    expectRefusal(bench.run("query", "m", "=1"), ExitCode.usage, "'=1' is not NAME=VALUE")
    expectRefusal(bench.run("query", "m", "a=1", "a=2"), ExitCode.usage, "'a' is given twice")
    expectRefusal(bench.run("query", "m"), ExitCode.unavailable, "nobody should ask")
}

@Test func aTokenTravelsInAHeaderOnly() throws {
    let node = try RemoteNode(RemoteNode.standardAddress, token: "secret") {
        (endpoint, body) throws(CommandFault) in
        #expect(endpoint.headers.map(\.name) == ["authorization"])
        #expect(endpoint.headers.map(\.value) == ["Bearer secret"])
        #expect(!String(decoding: body, as: UTF8.self).contains("secret"))
        return Array("{\"result\":1}".utf8)
    }
    #expect(try node.call("m", []) == .result(.number(JSON.Number(1))))
}

@Test(
    arguments: [
        ("http://127.0.0.1:8645", "127.0.0.1", 8645, "/api/v2", false),
        ("http://node", "node", 8645, "/api/v2", false),
        ("http://node/", "node", 8645, "/api/v2", false),
        ("https://venue.example", "venue.example", 443, "/api/v2", true),
        ("https://venue.example:1/x", "venue.example", 1, "/x", true),
        ("http://[::1]:9", "::1", 9, "/api/v2", false),
        ("http://[::1]", "::1", 8645, "/api/v2", false),
    ])
func anAddressIsReadWithItsPortAndPath(
    _ text: String, _ host: String, _ port: UInt16, _ path: String, _ isSecure: Bool
) throws {
    let endpoint = try #require(RemoteNode.endpoint(text, authorities: nil))
    #expect(endpoint.host == host)
    #expect(endpoint.port == port)
    #expect(endpoint.path == path)
    #expect((endpoint.security != nil) == isSecure)
}

@Test(arguments: [
    "", "node", "ftp://node", "http://", "http://:1", "http://node:0", "http://node:65536",
])
func whatIsNoAddressIsRefused(_ text: String) {
    #expect(RemoteNode.endpoint(text, authorities: nil) == nil)
}

@Test func authoritiesBelongToTLS() {
    #expect(RemoteNode.endpoint("http://node", authorities: "a.pem") == nil)
    #expect(
        RemoteNode.endpoint("https://node", authorities: "a.pem")?.security?.authorityFile
            == "a.pem")
}
