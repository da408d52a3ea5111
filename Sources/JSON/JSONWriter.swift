/// Writes messages. It appends to one list of bytes, knows where a comma is due, and writes
/// decimals from whole numbers of a finer unit, so that what was exact stays so. The shape is the
/// caller's: what is begun must be ended, and within an object each value follows its name.

/// A message that is being written.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8] = []
    /// Whether the next value or name follows another of the same array or object.
    private var needsComma = false

    /// - Parameter capacity: bytes to set aside.
    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    /// Goes back to nothing, and keeps the room.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// The name of the value that follows.
    package mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func null() { literal("null") }

    package mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }

    package mutating func string(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    /// A string of bytes that need no escape, such as names of instruments.
    package mutating func string(plain text: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: text)
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    package mutating func integer<Number: BinaryInteger>(_ value: Number) {
        separate()
        if let small = UInt64(exactly: value.magnitude) {
            if value < 0 { bytes.append(UInt8(ascii: "-")) }
            digits(small)
        } else {
            bytes.append(contentsOf: String(value).utf8)
        }
        needsComma = true
    }

    /// A whole number of units of 10⁻ᵈ as a decimal without zeros at its end: 1_500 of 10⁻³ is
    /// 1.5. A whole one is written with `.0`, as Deribit does, so that readers that tell integers
    /// from fractions see one type.
    ///
    /// - Parameter decimals: d, in `0 ... 18`.
    package mutating func decimal(_ units: Int64, decimals: Int) {
        separate()
        appendDecimal(Int128(units), decimals: decimals)
        needsComma = true
    }

    /// As `decimal`, of a wider number.
    ///
    /// - Parameters:
    ///   - units: its whole part fits 64 bits.
    ///   - decimals: in `0 ... 18`.
    package mutating func decimal(_ units: Int128, decimals: Int) {
        separate()
        appendDecimal(units, decimals: decimals)
        needsComma = true
    }

    /// A value that has been written elsewhere.
    package mutating func raw(_ value: [UInt8]) {
        separate()
        bytes.append(contentsOf: value)
        needsComma = true
    }

    /// A value that was read.
    package mutating func value(_ value: JSON.Value) {
        switch value {
        case .null: null()
        case .boolean(let flag): boolean(flag)
        case .number(let number): literal(number.text)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                name(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }

    // MARK: Parts

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func digits(_ value: UInt64, padded width: Int = 1) {
        var count = 1
        while count < JSONWriter.powers.count, value >= JSONWriter.powers[count] { count += 1 }
        // Twenty digits are one more than there are powers.
        if count == JSONWriter.powers.count, value / 10 >= JSONWriter.powers[count - 1] {
            count += 1
        }
        let end = bytes.count + max(count, width)
        var rest = value
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: end - bytes.count))
        var place = end - 1
        while rest > 0 {
            bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            place -= 1
        }
    }

    private mutating func appendDecimal(_ units: Int128, decimals: Int) {
        precondition(
            JSONWriter.powers.indices.contains(decimals),
            "Invariant: a decimal has 0 to 18 places, this one has \(decimals)")
        if units < 0 { bytes.append(UInt8(ascii: "-")) }
        guard let small = UInt64(exactly: units.magnitude) else {
            let power = UInt128(JSONWriter.powers[decimals])
            let (whole, fraction) = units.magnitude.quotientAndRemainder(dividingBy: power)
            return appendParts(UInt64(clamping: whole), UInt64(fraction), decimals: decimals)
        }
        let (whole, fraction) = small.quotientAndRemainder(
            dividingBy: JSONWriter.powers[decimals])
        appendParts(whole, fraction, decimals: decimals)
    }

    /// The whole part, and the fraction without the zeros at its end.
    private mutating func appendParts(_ whole: UInt64, _ fraction: UInt64, decimals: Int) {
        digits(whole)
        bytes.append(UInt8(ascii: "."))
        guard fraction > 0 else { return bytes.append(UInt8(ascii: "0")) }
        var rest = fraction
        var places = decimals
        while rest.isMultiple(of: 10) {
            rest /= 10
            places -= 1
        }
        digits(rest, padded: places)
    }

    /// 10⁰ to 10¹⁸.
    private static let powers: [UInt64] = (0...18).map { exponent in
        (0..<exponent).reduce(UInt64(1)) { power, _ in power * 10 }
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(JSONWriter.hexadecimal[Int(byte >> 4)])
                bytes.append(JSONWriter.hexadecimal[Int(byte & 0xF)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
