/// The block of a crash: many accounts are margined anew, and many of them fall below maintenance
/// at once. The subject is the whole block up to its root; the yardstick the bare sums and minima
/// in C++ that margining as many accounts takes.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Yardstick

enum LiquidationRows {
    private static let accounts = 100_000
    private static let weak = 5_000
    private static let positions = 8
    private static let scenarios = 33
    private static let rounds = 3
    /// Dollars at which eight longs of two lots need a tenth of $800, and have a little less left
    /// than maintenance asks after the fall.
    private static let weakMoney = Amount(microunits: 80_000_000)
    private static let crashPrice: Int64 = 48_000
    /// Who bids below, and how much each.
    private static let bidders = 2_500
    private static let bidLots: Int64 = 20

    static func all() -> [Result] {
        let changes = (0..<(positions * scenarios)).map { Int64($0 % 977) - 488 }
        var best = Double.infinity
        var other = Double.infinity
        var acted = 0
        var sink: Int64 = 0
        for _ in 0..<rounds {
            var venue = crowd()
            let block = venue.block([], publishing: crashPrice)
            var outcome: BlockOutcome?
            best = min(best, Measurement.nanoseconds { outcome = venue.run(block) })
            acted = closed(in: outcome?.events ?? [])
            other = min(
                other,
                Measurement.nanoseconds {
                    sink += unsafe yardstick_scenarios(
                        UInt32(accounts), UInt32(positions), UInt32(2 * scenarios),
                        changes + changes)
                })
        }
        precondition(sink <= 0, "Invariant: the worst scenario gains nothing")
        return [
            .measured(
                .time(
                    "liquidations.block", unit: "ms", scale: 1e6, pieces: 1, (best, other),
                    against: "C++ sums and minima", target: .atMost(250),
                    note: "a crash: 100,000 accounts of 8 positions, 5,000 below maintenance")),
            .measured(
                Row(
                    name: "liquidations.acted", value: Double(acted), unit: "accounts",
                    note: "of the 5,000, those of which that block closed something")),
        ]
    }

    /// Every second of the first accounts is weak and long; the next ones bid below the crash.
    private static func crowd() -> BenchVenue {
        var venue = BenchVenue(
            accounts: accounts, instruments: positions, interval: 5_000_000_000
        ) { isWeak($0) ? weakMoney : BenchVenue.money }
        venue.openPositions(accounts: 0..<accounts, instruments: 0..<positions)
        let first = 2 * weak
        venue.send(
            (first..<(first + bidders)).map { account in
                (
                    account,
                    (0..<positions).map {
                        BenchVenue.order(in: $0, .buy, at: crashPrice - 50, lots: bidLots)
                    }
                )
            })
        return venue
    }

    private static func isWeak(_ account: Int) -> Bool { account < 2 * weak && account % 2 == 1 }

    /// The weak accounts of which something was closed.
    private static func closed(in events: [Event]) -> Int {
        var isClosed = [Bool](repeating: false, count: accounts)
        var started = 0
        for event in events {
            switch event {
            case .liquidationStarted: started += 1
            case .traded(let trade): isClosed[Int(trade.taker.number)] = true
            case .deleveraged(let event): isClosed[Int(event.account.number)] = true
            default: break
            }
        }
        precondition(started == weak, "Invariant: \(weak) accounts fall, not \(started)")
        return (0..<accounts).count { isWeak($0) && isClosed[$0] }
    }
}
