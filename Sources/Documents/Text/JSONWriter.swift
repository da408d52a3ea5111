/// A small JSON writer: keys in order, money with exactly six decimals, no floating point.

/// A JSON value that keeps money exact.
package enum JSONValue: Equatable, Sendable {
    case text(String)
    case integer(Int64)
    /// Beyond what 64 signed bits hold: seeds.
    case unsigned(UInt64)
    /// Micro-units, written as a number with six decimals.
    case micro(Int64)
    /// A number that has been written exactly already.
    case number(String)
    case boolean(Bool)
    case null
    case list([JSONValue])
    /// Written in order of the keys.
    case object([(key: String, value: JSONValue)])

    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        JSONWriter.text(of: left) == JSONWriter.text(of: right)
    }
}

/// Writes JSON values as text.
package enum JSONWriter {
    /// `value` indented by two spaces, with a line feed at the end.
    package static func text(of value: JSONValue) -> String {
        var text = ""
        append(value, to: &text, indent: "")
        return text + "\n"
    }

    private static func append(_ value: JSONValue, to text: inout String, indent: String) {
        switch value {
        case .text(let string): text += quoted(string)
        case .integer(let number): text += String(number)
        case .unsigned(let number): text += String(number)
        case .micro(let number): text += DecimalText.text(ofMicro: number)
        case .number(let digits): text += digits
        case .boolean(let flag): text += flag ? "true" : "false"
        case .null: text += "null"
        case .list(let items):
            appendItems(items.map { ("", $0) }, "[", "]", to: &text, indent: indent)
        case .object(let members):
            let sorted = members.sorted { $0.key < $1.key }
            appendItems(
                sorted.map { (quoted($0.key) + ": ", $0.value) }, "{", "}", to: &text,
                indent: indent)
        }
    }

    private static func appendItems(
        _ items: [(prefix: String, value: JSONValue)], _ open: String, _ close: String,
        to text: inout String, indent: String
    ) {
        guard !items.isEmpty else {
            text += open + close
            return
        }
        text += open
        for (place, item) in items.enumerated() {
            text += (place == 0 ? "\n" : ",\n") + indent + "  " + item.prefix
            append(item.value, to: &text, indent: indent + "  ")
        }
        text += "\n" + indent + close
    }

    /// `string` in quotes. `<`, `>` and `&` are escaped too, so that the text may stand in a page.
    package static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1f}", "\u{7f}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
