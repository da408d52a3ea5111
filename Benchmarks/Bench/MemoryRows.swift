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
        var venue = BenchVenue(accounts: 2, instruments: positions, underlyings: 2)
        let added = 2..<(2 + accounts)
        let first = grow(&venue, leaves: accounts) { venue in
            venue.open(accounts)
            for start in stride(from: added.lowerBound, to: added.upperBound, by: 100) {
                venue.openPositions(
                    accounts: start..<(start + 100), instruments: 0..<positions)
            }
        }
        let second = grow(&venue, leaves: 0) { venue in
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
        _ name: String, _ growth: Growth, pieces: Int, target: Double, note: String
    ) -> [Row] {
        let state = Row(
            name: name, value: growth.state / Double(pieces), unit: "bytes",
            target: .atMost(target), note: note)
        guard growth.tree > 0 else { return [state] }
        let tree = Row(
            name: name + ".tree", value: growth.tree / Double(pieces), unit: "bytes",
            note: "what the state tree adds to that")
        return [state, tree]
    }
}
