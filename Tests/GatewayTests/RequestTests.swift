/// The frame of requests and answers, and what happens to everything that is not as it should be.

import FixedPoint
import JSON
import TestKit
import Testing

@testable import Gateway

@Suite struct RequestTests {
    @Test func anAnswerHasDeribitsEnvelope() throws {
        let venue = try GatewayVenue()
        let answer = try venue.call("public/get_time")
        #expect(answer["jsonrpc"]?.text == "2.0")
        #expect(answer["id"]?.number?.integer == 1)
        #expect(answer["result"]?.number?.integer == venue.now.milliseconds)
        #expect(answer["usIn"]?.number?.integer == venue.now.microseconds)
        #expect(answer["usOut"]?.number?.integer == venue.now.microseconds)
        #expect(answer["usDiff"]?.number?.integer == 0)
        #expect(answer["testnet"]?.boolean == true)
    }

    @Test(arguments: [
        ("", -32_700), ("{", -32_700), ("{\"id\":1,\"id\":2}", -32_700), ("[]", -32_600),
        ("1", -32_600), ("{}", -32_600), (#"{"method":7}"#, -32_600),
        (#"{"jsonrpc":"1.0","method":"public/test"}"#, -32_600),
        (#"{"id":{},"method":"public/test"}"#, -32_600),
        (#"{"method":"public/nothing"}"#, -32_601), (#"{"method":"PUBLIC/TEST"}"#, -32_601),
        (#"{"method":"public/test","params":[]}"#, -32_602),
        (#"{"method":"public/test","params":"a"}"#, -32_602),
    ])
    func whatIsNoRequestIsAnError(text: String, code: Int64) throws {
        let venue = try GatewayVenue()
        let answers = try venue.exchange(text, on: venue.connect())
        #expect(answers.count == 1)
        #expect(answers.first?.errorCode == code)
    }

    @Test func bytesThatAreNoUTF8AreAParseError() throws {
        let venue = try GatewayVenue()
        let session = venue.connect()
        venue.gateway.receive(
            Array(#"{"method":"#.utf8) + [0x22, 0xFF, 0x22, 0x7D], on: session,
            ledger: venue.ledger, now: venue.now)
        #expect(try venue.messages(to: session).first?.errorCode == -32_700)
    }

    @Test func aMessageThatIsTooLongIsAParseError() throws {
        var configuration = GatewayConfiguration.generous
        configuration.messageBytes = 100
        let venue = try GatewayVenue(configuration)
        let text = #"{"method":"public/test","id":""# + String(repeating: "a", count: 68) + #""}"#
        #expect(try venue.exchange(text, on: venue.connect()).first?["result"] != nil)
        #expect(try venue.exchange(text + " ", on: venue.connect()).first?.errorCode == -32_700)
    }

    @Test func identifiersComeBackAsTheyWere() throws {
        let venue = try GatewayVenue()
        for identifier in ["7", "1.50", #""a\n""#, "null"] {
            let answers = try venue.exchange(
                #"{"method":"public/get_time","id":\#(identifier)}"#, on: venue.connect())
            let expected = try JSONParser().parse(Array(identifier.utf8))
            #expect(answers.first?["id"] == expected)
        }
    }

    /// A value of another kind than a shape's, and one out of its range, if there is one.
    private func wrongValues(_ schema: Schema) -> [String] {
        switch schema {
        case .boolean: ["1", "\"true\"", "[]"]
        case .integer(let range):
            ["\"1\"", "true", "1.5", "{}", "1e40"]
                + (range.lowerBound > .min ? ["\(range.lowerBound - 1)"] : [])
                + (range.upperBound < .max ? ["\(range.upperBound + 1)"] : [])
        case .oneOfIntegers: ["\"1\"", "-1", "1.5", "[]"]
        case .number(let least):
            ["\"1\"", "true", "1e30", "0.0000000001"] + (least.map { ["\($0 - 1)"] } ?? [])
        case .text(let range):
            ["1", "null2".isEmpty ? "" : "[]", "true"]
                + ["\"" + String(repeating: "a", count: range.upperBound + 1) + "\""]
                + (range.lowerBound > 0 ? ["\"\""] : [])
        case .oneOf: ["1", "\"no such word\"", "\"\"", "[]"]
        case .list(let inner, let range):
            ["\"a\"", "{}", "1"]
                + wrongValues(inner).map { "[\($0)]" }
                + (range.lowerBound > 0 ? ["[]"] : [])
        case .map, .object: ["[]", "1", "\"a\""]
        case .decimal, .nullable, .anyOf, .anything: []
        }
    }

    @Test func everyParameterOfTheWrongKindOrRangeIsNamed() throws {
        let venue = try GatewayVenue()
        for method in MethodTable.all where method.access == .open {
            for property in method.parameters {
                for value in wrongValues(property.schema) {
                    let answer = try venue.call(method.name, #"{"\#(property.name)":\#(value)}"#)
                    let named = answer["error"]?["data"]?["param"]?.text
                    let required = method.parameters.filter { $0.isRequired }.map { $0.name }
                    #expect(
                        answer.errorCode == -32_602, "\(method.name) \(property.name) \(value)")
                    // An earlier one that is missing may be named first.
                    #expect(
                        named == property.name || required.contains(named ?? ""),
                        "\(method.name) \(property.name) \(value): \(answer)")
                }
            }
        }
    }

    @Test func everyRequiredParameterThatIsMissingIsNamed() throws {
        let venue = try GatewayVenue()
        for (method, text) in MethodTests.calls {
            let whole = try JSONParser().parse(Array(text.utf8)).members ?? []
            let required = try #require(venue.gateway.methods[method]).parameters
                .filter { $0.isRequired }
            for property in required {
                var writer = JSONWriter()
                writer.value(.object(whole.filter { $0.name != property.name }))
                let answer = try venue.call(
                    method, String(decoding: writer.bytes, as: UTF8.self))
                #expect(answer.errorCode == -32_602, "\(method)")
                #expect(answer["error"]?["data"]?["param"]?.text == property.name)
            }
        }
    }

    @Test func parametersThatNobodyKnowsAreIgnored() throws {
        let venue = try GatewayVenue()
        let answer = try venue.call("public/get_time", #"{"surprise":[1,{"a":null}]}"#)
        #expect(answer["result"] != nil)
    }

    @Test func randomRequestsAreAllAnswered() throws {
        let venue = try GatewayVenue()
        let session = venue.connect()
        var generator = SeededGenerator(seed: 5)
        let values = [
            "1", "-1", "1e99", "\"\"", "\"BTC_USDC-PERPETUAL\"", "null", "true", "[]", "[\"a\"]",
            "{}", "\"book.BTC_USDC-PERPETUAL.raw\"", "9223372036854775807", "0.1", "\"any\"",
            "[\"ticker..raw\",\"book.x\",\"\"]", "\"00\"", "\"1D\"", "9223372036854775808",
        ]
        for _ in 0..<5_000 {
            let method = MethodTable.all.randomElement(using: &generator)
            let members = (method?.parameters ?? []).map { property in
                "\"\(property.name)\":\(values.randomElement(using: &generator) ?? "1")"
            }
            let name = method?.name ?? ""
            let parameters = members.joined(separator: ",")
            let text = #"{"method":"\#(name)","id":1,"params":{\#(parameters)}}"#
            let answers = try venue.exchange(text, on: session)
            let isSubmission = method?.name == "public/submit_transaction"
            #expect(!answers.isEmpty || isSubmission, "\(text)")
        }
    }

    // MARK: Credits

    @Test func whoAsksTooOftenIsToldWhenToAskAgain() throws {
        var configuration = GatewayConfiguration()
        configuration.credits = CreditTerms(capacity: 1_000, refill: 100)
        let venue = try GatewayVenue(configuration)
        let first = venue.connect(1)
        let second = venue.connect(2)
        #expect(try venue.call("public/test", on: first)["result"] != nil)
        #expect(try venue.call("public/test", on: second)["result"] != nil)
        let refused = try venue.call("public/test", on: first)
        #expect(refused.errorCode == 10_028)
        let wait = try #require(refused["error"]?["data"]?["wait"]?.number?.integer)
        #expect(wait == 5_000)
        let early = venue.now.advanced(by: Duration(nanoseconds: 4_999_000_000))
        #expect(try venue.call("public/test", on: first, now: early).errorCode == 10_028)
        let late = venue.now.advanced(by: .seconds(5))
        #expect(try venue.call("public/test", on: first, now: late)["result"] != nil)
        // Another origin has credits of its own.
        let other = venue.connect(3, origin: "10.0.0.1")
        #expect(try venue.call("public/test", on: other)["result"] != nil)
    }

    @Test func aPoolThatNeverFillsIsAnErrorAndNoTrap() throws {
        var configuration = GatewayConfiguration()
        configuration.credits = CreditTerms(capacity: 500, refill: 0)
        let venue = try GatewayVenue(configuration)
        #expect(try venue.call("public/test")["result"] != nil)
        #expect(try venue.call("public/test").errorCode == 10_028)
    }

    @Test func poolsThatAreFullAreForgotten() throws {
        let venue = try GatewayVenue(GatewayConfiguration())
        _ = try venue.call("public/test")
        #expect(venue.gateway.pools.count == 1)
        venue.gateway.tick(ledger: venue.ledger, now: venue.now.advanced(by: .seconds(1)))
        #expect(venue.gateway.pools.isEmpty)
    }

    // MARK: HTTP

    @Test func aQueryIsReadByTheShapesOfItsParameters() throws {
        let venue = try GatewayVenue()
        let answer = try venue.http(
            APIRequest(
                verb: .get, path: "/api/v2/public/get_order_book",
                query: "instrument_name=BTC%5FUSDC-PERPETUAL&depth=10"))
        #expect(answer.status == 200)
        #expect(answer.body["result"]?["instrument_name"]?.text == "BTC_USDC-PERPETUAL")
        #expect(answer.body["id"] == nil)
    }

    @Test(arguments: [
        ("/api/v2/public/get_order_book", "instrument_name=x&depth=ten", 400, -32_602),
        ("/api/v2/public/get_order_book", "instrument_name=x&depth=3", 400, -32_602),
        ("/api/v2/public/get_order_book", "instrument_name=%", 400, -32_602),
        ("/api/v2/public/get_order_book", "instrument_name=%FF", 400, -32_602),
        ("/api/v2/public/get_order_book", "instrument_name=a&instrument_name=b", 400, -32_602),
        ("/api/v2/public/get_order_book", "instrument_name=NO-SUCH", 400, 13_020),
        ("/api/v2/public/get_instruments", "expired=maybe", 400, -32_602),
        ("/api/v2/public/nothing", "", 404, -32_601), ("/api/v2", "", 400, -32_600),
        ("/elsewhere", "", 404, -32_601), ("/api/v22/public/test", "", 404, -32_601),
        ("/api/v2/public/subscribe", "channels=%5B%22block%22%5D", 400, 10_030),
        // Of several shapes a text may stand as it is; what is right is then asked for its caller.
        ("/api/v2/private/cancel_all_by_kind_or_type", "currency=USDC", 401, 10_000),
        ("/api/v2/private/cancel_all_by_kind_or_type", "currency=%22USDC%22", 401, 10_000),
        ("/api/v2/private/cancel_all_by_kind_or_type", "currency=%5B%22USDC%22%5D", 401, 10_000),
        ("/api/v2/private/cancel_all_by_kind_or_type", "currency=", 400, -32_602),
        ("/api/v2/private/cancel_all_by_kind_or_type", "currency=%5B%5D", 400, -32_602),
    ])
    func aWrongQueryIsAnError(path: String, query: String, status: UInt16, code: Int64) throws {
        let venue = try GatewayVenue()
        let answer = try venue.http(APIRequest(verb: .get, path: path, query: query))
        #expect(answer.status == status)
        #expect(answer.body.errorCode == code)
    }

    @Test func aPostNamesItsMethodInThePathOrInTheBody() throws {
        let venue = try GatewayVenue()
        let body = #"{"jsonrpc":"2.0","id":3,"method":"public/test","params":{}}"#
        for path in ["/api/v2", "/api/v2/", "/api/v2/public/test"] {
            let answer = try venue.http(
                APIRequest(verb: .post, path: path, body: Array(body.utf8)))
            #expect(answer.status == 200)
            #expect(answer.body["id"]?.number?.integer == 3)
        }
        let other = try venue.http(
            APIRequest(verb: .post, path: "/api/v2/public/get_time", body: Array(body.utf8)))
        #expect(other.body.errorCode == -32_600)
        let bare = try venue.http(APIRequest(verb: .post, path: "/api/v2/public/test"))
        #expect(bare.status == 200)
        let broken = try venue.http(
            APIRequest(verb: .post, path: "/api/v2/public/test", body: [0xFF]))
        #expect(broken.body.errorCode == -32_700)
    }

    @Test func credentialsAreRefusedWhereNoneAreKnown() throws {
        let venue = try GatewayVenue()
        let answer = try venue.http(
            APIRequest(
                verb: .get, path: "/api/v2/public/test", authorization: "bearer nothing"))
        #expect(answer.body.errorCode == 13_009)
    }
}
