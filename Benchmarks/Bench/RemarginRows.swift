/// Margining every account anew after a price update, against the bare sums and minima in C++ over
/// as many accounts, positions and scenarios. The subject is a whole block without transactions:
/// prices, funding, valuation, both rules, liquidation checks, conservation and the root.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Yardstick

enum RemarginRows {
    private static let accounts = 10_000
    private static let positions = 8
    private static let scenarios = 33

    static func all() -> [Row] {
        var venue = BenchVenue(accounts: accounts, instruments: positions)
        openPositions(&venue)
        let bare = remargin(&venue, "remargin")
        restOrders(&venue)
        return [bare, remargin(&venue, "remargin.orders")]
    }

    private static func remargin(_ venue: inout BenchVenue, _ name: String) -> Row {
        let changes = (0..<(positions * scenarios)).map { Int64($0 % 977) - 488 }
        var times = (subject: Double.infinity, yardstick: Double.infinity)
        var sink: Int64 = 0
        for round in 0..<10 {
            let price = BenchVenue.price + Int64(round % 2)
            let block = venue.block([], publishing: price)
            times.subject = min(times.subject, Measurement.nanoseconds { venue.run(block) })
            times.yardstick = min(
                times.yardstick,
                Measurement.nanoseconds {
                    sink += unsafe yardstick_scenarios(
                        UInt32(accounts), UInt32(positions), UInt32(2 * scenarios),
                        changes + changes)
                })
        }
        precondition(sink <= 0, "Invariant: the worst scenario gains nothing")
        return Measurement.row(
            name, unit: "µs", scale: 1e3, pieces: Double(accounts) / 1_000, times,
            against: "C++ sums and minima, 1,000 accounts")
    }

    /// Gives every account a position in every instrument: odd accounts buy from even ones.
    private static func openPositions(_ venue: inout BenchVenue) {
        for side in [Side.sell, .buy] {
            let offset = side == .sell ? 0 : 1
            let transactions = stride(from: offset, to: accounts, by: 2).map { account in
                venue.transaction(
                    account,
                    (0..<positions).map { order(in: $0, side, at: BenchVenue.price, lots: 2) })
            }
            venue.apply(transactions, publishing: BenchVenue.price)
        }
        for totals in venue.ledger.accounts.totals {
            precondition(
                totals.openInterest.units == Int64(accounts),
                "Invariant: every account holds two lots of every instrument")
        }
    }

    /// Rests an order of every account in every instrument, away from the price.
    private static func restOrders(_ venue: inout BenchVenue) {
        let transactions = (0..<accounts).map { account in
            let side: Side = account % 2 == 0 ? .buy : .sell
            return venue.transaction(
                account,
                (0..<positions).map {
                    order(
                        in: $0, side,
                        at: BenchVenue.price - side.sign * Int64(100 + account % 400), lots: 1)
                })
        }
        venue.apply(transactions, publishing: BenchVenue.price)
    }

    private static func order(
        in instrument: Int, _ side: Side, at price: Int64, lots: Int64
    ) -> Command {
        .place(
            OrderRequest(
                instrument: InstrumentIdentifier(UInt16(instrument)), side: side,
                limit: Price(ticks: price), quantity: Quantity(lots: lots)))
    }
}
