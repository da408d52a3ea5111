/// Who closes against an account: order, proportion, and what a queue would do instead.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Liquidation

private func counterparty(
    _ number: UInt32, lots: Int64 = 1, profit: Int64, equity: Int64 = 100, notional: Int64 = 1_000
) -> Counterparty {
    Counterparty(
        account: AccountIdentifier(number), lots: Quantity(lots: lots),
        profit: Amount(microunits: profit), equity: Amount(microunits: equity),
        grossNotional: Amount(microunits: notional))
}

@Test func theOtherSideIsRankedByProfitTimesLeverageThenByAccount() {
    let ranked = Deleveraging.ranking(of: [
        counterparty(0, profit: -50), counterparty(1, profit: 10), counterparty(2, profit: 10),
        counterparty(3, profit: 5, notional: 4_000), counterparty(4, profit: 5, equity: 25),
        counterparty(5, profit: 0, notional: 1 << 60), counterparty(6, profit: 1, equity: -9),
    ])
    // Scores: 0, 100, 100, 200, 200, 0, 1,000.
    #expect(ranked.map(\.account.number) == [6, 3, 4, 1, 2, 0, 5])
}

@Test func theScoreOfTheLargestAccountsDoesNotOverflow() {
    let largest = counterparty(0, profit: .max, equity: .min, notional: .max)
    #expect(largest.score == Int128(Int64.max) * Int128(Int64.max))
}

@Test func rankingIsAPermutationThatNeverRises() {
    let seed: UInt64 = 84
    var random = SeededGenerator(seed: seed)
    for _ in 0..<500 {
        let all = (0..<UInt32.random(in: 0...30, using: &random)).map {
            counterparty(
                $0, profit: .random(in: -5...5, using: &random),
                equity: .random(in: -3...9, using: &random),
                notional: .random(in: 0...20, using: &random))
        }
        let ranked = Deleveraging.ranking(of: all.shuffled(using: &random))
        #expect(ranked.map(\.account).sorted() == all.map(\.account), "seed \(seed)")
        for (left, right) in zip(ranked, ranked.dropFirst()) {
            #expect(
                left.score > right.score
                    || (left.score == right.score && left.account < right.account),
                "seed \(seed)")
        }
    }
}

private struct AllocationRow: Sendable {
    let name: String
    let lots: Int64
    /// Lots and profit, of a leverage of ten.
    let others: [(lots: Int64, profit: Int64)]
    let closed: [Int64]
    let queued: [Int64]
}

@Test(arguments: [
    AllocationRow(name: "nothing", lots: 0, others: [(3, 1)], closed: [0], queued: [0]),
    AllocationRow(name: "nobody", lots: 9, others: [], closed: [], queued: []),
    AllocationRow(
        name: "in proportion to profit", lots: 60, others: [(90, 30), (90, 20), (90, 10)],
        closed: [30, 20, 10], queued: [60, 0, 0]),
    AllocationRow(
        name: "no more than he holds", lots: 60, others: [(12, 30), (90, 20), (90, 10)],
        closed: [12, 32, 16], queued: [12, 48, 0]),
    AllocationRow(
        name: "exactly all who profited", lots: 30, others: [(10, 7), (20, 1), (50, 0)],
        closed: [10, 20, 0], queued: [10, 20, 0]),
    AllocationRow(
        name: "then those without profit, by size", lots: 45,
        others: [(10, 7), (20, 1), (40, 0), (20, -9)], closed: [10, 20, 10, 5],
        queued: [10, 20, 15, 0]),
    AllocationRow(
        name: "more than there is", lots: 99, others: [(10, 7), (20, 0)], closed: [10, 20],
        queued: [10, 20]),
    AllocationRow(
        name: "rounding goes along the list", lots: 10, others: [(9, 1), (9, 1), (9, 1)],
        closed: [4, 3, 3], queued: [9, 1, 0]),
])
private func lotsAreAllocatedAsStated(_ row: AllocationRow) {
    let ranked = row.others.enumerated().map { place, other in
        counterparty(UInt32(place), lots: other.lots, profit: other.profit)
    }
    for (closings, expected) in [
        (Deleveraging.allocation(of: Quantity(lots: row.lots), among: ranked), row.closed),
        (Deleveraging.queue(of: Quantity(lots: row.lots), among: ranked), row.queued),
    ] {
        var closed = [Int64](repeating: 0, count: ranked.count)
        for closing in closings {
            #expect(closing.account == ranked[closing.rank].account && closing.lots.isPositive)
            closed[closing.rank] = closing.lots.lots
        }
        #expect(closed == expected, "\(row.name)")
    }
}

@Test func leverageCountsAsMuchAsProfit() {
    let ranked = Deleveraging.ranking(of: [
        counterparty(0, lots: 90, profit: 10, notional: 1_000),
        counterparty(1, lots: 90, profit: 20, notional: 4_000),
    ])
    let closings = Deleveraging.allocation(of: Quantity(lots: 90), among: ranked)
    #expect(closings.map(\.lots.lots) == [80, 10])
    #expect(closings.map(\.account.number) == [1, 0])
}

/// One account in a hundred pieces closes what it would close in one, to a lot.
@Test(arguments: [Int64(1), 7, 99, 1_000])
func splittingAnAccountChangesNothing(lots: Int64) {
    let other = counterparty(0, lots: 5_000, profit: 1_000_000, equity: 1_000, notional: 9_000)
    let whole = counterparty(1, lots: 1_000, profit: 500_000, equity: 1_000, notional: 9_000)
    let pieces = (0..<100).map {
        counterparty(1 + $0, lots: 10, profit: 5_000, equity: 1_000, notional: 9_000)
    }
    func closed(_ all: [Counterparty]) -> Int64 {
        let ranked = Deleveraging.ranking(of: all)
        return Deleveraging.allocation(of: Quantity(lots: lots), among: ranked)
            .filter { $0.account.number > 0 }.reduce(0) { $0 + $1.lots.lots }
    }
    #expect(abs(closed([other, whole]) - closed([other] + pieces)) <= 1)
}

@Test func nobodyClosesMoreThanHeHoldsAndTheDemandIsMet() {
    let seed: UInt64 = 87
    var random = SeededGenerator(seed: seed)
    for round in 0..<3_000 {
        let all = (0..<UInt32.random(in: 0...12, using: &random)).map {
            counterparty(
                $0, lots: .random(in: 1...(round % 2 == 0 ? 9 : 1 << 40), using: &random),
                profit: .random(in: -5...(1 << 45), using: &random),
                equity: .random(in: -3...(1 << 45), using: &random),
                notional: .random(in: 0...(1 << 50), using: &random))
        }
        let ranked = Deleveraging.ranking(of: all)
        let there = ranked.reduce(Int64(0)) { $0 + $1.lots.lots }
        let lots = Int64.random(in: 0...(there + 3), using: &random)
        let closings = Deleveraging.allocation(of: Quantity(lots: lots), among: ranked)
        let message: Comment = "seed \(seed), round \(round)"
        #expect(closings.reduce(0) { $0 + $1.lots.lots } == min(lots, there), message)
        #expect(closings.allSatisfy { $0.lots <= ranked[$0.rank].lots }, message)
    }
}
