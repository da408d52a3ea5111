/// A history made again from a chain of a million trades, and what one account did in a month asked
/// of it. The chain is run while it is read, as replaying a block log does; signatures are taken as
/// verified, since admission's are measured apart.

import Canonical
import Cryptography
import FixedPoint
import Foundation
import History
import Ledger
import Markets
import Yardstick

enum HistoryRows {
    fileprivate static let accounts = 1_000
    private static let trades = 1_000_000
    fileprivate static let tradesInBlock = 2_000
    fileprivate static let blocks = trades / tradesInBlock
    /// Accounts of which the month is asked.
    private static let asked = 100
    private static let folder = ".build/bench-history"

    static func all() -> [Result] {
        do {
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            return try rows().map { .measured($0) }
        } catch {
            return [.skipped(SkippedRow(name: "history", reason: "\(error)"))]
        }
    }

    private static func rows() throws -> [Row] {
        let location = HistoryLocation.sqlite(path: folder + "/history")
        var source = TradingChain()
        let genesis = source.genesis
        let clock = ContinuousClock()
        let start = clock.now
        _ = try HistoryRebuild.run(location, genesis: genesis, from: &source)
        let seconds = (clock.now - start) / .seconds(1)
        let store = try HistoryStore(location, chain: genesis.chain, mode: .reading)
        let count = try Schema.tables.reduce(0) { try $0 + store.count(of: $1) }
        let plain = unsafe yardstick_sqlite_inserts(folder + "/plain", Int64(count))
        return [
            Row(
                name: "history.rebuild", value: seconds, unit: "s",
                yardstick: Comparison(
                    name: "plain inserts into SQLite", value: plain, ratio: plain / seconds),
                target: .atMost(60),
                note: "a history of 1,000,000 trades made again, the chain replayed; as many rows"),
            try month(of: store),
        ]
    }

    private static func month(of store: HistoryStore) throws -> Row {
        var worst = 0.0
        var lines = 0
        for place in 0..<asked {
            let account = AccountIdentifier(UInt32(place * accounts / asked))
            let start = ContinuousClock.now
            var window = HistoryWindow(limit: 1_000)
            var page = try store.statement(of: account, window)
            var count = page.rows.count
            while page.hasMore, let last = page.rows.last {
                window.events = 0...last.event - 1
                page = try store.statement(of: account, window)
                count += page.rows.count
            }
            worst = max(worst, (ContinuousClock.now - start) / .milliseconds(1))
            lines = max(lines, count)
        }
        return Row(
            name: "history.month", value: worst, unit: "ms", target: .atMost(50),
            note: "the slowest of 100 accounts' whole statements, \(lines) lines of a month each")
    }
}

/// Accounts that trade in pairs to and fro for thirty days, a block at a time.
private struct TradingChain: HistorySource {
    private var venue: BenchVenue
    private var waiting: [HistoryBlock] = []
    private var made = 0
    private var last: HistoryMark?

    private static let month = Duration.day.nanoseconds * 30

    init() {
        var opened: [(Block, BlockOutcome)] = []
        venue = BenchVenue(
            accounts: HistoryRows.accounts, instruments: 1,
            interval: TradingChain.month / UInt64(HistoryRows.blocks),
            onBlock: { opened.append(($0, $1)) })
        for (block, outcome) in opened { waiting.append(committed(block, outcome)) }
    }

    var genesis: Genesis { venue.ledger.genesis }

    mutating func next() throws(Never) -> HistoryBlock? {
        if !waiting.isEmpty { return waiting.removeFirst() }
        guard made < HistoryRows.blocks else { return nil }
        made += 1
        var transactions: [[UInt8]] = []
        for side in [Side.sell, .buy] {
            for place in 0..<HistoryRows.tradesInBlock {
                // Even accounts rest, odd ones take; who sold in this block buys in the next.
                let account = (2 * place + (side == .sell ? 0 : 1)) % HistoryRows.accounts
                let turned = made % 2 == 0 ? side : side.opposite
                transactions.append(
                    venue.transaction(
                        account,
                        [
                            BenchVenue.order(
                                in: 0, turned, at: BenchVenue.price + Int64(place % 7), lots: 1)
                        ]))
            }
        }
        let block = venue.block(transactions, publishing: BenchVenue.price)
        return committed(block, venue.run(block))
    }

    private mutating func committed(_ block: Block, _ outcome: BlockOutcome) -> HistoryBlock {
        let hash = SHA256.digest(Array(String(block.height).utf8))
        let committed = HistoryBlock(
            chain: venue.ledger.chain, height: block.height, time: block.time, hash: hash,
            previous: last?.hash ?? venue.ledger.chain, root: outcome.root,
            transactions: block.transactions, receipts: outcome.receipts,
            firstEvent: outcome.firstEvent, events: outcome.events, funding: outcome.funding)
        last = committed.mark
        return committed
    }
}
