/// `rampart export` and `rampart import`: a chain's state as one file, or its blocks.

import Ledger
import Replication

/// Writes files from the store.
enum ExportCommand {
    static let shape = CommandShape(
        "export", "Write the chain's state, or its blocks, to a file", operands: ["FILE"],
        flags: [
            NodeCommand.configFlag,
            CommandFlag(
                "--blocks", "FROM..TO", "the blocks of these heights, in place of the state"),
        ], takesSettings: true,
        details: """
            The node must not be running. Without --blocks the file is a snapshot: all leaves at the
            last block with their root, from which 'rampart import' makes a node that need not
            replay. Every part of the file is checked when it is read.
            """)

    static func run(_ words: [String], _ context: CommandContext) throws(CommandFault) -> Int32 {
        let (arguments, configuration) = try NodeCommand.read(words, shape: shape, context)
        let path = arguments.operands[0]
        let heights = try arguments["--blocks"].map { text throws(CommandFault) in
            try ExportCommand.heights(text)
        }
        guard !FileAccess.exists(path) else {
            throw CommandFault(
                "\(path): is there already; choose another name", exit: ExitCode.cannotWrite)
        }
        let chain = try ChainStore(configuration, context)
        let line = try ChainStore.guarded { () throws(StorageFault) in
            let store = try chain.open()
            if let heights {
                try store.exportBlocks(heights, to: path)
                try store.close()
                return "blocks \(heights.lowerBound) to \(heights.upperBound) are in \(path)"
            }
            var machine = chain.machine()
            _ = try store.start(&machine, progress: chain.show)
            try store.flushLeaves()
            let facts = try store.exportSnapshot(to: path)
            try store.close()
            return "the state of block \(facts.height), \(facts.leaves) leaves under root "
                + "\(facts.root.hexadecimal), is in \(path)"
        }
        context.write(line + "\n")
        return ExitCode.done
    }

    /// Two heights with dots between them.
    static func heights(_ text: String) throws(CommandFault) -> ClosedRange<UInt64> {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[1].isEmpty, let first = UInt64(parts[0]),
            let last = UInt64(parts[2]), first > 0, first <= last
        else { throw .usage("--blocks is '\(text)', not two heights such as 1..500") }
        return first...last
    }
}

/// Reads files into the store.
enum ImportCommand {
    static let shape = CommandShape(
        "import", "Make a store of a snapshot, or add blocks to one", operands: ["FILE"],
        flags: [
            NodeCommand.configFlag,
            CommandFlag("--blocks", nil, "the file holds blocks, which follow the store's last"),
        ], takesSettings: true,
        details: """
            The node must not be running. A snapshot goes into a data folder that is empty or not
            there yet; blocks are applied one by one and their roots compared. A file that is cut
            off, changed or of another chain is refused before anything of it counts.
            """)

    static func run(_ words: [String], _ context: CommandContext) throws(CommandFault) -> Int32 {
        let (arguments, configuration) = try NodeCommand.read(words, shape: shape, context)
        let path = arguments.operands[0]
        guard FileAccess.exists(path) else {
            throw CommandFault(
                "\(path): cannot be read: there is no such file", exit: ExitCode.noInput)
        }
        let chain = try ChainStore(configuration, context)
        let line = try ChainStore.guarded { () throws(StorageFault) in
            guard arguments.has("--blocks") else {
                let facts = try BlockStore.importSnapshot(
                    path, chain: chain.genesis.chain, at: configuration.data)
                return "\(configuration.data) stands at block \(facts.height), with "
                    + "\(facts.leaves) leaves under root \(facts.root.hexadecimal)"
            }
            var machine = chain.machine()
            if !BlockStore.exists(at: configuration.data) {
                try BlockStore.create(at: configuration.data, machine: machine)
            }
            let store = try chain.open()
            _ = try store.start(&machine, progress: chain.show)
            let count = try store.importBlocks(path, applyingTo: &machine)
            let height = store.chainTip.height
            try store.flushLeaves()
            try store.close()
            return "\(count) new blocks; \(configuration.data) stands at block \(height)"
        }
        context.write(line + "\n")
        return ExitCode.done
    }
}
