/// Values out of a query string, where everything is text: a number, a boolean and a list are
/// written there as JSON writes them, a text as it is.

import JSON

extension Schema {
    /// The value that a text of a query stands for.
    ///
    /// - Throws: `SchemaFault` where it cannot be one of the shape.
    func value(ofText text: String, _ parser: JSONParser) throws(SchemaFault) -> JSON.Value {
        switch self {
        case .text, .oneOf, .anything: return .string(text)
        case .nullable(let inner): return try inner.value(ofText: text, parser)
        case .boolean:
            guard text == "true" || text == "false" else {
                throw .init(reason: "must be a boolean")
            }
            return .boolean(text == "true")
        case .integer, .number, .decimal, .oneOfIntegers:
            guard let number = JSON.Number(text) else { throw .init(reason: "must be a number") }
            return .number(number)
        case .anyOf(let schemas): return try Schema.value(ofText: text, anyOf: schemas, parser)
        case .list, .object, .map:
            do throws(JSONFault) {
                return try parser.parse(Array(text.utf8))
            } catch {
                throw .init(reason: "must be written as JSON")
            }
        }
    }

    /// A list, an object or a quoted text as JSON writes it; else a text as it is, which need not
    /// be quoted.
    private static func value(
        ofText text: String, anyOf schemas: [Schema], _ parser: JSONParser
    ) throws(SchemaFault) -> JSON.Value {
        let value =
            switch try? parser.parse(Array(text.utf8)) {
            case let parsed? where parsed.members != nil || parsed.elements != nil: parsed
            case .string(let unquoted)?: JSON.Value.string(unquoted)
            default: JSON.Value.string(text)
            }
        try Schema.anyOf(schemas).check(value)
        return value
    }
}

/// The names and values of a query string.
enum QueryString {
    /// Most names.
    static let limit = 64

    /// Decoded pairs in their order; nil where an escape or the UTF-8 is broken, a name stands
    /// twice, or there are too many.
    static func pairs(_ query: String) -> [(name: String, text: String)]? {
        var pairs: [(name: String, text: String)] = []
        for part in query.utf8.split(separator: UInt8(ascii: "&")) {
            let mark = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let rest = mark == part.endIndex ? part[mark...] : part[part.index(after: mark)...]
            guard let name = decoded(part[..<mark]), let text = decoded(rest),
                !name.isEmpty, pairs.count < limit,
                !pairs.contains(where: { $0.name == name })
            else { return nil }
            pairs.append((name, text))
        }
        return pairs
    }

    private static func decoded(_ part: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(part.count)
        var rest = part
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit),
                    let low = rest.popFirst().flatMap(digit)
                else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
