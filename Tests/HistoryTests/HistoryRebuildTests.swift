/// Histories made again: equal row for row, in one step, and only from blocks that can be trusted.

import Canonical
import FixedPoint
import Foundation
import Ledger
import Testing

@testable import History

@Suite("A history made again")
struct HistoryRebuildTests {
    private let folder: TemporaryFolder
    private let venue: BusyRun
    private let location: HistoryLocation

    init() throws {
        folder = try TemporaryFolder()
        location = .sqlite(path: folder.file("h"))
        venue = try BusyRun.shared()
    }

    private func open(_ mode: HistoryMode) throws -> HistoryStore {
        try HistoryStore(location, chain: venue.chain, mode: mode)
    }

    /// Written block by block, as a node does.
    private func writeLive(upTo count: Int) throws {
        let store = try open(.writing)
        var projection = HistoryProjection(genesis: venue.genesis)
        for block in venue.blocks.prefix(count) {
            try projection.take(block)
            try store.write(projection.takeBatch())
        }
    }

    private var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    @Test func `it ends row for row equal to the one written block by block`() throws {
        try writeLive(upTo: venue.blocks.count)
        try FileManager.default.copyItem(atPath: folder.file("h"), toPath: folder.file("live"))
        if files.contains("h-wal") {
            try FileManager.default.copyItem(
                atPath: folder.file("h-wal"), toPath: folder.file("live-wal"))
        }
        var source = BlockList(venue.blocks)
        var heights: [UInt64] = []
        let mark = try HistoryRebuild.run(location, genesis: venue.genesis, from: &source) {
            heights.append($0.height)
        }
        #expect(mark == venue.blocks.last?.mark)
        #expect(heights.last == mark?.height)
        let live = try HistoryStore(
            .sqlite(path: folder.file("live")), chain: venue.chain, mode: .writing)
        #expect(try HistoryComparison.difference(live, try open(.writing)) == nil)
        // A node goes on from it.
        #expect(
            try HistoryProjection(genesis: venue.genesis, from: try open(.reading)).mark == mark)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("h"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `blocks that cannot be trusted leave the old history as it was`() throws {
        try writeLive(upTo: 20)
        let mark = try open(.reading).mark()
        var broken = BlockList(venue.blocks, brokenHeight: 40)
        #expect(throws: RebuildFault<BlockList.Broken>.self) {
            _ = try HistoryRebuild.run(location, genesis: venue.genesis, from: &broken)
        }
        var forked = venue.blocks
        forked[30].previous = .zero
        var fork = BlockList(forked)
        #expect(throws: RebuildFault<BlockList.Broken>.self) {
            _ = try HistoryRebuild.run(location, genesis: venue.genesis, from: &fork)
        }
        #expect(try open(.reading).mark() == mark)
        #expect(!files.contains { $0.contains(".new") })
        // The same blocks without the fault replace it.
        var source = BlockList(venue.blocks)
        _ = try HistoryRebuild.run(location, genesis: venue.genesis, from: &source)
        #expect(try open(.reading).mark() == venue.blocks.last?.mark)
    }

    @Test func `what an earlier rebuild left behind is not read`() throws {
        try Data("half a file".utf8).write(to: URL(fileURLWithPath: folder.file("h.new")))
        var source = BlockList(Array(venue.blocks.prefix(5)))
        _ = try HistoryRebuild.run(location, genesis: venue.genesis, from: &source)
        #expect(try open(.reading).mark()?.height == 5)
    }

    @Test func `a file of somebody else is not replaced`() throws {
        do {
            let file = try SQLiteDatabase(folder.file("h"), mode: .writing)
            try file.run("CREATE TABLE recipes (name TEXT)")
        }
        var source = BlockList(venue.blocks)
        #expect(throws: RebuildFault<BlockList.Broken>.self) {
            _ = try HistoryRebuild.run(location, genesis: venue.genesis, from: &source)
        }
        let file = try SQLiteDatabase(folder.file("h"), mode: .writing)
        #expect(try file.tableNames() == ["recipes"])
    }

    @Test func `a chain without blocks has an empty history`() throws {
        var source = BlockList([])
        #expect(
            try HistoryRebuild.run(location, genesis: venue.genesis, from: &source) == nil)
        #expect(try open(.reading).mark() == nil)
    }

    // Comparison.

    @Test func `the first difference is named by table, row and column`() throws {
        try writeLive(upTo: venue.blocks.count)
        let first = try open(.writing)
        let second = try HistoryStore(
            .sqlite(path: folder.file("second")), chain: venue.chain, mode: .writing)
        try second.write(try venue.batch())
        #expect(try HistoryComparison.difference(first, second) == nil)
        let batch = try venue.batch()
        let trade = try #require(batch.trades.last)
        let key: [SQLValue] = [.integer(Int64(trade.event))]
        try second.database.run("UPDATE trades SET mark = 7 WHERE event = \(trade.event)")
        #expect(
            try HistoryComparison.difference(first, second)
                == .value(
                    table: "trades", key: key, column: "mark",
                    first: .integer(trade.mark.units), second: .integer(7)))
        try second.database.run("DELETE FROM trades WHERE event = \(trade.event)")
        #expect(
            try HistoryComparison.difference(first, second)
                == .missingInSecond(table: "trades", key: key))
        let other = try HistoryComparison.difference(second, first)
        #expect(other == .missingInFirst(table: "trades", key: key))
        #expect(other?.description == "trades: only the second has a row \(trade.event)")
        // In the middle of the table too.
        let middle = batch.trades[batch.trades.count / 2].event
        try second.database.run("DELETE FROM trades WHERE event = \(middle)")
        #expect(
            try HistoryComparison.difference(first, second)
                == .missingInSecond(table: "trades", key: [.integer(Int64(middle))]))
    }
}
