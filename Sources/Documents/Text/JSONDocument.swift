/// JSON that remembers the line of every value, so that a fault in a configuration file names it.
/// RFC 8259, and comments from `//` to the end of the line; numbers keep their text, because money
/// is never read as floating point; a key that stands twice is refused.

/// A value and the line it starts on.
package struct JSONNode: Equatable, Sendable {
    package enum Content: Equatable, Sendable {
        case object([JSONMember])
        case list([JSONNode])
        case text(String)
        case number(String)
        case boolean(Bool)
        case null
    }

    package let line: Int
    package let content: Content

    /// What kind of value it is, for messages.
    package var kind: String {
        switch content {
        case .object: "an object"
        case .list: "a list"
        case .text: "a text"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}

/// A member of an object.
package struct JSONMember: Equatable, Sendable {
    package let key: String
    package let line: Int
    package let value: JSONNode
}

/// Why a text is not JSON, and on which line.
package struct JSONFault: Error, Equatable {
    package let line: Int
    package let reason: String
}

/// Reads one JSON text.
package struct JSONDocument {
    private static let deepest = 32
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var depth = 0

    /// The value that is all of `bytes`.
    ///
    /// - Throws: `JSONFault`.
    package static func root(of bytes: [UInt8]) throws(JSONFault) -> JSONNode {
        var document = JSONDocument(bytes: bytes)
        let root = try document.value()
        document.skipSpace()
        guard document.place == bytes.count else {
            throw document.fault("text follows after the end of the value")
        }
        return root
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func fault(_ reason: String) -> JSONFault { JSONFault(line: line, reason: reason) }

    private mutating func skipSpace() {
        while place < bytes.count {
            switch bytes[place] {
            case 0x0A: line += 1
            case 0x20, 0x09, 0x0D: break
            case UInt8(ascii: "/"):
                guard place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "/") else { return }
                skipComment()
                continue
            default: return
            }
            place += 1
        }
    }

    /// To the end of the line.
    private mutating func skipComment() {
        while place < bytes.count, bytes[place] != 0x0A { place += 1 }
    }

    /// The next byte that is no space.
    private mutating func next() throws(JSONFault) -> UInt8 {
        skipSpace()
        guard place < bytes.count else { throw fault("the file ends inside a value") }
        return bytes[place]
    }

    private mutating func expect(_ character: Character, _ what: String) throws(JSONFault) {
        guard try next() == character.asciiValue else {
            throw fault("expected \(what) '\(character)'")
        }
        place += 1
    }

    private mutating func value() throws(JSONFault) -> JSONNode {
        let first = try next()
        let start = line
        depth += 1
        defer { depth -= 1 }
        guard depth <= JSONDocument.deepest else { throw fault("values are nested too deeply") }
        switch first {
        case UInt8(ascii: "{"): return JSONNode(line: start, content: .object(try members()))
        case UInt8(ascii: "["): return JSONNode(line: start, content: .list(try items()))
        case UInt8(ascii: "\""): return JSONNode(line: start, content: .text(try text()))
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return JSONNode(line: start, content: .number(try number()))
        }
    }

    private mutating func word(
        _ word: String, _ content: JSONNode.Content
    ) throws(JSONFault) -> JSONNode {
        guard bytes[place...].starts(with: word.utf8) else { throw fault("unknown word") }
        place += word.utf8.count
        return JSONNode(line: line, content: content)
    }

    private mutating func members() throws(JSONFault) -> [JSONMember] {
        var members: [JSONMember] = []
        place += 1
        if try next() == UInt8(ascii: "}") {
            place += 1
            return members
        }
        while true {
            guard try next() == UInt8(ascii: "\"") else { throw fault("expected a key in quotes") }
            let keyLine = line
            let key = try text()
            if members.contains(where: { $0.key == key }) {
                throw JSONFault(line: keyLine, reason: "'\(key)' stands twice in one object")
            }
            try expect(":", "a colon")
            members.append(JSONMember(key: key, line: keyLine, value: try value()))
            if try next() == UInt8(ascii: ",") {
                place += 1
            } else {
                try expect("}", "a comma or the closing")
                return members
            }
        }
    }

    private mutating func items() throws(JSONFault) -> [JSONNode] {
        var items: [JSONNode] = []
        place += 1
        if try next() == UInt8(ascii: "]") {
            place += 1
            return items
        }
        while true {
            items.append(try value())
            if try next() == UInt8(ascii: ",") {
                place += 1
            } else {
                try expect("]", "a comma or the closing")
                return items
            }
        }
    }

    private mutating func text() throws(JSONFault) -> String {
        place += 1
        var characters: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: characters, as: UTF8.self) else {
                    throw fault("a text is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try appendEscape(to: &characters)
            case 0..<0x20: throw fault("a text holds a control character or a line break")
            default: characters.append(byte)
            }
        }
        throw fault("the file ends inside a text")
    }

    private mutating func appendEscape(to characters: inout [UInt8]) throws(JSONFault) {
        guard place < bytes.count else { throw fault("the file ends inside a text") }
        let byte = bytes[place]
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): characters.append(byte)
        case UInt8(ascii: "b"): characters.append(0x08)
        case UInt8(ascii: "f"): characters.append(0x0C)
        case UInt8(ascii: "n"): characters.append(0x0A)
        case UInt8(ascii: "r"): characters.append(0x0D)
        case UInt8(ascii: "t"): characters.append(0x09)
        case UInt8(ascii: "u"):
            let digits = String(decoding: bytes[place..<min(place + 4, bytes.count)], as: UTF8.self)
            guard digits.utf8.count == 4, let code = UInt32(digits, radix: 16),
                let scalar = Unicode.Scalar(code)
            else { throw fault("'\\u\(digits)' is not a character") }
            characters.append(contentsOf: Array(String(Character(scalar)).utf8))
            place += 4
        default: throw fault("unknown escape in a text")
        }
    }

    private mutating func number() throws(JSONFault) -> String {
        let start = place
        while place < bytes.count, "+-.0123456789eE".utf8.contains(bytes[place]) { place += 1 }
        let digits = String(decoding: bytes[start..<place], as: UTF8.self)
        guard digits.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
            throw fault(digits.isEmpty ? "unexpected character" : "'\(digits)' is not a number")
        }
        return digits
    }
}
