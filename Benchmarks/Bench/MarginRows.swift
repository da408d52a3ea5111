/// What margin costs an order, and what an account costs in memory, without the rest of the engine:
/// the rooms `Accounts` and `Risk` alone.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Foundation
import Ledger
import Markets
import Risk

enum MarginRows {
    private static let positions = 8

    static func all() -> [Row] { [memory(), amendment()] }

    /// An order goes from one price and size to another, and the initial health follows: an
    /// account with 8 positions and 8 orders, 33 scenarios.
    private static func amendment() -> Row {
        var venue = MarginVenue(accounts: 64, positions: positions)
        var changes: [OrderChange] = []
        for account in 0..<64 { changes.append(venue.change(account, in: account % positions)) }
        for change in changes { venue.risk.apply(venue.placement(change.old, like: change)) }
        let rounds = 2_000
        var best = Double.infinity
        var sink: Int64 = 0
        for _ in 0..<10 {
            best = min(
                best,
                Measurement.nanoseconds {
                    for round in 0..<rounds {
                        for change in changes {
                            let change = round % 2 == 0 ? change : change.reversed
                            sink &+= venue.risk.apply(change, in: venue.balances).units
                        }
                    }
                })
        }
        precondition(sink != 0, "Invariant: rich accounts have health")
        return Measurement.row(
            "margin.order", unit: "ns", scale: 1, pieces: Double(rounds * changes.count),
            (best, 100), yardstickPieces: 1, against: "the target, 100 ns")
    }

    /// Resident memory of an account with 8 positions in one underlying, books closed. It comes
    /// before everything else, since memory that was used before counts as resident already.
    private static func memory() -> Row {
        let accounts = 100_000
        let before = resident()
        let venue = MarginVenue(accounts: accounts, positions: positions)
        let bytes = resident() - before
        precondition(
            venue.balances.accounts.count == accounts, "Invariant: the venue is still there")
        return Measurement.row(
            "margin.memory", unit: "B", scale: 1, pieces: Double(accounts), (bytes, 2_048),
            yardstickPieces: 1, against: "the target, 2 KiB an account")
    }

    /// Bytes of this process that are in memory.
    private static func resident() -> Double {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = Double(text.split(separator: " ").dropFirst().first ?? "")
        else { return 0 }
        return pages * 4_096
    }
}

/// Balances and margin state of many accounts, each with a position in every instrument.
private struct MarginVenue: ~Copyable {
    var balances: AccountsState
    var risk: RiskState
    let tier: FeeTier

    init(accounts: Int, positions: Int) {
        let genesis = BenchVenue.genesis(instruments: positions)
        balances = AccountsState(catalogue: genesis.catalogue)
        risk = RiskState(catalogue: genesis.catalogue, parameters: genesis.margins)
        tier = genesis.catalogue.feeTiers[0]
        let home = CompartmentIdentifier(0)
        for place in 0..<positions {
            proven { () throws(ArithmeticFault) in
                try risk.reprice(
                    InstrumentIdentifier(UInt16(place)),
                    mark: IndexPrice(micros: BenchVenue.price * 1_000_000),
                    stable: IndexPrice(micros: BenchVenue.price * 1_000_000), fundingRate: .zero)
            }
        }
        for _ in 0..<accounts {
            let account = balances.open(owner: PublicKey(Bytes32()), compartment: home)
            balances.moveCapital(
                Amount(microunits: 1_000_000_000), from: .vault(home), to: .account(account))
            risk.openAccount()
        }
        for account in 0..<accounts {
            for place in 0..<positions {
                let identifier = AccountIdentifier(UInt32(account))
                let instrument = InstrumentIdentifier(UInt16(place))
                let lots = Quantity(lots: account % 2 == 0 ? 2 : -2)
                balances.trade(
                    identifier, instrument: instrument, lots: lots,
                    lotNotional: Amount(microunits: BenchVenue.price * 1_000), hour: 0)
                risk.changePosition(of: identifier, in: instrument, by: lots)
            }
        }
        do {
            try balances.closeBooks()
        } catch {
            preconditionFailure("Invariant: the books balance, not \(error)")
        }
        balances.clearTouched()
    }

    /// The order of a change as it was placed.
    func placement(_ size: OrderSize, like change: OrderChange) -> OrderChange {
        OrderChange(
            account: change.account, instrument: change.instrument, side: change.side,
            reduceOnly: change.reduceOnly, tier: tier, from: .none, to: size)
    }

    /// A buy that moves a tick and grows by a lot.
    func change(_ account: Int, in place: Int) -> OrderChange {
        OrderChange(
            account: AccountIdentifier(UInt32(account)),
            instrument: InstrumentIdentifier(UInt16(place)), side: .buy, reduceOnly: false,
            tier: tier,
            from: OrderSize(price: Price(ticks: BenchVenue.price - 100), lots: Quantity(lots: 3)),
            to: OrderSize(price: Price(ticks: BenchVenue.price - 99), lots: Quantity(lots: 4)))
    }
}
