/// What is read and what is refused: the odd corners of RFC 8259, and every limit on both sides.

import TestKit
import Testing

@testable import JSON

@Suite struct JSONParserTests {
    private func parse(
        _ text: String, _ limits: JSONParser.Limits = JSONParser.Limits()
    ) throws -> JSON.Value {
        try JSONParser(limits).parse(Array(text.utf8))
    }

    private func fault(
        _ text: String, _ limits: JSONParser.Limits = JSONParser.Limits()
    ) throws -> JSONFault? {
        let parser = try JSONParser(limits)
        do throws(JSONFault) {
            _ = try parser.parse(Array(text.utf8))
            return nil
        } catch { return error }
    }

    @Test func aRequestIsRead() throws {
        let value = try parse(
            #"{"jsonrpc":"2.0","id":7,"params":{"price":0.10,"on":true,"list":[null,"a"]}}"#)
        #expect(value["jsonrpc"]?.text == "2.0")
        #expect(value["id"]?.number?.integer == 7)
        let parameters = try #require(value["params"])
        #expect(parameters["price"]?.number?.text == "0.10")
        #expect(parameters["on"]?.boolean == true)
        #expect(parameters["list"]?.elements == [.null, .string("a")])
        #expect(value["absent"] == nil)
    }

    @Test(arguments: ["1", " \"a\" ", "true", "null", "[]", "{}", "\n[ ]\t", "-0", "1E+5", "[[]]"])
    func everyKindMayBeTheRoot(text: String) throws {
        #expect(try fault(text) == nil)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{,}", "{a:1}", "{1:2}", "{\"a\" 1}", "{} {}", "{}x", "[]]", "1 2", "tru",
        "truefalse", "nul", "nulll", "falsey", "NaN", "Infinity", "-", "+1", "01", "-01", "1.",
        ".5", "1e", "1e+", "0x10", "1_000", "'a'", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
        "\"\\udc00\"", "\"a\nb\"", "\"\u{0}\"", "[1]//", "/**/1", "[\"a\" \"b\"]", "[true1]",
        "{\"a\":nullx}", "[1.0.0]", "[--1]", "{\"a\":1 \"b\":2}", "[}", "{]", "[{]}",
    ])
    func whatIsNotByTheGrammarIsRefused(text: String) throws {
        #expect(try fault(text) == .malformed)
    }

    @Test(arguments: [
        [0xFF], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xF5],
    ])
    func bytesThatAreNotUTF8AreRefused(bytes: [UInt8]) throws {
        let parser = try JSONParser()
        #expect(throws: JSONFault.self) { try parser.parse(bytes) }
        #expect(try parser.parse(Array("1".utf8)) == .number(JSON.Number(1)))
    }

    @Test func escapesAreDecoded() throws {
        #expect(
            try parse(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#).text == "\"\\/\u{8}\u{c}\n\r\té😀")
    }

    @Test func aNameThatStandsTwiceIsRefused() throws {
        #expect(try fault(#"{"a":1,"b":2,"a":1}"#) == .duplicateMember("a"))
        #expect(try fault(#"{"a":1,"\u0061":1}"#) == .duplicateMember("a"))
        #expect(try fault(#"{"a":{"a":1}}"#) == nil)
        let many = (0..<100).map { "\"n\($0)\":0" }.joined(separator: ",")
        #expect(try fault("{\(many)}") == nil)
        #expect(try fault("{\(many),\"n7\":0}") == .duplicateMember("n7"))
    }

    @Test func depthIsLimited() throws {
        let limits = JSONParser.Limits(depth: 3)
        #expect(try fault("[[[1]]]", limits) == nil)
        #expect(try fault("[[[[1]]]]", limits) == .tooDeep)
        #expect(try fault(#"{"a":{"b":{"c":{}}}}"#, limits) == .tooDeep)
        let abyss = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(try fault(abyss) == .tooDeep)
    }

    @Test func bytesAreLimited() throws {
        let limits = JSONParser.Limits(bytes: 64)
        let fits = "\"" + String(repeating: "a", count: 62) + "\""
        #expect(try fault(fits, limits) == nil)
        #expect(try fault(fits + " ", limits) == .tooLong)
    }

    @Test func valuesAreLimited() throws {
        let limits = JSONParser.Limits(values: 4)
        #expect(try fault("[1,2,3]", limits) == nil)
        #expect(try fault("[1,2,3,4]", limits) == .tooManyValues)
        #expect(try fault(#"{"a":1}"#, limits) == nil)
        #expect(try fault(#"{"a":1,"b":2}"#, limits) == .tooManyValues)
    }

    @Test func aFaultLeavesTheParserUsable() throws {
        let parser = try JSONParser()
        for text in ["[1", "{\"a\":[{\"b\":", "\"", "[1,2,3"] {
            #expect(throws: JSONFault.self) { try parser.parse(Array(text.utf8)) }
            #expect(try parser.parse(Array("[true]".utf8)) == .array([.boolean(true)]))
        }
    }

    @Test func randomBytesNeverStopIt() throws {
        var generator = SeededGenerator(seed: 17)
        let parser = try JSONParser()
        let alphabet = Array(#"{}[]",:\u0019aetrufalsn.-+E "#.utf8) + [0x80, 0xC3, 0xFF]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<40, using: &generator)
            let bytes = (0..<count).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            guard let value = try? parser.parse(bytes) else { continue }
            var writer = JSONWriter()
            writer.value(value)
            #expect(try parser.parse(writer.bytes) == value)
        }
    }
}
