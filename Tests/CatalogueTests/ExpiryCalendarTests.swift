/// Dates against Foundation's calendar, and the expiries of a calendar against a search day by day.
import Canonical
import FixedPoint
import Foundation
import TestKit
import Testing

@testable import Catalogue

private let utc: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
    return calendar
}()

private func parts(_ day: Int64) -> DateComponents {
    utc.dateComponents(
        [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(day) * 86_400))
}

@Test func everyDayUntil2150HasTheDateOfTheCalendar() {
    for day in Int64(0)..<65_745 {
        let date = CivilDate(days: day)
        #expect(date.days == day)
        guard day % 13 == 0 || date.day >= 28 || date.day == 1 else { continue }
        let expected = parts(day)
        #expect(
            date
                == CivilDate(
                    year: Int64(expected.year ?? 0), month: Int64(expected.month ?? 0),
                    day: Int64(expected.day ?? 0)))
    }
}

/// The expiries by looking at one day after the other.
private func searched(_ calendar: ExpiryCalendar, after instant: Timestamp) -> [Timestamp] {
    var left = (calendar.days, calendar.weeks, calendar.months, calendar.quarters)
    var found: [Timestamp] = []
    var day = Int64(instant.count(of: .day))
    while left != (0, 0, 0, 0) {
        defer { day += 1 }
        let expiry = Timestamp(
            nanoseconds: UInt64(day) * 86_400_000_000_000 + 28_800_000_000_000)
        guard expiry > instant else { continue }
        let isFriday = parts(day).weekday == 6
        let isLast = isFriday && parts(day).month != parts(day + 7).month
        let isQuarter = isLast && (parts(day).month ?? 0) % 3 == 0
        var isWanted = false
        if left.0 > 0 { (left.0, isWanted) = (left.0 - 1, true) }
        if isFriday, left.1 > 0 { (left.1, isWanted) = (left.1 - 1, true) }
        if isLast, left.2 > 0 { (left.2, isWanted) = (left.2 - 1, true) }
        if isQuarter, left.3 > 0 { (left.3, isWanted) = (left.3 - 1, true) }
        if isWanted { found.append(expiry) }
    }
    return found
}

@Test func aCalendarsExpiriesAreThoseThatASearchFinds() {
    let seed: UInt64 = 91
    var random = SeededGenerator(seed: seed)
    for round in 0..<150 {
        let calendar = ExpiryCalendar(
            days: .random(in: 0...4, using: &random), weeks: .random(in: 0...5, using: &random),
            months: .random(in: 0...5, using: &random),
            quarters: .random(in: 0...(round % 10 == 0 ? 12 : 3), using: &random))
        var instant = Timestamp(
            nanoseconds: .random(
                in: 1_700_000_000_000_000_000...1_900_000_000_000_000_000, using: &random))
        // On either side of 08:00, and at it.
        if round % 3 == 0 {
            let eight = instant.startOfDay.nanoseconds + 28_800_000_000_000
            instant = Timestamp(nanoseconds: eight - 1 + UInt64(round % 9 / 3))
        }
        #expect(
            calendar.expiries(after: instant) == searched(calendar, after: instant),
            "seed \(seed), round \(round)")
    }
}

private struct NameRow: Sendable {
    let seconds: UInt64
    /// Nil for a future.
    let strike: Int64?
    let name: String
}

@Test(arguments: [
    NameRow(seconds: 1_774_598_400, strike: nil, name: "BTC-27MAR26"),
    NameRow(seconds: 1_774_598_400, strike: 100_000_000_000, name: "BTC-27MAR26-100000-C"),
    NameRow(seconds: 1_772_870_400, strike: 250_000, name: "BTC-7MAR26-0d25-C"),
    NameRow(seconds: 1_772_870_400, strike: 1_000_001, name: "BTC-7MAR26-1d000001-C"),
    NameRow(seconds: 4_102_473_600, strike: 1_500_000, name: "BTC-1JAN00-1d5-C"),
])
private func namesAreThoseOfDeribit(row: NameRow) throws {
    let expiry = Timestamp(nanoseconds: row.seconds * 1_000_000_000)
    let kind: InstrumentKind =
        row.strike.map {
            .option(OptionSeries(expiry: expiry, strike: IndexPrice(micros: $0), right: .call))
        } ?? .future(expiry: expiry)
    let name = Array("BTC".utf8) + ContractName.suffix(of: kind)
    #expect(String(decoding: name, as: UTF8.self) == row.name)
}
