/// A chain on disk, for commands that work on it while no node runs.

import Custody
import Foundation
import Glibc
import Ledger
import Replication

/// The store of a configuration and the machine that its blocks drive.
struct ChainStore {
    let configuration: NodeConfiguration
    let genesis: Genesis
    private let context: CommandContext

    /// - Throws: `CommandFault` where the genesis cannot be read.
    init(
        _ configuration: NodeConfiguration, _ context: CommandContext
    ) throws(CommandFault) {
        self.configuration = configuration
        self.context = context
        genesis = try GenesisReader.read(configuration.genesis)
    }

    /// The machine before the first block.
    func machine() -> LedgerMachine {
        LedgerMachine(
            genesis: genesis, verifier: NativeVerifier(workers: configuration.workers))
    }

    /// The store.
    ///
    /// - Throws: `StorageFault`, `.absent` where there is none.
    func open() throws(StorageFault) -> BlockStore {
        var options = StoreOptions()
        options.leafBlocks = configuration.leavesEvery
        return try BlockStore(
            opening: configuration.data, chain: genesis.chain, options: options)
    }

    /// Runs `body` and words its faults.
    ///
    /// - Throws: `CommandFault`.
    static func guarded<Result>(
        _ body: () throws(StorageFault) -> Result
    ) throws(CommandFault) -> Result {
        do throws(StorageFault) {
            return try body()
        } catch {
            throw CommandFault("\(error.description). \(error.advice)", exit: error.exit)
        }
    }

    /// Shows how far a replay is, on one line of a terminal.
    func show(_ progress: ReplayProgress) { show(progress.done, of: progress.total) }

    /// Shows how many blocks are done, on one line of a terminal.
    func show(_ done: UInt64, of total: UInt64) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        context.note("\r\(done) of \(total)\(done == total ? "\n" : "")")
    }
}

extension StorageFault {
    /// The exit code of a command that meets it.
    var exit: Int32 {
        switch self {
        case .absent: ExitCode.noInput
        case .notEmpty, .diskFull, .inaccessible: ExitCode.cannotWrite
        case .locked, .interrupted, .unfinished, .staleTerm: ExitCode.unavailable
        default: ExitCode.badInput
        }
    }
}
