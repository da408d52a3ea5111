/// A venue in the small for the margin tests: balances, open orders and margin state of some
/// accounts, changed together as `Ledger` does, and the naive margin beside them.
import Accounts
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Markets
import TestKit

@testable import Risk

struct RiskVenue: ~Copyable {
    static let home = CompartmentIdentifier(0)
    let catalogue: Catalogue
    let tier: FeeTier
    var balances: AccountsState
    var risk: RiskState
    var naive: NaiveMargin
    /// By account.
    var orders: [[Order]] = []
    private var nextOrder: UInt64 = 1

    /// BTC moves by 6 %, ETH by 8 %, with a shorter list of scenarios.
    static let parameters: [MarginParameters] = [
        .rampart(move: Ratio(basisPoints: 600)), ether,
    ]

    private static let ether: MarginParameters = {
        let all = MarginParameters.rampart(move: Ratio(basisPoints: 800))
        let few = [all.initial.scenarios[0], all.initial.scenarios[4], all.initial.scenarios[8]]
        return MarginParameters(
            move: all.move, initial: all.initial,
            maintenance: MarginRule(
                scenarios: few, factor: .one, grossFloor: Ratio(basisPoints: 70),
                orderFloor: .zero, fundingHours: Ratio(basisPoints: 80_000)))
    }()

    /// Accounts with $100,000 each, prices at their start.
    init(
        accounts: Int, parameters: [MarginParameters] = RiskVenue.parameters,
        tier: FeeTier = CatalogueFixture.feeTiers[0], cash: Int64 = 100_000_000_000
    ) {
        self.tier = tier
        catalogue = try! CatalogueFixture.catalogue()
        balances = AccountsState(catalogue: catalogue)
        risk = RiskState(catalogue: catalogue, parameters: parameters)
        naive = NaiveMargin(catalogue: catalogue, parameters: parameters, prices: [])
        for _ in 0..<accounts {
            let account = balances.open(
                owner: .ed25519(PublicKey(Bytes32())), compartment: RiskVenue.home)
            balances.moveCapital(
                Amount(microunits: cash), from: .vault(RiskVenue.home), to: .account(account))
            risk.openAccount()
            orders.append([])
        }
        for (place, mark) in [60_000_000_000, 3_000_000_000, 60_000_000_000].enumerated() {
            naive.prices.append(NaivePrice(mark: 0, stable: 0, fundingRate: 0))
            reprice(place, mark: mark, stable: mark, fundingRate: 100_000)
        }
    }

    func identifier(_ account: Int) -> AccountIdentifier { AccountIdentifier(UInt32(account)) }

    mutating func reprice(_ place: Int, mark: Int, stable: Int, fundingRate: Int64) {
        naive.prices[place] = NaivePrice(
            mark: Int64(mark), stable: Int64(stable), fundingRate: fundingRate)
        try! risk.reprice(
            InstrumentIdentifier(UInt16(place)), mark: IndexPrice(micros: Int64(mark)),
            stable: IndexPrice(micros: Int64(stable)),
            fundingRate: Ratio(billionths: fundingRate))
        for account in orders.indices {
            rebuild(account, catalogue.instruments[place].underlying)
        }
    }

    /// Makes the lanes of an account and underlying again, as a repricing needs.
    mutating func rebuild(_ account: Int, _ underlying: UnderlyingIdentifier) {
        var moved = UnderlyingSet()
        moved.insert(underlying)
        let (own, instruments) = (orders[account], catalogue.instruments)
        let healths = risk.rebuild(
            identifier(account), in: moved, balances: balances, tier: tier, orders: own.count
        ) { place in
            let order = own[place]
            guard instruments[Int(order.instrument.number)].underlying == underlying else {
                return nil
            }
            return RestingOrder(
                instrument: order.instrument, side: order.side,
                size: OrderSize(price: order.price, lots: order.remaining))
        }
        precondition(
            healths == risk.healths(of: identifier(account), in: balances),
            "Invariant: a rebuild says the healths that follow")
    }

    func initial(_ account: Int) -> MarginBreakdown {
        risk.initialMargin(of: identifier(account), in: balances)
    }

    func maintenance(_ account: Int) -> MarginBreakdown {
        risk.maintenanceMargin(of: identifier(account), in: balances)
    }

    mutating func place(
        _ account: Int, _ place: Int, _ side: Side, price: Int64, lots: Int64,
        reduceOnly: Bool = false
    ) {
        let order = Order(
            identifier: OrderIdentifier(nextOrder), account: identifier(account),
            instrument: InstrumentIdentifier(UInt16(place)),
            clientIdentifier: ClientOrderIdentifier(0),
            flags: OrderFlags(side, reduceOnly: reduceOnly),
            price: Price(ticks: price), remaining: Quantity(lots: lots), priority: nextOrder)
        nextOrder += 1
        orders[account].append(order)
        change(order, account, from: 0, to: lots)
    }

    private mutating func change(_ order: Order, _ account: Int, from old: Int64, to new: Int64) {
        risk.changeOrder(
            of: identifier(account), in: order.instrument, side: order.side, price: order.price,
            reduceOnly: order.reduceOnly, from: Quantity(lots: old), to: Quantity(lots: new),
            tier: tier)
    }

    /// Cancels lots of an order, all of them by default.
    mutating func cancel(_ account: Int, at slot: Int, lots: Int64? = nil) {
        let order = orders[account][slot]
        let rest = lots.map { order.remaining.lots - $0 } ?? 0
        change(order, account, from: order.remaining.lots, to: rest)
        orders[account].remove(at: slot)
        guard rest > 0 else { return }
        orders[account].insert(
            Order(
                identifier: order.identifier, account: order.account,
                instrument: order.instrument, clientIdentifier: order.clientIdentifier,
                flags: order.flags, price: order.price,
                remaining: Quantity(lots: rest), priority: order.priority), at: slot)
    }

    /// A trade outside of the book: one account buys, another sells.
    mutating func trade(buyer: Int, seller: Int, _ place: Int, price: Int64, lots: Int64) {
        let notional = Amount(microunits: price * catalogue.instruments[place].tickValue)
        let instrument = InstrumentIdentifier(UInt16(place))
        for (account, signed) in [(buyer, lots), (seller, -lots)] {
            balances.trade(
                identifier(account), instrument: instrument, lots: Quantity(lots: signed),
                lotNotional: notional, hour: 0)
            risk.changePosition(
                of: identifier(account), in: instrument, by: Quantity(lots: signed))
        }
    }

    /// Fills lots of an order of one account against another, at a price, with the order's fee.
    mutating func fill(
        _ account: Int, at slot: Int, against other: Int, price: Int64, lots: Int64, isMaker: Bool
    ) {
        let order = orders[account][slot]
        let place = Int(order.instrument.number)
        let isBuy = order.side == .buy
        cancel(account, at: slot, lots: lots == order.remaining.lots ? nil : lots)
        trade(
            buyer: isBuy ? account : other, seller: isBuy ? other : account, place, price: price,
            lots: lots)
        let notional = Amount(microunits: price * catalogue.instruments[place].tickValue)
        balances.chargeFee(
            try! tier.fee(lotNotional: notional, lots: lots, isMaker: isMaker),
            to: identifier(account))
    }

    /// The first difference between what is kept, what the audit makes and what the naive twin
    /// says.
    func difference(_ account: Int) -> String? {
        let state = balances[identifier(account)]
        if let difference = risk.difference(
            for: identifier(account), state, orders: orders[account])
        {
            return difference
        }
        let initial = naive.initial(
            state, orders: orders[account], tier: tier, totals: balances.totals)
        if initial != NaiveMargin.Result(self.initial(account)) {
            return "initial \(initial) but \(self.initial(account))"
        }
        let maintenance = naive.maintenance(state, totals: balances.totals)
        if maintenance != NaiveMargin.Result(self.maintenance(account)) {
            return "maintenance \(maintenance) but \(self.maintenance(account))"
        }
        let both = risk.healths(of: identifier(account), in: balances)
        guard both.initial == risk.initialHealth(of: identifier(account), in: balances),
            both.maintenance == risk.maintenanceHealth(of: identifier(account), in: balances),
            both.initial == self.initial(account).health,
            both.maintenance == self.maintenance(account).health
        else { return "healths \(both)" }
        return nil
    }
}

extension RiskVenue {
    /// Ticks near the mark, at most `reach` basis points away.
    func price(_ place: Int, reach: Int64, using random: inout SeededGenerator) -> Int64 {
        let ticks = naive.prices[place].mark / catalogue.instruments[place].tickSize.units
        return ticks + ticks * .random(in: -reach...reach, using: &random) / 10_000
    }
}
