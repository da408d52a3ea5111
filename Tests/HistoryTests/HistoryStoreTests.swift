/// Databases: what is made, what is refused, and that a block is there whole or not at all.

import Canonical
import FixedPoint
import Foundation
import Ledger
import Testing

@testable import History

@Suite("A history in a file")
struct HistoryStoreTests {
    private func open(
        _ folder: TemporaryFolder, _ chain: Digest, _ mode: HistoryMode = .writing
    ) throws -> HistoryStore {
        try HistoryStore(.sqlite(path: folder.file("h")), chain: chain, mode: mode)
    }

    private func fault(_ body: () throws -> Void) -> HistoryFault? {
        do { try body() } catch { return error as? HistoryFault }
        return nil
    }

    @Test func `a new file belongs to its owner alone`() throws {
        let folder = try TemporaryFolder()
        let store = try open(folder, try HistoryGenesis.genesis().chain)
        for name in ["h", "h-wal", "h-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        #expect(try store.mark() == nil)
    }

    @Test func `what is no history of this chain and version is refused by name`() throws {
        let folder = try TemporaryFolder()
        let venue = try HistoryGenesis.genesis().chain
        #expect(fault { _ = try open(folder, venue, .reading) } == .missing(folder.file("h")))
        do { _ = try open(folder, venue) }
        let other = try HistoryGenesis.genesis("other").chain
        #expect(fault { _ = try open(folder, other) } == .otherChain)
        for (found, expected) in [
            (2, HistoryFault.newer(found: 2, known: 1)), (0, .older(found: 0, known: 1)),
        ] as [(Int, HistoryFault)] {
            do {
                let file = try SQLiteDatabase(folder.file("h"), mode: .writing)
                try file.run("UPDATE meta SET number = \(found) WHERE name = 'version'")
            }
            let refusal = fault { _ = try open(folder, venue) }
            #expect(refusal == expected)
            #expect(refusal?.description.contains("rampart history rebuild") == true)
        }
        try Data("a letter, and no database of anybody".utf8).write(
            to: URL(fileURLWithPath: folder.file("h")))
        try? FileManager.default.removeItem(atPath: folder.file("h-wal"))
        #expect(fault { _ = try open(folder, venue) } == .foreign(folder.file("h")))
    }

    @Test func `a database of somebody else is left alone`() throws {
        let folder = try TemporaryFolder()
        do {
            let file = try SQLiteDatabase(folder.file("h"), mode: .writing)
            try file.run("CREATE TABLE recipes (name TEXT)")
        }
        #expect(
            fault { _ = try open(folder, try HistoryGenesis.genesis().chain) }
                == .foreign(folder.file("h")))
    }

    @Test func `batches are written in order, and none twice`() throws {
        let folder = try TemporaryFolder()
        let busy = try BusyRun.shared()
        let store = try open(folder, busy.chain)
        let batches = try busy.batches(of: 4)
        #expect(throws: HistoryFault.self) { try store.write(batches[1]) }
        #expect(try store.mark() == nil)
        try store.write(batches[0])
        let mark = try store.mark()
        #expect(mark == busy.blocks[3].mark)
        #expect(throws: HistoryFault.self) { try store.write(batches[0]) }
        #expect(try store.mark() == mark)
        try store.write(batches[1])
    }

    @Test func `what fails in the middle leaves nothing of its blocks`() throws {
        let folder = try TemporaryFolder()
        let busy = try BusyRun.shared()
        let store = try open(folder, busy.chain)
        var batches = try busy.batches(of: busy.blocks.count - 3)
        try store.write(batches[0])
        let mark = try store.mark()
        let counts = try Schema.tables.map { try store.count(of: $0) }
        let whole = batches[1]
        // The same row twice: the database refuses when all before it has been written.
        batches[1].blocks.append(batches[1].blocks[0])
        #expect(throws: HistoryFault.self) { try store.write(batches[1]) }
        #expect(try store.mark() == mark)
        #expect(try Schema.tables.map { try store.count(of: $0) } == counts)
        try store.write(whole)
        #expect(try store.mark() == busy.blocks.last?.mark)
    }

    @Test func `who is killed in the middle finds the history as it was`() throws {
        let folder = try TemporaryFolder()
        let busy = try BusyRun.shared()
        let batch = try busy.batch()
        do {
            let store = try open(folder, busy.chain)
            try store.database.begin()
            try batch.forEach { (table, values) throws(HistoryFault) in
                try store.database.insert(values, into: table)
            }
            // Never committed: the process is gone.
        }
        let store = try open(folder, busy.chain)
        #expect(try store.mark() == nil)
        #expect(try Schema.tables.allSatisfy { try store.count(of: $0) == 0 })
        try store.write(batch)
    }

    @Test func `readers read while another writes, and see whole blocks`() throws {
        let folder = try TemporaryFolder()
        let busy = try BusyRun.shared()
        let writer = try open(folder, busy.chain)
        let batches = try busy.batches(of: 6)
        try writer.write(batches[0])
        let reader = try open(folder, busy.chain, .reading)
        try writer.database.begin()
        try writer.database.insert(
            [.integer(0), .integer(0), .integer(1)], into: UnderlyingRow.table)
        #expect(try reader.mark() == busy.blocks[5].mark)
        writer.database.rollback()
        try writer.write(batches[1])
        #expect(
            try reader.mark() == busy.blocks.last.map { $0.mark }
                || reader.mark() == busy.blocks[11].mark)
        #expect(throws: HistoryFault.self) { try reader.database.run("DELETE FROM trades") }
    }

    @Test func `a value that no program of ours writes is found out`() throws {
        let folder = try TemporaryFolder()
        let busy = try BusyRun.shared()
        let store = try open(folder, busy.chain)
        try store.write(try busy.batch())
        try store.database.run("UPDATE orders SET state = 77")
        #expect(throws: HistoryFault.damaged(table: "orders", column: 11)) {
            _ = try HistoryProjection(genesis: busy.genesis, from: store)
        }
    }

    @Test func `a projection that starts from the database goes on as if it had never stopped`()
        throws
    {
        let folder = try TemporaryFolder()
        let busy = try BusyRun.shared()
        let store = try open(folder, busy.chain)
        // It starts again every few blocks.
        for start in stride(from: 0, to: busy.blocks.count, by: 17) {
            var projection = try HistoryProjection(genesis: busy.genesis, from: store)
            for block in busy.blocks[start..<min(start + 17, busy.blocks.count)] {
                try projection.take(block)
                if block.height % 3 == 0 { try store.write(projection.takeBatch()) }
            }
            try store.write(projection.takeBatch())
        }
        let whole = try HistoryStore(
            .sqlite(path: folder.file("whole")), chain: busy.chain, mode: .writing)
        try whole.write(try busy.batch())
        #expect(try HistoryComparison.difference(store, whole) == nil)
        #expect(try store.mark() == busy.blocks.last?.mark)
    }
}
