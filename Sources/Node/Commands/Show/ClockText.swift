/// Instants for tables, in UTC.

/// Times as text.
enum ClockText {
    private static let perSecond: Int64 = 1_000
    private static let secondsPerDay: Int64 = 86_400
    /// Days of four hundred years of the calendar, and from 0000-03-01 to 1970-01-01.
    private static let daysPerEra: Int64 = 146_097
    private static let daysBefore1970: Int64 = 719_468

    /// `2027-01-15 08:00:01`. The calendar is that of Howard Hinnant's `civil_from_days`.
    static func dayAndTime(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / perSecond
        let days = seconds / secondsPerDay + daysBefore1970
        let dayOfEra = days % daysPerEra
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Years begin in March here, so that the leap day is the last.
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = days / daysPerEra * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        let day = dayOfYear - (153 * march + 2) / 5 + 1
        let clock = seconds % secondsPerDay
        return "\(year)-\(two(month))-\(two(day)) \(two(clock / 3_600)):"
            + "\(two(clock / 60 % 60)):\(two(clock % 60))"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
