/// Bytes as text: hexadecimal digits, and base64 of RFC 4648.

package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two small digits a byte.
    package static func text(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 0xF)])
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The bytes of an even number of digits, with or without `0x`; nil of another text.
    package static func bytes(_ text: String) -> [UInt8]? {
        var rest = Array(text.utf8)[...]
        if rest.starts(with: "0x".utf8) { rest = rest.dropFirst(2) }
        guard rest.count.isMultiple(of: 2) else { return nil }
        var out: [UInt8] = []
        out.reserveCapacity(rest.count / 2)
        while let first = rest.popFirst(), let second = rest.popFirst() {
            guard let high = QueryString.digit(first), let low = QueryString.digit(second) else {
                return nil
            }
            out.append(high << 4 | low)
        }
        return out
    }
}

package enum Base64 {
    /// The bytes of a text with its padding; nil of another text.
    package static func bytes(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4) else { return nil }
        let padding = characters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in characters.dropLast(padding) {
            guard let value = value(character) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        // What is left over must be zero, so that a value has one text.
        guard bits & ((1 << UInt32(count)) - 1) == 0 else { return nil }
        return out
    }

    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
