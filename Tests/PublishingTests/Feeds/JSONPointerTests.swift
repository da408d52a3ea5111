/// Paths by RFC 6901, section 5, and what names nothing.
import JSON
import Testing

@testable import Publishing

private let document = """
    {"foo":["bar","baz"],"":0,"a/b":1,"m~n":8,"deep":{"list":[[1,2],[3,{"x":"y"}]]}}
    """

private func value(_ pointer: String) throws -> JSON.Value? {
    let root = try JSONParser().parse(Array(document.utf8))
    return try #require(JSONPointer(pointer)).value(in: root)
}

@Test(arguments: [
    ("/foo/0", "bar"), ("/foo/1", "baz"), ("/deep/list/1/1/x", "y"),
])
func aPointerFindsTexts(_ pointer: String, _ text: String) throws {
    #expect(try value(pointer)?.text == text)
}

@Test(arguments: [
    ("/", 0), ("/a~1b", 1), ("/m~0n", 8), ("/deep/list/0/1", 2),
])
func aPointerFindsNumbers(_ pointer: String, _ number: Int64) throws {
    #expect(try value(pointer)?.number?.integer == number)
}

@Test func theEmptyPointerIsTheWhole() throws {
    #expect(try value("")?.members?.count == 5)
}

@Test(arguments: [
    "/foo/2", "/foo/-", "/foo/01", "/foo/-1", "/foo/x", "/foo/0/0", "/none", "/a/b",
    "/foo/99999999999999999999",
])
func aPointerToNothingGivesNothing(_ pointer: String) throws {
    #expect(try value(pointer) == nil)
}

@Test(arguments: ["foo", "/a~2", "/a~", "#/a"])
func whatIsNoPointerIsRefused(_ text: String) { #expect(JSONPointer(text) == nil) }
