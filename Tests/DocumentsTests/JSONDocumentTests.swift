/// Configuration files as people write them.
import Testing

@testable import Documents

@Test func commentsRunToTheEndOfTheirLine() throws {
    let text = "// the venue\n{\"a\": 1, // one\n \"b\": \"http://x\" // not in a text\n}//"
    let root = try JSONDocument.root(of: Array(text.utf8))
    #expect(
        root.content
            == .object([
                JSONMember(key: "a", line: 2, value: JSONNode(line: 2, content: .number("1"))),
                JSONMember(
                    key: "b", line: 3, value: JSONNode(line: 3, content: .text("http://x"))),
            ]))
}

@Test(arguments: ["{} / x", "/", "{\"a\": /* 1 */ 1}", "// only"])
func whatIsNoCommentIsRefused(_ text: String) {
    #expect(throws: JSONFault.self) { try JSONDocument.root(of: Array(text.utf8)) }
}
