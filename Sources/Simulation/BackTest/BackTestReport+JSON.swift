/// A back-test as JSON: every figure of the report, none rounded for the eye.

import Documents
import FixedPoint
import Foundation

extension BackTestReport {
    /// The whole report.
    package var json: String {
        JSONWriter.text(
            of: .object([
                ("promised", BackTestReport.number(BackTest.promised)),
                ("seed", .unsigned(seed)),
                (
                    "memory",
                    tuning.memory.map { .number(ReportText.decimal($0.units, scale: 9, digits: 9)) }
                        ?? .null
                ),
                ("window", tuning.window.map { .integer(Int64($0)) } ?? .null),
                ("leftOut", .list(leftOut.map { .text($0) })),
                ("series", .list(results.map(BackTestReport.value))),
            ]))
    }

    private static func value(of result: BackTestResult) -> JSONValue {
        .object([
            ("pair", .text(result.series.pair)),
            ("venue", .text(result.series.venue)),
            ("stepSeconds", .unsigned(result.series.step / TimeText.second)),
            ("closes", .integer(Int64(result.series.closes.count))),
            ("holes", .integer(Int64(result.series.holes))),
            ("warmUp", .integer(Int64(result.warmUp))),
            ("forecastSteps", .integer(Int64(result.forecastHorizon))),
            ("marginSteps", .integer(Int64(result.horizon))),
            ("powerAtTwiceTheRate", number(BackTestText.power(result))),
            ("estimators", .list(result.estimators.map(value))),
            ("rules", .list(result.rules.map(value))),
        ])
    }

    private static func value(of record: EstimatorRecord) -> JSONValue {
        .object([
            ("name", .text(record.name)),
            ("long", value(of: record.long)), ("short", value(of: record.short)),
        ])
    }

    private static func value(of record: TailRecord) -> JSONValue {
        .object([
            ("observations", .integer(Int64(record.observations))),
            ("breaches", .integer(Int64(record.breaches))),
            ("rate", number(record.rate)), ("interval", value(of: record.interval)),
            ("kupiec", value(of: record.proportion)),
            ("independence", value(of: record.independence)),
            ("conditionalCoverage", value(of: record.conditional)),
            ("acerbiSzekely1", record.shortfall.size.map(value) ?? .null),
            ("acerbiSzekely2", value(of: record.shortfall.sum)),
            ("verdict", .text(record.verdict)),
        ])
    }

    private static func value(of rule: BackTestResult.RuleRecord) -> JSONValue {
        .object([
            ("name", .text(rule.name)),
            ("initial", value(of: rule.initial)), ("maintenance", value(of: rule.maintenance)),
        ])
    }

    private static func value(of record: MarginRecord) -> JSONValue {
        .object([
            ("observations", .integer(Int64(record.observations))),
            ("longBreaches", .integer(Int64(record.longBreaches))),
            ("shortBreaches", .integer(Int64(record.shortBreaches))),
            ("rate", number(record.rate)), ("interval", value(of: record.interval)),
            ("chance", record.excessive.map(number) ?? .null),
            ("meanExcess", number(record.meanExcess)),
            ("largestExcess", number(record.largestExcess)),
            ("average", number(record.average)),
            ("averageFor99", number(record.priceOfCover)),
            ("averageFor999", number(record.priceOfMoreCover)), ("trough", number(record.trough)),
            ("peak", number(record.peak)), ("peakToTrough", number(record.peakToTrough)),
            ("steepestRise", number(record.steepest)),
            ("verdict", .text(BackTestText.verdict(record))),
        ])
    }

    private static func value(of result: TestResult) -> JSONValue {
        .object([("statistic", number(result.statistic)), ("chance", number(result.pValue))])
    }

    private static func value(of range: ClosedRange<Double>) -> JSONValue {
        .list([number(range.lowerBound), number(range.upperBound)])
    }

    private static func number(_ value: Double) -> JSONValue {
        .number(String(format: "%.8f", value))
    }
}
