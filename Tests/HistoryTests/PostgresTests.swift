/// The same history in a PostgreSQL that is really started: its rows are those of SQLite.

import Canonical
import Catalogue
import Foundation
import Ledger
import Markets
import Testing

@testable import History

@Suite("A history in PostgreSQL", .enabled(if: PostgresServer.isInstalled, "no PostgreSQL here"))
struct PostgresTests {
    private let server: PostgresServer

    init() throws { server = try PostgresServer() }

    private func open(
        _ chain: Digest, _ mode: HistoryMode = .writing, _ database: String = "history"
    ) throws -> HistoryStore {
        try HistoryStore(
            .postgres(url: server.url(database)), chain: chain, mode: mode)
    }

    private func fault(_ body: () throws -> Void) -> HistoryFault? {
        do { try body() } catch { return error as? HistoryFault }
        return nil
    }

    @Test func `both databases hold the same rows, written live and made again`() throws {
        let folder = try TemporaryFolder()
        let busy = try BusyRun.shared()
        let venue = busy
        let file = try HistoryStore(
            .sqlite(path: folder.file("h")), chain: venue.chain, mode: .writing)
        for batch in try venue.batches(of: 7) { try file.write(batch) }
        do {
            let store = try open(venue.chain)
            for batch in try venue.batches(of: 10) { try store.write(batch) }
            #expect(try store.mark() == venue.blocks.last?.mark)
            #expect(try HistoryComparison.difference(file, store) == nil)
            var projection = try HistoryProjection(genesis: venue.genesis, from: store)
            #expect(projection.takeBatch().rowCount == 0)
        }
        var source = BlockList(venue.blocks)
        _ = try HistoryRebuild.run(
            .postgres(url: server.url()), genesis: venue.genesis, from: &source)
        #expect(try HistoryComparison.difference(file, try open(venue.chain, .reading)) == nil)
        try compareAnswers(file, try open(venue.chain, .reading), busy)
    }

    /// That both answer alike.
    private func compareAnswers(
        _ file: HistoryStore, _ server: HistoryStore, _ busy: BusyRun
    ) throws {
        var window = HistoryWindow(limit: 50)
        window.times = busy.blocks[20].time...busy.blocks[50].time
        let groups = InstrumentScope.groups(
            busy.genesis.catalogue.instruments.map { InstrumentGroup($0) })
        #expect(
            try file.trades(of: groups, window).rows == server.trades(of: groups, window).rows)
        for account in busy.accounts {
            #expect(
                try file.statement(of: account, window).rows
                    == server.statement(of: account, window).rows)
            var wish = OrderWish()
            wish.includesUnfilled = false
            wish.triggers = [.stop, nil]
            #expect(
                try file.endedOrders(of: account, wish, window).rows
                    == server.endedOrders(of: account, wish, window).rows)
            let hostile = try #require(Label(Array("'; DROP SCHEMA x; --".utf8)))
            #expect(try server.orders(of: account, label: hostile, limit: 5).isEmpty)
        }
    }

    @Test func `a rebuild that fails leaves the old history`() throws {
        let busy = try BusyRun.shared()
        let venue = busy
        do { try open(venue.chain).write(try venue.batches(of: 9)[0]) }
        var broken = BlockList(venue.blocks, brokenHeight: 15)
        #expect(throws: RebuildFault<BlockList.Broken>.self) {
            _ = try HistoryRebuild.run(
                .postgres(url: server.url()), genesis: venue.genesis, from: &broken)
        }
        #expect(try open(venue.chain, .reading).mark()?.height == 9)
    }

    @Test func `one program writes, and who comes second is told`() throws {
        let venue = try HistoryGenesis.genesis()
        let first = try open(venue.chain)
        let second = fault { _ = try open(venue.chain) }
        guard case .busy = second else {
            Issue.record("\(String(describing: second))")
            return
        }
        // Readers are welcome, and change nothing.
        let reader = try open(venue.chain, .reading)
        #expect(throws: HistoryFault.self) { try reader.database.run("DELETE FROM trades") }
        first.close()
        _ = try open(venue.chain)
    }

    @Test func `what fails in the middle leaves nothing of its blocks`() throws {
        let busy = try BusyRun.shared()
        let store = try open(busy.chain)
        var batches = try busy.batches(of: busy.blocks.count - 3)
        try store.write(batches[0])
        let counts = try Schema.tables.map { try store.count(of: $0) }
        let whole = batches[1]
        batches[1].blocks.append(batches[1].blocks[0])
        #expect(throws: HistoryFault.self) { try store.write(batches[1]) }
        #expect(try Schema.tables.map { try store.count(of: $0) } == counts)
        try store.write(whole)
        #expect(try store.mark() == busy.blocks.last?.mark)
    }

    @Test func `what is no history of this chain and version is refused by name`() throws {
        let venue = try HistoryGenesis.genesis()
        let missing = fault { _ = try open(venue.chain, .reading) }
        #expect(missing?.description.contains("rampart history rebuild") == true)
        do { _ = try open(venue.chain) }
        let other = try HistoryGenesis.genesis("other")
        #expect(fault { _ = try open(other.chain) } == .otherChain)
        do {
            let store = try open(venue.chain)
            try store.database.run("UPDATE meta SET number = 2 WHERE name = 'version'")
        }
        #expect(fault { _ = try open(venue.chain) } == .newer(found: 2, known: 1))
        _ = try server.makeDatabase("kitchen")
        do {
            let database = try PostgresDatabase(server.url("kitchen"), mode: .writing)
            try database.run("CREATE SCHEMA rampart_history")
            try database.run("CREATE TABLE rampart_history.recipes (name text)")
        }
        guard case .foreign = fault({ _ = try open(venue.chain, .writing, "kitchen") }) else {
            Issue.record("somebody else's tables were taken over")
            return
        }
    }

    @Test func `no message holds the password`() throws {
        let venue = try HistoryGenesis.genesis()
        let urls = [
            server.url("nowhere"), "postgresql://keeper:verysecret@localhost:1/history",
            "postgresql://keeper:verysecret@/history?host=/nowhere&password=verysecret",
            "postgresql://keeper:verysecret@localhost:x/history?nonsense=verysecret",
        ]
        for url in urls {
            let fault = fault {
                _ = try HistoryStore(
                    .postgres(url: url), chain: venue.chain, mode: .writing)
            }
            let text = "\(try #require(fault))"
            #expect(!text.contains("verysecret"), "\(text)")
            #expect(text.contains("PostgreSQL"), "\(text)")
        }
    }

    @Test func `a server that goes away is a fault, and not a wait`() throws {
        let busy = try BusyRun.shared()
        let store = try open(busy.chain)
        let batches = try busy.batches(of: 5)
        try store.write(batches[0])
        // The server ends the connection under our hands.
        let killer = try PostgresDatabase(server.url(), mode: .reading)
        _ = try killer.number(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                + "WHERE pid <> pg_backend_pid() AND datname = 'history'")
        #expect(throws: HistoryFault.self) { try store.write(batches[1]) }
        store.close()
        let again = try open(busy.chain)
        #expect(try again.mark() == busy.blocks[4].mark)
        try again.write(batches[1])
    }
}
