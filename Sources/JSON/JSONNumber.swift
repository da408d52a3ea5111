/// A number as it was written. It becomes an integer, or an integer of a finer unit, exactly or not
/// at all: 0.1 of a unit of 10⁻⁶ is 100,000, and nothing is rounded behind anybody's back.

extension JSON {
    /// The text of a number by the grammar of RFC 8259, section 6.
    package struct Number: Equatable, Sendable {
        /// As it was written.
        package let text: String

        /// - Parameter text: by the grammar; the parser has seen to that.
        init(checked text: String) { self.text = text }

        /// The number of this text; nil where it is none by the grammar.
        package init?(_ text: String) {
            guard Number.isNumber(text.utf8) else { return nil }
            self.text = text
        }

        /// A whole number.
        package init(_ integer: Int64) { text = String(integer) }

        /// The value where it is a whole number of 64 bits.
        package var integer: Int64? { scaled(by: 0) }

        /// The value in units of 10⁻ᵈ; nil where that is not whole or does not fit 64 bits.
        ///
        /// - Parameter decimals: d, in `0 ... 18`.
        package func scaled(by decimals: Int) -> Int64? {
            var digits = Digits()
            guard digits.read(text.utf8) else { return nil }
            return digits.value(scaledBy: decimals)
        }
    }
}

/// The significant digits of a number and where its point stands.
private struct Digits {
    private var isNegative = false
    private var coefficient: Int128 = 0
    /// The value is coefficient × 10^exponent.
    private var exponent = 0
    /// Digits beyond these make the value too large or too fine for any use.
    private static let mostDigits = 36
    private static let mostExponent = 1_000

    /// - Returns: false where there are too many digits to be of use.
    mutating func read(_ text: String.UTF8View) -> Bool {
        var significant = 0
        var trailingZeros = 0
        var isFraction = false
        var written = 0
        var isWrittenNegative = false
        var isExponent = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "-") where isExponent: isWrittenNegative = true
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "+"): continue
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): isExponent = true
            default:
                let digit = Int(byte - UInt8(ascii: "0"))
                if isExponent {
                    written = min(written * 10 + digit, Digits.mostExponent)
                } else if digit == 0 {
                    // Zeros count only when another digit follows them.
                    trailingZeros += 1
                    if isFraction { exponent -= 1 }
                } else {
                    if coefficient != 0 { significant += trailingZeros }
                    significant += 1
                    guard significant <= Digits.mostDigits else { return false }
                    if coefficient != 0 {
                        for _ in 0..<trailingZeros { coefficient *= 10 }
                    }
                    trailingZeros = 0
                    coefficient = coefficient * 10 + Int128(digit)
                    if isFraction { exponent -= 1 }
                }
            }
        }
        exponent += coefficient == 0 ? 0 : trailingZeros
        exponent += isWrittenNegative ? -written : written
        return true
    }

    func value(scaledBy decimals: Int) -> Int64? {
        guard coefficient != 0 else { return 0 }
        let power = exponent + decimals
        // No trailing zero is left in the coefficient, so a negative power means a fraction.
        guard power >= 0, power <= Digits.mostDigits else { return nil }
        var result = isNegative ? -coefficient : coefficient
        for _ in 0..<power {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            result = product
        }
        return Int64(exactly: result)
    }
}

extension JSON.Number {
    /// Whether a text is a number by the grammar: a sign, digits without a leading zero, a
    /// fraction, an exponent.
    private static func isNumber(_ text: String.UTF8View) -> Bool {
        var rest = text[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        guard let first = rest.first, isDigit(first) else { return false }
        let whole = takeDigits(&rest)
        guard whole == 1 || first != UInt8(ascii: "0") else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard takeDigits(&rest) > 0 else { return false }
        }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                rest.removeFirst()
            }
            guard takeDigits(&rest) > 0 else { return false }
        }
        return rest.isEmpty
    }

    private static func takeDigits(_ rest: inout Substring.UTF8View) -> Int {
        var count = 0
        while let byte = rest.first, isDigit(byte) {
            rest.removeFirst()
            count += 1
        }
        return count
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension JSON.Number {
    /// A whole number of units of 10⁻ᵈ, written as `JSONWriter.decimal` does.
    ///
    /// - Parameters:
    ///   - units: its whole part fits 64 bits.
    ///   - decimals: d, in `0 ... 18`.
    package init(_ units: Int128, decimals: Int) {
        var writer = JSONWriter(capacity: 24)
        writer.decimal(units, decimals: decimals)
        text = String(decoding: writer.bytes, as: UTF8.self)
    }
}
