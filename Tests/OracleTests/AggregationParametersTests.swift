/// The ranges of the numbers of aggregation on both sides of each limit, and their encoding.
import Canonical
import FixedPoint
import Testing

@testable import Oracle

struct AggregationParametersTests {
    struct Row: Sendable {
        let field: String?
        let change: @Sendable (inout AggregationParameters) -> Void

        init(_ field: String?, _ change: @escaping @Sendable (inout AggregationParameters) -> Void)
        {
            self.field = field
            self.change = change
        }
    }

    private static let fourth = Ratio(basisPoints: 2_500)
    private static let above = Ratio(billionths: 1_000_000_001)
    private static let below = Ratio(billionths: -1)

    private static func bound(_ source: UInt16, _ low: Int64, _ high: Int64) -> SourceBound {
        SourceBound(
            source: SourceIdentifier(source), lowest: IndexPrice(units: low),
            highest: IndexPrice(units: high))
    }

    @Test(arguments: [
        Row(nil) { _ in },
        Row("minimumVenues") { $0.minimumVenues = 0 },
        Row(nil) { $0.minimumVenues = 64 },
        Row("minimumVenues") { $0.minimumVenues = 65 },
        Row("venueCap") { $0.venueCap = .zero },
        Row("venueCap") { $0.venueCap = above },
        Row(nil) { $0.venueCap = .one },
        Row(nil) { $0.minimumVenues = 4 },
        Row("venueCap") { $0.minimumVenues = 3 },
        Row("outlierFactor") { $0.outlierFactor = Ratio(billionths: 999_999_999) },
        Row(nil) { $0.outlierFactor = .one },
        Row(nil) { $0.outlierFactor = Ratio(billionths: 100_000_000_000) },
        Row("outlierFactor") { $0.outlierFactor = Ratio(billionths: 100_000_000_001) },
        Row(nil) { $0.outlierFactor = .zero },
        Row("outlierFloor") { $0.outlierFloor = below },
        Row("outlierFloor") { $0.outlierFloor = .zero },
        Row(nil) { $0.outlierFloor = Ratio(basisPoints: 1_000) },
        Row("outlierFloor") { $0.outlierFloor = Ratio(billionths: 100_000_001) },
        Row(nil) { $0.secondMove = .zero }, Row(nil) { $0.secondMove = .one },
        Row("secondMove") { $0.secondMove = above }, Row("secondMove") { $0.secondMove = below },
        Row(nil) { $0.minuteMove = .zero }, Row(nil) { $0.minuteMove = .one },
        Row("minuteMove") { $0.minuteMove = above }, Row("minuteMove") { $0.minuteMove = below },
        Row(nil) { $0.widestConfidence = .zero },
        Row("widestConfidence") { $0.widestConfidence = above },
        Row("widestConfidence") { $0.widestConfidence = below },
        Row(nil) { $0.frozenAge = .day },
        Row("frozenAge") { $0.frozenAge = .seconds(86_401) },
        Row("frozenMove") { $0.frozenMove = .zero }, Row("frozenMove") { $0.frozenMove = above },
        Row("frozenMove") { $0.frozenMove = below },
        Row(nil) { $0.unitTolerance = Ratio(billionths: 499_999_999) },
        Row("unitTolerance") { $0.unitTolerance = Ratio(billionths: 500_000_000) },
        Row("unitTolerance") { $0.unitTolerance = below },
        Row(nil) { $0.bounds = [bound(0, 0, 1), bound(1, 5, .max)] },
        Row("bounds") { $0.bounds = [bound(0, -1, 1)] },
        Row("bounds") { $0.bounds = [bound(0, 1, 1)] },
        Row("bounds") { $0.bounds = [bound(1, 0, 1), bound(1, 0, 1)] },
        Row("bounds") { $0.bounds = [bound(2, 0, 1), bound(1, 0, 1)] },
    ])
    func `the first faulty field is named`(_ row: Row) throws {
        var rules = AggregationParameters.major
        row.change(&rules)
        #expect(rules.faultyField.map { "\($0)" } == row.field)
        #expect(try AggregationParameters(canonicalBytes: rules.canonicalBytes) == rules)
        var oracle = OracleFixture.parameters
        oracle.aggregation = rules
        #expect(oracle.faultyField.map { "\($0)" } == row.field)
    }

    @Test func `the defaults are sound`() {
        for rules in [AggregationParameters.plain, .major, .longTail] {
            #expect(rules.faultyField == nil)
        }
    }
}
