/// Who pays: amounts, limits, and that what is paid arrives.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Liquidation

private func payer(_ number: UInt32, share: Int64, limit: Int64) -> Payer {
    Payer(
        account: AccountIdentifier(number), share: share, profit: .zero, headroom: .zero,
        limit: Amount(microunits: limit))
}

private func sum(_ number: UInt32, _ amount: Int64) -> AccountSum {
    AccountSum(account: AccountIdentifier(number), amount: Amount(microunits: amount))
}

@Test(arguments: [
    (Int64(50), Int64(70), Int64(50)), (70, 50, 50), (50, 50, 50), (-1, 50, 0), (50, -1, 0),
])
func theLimitIsTheSmallerOfProfitAndHeadroom(profit: Int64, headroom: Int64, limit: Int64) {
    let payer = Payer(
        account: AccountIdentifier(0), share: 1, profit: Amount(microunits: profit),
        headroom: Amount(microunits: headroom))
    #expect(payer.limit.units == limit)
}

@Test func paymentsLeadEachSumToThoseWhoAreOwed() {
    let payments = Deleveraging.payments(
        from: [sum(7, 5), sum(3, 4)], to: [sum(1, 2), sum(2, 6), sum(4, 9)])
    #expect(payments.map(\.payer.number) == [7, 7, 3, 3])
    #expect(payments.map(\.account.number) == [1, 2, 2, 4])
    #expect(payments.map(\.amount.units) == [2, 3, 3, 1])
    #expect(Deleveraging.payments(from: [sum(1, 5)], to: []).isEmpty)
    #expect(Deleveraging.payments(from: [], to: [sum(1, 5)]).isEmpty)
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
        name: "rounded along the list", loss: 10, payers: [(1, 99), (1, 99), (1, 99)],
        paid: [4, 3, 3], uncovered: 0),
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

/// Each pays its part, rounded up or down.
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
            #expect(paid[place] * total > exact - total, message)
        }
    }
}
