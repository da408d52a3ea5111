/// The days on which contracts of a rule expire: the next days, the next Fridays, the last Fridays
/// of the next months and of the next quarters, as on the large venues of options; always at 08:00
/// UTC.

public import Canonical
package import FixedPoint

/// A day of the proleptic Gregorian calendar. Source: Howard Hinnant, "chrono-Compatible Low-Level
/// Date Algorithms", `civil_from_days` and `days_from_civil`, for days since 1970.
package struct CivilDate: Equatable {
    package let year: Int64
    /// In `1 ... 12`.
    package let month: Int64
    /// In `1 ... 31`.
    package let day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The UTC day of an instant.
    package init(of instant: Timestamp) { self.init(days: Int64(instant.count(of: .day))) }

    /// The day so many days after 1970-01-01; not negative.
    package init(days: Int64) {
        // Days since 0000-03-01, in eras of 400 years.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    var days: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    /// The last Friday of a month, in days since 1970; the month may lie beyond December.
    static func lastFriday(year: Int64, month: Int64) -> Int64 {
        let next = CivilDate(year: year + month / 12, month: month % 12 + 1, day: 1).days
        return next - 1 - (next - 1 + CivilDate.fridayShift) % 7
    }

    /// 1970-01-01 was a Thursday: (days + 6) % 7 counts from Friday.
    static let fridayShift: Int64 = 6
}

/// How many expiries of each kind a rule keeps listed.
public struct ExpiryCalendar: Equatable, Sendable {
    /// Most of each kind.
    public static let limit: UInt8 = 12

    /// The next so many days; in `0 ... 12`, like the others.
    public let days: UInt8
    /// Fridays.
    public let weeks: UInt8
    /// Last Fridays of a month.
    public let months: UInt8
    /// Last Fridays of March, June, September and December.
    public let quarters: UInt8

    public init(days: UInt8, weeks: UInt8, months: UInt8, quarters: UInt8) {
        self.days = days
        self.weeks = weeks
        self.months = months
        self.quarters = quarters
    }

    var isValid: Bool {
        [days, weeks, months, quarters].allSatisfy { $0 <= ExpiryCalendar.limit }
            && [days, weeks, months, quarters].contains { $0 > 0 }
    }

    /// The expiries after an instant, ascending, each once.
    func expiries(after instant: Timestamp) -> [Timestamp] {
        let today = instant.startOfDay.advanced(by: Bounds.expiryTime)
        let first = Int64(instant.count(of: .day)) + (today > instant ? 0 : 1)
        var list = (0..<Int64(days)).map { first + $0 }
        let untilFriday = (7 - (first + CivilDate.fridayShift) % 7) % 7
        list += (0..<Int64(weeks)).map { first + untilFriday + 7 * $0 }
        let date = CivilDate(days: first)
        // A month that has no last Friday left is made up for by one more at the end.
        let lastFridays = { (step: Int64, count: UInt8) -> [Int64] in
            let start = (date.month + step - 1) / step * step
            let candidates = (0...Int64(count)).map {
                CivilDate.lastFriday(year: date.year, month: start + step * $0)
            }
            return Array(candidates.filter { $0 >= first }.prefix(Int(count)))
        }
        list += lastFridays(1, months) + lastFridays(3, quarters)
        list.sort()
        var expiries: [Timestamp] = []
        for day in list {
            let start = Timestamp(nanoseconds: UInt64(day) * Duration.day.nanoseconds)
            let expiry = start.advanced(by: Bounds.expiryTime)
            if expiries.last != expiry { expiries.append(expiry) }
        }
        return expiries
    }
}

extension ExpiryCalendar: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(days)
        encoder.append(weeks)
        encoder.append(months)
        encoder.append(quarters)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        days = try decoder.byte()
        weeks = try decoder.byte()
        months = try decoder.byte()
        quarters = try decoder.byte()
    }
}
