/// A chain of a few blocks on disk, in a folder with a configuration, for what keeps histories.
import Canonical
import Custody
import Foundation
import History
import Ledger
import Replication
import Testing

@testable import Node

/// A venue's folder with a store of real blocks.
struct HistoryChain {
    let bench: CommandBench
    let genesis: Genesis
    let records: [BlockRecord]

    /// Three blocks: an account opened, and money paid in twice.
    init() throws {
        bench = try CommandBench()
        try bench.makeVenue()
        let node = try FakeNode(bench)
        let key = String(bench.run("keys", "new", bench.path("owner.key")).output.dropLast())
        for words in [
            ["open-account", key], ["deposit", "100", "0", "a"], ["deposit", "5", "0", "b"],
        ] {
            let sent = bench.run(
                ["send", "--key", bench.path("venue/keys/custodian.key"), "--as", "custodian"]
                    + words)
            #expect(sent.exit == ExitCode.done, "\(sent.notes)")
            bench.now += 1
        }
        genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
        records = node.records
    }

    /// A store with blocks.
    ///
    /// - Parameter change: what is stored in the place of a record.
    func store(
        _ folder: String, _ count: Int = 3, kept: UInt64 = 10_000,
        change: (BlockRecord) -> BlockRecord = { $0 }
    ) throws -> BlockStore {
        var machine = LedgerMachine(genesis: genesis, verifier: NativeVerifier(workers: 1))
        try BlockStore.create(at: bench.path(folder), machine: machine)
        var options = StoreOptions()
        options.keptBlocks = kept
        let store = try BlockStore(
            opening: bench.path(folder), chain: genesis.chain, options: options)
        _ = try store.start(&machine)
        for record in records.prefix(count) {
            try Replay.apply(record, to: &machine, following: store.tip)
            try store.commit(change(record), leaves: machine.changedLeaves())
        }
        return store
    }

    func location(_ name: String = "history.sqlite") -> HistoryLocation {
        .sqlite(path: bench.path(name))
    }

    func keeper(_ blocks: BlockStore, _ location: HistoryLocation) -> HistoryKeeper {
        HistoryKeeper(
            location, genesis: genesis, blocks: blocks,
            log: Log(least: .error, format: .text))
    }

    /// Keeps a history until it has caught up.
    func keep(_ blocks: BlockStore, _ location: HistoryLocation) -> HistoryKeeper {
        let keeper = keeper(blocks, location)
        keeper.stop()
        keeper.run()
        return keeper
    }

    /// Runs a command on a store of the folder.
    func run(_ words: String..., data: String = "data") -> CommandRun {
        bench.run(
            words + [
                "--config", bench.path("venue/rampart.conf"), "--data.directory",
                bench.path(data), "--history.database", bench.path("history.sqlite"),
            ])
    }

    /// A new history of some blocks of a store.
    func writer(_ blocks: BlockStore, _ location: HistoryLocation) throws -> HistoryWriter {
        try HistoryWriter(location, genesis: genesis, blocks: blocks)
    }
}
