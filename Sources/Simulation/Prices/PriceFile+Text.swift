/// Lines into fields, and fields into text that is safe to print.

extension PriceFile {
    /// Characters of a value that a message shows.
    private static let longestShown = 40

    /// The text of a field, for names and messages; bytes that are no UTF-8 become `U+FFFD`.
    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// At most 40 characters, control characters replaced.
    static func printable(_ text: String) -> String {
        let shown = text.prefix(longestShown).map { character in
            character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
                ? character : "\u{fffd}"
        }
        return String(shown) + (text.count > longestShown ? "…" : "")
    }

    static func split(_ bytes: [UInt8], _ line: Range<Int>) -> [Range<Int>] {
        var fields: [Range<Int>] = []
        split(bytes, line, into: &fields)
        return fields
    }

    static func split(_ bytes: [UInt8], _ line: Range<Int>, into fields: inout [Range<Int>]) {
        fields.removeAll(keepingCapacity: true)
        var start = line.lowerBound
        for index in line where bytes[index] == UInt8(ascii: ",") {
            fields.append(start..<index)
            start = index + 1
        }
        fields.append(start..<line.upperBound)
    }
}
