/// Numbers and times as people read them, from integers alone.

import Documents

/// Formats whole numbers. Rounding is half away from zero: these are for the eye, not for the
/// books.
package enum ReportText {
    /// `1234567` as `1,234,567`.
    package static func count(_ value: Int) -> String {
        (value < 0 ? "−" : "") + grouped(String(value.magnitude))
    }

    /// `value` in 10⁻`scale` with `digits` decimals and grouped thousands: `-1,234.50`.
    package static func decimal(_ value: Int64, scale: Int, digits: Int) -> String {
        let rounded = rescaled(value, from: scale, to: digits)
        let text = String(rounded.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        let whole = grouped(String(padded.dropLast(digits)))
        let sign = rounded < 0 ? "−" : ""
        return sign + whole + (digits == 0 ? "" : "." + padded.suffix(digits))
    }

    /// Micro-units as dollars and cents: `$1,234.50`.
    package static func money(_ micro: Int64) -> String {
        (micro < 0 ? "−$" : "$") + String(decimal(micro, scale: 6, digits: 2).trimmedMinus)
    }

    /// Micro-units in three digits or so: `$12.3M`, `$950`.
    package static func compactMoney(_ micro: Int64) -> String {
        (micro < 0 ? "−$" : "$") + compact(micro, scale: 6).trimmedMinus
    }

    /// `value` in 10⁻`scale` in about three digits, with k, M, B or T.
    package static func compact(_ value: Int64, scale: Int) -> String {
        let units = Int128(power(scale))
        for (place, suffix) in ["k", "M", "B", "T"].enumerated().reversed() {
            let size = units * Int128(power(3 * (place + 1)))
            // From 999.5 of the unit below on, three digits round up to this unit.
            guard Int128(value.magnitude) * 2_000 >= size * 1_999 else { continue }
            let magnitude = Int128(value.magnitude)
            let digits = magnitude >= size * 100 ? 0 : magnitude >= size * 10 ? 1 : 2
            let unit = size / Int128(power(digits))
            let rounded = Int64(clamping: (magnitude + unit / 2) / unit)
            return (value < 0 ? "−" : "") + decimal(rounded, scale: digits, digits: digits) + suffix
        }
        let isWhole = value % power(scale) == 0
        return decimal(value, scale: scale, digits: isWhole ? 0 : min(scale, 2))
    }

    /// `2026-01-15 14:32:00` in UTC from nanoseconds since 1970.
    package static func dateTime(_ nanoseconds: UInt64) -> String {
        date(nanoseconds) + " " + clock(nanoseconds, withSeconds: true)
    }

    /// `2026-01-15` in UTC.
    package static func date(_ nanoseconds: UInt64) -> String {
        let day = civil(nanoseconds)
        return "\(day.year)-\(twoDigits(day.month))-\(twoDigits(day.day))"
    }

    /// `15 Jan` in UTC.
    package static func shortDate(_ nanoseconds: UInt64) -> String {
        let names = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let day = civil(nanoseconds)
        return "\(day.day) \(names[day.month - 1])"
    }

    /// `14:32` or `14:32:05` in UTC.
    package static func clock(_ nanoseconds: UInt64, withSeconds: Bool = false) -> String {
        let seconds = Int(nanoseconds % TimeText.day / TimeText.second)
        let text = twoDigits(seconds / 3_600) + ":" + twoDigits(seconds / 60 % 60)
        return withSeconds ? text + ":" + twoDigits(seconds % 60) : text
    }

    /// `2 d 3 h`, `23 h 59 min`, `4.2 s`: two units at most.
    package static func duration(_ nanoseconds: UInt64) -> String {
        let seconds = Int(nanoseconds / TimeText.second)
        if seconds < 60 {
            return decimal(Int64(nanoseconds / 100_000_000), scale: 1, digits: 1) + " s"
        }
        let parts: [(Int, String)] =
            if seconds < 3_600 {
                [(seconds / 60, "min"), (seconds % 60, "s")]
            } else if seconds < 86_400 {
                [(seconds / 3_600, "h"), (seconds / 60 % 60, "min")]
            } else {
                [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h")]
            }
        return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }

    /// `value` brought from 10⁻`scale` to 10⁻`digits`.
    static func rescaled(_ value: Int64, from scale: Int, to digits: Int) -> Int64 {
        if digits >= scale {
            return Int64(clamping: Int128(value) * Int128(power(digits - scale)))
        }
        let divisor = power(scale - digits)
        let half = value < 0 ? -(divisor / 2) : divisor / 2
        return Int64(clamping: (Int128(value) + Int128(half)) / Int128(divisor))
    }

    /// 10 to the `exponent`, in `0 ... 18`.
    static func power(_ exponent: Int) -> Int64 {
        (0..<exponent).reduce(1) { product, _ in product * 10 }
    }

    private static func twoDigits(_ value: Int) -> String {
        (value < 10 ? "0" : "") + String(value)
    }

    private static func grouped(_ digits: String) -> String {
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0 && (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// The Gregorian date, by Hinnant's `civil_from_days`.
    private static func civil(_ nanoseconds: UInt64) -> (year: Int, month: Int, day: Int) {
        let days = Int(nanoseconds / TimeText.day) + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

extension String {
    /// Without a leading minus sign.
    fileprivate var trimmedMinus: Substring { hasPrefix("−") ? dropFirst() : self[...] }
}
