/// Margining every account anew after a price update, against the bare sums and minima in C++ over
/// as many accounts, positions and scenarios. The subject is a block without transactions up to its
/// root, which has a row of its own: prices, funding, valuation, both rules, liquidation checks.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Yardstick

enum RemarginRows {
    private static let accounts = 100_000
    private static let positions = 8
    private static let scenarios = 33
    private static let rounds = 5

    static func all() -> [Result] {
        var venue = BenchVenue(accounts: accounts, instruments: positions, interval: 5_000_000_000)
        venue.openPositions(accounts: 0..<accounts, instruments: 0..<positions)
        let bare = remargin(
            &venue, "remargin", target: .atMost(40),
            note:
                "a price update with 100,000 accounts of 8 positions each, 33 scenarios, two rules")
        venue.restOrders(accounts: 0..<accounts, instruments: 0..<positions)
        let orders = remargin(
            &venue, "remargin.orders", target: .atMost(90),
            note: "the same with 8 resting orders each")
        return (bare + orders).map { .measured($0) }
    }

    private static func remargin(
        _ venue: inout BenchVenue, _ name: String, target: Target, note: String
    ) -> [Row] {
        let changes = (0..<(positions * scenarios)).map { Int64($0 % 977) - 488 }
        let stamps = Stamps(room: 16)
        var best = StageTimes(work: .infinity, root: .infinity)
        var other = Double.infinity
        var sink: Int64 = 0
        for round in 0..<rounds {
            let block = venue.block([], publishing: BenchVenue.price + Int64(round % 2))
            let times = venue.timed(block, stamps).times
            best.work = min(best.work, times.work)
            best.root = min(best.root, times.root)
            other = min(
                other,
                Measurement.nanoseconds {
                    sink += unsafe yardstick_scenarios(
                        UInt32(accounts), UInt32(positions), UInt32(2 * scenarios),
                        changes + changes)
                })
        }
        precondition(sink <= 0, "Invariant: the worst scenario gains nothing")
        let root = Row(
            name: name + ".root", value: best.root / 1e6, unit: "ms",
            note: "what conservation and the state root add to it")
        return [
            .time(
                name, unit: "ms", scale: 1e6, pieces: 1, (best.work, other),
                against: "C++ sums and minima", target: target, note: note), root,
        ]
    }
}
