/// One JSON text laid over another.
import Testing

@testable import Documents

private func node(_ text: String) throws -> JSONNode { try JSONDocument.root(of: Array(text.utf8)) }

private func overlaid(_ base: String, _ other: String) throws -> JSONNode {
    try node(base).moved(to: 9).overlaid(with: try node(other), file: "f").moved(to: 0)
}

private func plain(_ text: String) throws -> JSONNode { try node(text).moved(to: 0) }

@Test func `an object changes the members it names and adds others`() throws {
    #expect(
        try overlaid("{\"a\": 1, \"b\": {\"c\": 2, \"d\": 3}}", "{\"b\": {\"c\": 4}, \"e\": 5}")
            == plain("{\"a\": 1, \"b\": {\"c\": 4, \"d\": 3}, \"e\": 5}"))
    #expect(try overlaid("{\"a\": [1, 2]}", "{\"a\": [3]}") == plain("{\"a\": [3]}"))
    #expect(try overlaid("{\"a\": 1}", "{\"a\": {\"b\": 2}}") == plain("{\"a\": {\"b\": 2}}"))
}

@Test func `an object over a list changes the entries of its names`() throws {
    #expect(
        try overlaid(
            "{\"l\": [{\"symbol\": \"A\", \"x\": 1}, {\"name\": \"B\", \"x\": 2}]}",
            "{\"l\": {\"B\": {\"x\": 3}}}")
            == plain("{\"l\": [{\"symbol\": \"A\", \"x\": 1}, {\"name\": \"B\", \"x\": 3}]}"))
    #expect(
        throws: InputFault(
            file: "f", line: 1, reason: "'C' is no entry of the list; its entries are A")
    ) { try overlaid("{\"l\": [{\"symbol\": \"A\"}]}", "{\"l\": {\"C\": {}}}") }
}

@Test func `what is laid over keeps its own lines`() throws {
    let whole = try node("{\"a\": 1,\n\"b\": 2}").moved(to: 7)
        .overlaid(with: try node("\n\n{\"b\":\n3}"), file: "f")
    guard case .object(let members) = whole.content else { return }
    #expect(members.map(\.line) == [7, 3] && members.map(\.value.line) == [7, 4])
}
