/// What is written: commas, escapes, and decimals to the last digit.

import Testing

@testable import JSON

@Suite struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func commasStandBetweenValues() {
        let written = text { writer in
            writer.beginObject()
            writer.name("a")
            writer.beginArray()
            writer.integer(1)
            writer.integer(-2)
            writer.beginObject()
            writer.endObject()
            writer.endArray()
            writer.name("b")
            writer.null()
            writer.name("c")
            writer.boolean(true)
            writer.endObject()
        }
        #expect(written == #"{"a":[1,-2,{}],"b":null,"c":true}"#)
    }

    @Test(arguments: [
        (Int64(0), 6, "0.0"), (1_500_000, 6, "1.5"), (-1, 6, "-0.000001"), (10, 0, "10.0"),
        (.max, 18, "9.223372036854775807"), (.min, 0, "-9223372036854775808.0"),
        (100, 3, "0.1"), (-20_050, 4, "-2.005"),
    ])
    func decimalsAreExact(units: Int64, decimals: Int, expected: String) {
        #expect(text { $0.decimal(units, decimals: decimals) } == expected)
    }

    @Test func stringsAreEscaped() {
        #expect(text { $0.string("a\"\\\n\u{1}é") } == #""a\"\\\u000a\u0001é""#)
    }

    @Test func integersOfEveryWidth() {
        #expect(text { $0.integer(UInt64.max) } == "18446744073709551615")
        #expect(text { $0.integer(Int64.min) } == "-9223372036854775808")
        #expect(text { $0.integer(Int128.max) } == String(Int128.max))
    }

    @Test func aWriterThatIsEmptiedStartsAnew() {
        var writer = JSONWriter(capacity: 16)
        writer.integer(1)
        writer.removeAll()
        writer.integer(2)
        #expect(writer.bytes == Array("2".utf8))
    }
}
