/// Who closes against an account and who pays: order, amounts and limits.
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

private func payer(_ number: UInt32, share: Int64, limit: Int64) -> Payer {
    Payer(
        account: AccountIdentifier(number), share: share, limit: Amount(microunits: limit))
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

@Test func lotsAreAllocatedInOrderUntilThereAreNoneLeft() {
    let ranked = [
        counterparty(7, lots: 3, profit: 0), counterparty(2, lots: 0, profit: 0),
        counterparty(5, lots: 4, profit: 0),
    ]
    for (lots, parts) in [
        (Int64(0), [Int64]()), (1, [1]), (3, [3]), (4, [3, 1]), (7, [3, 4]), (8, [3, 4]),
    ] {
        let result = Deleveraging.allocation(of: Quantity(lots: lots), among: ranked)
        #expect(result.map(\.lots.lots) == parts)
        #expect(result.map(\.account.number) == Array([UInt32(7), 5].prefix(parts.count)))
    }
}

private struct SharingRow: Sendable {
    let name: String
    let loss: Int64
    /// Share and limit.
    let payers: [(share: Int64, limit: Int64)]
    let paid: [Int64]
    let uncovered: Int64
}

@Test(arguments: [
    SharingRow(name: "nobody", loss: 5, payers: [], paid: [], uncovered: 5),
    SharingRow(name: "no loss", loss: 0, payers: [(1, 9)], paid: [0], uncovered: 0),
    SharingRow(name: "one at the limit", loss: 9, payers: [(1, 9)], paid: [9], uncovered: 0),
    SharingRow(name: "one beyond it", loss: 10, payers: [(1, 9)], paid: [9], uncovered: 1),
    SharingRow(
        name: "pro rata", loss: 60, payers: [(1, 99), (2, 99), (3, 99)], paid: [10, 20, 30],
        uncovered: 0),
    SharingRow(
        name: "rounded up in order", loss: 10, payers: [(1, 99), (1, 99), (1, 99)],
        paid: [4, 4, 2], uncovered: 0),
    SharingRow(
        name: "a limit's rest is shared again", loss: 60, payers: [(1, 99), (2, 5), (3, 99)],
        paid: [14, 5, 41], uncovered: 0),
    SharingRow(
        name: "all limits", loss: 60, payers: [(1, 7), (2, 5), (3, 9)], paid: [7, 5, 9],
        uncovered: 39),
    SharingRow(
        name: "no share, no part", loss: 60, payers: [(0, 99), (1, 9)], paid: [0, 9],
        uncovered: 51),
    SharingRow(
        name: "a limit below zero", loss: 6, payers: [(1, -9), (1, 9)], paid: [0, 6],
        uncovered: 0),
    SharingRow(
        name: "large numbers", loss: .max,
        payers: [(.max, .max), (.max, .max)], paid: [1 << 62, 1 << 62 - 1], uncovered: 0),
])
private func aLossIsSharedAsStated(_ row: SharingRow) {
    let payers = row.payers.enumerated().map {
        payer(UInt32($0), share: $1.share, limit: $1.limit)
    }
    let (payments, uncovered) = Deleveraging.sharing(
        of: Amount(microunits: row.loss), among: payers)
    var paid = [Int64](repeating: 0, count: payers.count)
    for payment in payments { paid[Int(payment.account.number)] = payment.amount.units }
    #expect(paid == row.paid, "\(row.name)")
    #expect(uncovered.units == row.uncovered, "\(row.name)")
    #expect(payments.allSatisfy { $0.amount.isPositive }, "\(row.name)")
}

@Test func partsAndWhatIsUncoveredSumToTheLossWithinEveryLimit() {
    let seed: UInt64 = 85
    var random = SeededGenerator(seed: seed)
    var limited = 0
    for round in 0..<5_000 {
        let message: Comment = "seed \(seed), round \(round)"
        let count = Int.random(in: 0...20, using: &random)
        let payers = (0..<count).map {
            payer(
                UInt32($0), share: .random(in: 0...(1 << 50), using: &random),
                limit: .random(in: -10...1_000_000, using: &random))
        }
        let loss = Int64.random(in: 0...8_000_000, using: &random)
        let (payments, uncovered) = Deleveraging.sharing(
            of: Amount(microunits: loss), among: payers)
        #expect(payments.reduce(uncovered.units) { $0 + $1.amount.units } == loss, message)
        #expect(!uncovered.isNegative, message)
        for payment in payments {
            #expect(payment.amount <= payers[Int(payment.account.number)].limit, message)
            #expect(payment.amount.isPositive, message)
        }
        // Something is left over only where everyone with a share is at the limit.
        if uncovered.isPositive {
            limited += 1
            let room = payers.filter { $0.share > 0 }.reduce(Int64(0)) {
                $0 + max(0, $1.limit.units)
            }
            #expect(payments.reduce(0) { $0 + $1.amount.units } == room, message)
        }
    }
    #expect(limited > 500, "seed \(seed)")
}

/// Each pays its part rounded up at most; those at the end of the list pay less by what the
/// roundings before them have covered already.
@Test func withoutLimitsTheLossIsSharedProRata() {
    let seed: UInt64 = 86
    var random = SeededGenerator(seed: seed)
    for round in 0..<3_000 {
        let count = Int.random(in: 1...15, using: &random)
        let payers = (0..<count).map {
            payer(UInt32($0), share: .random(in: 1...(1 << 50), using: &random), limit: .max)
        }
        let total = payers.reduce(Int128(0)) { $0 + Int128($1.share) }
        let loss = Int64.random(in: 1...(1 << 50), using: &random)
        let (payments, uncovered) = Deleveraging.sharing(
            of: Amount(microunits: loss), among: payers)
        #expect(uncovered == .zero)
        var paid = [Int128](repeating: 0, count: count)
        for payment in payments { paid[Int(payment.account.number)] = Int128(payment.amount.units) }
        for (place, payer) in payers.enumerated() {
            let exact = Int128(loss) * Int128(payer.share)
            let message: Comment = "seed \(seed), round \(round), payer \(place)"
            #expect(paid[place] * total < exact + total, message)
            let before = Int128(place)
            #expect(paid[place] * total > exact - (before + 1) * total, message)
        }
    }
}
