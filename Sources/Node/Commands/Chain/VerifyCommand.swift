/// `rampart verify chain`: replays every block and compares every root.

import Replication

/// Verifies a store.
enum VerifyCommand {
    static let shape = CommandShape(
        "verify chain", "Replay every block on disk and compare every root",
        flags: [
            NodeCommand.configFlag,
            CommandFlag(
                "--snapshot", "FILE", "start from this state, where the first blocks were pruned"),
        ], takesSettings: true,
        details: """
            The node must not be running. Every signature, receipt, event and root is made again
            from the genesis and compared with what is recorded; the first height that differs is
            named.

            Exit codes: 0 the chain is what the genesis and its blocks make · 65 it is not
            """)

    static func run(_ words: [String], _ context: CommandContext) throws(CommandFault) -> Int32 {
        let (arguments, configuration) = try NodeCommand.read(words, shape: shape, context)
        let chain = try ChainStore(configuration, context)
        let report = try ChainStore.guarded { () throws(StorageFault) in
            let store = try chain.open()
            var machine = chain.machine()
            if let path = arguments["--snapshot"] { _ = try Snapshot.load(path, into: &machine) }
            let report = try store.verifyChain(&machine, progress: chain.show)
            try store.close()
            return report
        }
        let what =
            report.from == report.to
            ? "there is no block behind \(report.from)"
            : "blocks \(report.from + 1) to \(report.to) are what the chain makes of them"
        context.write("\(what); root \(report.root.hexadecimal)\n")
        return ExitCode.done
    }
}
