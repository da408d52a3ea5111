/// What state costs in memory: the bytes that the allocator has handed out for it, spare room of
/// growing arrays included. The state tree is counted apart: it grows only while a block closes. Blocks
/// are small, so that what a block itself needs does not count.

import Canonical
import Ledger
import Markets
import Yardstick

enum MemoryRows {
    /// Orders, and accounts, that are added.
    private static let orders = 100_000
    private static let accounts = 10_000
    private static let positions = 8

    /// Bytes that something has added.
    private struct Growth {
        var state = 0.0
        var tree = 0.0
    }

    static func all() -> [Result] { (orderRows() + accountRows()).map { .measured($0) } }

    private static func orderRows() -> [Row] {
        let accounts = 1_000
        var venue = BenchVenue(accounts: accounts, instruments: 1)
        let perAccount = orders / accounts
        let growth = grow(&venue) { venue in
            for account in 0..<accounts {
                let commands = (0..<perAccount).map { place in
                    BenchVenue.order(
                        in: 0, account % 2 == 0 ? .buy : .sell,
                        at: BenchVenue.price
                            + (account % 2 == 0 ? -1 : 1) * Int64(1 + (account + place) % 500),
                        lots: 1)
                }
                for first in stride(from: 0, to: perAccount, by: Transaction.commandLimit) {
                    let end = min(first + Transaction.commandLimit, perAccount)
                    venue.send([(account, Array(commands[first..<end]))])
                }
            }
        }
        return rows(
            "memory.order", growth, pieces: orders, target: 128,
            note: "per resting order, 100 of each of 1,000 accounts, every index included")
    }

    private static func accountRows() -> [Row] {
        var venue = BenchVenue(accounts: 2, instruments: positions, underlyings: 2)
        let added = 2..<(2 + accounts)
        let first = grow(&venue) { venue in
            venue.open(accounts)
            for start in stride(from: added.lowerBound, to: added.upperBound, by: 100) {
                venue.openPositions(
                    accounts: start..<(start + 100), instruments: 0..<positions)
            }
        }
        let second = grow(&venue) { venue in
            for start in stride(from: added.lowerBound, to: added.upperBound, by: 100) {
                venue.openPositions(
                    accounts: start..<(start + 100), instruments: positions..<(2 * positions))
            }
        }
        return rows(
            "memory.account", first, pieces: accounts, target: 2_048,
            note: "per account with 8 positions in one underlying")
            + rows(
                "memory.underlying", second, pieces: accounts, target: 1_024,
                note: "what 8 positions in a further underlying add to it")
    }

    /// Live bytes that some blocks add, inside the stages that close them and outside.
    private static func grow(
        _ venue: inout BenchVenue, _ body: (inout BenchVenue) -> Void
    ) -> Growth {
        var growth = Growth()
        var mark: Int64 = 0
        venue.ledger.onStage = { stage in
            if stage == .execute { mark = yardstick_live_bytes() }
            if stage == .close { growth.tree += Double(yardstick_live_bytes() - mark) }
        }
        yardstick_allocations_start()
        body(&venue)
        yardstick_allocations_pause()
        venue.ledger.onStage = nil
        growth.state = Double(yardstick_live_bytes()) - growth.tree
        return growth
    }

    private static func rows(
        _ name: String, _ growth: Growth, pieces: Int, target: Double, note: String
    ) -> [Row] {
        [
            Row(
                name: name, value: growth.state / Double(pieces), unit: "bytes",
                target: .atMost(target), note: note),
            Row(
                name: name + ".tree", value: growth.tree / Double(pieces), unit: "bytes",
                note: "what the state tree adds to that"),
        ]
    }
}
