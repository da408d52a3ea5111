/// Times as price files write them, read into nanoseconds since 1970-01-01 UTC. Pure integer
/// calendar arithmetic; no time zone data is consulted.

/// Reads epoch seconds, milliseconds, microseconds or nanoseconds (told apart by magnitude), and
/// `2021-12-31T23:01:00Z` or `2021-12-31 23:01:00`, with up to nine digits of fraction. Text
/// without a zone is UTC.
package enum TimeText {
    /// Nanoseconds in a second.
    package static let second: UInt64 = 1_000_000_000
    /// Nanoseconds in a minute.
    package static let minute: UInt64 = 60 * second
    /// Nanoseconds in a day.
    package static let day: UInt64 = 86_400 * second

    /// Seconds: 1973-03-03, the first time whose milliseconds cannot be taken for seconds.
    private static let earliest: UInt64 = 100_000_000
    /// Seconds: 2200-01-01, far inside what 64 bits of nanoseconds hold.
    private static let latest: UInt64 = 7_258_118_400
    /// Most digits of an epoch number: nanoseconds have 19 until the year 2286.
    private static let mostDigits = 19

    /// Nanoseconds since 1970, or nil if `bytes[range]` is no time between 1973 and 2200.
    package static func nanoseconds(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        let hasDash = range.count > 4 && bytes[range.lowerBound + 4] == UInt8(ascii: "-")
        let time = hasDash ? calendar(bytes, range) : epoch(bytes, range)
        guard let time, time >= earliest * second, time < latest * second else { return nil }
        return time
    }

    private static func epoch(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        guard range.count <= mostDigits, let value = number(bytes, range) else { return nil }
        // Each unit covers 1973 to beyond 2200 without touching its neighbours.
        if value < 100_000_000_000 { return value * second }
        if value < 100_000_000_000_000 { return value * 1_000_000 }
        if value < 100_000_000_000_000_000 { return value * 1_000 }
        return value
    }

    /// `YYYY-MM-DD[( |T)HH:MM[:SS[.fraction]]][Z|+00:00]`.
    private static func calendar(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        var rest = range
        guard let year = take(4, bytes, &rest), skip("-", bytes, &rest),
            let month = take(2, bytes, &rest), skip("-", bytes, &rest),
            let dayOfMonth = take(2, bytes, &rest),
            let days = daysSince1970(year: year, month: month, day: dayOfMonth)
        else { return nil }
        var clock: UInt64 = 0
        if !rest.isEmpty {
            guard skip("T", bytes, &rest) || skip(" ", bytes, &rest),
                let value = clockTime(bytes, &rest)
            else { return nil }
            clock = value
        }
        if !rest.isEmpty {
            let zone = bytes[rest].map { Character(Unicode.Scalar($0)) }
            guard ["Z", "+00:00", " UTC"].contains(String(zone)) else { return nil }
        }
        return days * day + clock
    }

    private static func clockTime(_ bytes: [UInt8], _ rest: inout Range<Int>) -> UInt64? {
        guard let hour = take(2, bytes, &rest), hour < 24, skip(":", bytes, &rest),
            let minutes = take(2, bytes, &rest), minutes < 60
        else { return nil }
        var time = (hour * 60 + minutes) * minute
        guard skip(":", bytes, &rest) else { return time }
        guard let seconds = take(2, bytes, &rest), seconds < 60 else { return nil }
        time += seconds * second
        guard skip(".", bytes, &rest) else { return time }
        var unit = second
        while let digit = take(1, bytes, &rest) {
            unit /= 10
            guard unit > 0 else { return nil }
            time += digit * unit
        }
        return unit < second ? time : nil
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar, or nil if there is no such date.
    private static func daysSince1970(year: UInt64, month: UInt64, day: UInt64) -> UInt64? {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [UInt64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard year >= 1970, month >= 1, month <= 12 else { return nil }
        guard day >= 1, day <= lengths[Int(month) - 1] else { return nil }
        let before = year - 1
        let leapDays = before / 4 - before / 100 + before / 400 - 477
        let inYear = lengths[..<(Int(month) - 1)].reduce(0, +)
        return (year - 1970) * 365 + leapDays + inYear + day - 1
    }

    private static func number(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty else { return nil }
        var value: UInt64 = 0
        for index in range {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + UInt64(digit)
        }
        return value
    }

    private static func take(_ count: Int, _ bytes: [UInt8], _ rest: inout Range<Int>) -> UInt64? {
        guard rest.count >= count else { return nil }
        let upper = rest.lowerBound + count
        guard let value = number(bytes, rest.lowerBound..<upper) else { return nil }
        rest = upper..<rest.upperBound
        return value
    }

    private static func skip(
        _ mark: Unicode.Scalar, _ bytes: [UInt8], _ rest: inout Range<Int>
    ) -> Bool {
        guard let first = rest.first, bytes[first] == UInt8(ascii: mark) else { return false }
        rest = (first + 1)..<rest.upperBound
        return true
    }
}
