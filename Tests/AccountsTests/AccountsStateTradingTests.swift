/// Fills against a naive twin that keeps exact fractions: no micro-unit appears or vanishes, a
/// realised profit is never rounded up, and the open interest is what one counts.
import Canonical
import Catalogue
import FixedPoint
import TestKit
import Testing

@testable import Accounts

private let bitcoin = AccountsFixture.bitcoin
private let first = AccountIdentifier(0)

private struct TradeRow: Sendable {
    let name: String
    /// Lots and the notional of one lot, in order.
    let fills: [(lots: Int64, price: Int64)]
    let quantity: Int64
    let cost: Int64
    let profit: Int64
}

@Test(arguments: [
    TradeRow(name: "opens", fills: [(3, 10)], quantity: 3, cost: 30, profit: 0),
    TradeRow(name: "adds", fills: [(3, 10), (1, 14)], quantity: 4, cost: 44, profit: 0),
    TradeRow(name: "closes all", fills: [(3, 10), (-3, 12)], quantity: 0, cost: 0, profit: 6),
    TradeRow(
        name: "closes a third", fills: [(3, 10), (-1, 12)], quantity: 2, cost: 20, profit: 2),
    // Cost 31 for 3 lots: a third is 10⅓, so 11 are released and 20 stay.
    TradeRow(
        name: "rounds the profit of a long down", fills: [(2, 10), (1, 11), (-1, 12)],
        quantity: 2, cost: 20, profit: 1),
    // −31 for −3 lots: a third is −10⅓; −10 is released, the profit of buying at 8 is 2, not 2⅓.
    TradeRow(
        name: "rounds the profit of a short down", fills: [(-2, 10), (-1, 11), (1, 8)],
        quantity: -2, cost: -21, profit: 2),
    TradeRow(
        name: "rounds the loss of a short up", fills: [(-2, 10), (-1, 11), (1, 12)],
        quantity: -2, cost: -21, profit: -2),
    TradeRow(
        name: "crosses from long to short", fills: [(3, 10), (-5, 12)], quantity: -2, cost: -24,
        profit: 6),
    TradeRow(
        name: "crosses from short to long", fills: [(-3, 10), (5, 12)], quantity: 2, cost: 24,
        profit: -6),
])
private func aFillChangesPositionAndCashAsStated(_ row: TradeRow) {
    var state = AccountsFixture.state()
    for fill in row.fills {
        state.trade(
            first, instrument: bitcoin, lots: Quantity(lots: fill.lots),
            lotNotional: Amount(microunits: fill.price), hour: 7)
    }
    let account = state[first]
    #expect(account.quantity(of: bitcoin).lots == row.quantity, "\(row.name)")
    #expect((account.positions.first?.cost.units ?? 0) == row.cost, "\(row.name)")
    #expect(account.cash.units - AccountsFixture.deposit.units == row.profit, "\(row.name)")
    #expect(account.positions.count == (row.quantity == 0 ? 0 : 1), "\(row.name)")
}

/// What a fill must do to one account, in exact fractions.
private struct NaiveBook {
    var quantity: Int128 = 0
    var cost: Int128 = 0

    /// The exact realised profit as a fraction, from what the engine holds before the fill.
    func realised(lots: Int128, price: Int128) -> (numerator: Int128, denominator: Int128) {
        guard quantity * lots < 0 else { return (0, 1) }
        let closed = min(abs(lots), abs(quantity)) * quantity.signum()
        // price·closed − cost·closed/quantity
        return (price * closed * quantity - cost * closed, quantity)
    }
}

@Test func noFillCreatesMoneyOrRoundsAProfitUp() {
    let seed: UInt64 = 31
    var random = SeededGenerator(seed: seed)
    var state = AccountsFixture.state()
    var reversals = 0
    var inexact = 0
    for round in 0..<20_000 {
        let before = state[first]
        let cost = Int128(before.positions.first?.cost.units ?? 0)
        let book = NaiveBook(quantity: Int128(before.quantity(of: bitcoin).lots), cost: cost)
        // Pulled toward zero, so that it is crossed often.
        let pull = before.quantity(of: bitcoin).lots / 2
        let lots = Int64.random(in: -50...50, using: &random) - pull
        guard lots != 0 else { continue }
        let price = Int64.random(in: 1...100_000_000, using: &random)
        let profit = state.trade(
            first, instrument: bitcoin, lots: Quantity(lots: lots),
            lotNotional: Amount(microunits: price), hour: 0)
        let after = state[first]
        let message: Comment = "seed \(seed), round \(round)"
        #expect(after.cash == before.cash + profit, message)
        // cash − cost moves by the notional, exactly.
        let costAfter = Int128(after.positions.first?.cost.units ?? 0)
        #expect(
            Int128(after.cash.units) - costAfter
                == Int128(before.cash.units) - cost - Int128(price) * Int128(lots), message)
        #expect(Int128(after.quantity(of: bitcoin).lots) == book.quantity + Int128(lots), message)
        var exact = book.realised(lots: Int128(lots), price: Int128(price))
        if exact.denominator < 0 { exact = (-exact.numerator, -exact.denominator) }
        let scaled = Int128(profit.units) * exact.denominator
        #expect(scaled <= exact.numerator, message)
        #expect(scaled > exact.numerator - exact.denominator, message)
        if scaled != exact.numerator { inexact += 1 }
        if book.quantity * (book.quantity + Int128(lots)) < 0 { reversals += 1 }
    }
    #expect(reversals > 500 && inexact > 1_000, "seed \(seed)")
}

@Test func openInterestIsTheCountedSumOfLongs() throws {
    let seed: UInt64 = 32
    var random = SeededGenerator(seed: seed)
    var state = AccountsFixture.state(accounts: 6)
    for round in 0..<2_000 {
        state.randomFill(count: 6, using: &random)
        for instrument in [bitcoin, AccountsFixture.ether] {
            var longs: Int64 = 0
            for account in state.accounts {
                longs += max(0, account.quantity(of: instrument).lots)
            }
            #expect(
                state.totals[Int(instrument.number)].openInterest.lots == longs,
                "seed \(seed), round \(round)")
        }
        if round % 50 == 0 { try state.closeBooks() }
    }
    try state.closeBooks()
    try state.auditBooks()
}

@Test func closingAgainstEachOtherShrinksBothAtOnePrice() throws {
    var state = AccountsFixture.state()
    state.fill(buyer: 0, seller: 1, instrument: bitcoin, lots: 10, lotNotional: 2_000)
    // Seven lots for 12,474 together: no whole price per lot would do (12,474 / 7 = 1,782).
    state.closeAgainst(
        long: first, short: AccountIdentifier(1), instrument: bitcoin, lots: Quantity(lots: 7),
        notional: Amount(microunits: 12_475), hour: 0)
    #expect(state[first].quantity(of: bitcoin).lots == 3)
    #expect(state[AccountIdentifier(1)].quantity(of: bitcoin).lots == -3)
    #expect(state[first].cash.units == AccountsFixture.deposit.units - 1_525)
    #expect(state[AccountIdentifier(1)].cash.units == AccountsFixture.deposit.units + 1_525)
    #expect(state.totals[0].openInterest.lots == 3)
    try state.closeBooks()
    try state.auditBooks()
}

@Test func positionsStandInTheOrderOfInstruments() {
    var state = AccountsFixture.state()
    for number in [UInt16(1), 0, 2] {
        state.fill(
            buyer: 0, seller: 1, instrument: InstrumentIdentifier(number), lots: 1, lotNotional: 5)
    }
    #expect(state[first].positions.map(\.instrument.number) == [0, 1, 2])
    state.fill(buyer: 1, seller: 0, instrument: AccountsFixture.ether, lots: 1, lotNotional: 5)
    #expect(state[first].positions.map(\.instrument.number) == [0, 2])
    #expect(state[first].quantity(of: AccountsFixture.ether) == .zero)
}

/// What `source` and `target` hold and have realised after `lots` worth `notional` changed hands.
@Test(arguments: [
    // Held by the target before at 10 a lot, handed over, then: its lots, its cost.
    (held: 0, lots: 5, notional: 60, quantity: 5, cost: 60),
    (held: 3, lots: 5, notional: 60, quantity: 8, cost: 90),
    (held: -3, lots: 2, notional: 24, quantity: -1, cost: -10),
    (held: -5, lots: 5, notional: 61, quantity: 0, cost: 0),
    // Three of seven lots close at ⌊3/7 · 85⌋ = 36, four open at the rest.
    (held: -3, lots: 7, notional: 85, quantity: 4, cost: 49),
])
private func whatIsHandedOverIsBookedOnBothSidesAndConserved(
    _ row: (held: Int64, lots: Int64, notional: Int64, quantity: Int64, cost: Int64)
) throws {
    for sign: Int64 in [1, -1] {
        var state = AccountsFixture.state()
        let (source, target, third) = (
            AccountIdentifier(0), AccountIdentifier(1), AccountIdentifier(2)
        )
        func trade(_ account: AccountIdentifier, _ lots: Int64) {
            state.trade(
                account, instrument: bitcoin, lots: Quantity(lots: lots),
                lotNotional: Amount(microunits: 10), hour: 0)
        }
        trade(source, sign * 9)
        if row.held != 0 { trade(target, sign * row.held) }
        trade(third, -sign * (9 + row.held))
        state.handOver(
            Quantity(lots: sign * row.lots), of: bitcoin, from: source, to: target,
            notional: Amount(microunits: sign * row.notional), hour: 0)
        #expect(state[source].quantity(of: bitcoin) == Quantity(lots: sign * (9 - row.lots)))
        #expect(state[target].quantity(of: bitcoin) == Quantity(lots: sign * row.quantity))
        if sign > 0 {
            let cost = state[target].positions.first?.cost ?? .zero
            #expect(cost == Amount(microunits: row.cost))
        }
        try state.auditBooks()
    }
}
