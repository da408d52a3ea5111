/// Short words for what tests ask for and look at.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Ledger
import Markets
import Risk
import Testing

extension Amount {
    static func dollars(_ count: Int64) -> Amount {
        Amount(microunits: count * TestGenesis.million)
    }
}

extension Price {
    /// Dollars in half-dollar ticks, the grid of both BTC instruments.
    static func dollars(_ count: Int64) -> Price { Price(ticks: count * 2) }
}

extension Command {
    /// A limit order on BTC-PERP at whole dollars.
    static func buy(
        _ lots: Int64, at dollars: Int64, in instrument: InstrumentIdentifier = TestGenesis.bitcoin,
        _ timeInForce: TimeInForce = .goodTillCancelled, postOnly: Bool = false,
        reduceOnly: Bool = false, name: UInt64 = 0
    ) -> Command {
        limit(
            .buy, lots, dollars, instrument, timeInForce, postOnly: postOnly,
            reduceOnly: reduceOnly, name: name)
    }

    /// A limit order on BTC-PERP at whole dollars.
    static func sell(
        _ lots: Int64, at dollars: Int64, in instrument: InstrumentIdentifier = TestGenesis.bitcoin,
        _ timeInForce: TimeInForce = .goodTillCancelled, postOnly: Bool = false,
        reduceOnly: Bool = false, name: UInt64 = 0
    ) -> Command {
        limit(
            .sell, lots, dollars, instrument, timeInForce, postOnly: postOnly,
            reduceOnly: reduceOnly, name: name)
    }

    private static func limit(
        _ side: Side, _ lots: Int64, _ dollars: Int64, _ instrument: InstrumentIdentifier,
        _ timeInForce: TimeInForce, postOnly: Bool, reduceOnly: Bool, name: UInt64
    ) -> Command {
        .place(
            OrderRequest(
                instrument: instrument, side: side, limit: .dollars(dollars),
                quantity: Quantity(lots: lots), timeInForce: timeInForce, postOnly: postOnly,
                reduceOnly: reduceOnly, clientIdentifier: ClientOrderIdentifier(name)))
    }

    /// A market order on BTC-PERP.
    static func market(
        _ side: Side, _ lots: Int64, in instrument: InstrumentIdentifier = TestGenesis.bitcoin,
        _ timeInForce: TimeInForce = .immediateOrCancel, reduceOnly: Bool = false
    ) -> Command {
        .place(
            OrderRequest(
                instrument: instrument, side: side, limit: nil, quantity: Quantity(lots: lots),
                timeInForce: timeInForce, reduceOnly: reduceOnly))
    }

    static func withdraw(dollars: Int64) -> Command {
        .withdraw(.dollars(dollars), destination: Bytes32())
    }
}

extension BlockOutcome {
    /// The refusals of all commands, in order; nil is accepted.
    var refusals: [Refusal?] { receipts.map(\.refusal) }

    var trades: [Trade] {
        events.compactMap { event in
            if case .traded(let trade) = event { trade } else { nil }
        }
    }

    /// The orders that left, and why.
    var closes: [(order: OrderIdentifier, remaining: Int64, reason: CloseReason)] {
        events.compactMap { event in
            if case .orderClosed(let order, let remaining, let reason) = event {
                (order, remaining.lots, reason)
            } else {
                nil
            }
        }
    }

    func contains(_ matches: (Event) -> Bool) -> Bool { events.contains(where: matches) }
}

extension Venue {
    /// Lots that an account holds of an instrument.
    func position(
        _ account: AccountIdentifier, _ instrument: InstrumentIdentifier = TestGenesis.bitcoin
    ) -> Int64 {
        ledger.accounts[account].quantity(of: instrument).lots
    }

    func cash(_ account: AccountIdentifier) -> Int64 { ledger.accounts[account].cash.units }

    func health(_ account: AccountIdentifier) -> Int64 {
        ledger.initialMargin(of: account).health.units
    }

    func equity(_ account: AccountIdentifier) -> Int64 {
        ledger.maintenanceMargin(of: account).equity.units
    }

    func insurance(_ compartment: CompartmentIdentifier = TestGenesis.main) -> Int64 {
        ledger.accounts.funds[Int(compartment.number)].insurance.units
    }

    func isLiquidating(_ account: AccountIdentifier) -> Bool {
        ledger.accounts[account].liquidationStart != nil
    }

    func openOrders(_ account: AccountIdentifier) -> [Order] { ledger.openOrders(of: account) }

    /// All leaves but the one of the chain, by encoded key.
    func leaves() -> [[UInt8]: [UInt8]] {
        var result: [[UInt8]: [UInt8]] = [:]
        for leaf in ledger.leaves() where leaf.key != .chain {
            result[leaf.key.canonicalBytes] = leaf.value
        }
        return result
    }

    /// Two accounts trade with each other at whole dollars: the first buys.
    func trade(
        _ buyer: AccountIdentifier, _ seller: AccountIdentifier, _ lots: Int64, at dollars: Int64,
        in instrument: InstrumentIdentifier = TestGenesis.bitcoin
    ) throws {
        try apply(
            .by(seller, .sell(lots, at: dollars, in: instrument)),
            .by(buyer, .buy(lots, at: dollars, in: instrument)))
    }
}
