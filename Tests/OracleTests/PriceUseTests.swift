/// The table of what a price must be like for what, cell by cell.
import Canonical
import FixedPoint
import Testing

@testable import Oracle

struct PriceUseTests {
    private func feed(
        index: Int64 = 100, condition: IndexCondition = IndexCondition(), off: [Defence] = []
    ) -> IndexFeed {
        var bench = FeedBench(.plain, weights: [1], off: off)
        bench.feed.index = IndexPrice(units: index)
        bench.feed.condition = condition
        return bench.feed
    }

    private func uses(_ feed: IndexFeed, age: UInt64) -> [PriceUse] {
        PriceUse.allCases.filter { feed.isValid(for: $0, at: Timestamp(nanoseconds: age)) }
    }

    private static let second: UInt64 = 1_000_000_000

    @Test(
        arguments: [
            (0, [.display, .cancel, .reduce, .trade, .margin, .withdraw, .liquidate, .settle]),
            (
                5 * second,
                [.display, .cancel, .reduce, .trade, .margin, .withdraw, .liquidate, .settle]
            ),
            (5 * second + 1, [.display, .cancel, .reduce, .trade, .margin, .settle]),
            (15 * second, [.display, .cancel, .reduce, .trade, .margin, .settle]),
            (15 * second + 1, [.display, .cancel, .reduce, .settle]),
            (60 * second, [.display, .cancel, .reduce, .settle]),
            (60 * second + 1, [.display, .cancel, .settle]),
            (.max, [.display, .cancel, .settle]),
        ] as [(UInt64, [PriceUse])])
    func `each use asks for an age`(age: UInt64, valid: [PriceUse]) {
        #expect(uses(feed(), age: age) == valid)
        #expect(uses(feed(off: [.staleness]), age: age) == PriceUse.allCases)
    }

    @Test func `before the first index only cancels are free`() {
        for condition in [IndexCondition(), .unmade] {
            #expect(uses(feed(index: 0, condition: condition), age: 0) == [.cancel])
        }
    }

    struct Row: Sendable {
        let condition: IndexCondition
        let refused: [PriceUse]

        init(_ refused: [PriceUse], _ change: (inout IndexCondition) -> Void) {
            var condition = IndexCondition()
            change(&condition)
            self.condition = condition
            self.refused = refused
        }
    }

    @Test(arguments: [
        Row([]) { _ in },
        Row([.withdraw, .liquidate, .settle]) { $0.lacksWeight = true },
        Row([.withdraw, .liquidate, .settle]) { $0.lacksVenues = true },
        Row([.withdraw, .settle]) { $0.isClamped = true },
        Row([.withdraw, .liquidate, .settle]) { $0.isWide = true },
        Row([.withdraw, .liquidate, .settle]) {
            $0.isClamped = true
            $0.isWide = true
            $0.lacksWeight = true
        },
    ])
    func `each use asks for a condition`(_ row: Row) throws {
        let feed = feed(condition: row.condition)
        #expect(PriceUse.allCases.filter { !uses(feed, age: 0).contains($0) } == row.refused)
        #expect(try IndexCondition(canonicalBytes: row.condition.canonicalBytes) == row.condition)
    }
}
