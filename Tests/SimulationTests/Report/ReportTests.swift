/// Numbers as text, JSON, thinning, axes and progress.
@testable import Documents
import Foundation
import Testing

@testable import Simulation

@Test(
    arguments: [
        (0, "$0"), (950_000_000, "$950"), (999_499_999, "$999.50"), (999_500_000, "$1.00k"),
        (1_234_000_000, "$1.23k"), (12_345_000_000, "$12.3k"), (123_456_000_000, "$123k"),
        (-1_500_000_000_000, "−$1.50M"), (2_418_337_204_112_500, "$2.42B"),
        (9_223_372_036_854_775_807, "$9.22T"), (Int64.min, "−$9.22T"),
    ] as [(Int64, String)])
func compactMoneyHasThreeDigits(micro: Int64, text: String) {
    #expect(ReportText.compactMoney(micro) == text)
}

@Test(
    arguments: [
        (0, "0.000000"), (1, "0.000001"), (-1, "-0.000001"), (1_500_000, "1.500000"),
        (Int64.min, "-9223372036854.775808"), (Int64.max, "9223372036854.775807"),
    ] as [(Int64, String)])
func exactMoneyHasSixDecimals(micro: Int64, text: String) {
    #expect(DecimalText.text(ofMicro: micro) == text)
}

@Test(
    arguments: [
        (1_234_565_000, "$1,234.57"), (-1_234_564_999, "−$1,234.56"), (4_999, "$0.00"),
    ] as [(Int64, String)])
func moneyIsRoundedToCents(micro: Int64, text: String) {
    #expect(ReportText.money(micro) == text)
}

@Test(
    arguments: [
        (0, "1970-01-01 00:00:00"), (951_782_399, "2000-02-28 23:59:59"),
        (951_782_400, "2000-02-29 00:00:00"), (1_768_487_525, "2026-01-15 14:32:05"),
        (4_107_542_400, "2100-03-01 00:00:00"),
    ] as [(UInt64, String)])
func timesAreWrittenByTheCalendar(seconds: UInt64, text: String) {
    #expect(ReportText.dateTime(seconds * TimeText.second) == text)
    let bytes = Array(text.utf8)
    if seconds > 0 {
        #expect(TimeText.nanoseconds(bytes, 0..<bytes.count) == seconds * TimeText.second)
    }
}

@Test(
    arguments: [
        (400_000_000, "0.4 s"), (59_999_999_999, "59.9 s"), (60_000_000_000, "1 min"),
        (3_661_000_000_000, "1 h 1 min"), (90_000_000_000_000, "1 d 1 h"),
    ] as [(UInt64, String)])
func durationsHaveTwoUnitsAtMost(nanoseconds: UInt64, text: String) {
    #expect(ReportText.duration(nanoseconds) == text)
}

// MARK: JSON

@Test func theResultsParseAndHoldEveryPromisedField() throws {
    let text = SampleReplay.summary().json
    let object = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    for key in [
        "stateRoot", "blocks", "orders", "trades", "volume", "fees", "liquidations", "badDebt",
        "insuranceFund", "conserved", "ordersPerSecond", "seed", "chain", "markets", "traders",
        "observations", "refusals", "deleveraged", "worstAccount", "peakLeverage", "wallSeconds",
        "blocksPerSecond",
    ] {
        #expect(object[key] != nil, "\(key)")
    }
    #expect(text.contains("\"volume\": 2418337204.112500,"))
    #expect(text.contains("\"seed\": 18446744073709551615,"))
    #expect(text.contains("\"conserved\": true,"))
    #expect(object["ordersPerSecond"] as? Int == 209_865)
    let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }
    #expect(keys == keys.sorted())
}

@Test func jsonTextIsEscapedAndReadBackUnchanged() throws {
    let hard = "\" \\ / \n \r \t \u{0} \u{1f} \u{7f} \u{2028} é 😀 </script>"
    let text = JSONWriter.text(of: .list([.text(hard), .null, .list([]), .object([])]))
    let list = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [Any])
    #expect(list[0] as? String == hard)
    #expect(!text.contains("<"))
}

// MARK: Thinning and axes

@Test func thinningKeepsExtremesAndTheLimit() {
    var generator = SimulationGenerator(seed: 8)
    var values = (0..<100_000).map { _ in Optional(generator.integer(in: 0...1_000)) }
    values[31_415] = 9_000
    values[27_182] = -9_000
    for place in 50_000..<60_000 { values[place] = nil }
    let kept = Thinning.indices(of: values, limit: 1_500)
    #expect(kept.count <= 1_500)
    #expect(zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 })
    #expect(kept.contains(31_415) && kept.contains(27_182))
    #expect(kept.first == 0 && kept.last == 99_999)
    #expect(kept.contains { values[$0] == nil })
    #expect(Thinning.indices(of: Array(values[..<1_500]), limit: 1_500).count == 1_500)
}

@Test func axesHaveRoundTicksInsideTheirRange() {
    var generator = SimulationGenerator(seed: 9)
    for exponent in 0..<18 {
        let size = ReportText.power(exponent)
        for _ in 0..<50 {
            let values = (0..<3).map { _ in generator.integer(in: -size...size) }
            let scale = ChartScale(values, includesZero: generator.integer(in: 0...1) == 0)
            #expect((2...8).contains(scale.ticks.count), "\(values) \(scale)")
            #expect(scale.ticks.allSatisfy { $0 >= scale.low && $0 <= scale.high })
            #expect(scale.ticks.allSatisfy { $0 % scale.step == 0 })
            #expect(values.allSatisfy { (0...10_000).contains(scale.y($0)) })
        }
    }
    let edge = ChartScale([Int64.min, Int64.max], includesZero: true)
    #expect((4_999...5_000).contains(edge.y(0)))
}

@Test func timeAxesHaveRoundTimes() {
    let day = BuiltInDay.start
    let axis = TimeScale(start: day, end: day + TimeText.day)
    #expect(axis.ticks.map(\.label).first == "00:00" && axis.ticks.count == 9)
    let month = TimeScale(start: day + TimeText.minute, end: day + 30 * TimeText.day)
    #expect(month.ticks.map(\.label).contains("22 Jan"))
    let hour = TimeScale(start: day, end: day + 60 * TimeText.minute)
    #expect(
        hour.ticks.map(\.label) == ["00:00", "00:10", "00:20", "00:30", "00:40", "00:50", "01:00"])
    let decade = TimeScale(start: day, end: day + 4_000 * TimeText.day)
    #expect((2...9).contains(decade.ticks.count))
    #expect(decade.ticks.first?.label == "2027-12")
}

// MARK: Console

@Test func theReportIsAnAlignedTable() {
    let lines = ReplayConsole.report(SampleReplay.summary()).split(separator: "\n")
    #expect(lines.contains("trades                311,904"))
    #expect(lines.contains("  postOnlyWouldTake   12,044"))
    #expect(lines.contains { $0.hasPrefix("state root            3f9a1c07be52d844") })
    #expect(lines.allSatisfy { $0.count <= 100 })
}

@Test func withoutATerminalThereIsALineEveryTenPercent() {
    var line = ReplayProgressLine(isTerminal: false)
    let texts = (0...1_000).compactMap { permille in
        line.text(
            for: ReplayProgress(
                permille: permille, time: BuiltInDay.start, blocks: permille, orders: 10 * permille,
                elapsed: UInt64(permille) * 1_000_000))
    }
    #expect(texts.count == 11)
    #expect(
        texts[1] == " 10 %  2026-01-15 00:00:00  100 blocks  10,000 orders/s  0.9 s left\n")
    #expect(texts[10].hasPrefix("100 %") && !texts[10].contains("left"))
}

@Test func progressIsMeasuredOverSpansOfAnyLength() {
    func permille(_ time: UInt64, _ start: UInt64, _ end: UInt64) -> Int {
        ReplayProgress(time: time, start: start, end: end, blocks: 0, orders: 0, elapsed: 0)
            .permille
    }
    #expect(permille(5, 0, 10) == 500)
    #expect(permille(UInt64.max / 2, 0, UInt64.max) == 499)
    #expect(permille(11, 0, 10) == 1_000 && permille(1, 5, 10) == 0 && permille(0, 0, 0) == 1_000)
}

@Test func onATerminalTheLineIsWrittenOverTenTimesASecond() {
    var line = ReplayProgressLine(isTerminal: true)
    let texts = (0...1_000).compactMap { permille in
        line.text(
            for: ReplayProgress(
                permille: permille, time: BuiltInDay.start, blocks: 0, orders: 0,
                elapsed: UInt64(permille) * 1_000_000))
    }
    #expect(texts.count == 11)
    #expect(texts.allSatisfy { $0.hasPrefix("\r") })
    #expect(texts[10].hasSuffix("\n") && !texts[9].hasSuffix("\n"))
}
