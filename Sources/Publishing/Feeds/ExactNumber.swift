/// Numbers of feeds in exact units. A price is never a binary fraction: the digits are read, and
/// what is finer than the unit is rounded half up.

import Documents
package import FixedPoint
package import JSON

/// Reads numbers.
package enum ExactNumber {
    /// What one is worth in 10⁻¹².
    static let one = DecimalText.one
    /// Far above every price and size, and small enough for every unit in 128 bits.
    private static let largest: Int128 = 1_000_000_000_000
    /// 10⁻¹² in 10⁻⁶, the unit of prices.
    private static let picosInMicro: Int128 = 1_000_000

    /// A number, or a text that is one, in 10⁻¹².
    ///
    /// - Throws: `malformed`, `notPositive` below zero, `outOfRange`.
    package static func picos(_ value: JSON.Value, _ name: String) throws(Finding) -> Int128 {
        switch value {
        case .string(let text): return try picos(Array(text.utf8), name)
        case .number(let number):
            do throws(Finding) {
                return try picos(Array(number.text.utf8), name)
            } catch {
                // By the grammar it is a number: one that nothing can hold.
                if case .malformed = error { throw .outOfRange }
                throw error
            }
        default: throw .malformed("\(name) is \(value.kind), not a number")
        }
    }

    /// A text in 10⁻¹².
    package static func picos(_ text: [UInt8], _ name: String) throws(Finding) -> Int128 {
        do throws(DecimalText.Failure) {
            return try DecimalText.value(text, 0..<text.count, most: largest)
        } catch {
            switch error {
            case .notDecimal: throw .malformed("\(name) is not a decimal")
            case .negative: throw .notPositive
            case .tooLarge: throw .outOfRange
            }
        }
    }

    /// A price of one of the underlying.
    ///
    /// - Parameter unit: how many of the feed's units one of the underlying is.
    package static func price(picos: Int128, unit: Int64) throws(Finding) -> IndexPrice {
        let micros = DecimalText.dividedHalfUp(picos * Int128(unit), by: picosInMicro)
        guard let units = Int64(exactly: micros) else { throw .outOfRange }
        return IndexPrice(micros: units)
    }

    /// An amount of the quote currency.
    package static func amount(picos: Int128) throws(Finding) -> Amount {
        guard let units = Int64(exactly: picos / picosInMicro) else { throw .outOfRange }
        return Amount(microunits: units)
    }

    /// Nanoseconds since 1970: epoch seconds (with a fraction), milliseconds, microseconds,
    /// nanoseconds, or a date and time in UTC.
    package static func time(_ value: JSON.Value) throws(Finding) -> UInt64 {
        guard let text = value.text ?? value.number?.text else {
            throw .malformed("time is \(value.kind)")
        }
        return try time(Array(text.utf8))
    }

    package static func time(_ text: [UInt8]) throws(Finding) -> UInt64 {
        let isDate = text.dropFirst().contains(UInt8(ascii: "-"))
        // Of an epoch the fraction is dropped: it is less than a second.
        let end = isDate ? nil : text.firstIndex(of: UInt8(ascii: "."))
        guard let time = TimeText.nanoseconds(text, 0..<(end ?? text.count)) else {
            throw .malformed("time is none between 1973 and 2200")
        }
        return time
    }
}
