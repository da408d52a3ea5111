/// An account's own rules: realised profit waits one to two hours, the day's profit has its
/// anchors, and the leaf holds everything in one encoding.
import Canonical
import Catalogue
import FixedPoint
import TestKit
import Testing

@testable import Accounts

private let first = AccountIdentifier(0)

@Test func noProfitIsReleasedBeforeAnHourAndAllAfterTwo() {
    let seed: UInt64 = 35
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
        let start = Timestamp(nanoseconds: .random(in: 0...(1 << 60), using: &random))
        var held = HeldProfit()
        held.add(Amount(microunits: 1_000), at: start.count(of: .hour))
        for (later, amount) in [
            (UInt64(0), Int64(1_000)), (3_600_000_000_000 - 1, 1_000), (7_200_000_000_000, 0),
        ] {
            let now = start.advanced(by: Duration(nanoseconds: later))
            #expect(held.held(at: now.count(of: .hour)).units == amount, "seed \(seed)")
        }
    }
}

@Test func profitsOfTwoHoursAreHeldTogetherAndReleasedInTurn() {
    var held = HeldProfit()
    held.add(Amount(microunits: 100), at: 10)
    held.add(Amount(microunits: 20), at: 10)
    held.add(Amount(microunits: -50), at: 10)
    held.add(Amount(microunits: 3), at: 11)
    #expect(held.held(at: 11).units == 73)
    #expect(held.held(at: 12).units == 3)
    #expect(held.held(at: 13).units == 0)
    // After a pause of an hour the old buckets count no more.
    held.add(Amount(microunits: 7), at: 13)
    #expect(held.held(at: 13).units == 7)
    #expect(held.held(at: 14).units == 7)
    #expect(held.held(at: 15).units == 0)
}

@Test func heldProfitMatchesAListOfProfits() {
    let seed: UInt64 = 36
    var random = SeededGenerator(seed: seed)
    var held = HeldProfit()
    var list: [(hour: UInt64, profit: Int64)] = []
    var hour: UInt64 = 0
    for _ in 0..<2_000 {
        if Int.random(in: 0..<4, using: &random) == 0 { hour += .random(in: 0...3, using: &random) }
        let profit = Int64.random(in: -1_000...1_000, using: &random)
        held.add(Amount(microunits: profit), at: hour)
        list.append((hour, profit))
        list.removeAll { $0.hour + 1 < hour }
        for query in hour...(hour + 3) {
            // Each hour nets by itself: a loss of one releases nothing of the other.
            let sum = [query, query &- 1].reduce(Int64(0)) { sum, hour in
                sum + max(0, list.filter { $0.hour == hour }.reduce(0) { $0 + $1.profit })
            }
            #expect(held.held(at: query).units == sum, "seed \(seed)")
        }
    }
}

@Test func aTradeHoldsItsProfitAndReleasesNoneForALoss() {
    var state = AccountsFixture.state()
    state.fill(buyer: 0, seller: 1, instrument: AccountsFixture.bitcoin, lots: 1, lotNotional: 100)
    state.fill(
        buyer: 1, seller: 0, instrument: AccountsFixture.bitcoin, lots: 1, lotNotional: 150,
        hour: 5)
    #expect(state[first].heldProfit.held(at: 5).units == 50)
    #expect(state[AccountIdentifier(1)].heldProfit.held(at: 5).units == 0)
    #expect(state[first].heldProfit.held(at: 7).units == 0)
}

/// Else an attacker would lose to a friend before midnight what he means to win after it.
@Test func aLossOfYesterdayHidesNoProfitOfToday() {
    var state = AccountsFixture.state()
    let deposit = AccountsFixture.deposit.units
    state.turnDay(of: first, equity: Amount(microunits: deposit))
    state.turnDay(of: first, equity: Amount(microunits: deposit - 100))
    let anchors = state[first].anchors
    #expect(anchors.profit(equity: Amount(microunits: deposit)).units == 100)
    #expect(anchors.profit(equity: Amount(microunits: deposit - 100)).units == 0)
    #expect(anchors.profit(equity: Amount(microunits: deposit - 150)).units == -50)
}

@Test func theDaysProfitIsCountedFromTheLastTwoMidnights() {
    var state = AccountsFixture.state()
    let deposit = AccountsFixture.deposit.units
    func profit(_ state: borrowing AccountsState, equity: Int64) -> Int64 {
        state[first].anchors.profit(equity: Amount(microunits: equity)).units
    }
    // A deposit is no profit.
    #expect(profit(state, equity: deposit) == 0)
    state.turnDay(of: first, equity: Amount(microunits: deposit + 10))
    #expect(profit(state, equity: deposit + 25) == 25)
    state.turnDay(of: first, equity: Amount(microunits: deposit + 30))
    #expect(profit(state, equity: deposit + 45) == 35)
    // Capital that leaves or comes is neither profit nor loss.
    state.moveCapital(
        Amount(microunits: 500), from: .account(first), to: .vault(AccountsFixture.majors))
    #expect(profit(state, equity: deposit + 45 - 500) == 35)
    state.moveCapital(
        Amount(microunits: 200), from: .account(AccountIdentifier(1)), to: .account(first))
    #expect(profit(state, equity: deposit + 45 - 300) == 35)
    // A transfer inside the venue, such as a fee, is.
    state.transfer(Amount(microunits: 5), from: .account(first), to: .fees(AccountsFixture.majors))
    #expect(profit(state, equity: deposit + 40 - 300) == 30)
}

@Test func anAccountSurvivesItsEncoding() throws {
    let seed: UInt64 = 37
    var random = SeededGenerator(seed: seed)
    var state = AccountsFixture.state()
    for round in 0..<200 {
        state.randomFill(count: 4, using: &random)
        state.accrueFunding(.random(in: -999...999, using: &random), of: AccountsFixture.ether)
        state.setFeeTier(UInt16(round % 3), of: first)
        state.setLiquidationStart(
            round % 2 == 0 ? Timestamp(nanoseconds: UInt64(round)) : nil, of: first)
        state.turnDay(of: first, equity: Amount(microunits: Int64(round)))
        for account in state.accounts {
            #expect(try Account(canonicalBytes: account.canonicalBytes) == account, "seed \(seed)")
        }
        for funds in state.funds {
            #expect(try CompartmentFunds(canonicalBytes: funds.canonicalBytes) == funds)
        }
        for totals in state.totals {
            #expect(try InstrumentTotals(canonicalBytes: totals.canonicalBytes) == totals)
        }
    }
}

@Test func aLeafWithPositionsOutOfOrderOrEmptyIsRefused() throws {
    var account = AccountsFixture.state()[first]
    func place(_ instrument: UInt16, lots: Int64) -> Position {
        var position = Position(instrument: InstrumentIdentifier(instrument), fundingIndex: 0)
        _ = position.add(lots: Quantity(lots: lots), notional: Amount(microunits: lots))
        return position
    }
    // Owner, compartment, tier, cash: 45 bytes lie before the list.
    for numbers in [[UInt16(1), 0], [1, 1]] {
        account.positions = numbers.map { place($0, lots: 1) }
        #expect(throws: DecodingFault(.outOfOrder, at: 45)) {
            try Account(canonicalBytes: account.canonicalBytes)
        }
    }
    account.positions = [place(0, lots: 0)]
    #expect(throws: DecodingFault(.outOfRange, at: 51)) {
        try Account(canonicalBytes: account.canonicalBytes)
    }
}
