/// Decimal numbers as text, read into exact integers: prices never pass through floating point.

/// Reads `12.5`, `.5`, `9.293e-06`. Digits below 10⁻¹² are rounded half up.
package enum DecimalText {
    /// Why a text is no accepted decimal.
    package enum Failure: Error {
        case notDecimal
        case negative
        case tooLarge
    }

    /// What one is worth in the integers returned.
    package static let one: Int128 = 1_000_000_000_000
    /// Digits kept before the rest cannot change the rounded value.
    private static let mostDigits = 30
    private static let mostExponent = 60
    /// 10³⁷ is the largest power of ten whose tenfold still fits in `Int128`.
    private static let mostPower = 37

    /// The value of `bytes[range]` in 10⁻¹², in `0 ... most × 10¹²`.
    ///
    /// - Throws: `.notDecimal` for anything but digits, one point and one exponent; `.negative` for
    ///   a leading minus before a decimal; `.tooLarge` above `most`.
    package static func value(
        _ bytes: [UInt8], _ range: Range<Int>, most: Int128
    ) throws(Failure) -> Int128 {
        var index = range.lowerBound
        let isNegative = index < range.upperBound && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        var number = Scan()
        try number.readDigits(bytes, &index, range.upperBound)
        try number.readExponent(bytes, &index, range.upperBound)
        guard index == range.upperBound else { throw .notDecimal }
        if isNegative { throw .negative }
        let value = try number.scaled()
        guard value <= most * one else { throw .tooLarge }
        return value
    }

    /// 10 to the `exponent`, in `0 ... 37`.
    package static func power(_ exponent: Int) -> Int128 {
        var value: Int128 = 1
        for _ in 0..<exponent { value *= 10 }
        return value
    }

    /// `value / divisor`, halves rounded up; for `value ≥ 0`, `divisor > 0`.
    package static func dividedHalfUp(_ value: Int128, by divisor: Int128) -> Int128 {
        value / divisor + (value % divisor >= (divisor + 1) / 2 ? 1 : 0)
    }

    /// The digits of a number and the power of ten of the last one kept.
    private struct Scan {
        var digits: Int128 = 0
        var count = 0
        var exponent = 0

        mutating func readDigits(
            _ bytes: [UInt8], _ index: inout Int, _ end: Int
        ) throws(Failure) {
            var seen = 0
            var afterPoint = false
            while index < end {
                let byte = bytes[index]
                if byte == UInt8(ascii: ".") && !afterPoint {
                    afterPoint = true
                } else if byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") {
                    seen += 1
                    take(digit: Int128(byte - UInt8(ascii: "0")), afterPoint: afterPoint)
                } else {
                    break
                }
                index += 1
            }
            guard seen > 0 else { throw .notDecimal }
        }

        private mutating func take(digit: Int128, afterPoint: Bool) {
            if count < mostDigits {
                digits = digits * 10 + digit
                if digits > 0 { count += 1 }
                if afterPoint { exponent -= 1 }
            } else if !afterPoint {
                exponent += 1
            }
        }

        mutating func readExponent(
            _ bytes: [UInt8], _ index: inout Int, _ end: Int
        ) throws(Failure) {
            guard index < end, bytes[index] | 0x20 == UInt8(ascii: "e") else { return }
            index += 1
            var sign = 1
            if index < end, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
                sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
                index += 1
            }
            var value = 0
            let first = index
            while index < end, bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9")
            {
                value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
                guard value <= mostExponent else { throw .notDecimal }
                index += 1
            }
            guard index > first else { throw .notDecimal }
            exponent += sign * value
        }

        /// The number in 10⁻¹².
        func scaled() throws(Failure) -> Int128 {
            guard digits > 0 else { return 0 }
            let shift = exponent + 12
            if shift < 0 {
                guard -shift <= mostPower else { return 0 }
                return dividedHalfUp(digits, by: power(-shift))
            }
            guard count + shift <= mostPower else { throw .tooLarge }
            return digits * power(shift)
        }
    }
}

extension DecimalText {
    /// Exactly six decimals, no grouping, ASCII minus: for JSON.
    package static func text(ofMicro micro: Int64) -> String {
        let digits = String(micro.magnitude)
        let padded = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
        return (micro < 0 ? "-" : "") + padded.dropLast(6) + "." + padded.suffix(6)
    }
}
