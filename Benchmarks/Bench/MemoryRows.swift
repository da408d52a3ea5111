/// What state costs in memory: the bytes that the allocator has handed out for it, spare room of
/// growing arrays included. The state tree is counted apart. Blocks are small, so that what a
/// block itself needs does not count.

import Canonical
import Cryptography
import Ledger
import Markets
import Yardstick

enum MemoryRows {
    /// Orders, and accounts, that are added.
    private static let orders = 100_000
    private static let accounts = 10_000
    private static let positions = 8
    /// Accounts that a block opens, or gives positions.
    private static let batch = 100

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
        let growth = grow(&venue, leaves: orders) { venue in
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
        var venue = BenchVenue(accounts: 2, instruments: positions, underlyings: 3)
        func open(_ instruments: Range<Int>, on venue: inout BenchVenue) {
            for start in stride(from: 2, to: 2 + accounts, by: batch) {
                venue.openPositions(accounts: start..<(start + batch), instruments: instruments)
            }
        }
        let first = grow(&venue, leaves: accounts) { venue in
            for _ in 0..<(accounts / batch) { venue.open(batch) }
            open(0..<positions, on: &venue)
        }
        let second = grow(&venue, leaves: 0) { open(positions..<(positions + 1), on: &$0) }
        let third = grow(&venue, leaves: 0) { open((2 * positions)..<(3 * positions), on: &$0) }
        return rows(
            "memory.account", first, pieces: accounts, target: 2_048,
            note: "per account with 8 positions in one underlying")
            + rows(
                "memory.underlying", second, pieces: accounts, target: 1_024,
                note: "what a further underlying adds to it, with one position in it")
            + rows(
                "memory.underlying.full", third, pieces: accounts, target: nil,
                note: "what another one adds, with 8 positions in it")
    }

    /// Live bytes that some blocks add.
    ///
    /// - Parameter leaves: leaves that they add to the state tree. What that costs is taken from a
    ///   tree that grows alike, since a block frees much while it closes.
    private static func grow(
        _ venue: inout BenchVenue, leaves: Int, _ body: (inout BenchVenue) -> Void
    ) -> Growth {
        let tree = treeBytes(from: venue.ledger.tree.count, adding: leaves)
        yardstick_allocations_start()
        body(&venue)
        yardstick_allocations_pause()
        return Growth(state: Double(yardstick_live_bytes()) - tree, tree: tree)
    }

    private static func treeBytes(from old: Int, adding new: Int) -> Double {
        var tree = SparseMerkleTree()
        func add(_ numbers: Range<Int>) {
            let paths = SHA256.digests(
                numbers.map { number in
                    (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
                })
            tree.update(hashed: paths.map { HashedLeafChange(path: $0, valueDigest: $0) })
        }
        if old > 0 { add(0..<old) }
        guard new > 0 else { return 0 }
        yardstick_allocations_start()
        for first in stride(from: old, to: old + new, by: 64) {
            add(first..<min(first + 64, old + new))
        }
        yardstick_allocations_pause()
        precondition(tree.count == old + new, "Invariant: every leaf is in the tree")
        return Double(yardstick_live_bytes())
    }

    private static func rows(
        _ name: String, _ growth: Growth, pieces: Int, target: Double?, note: String
    ) -> [Row] {
        let state = Row(
            name: name, value: growth.state / Double(pieces), unit: "bytes",
            target: target.map { .atMost($0) }, note: note)
        guard growth.tree > 0 else { return [state] }
        let tree = Row(
            name: name + ".tree", value: growth.tree / Double(pieces), unit: "bytes",
            note: "what the state tree adds to that")
        return [state, tree]
    }
}
