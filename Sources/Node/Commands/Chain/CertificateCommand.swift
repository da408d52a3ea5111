/// `rampart certificate`: makes the certificates of a block again from the chain on disk, for those
/// that a running node has written long ago, or not at all.

import Canonical
import Ledger
import Replication

/// Makes certificates from the store.
enum CertificateCommand {
    static let shape = CommandShape(
        "certificate", "Make the certificates of a block again", operands: ["HEIGHT", "FOLDER"],
        flags: [
            NodeCommand.configFlag,
            CommandFlag("--snapshot", "FILE", "start from this state, from before the block"),
        ], takesSettings: true,
        details: """
            The node must not be running; while it runs, it writes every block's certificates into
            the folder 'certificates' of its data folder by itself. The chain is replayed up to the
            block, from the genesis or from a snapshot.
            """)

    static func run(_ words: [String], _ context: CommandContext) throws(CommandFault) -> Int32 {
        let (arguments, configuration) = try NodeCommand.read(words, shape: shape, context)
        guard let height = UInt64(arguments.operands[0]), height > 1 else {
            throw .usage("'\(arguments.operands[0])' is no height; the first block calls nobody")
        }
        let chain = try ChainStore(configuration, context)
        let replayed = try ChainStore.guarded { () throws(StorageFault) in
            let store = try chain.open()
            var machine = chain.machine()
            if let path = arguments["--snapshot"] { _ = try Snapshot.load(path, into: &machine) }
            guard machine.height < height else { throw .missingBlock(height: height) }
            var last = try store.header(at: machine.height)
            while machine.height + 1 < height {
                let record = try store.record(at: machine.height + 1)
                try Replay.apply(record, to: &machine, following: last)
                last = record.header
            }
            machine.ledger.collectsEvidence = true
            let record = try store.record(at: height)
            try Replay.apply(record, to: &machine, following: last)
            try store.close()
            return (ledger: machine.ledger, before: last, record: record)
        }
        let made = try CertificateFolder(arguments.operands[1]).write(
            try outcome(of: replayed.record), of: replayed.ledger, before: replayed.before,
            header: replayed.record.header)
        context.write("block \(height) makes \(made) certificates\n")
        return ExitCode.done
    }

    /// What a block did, as it is stored.
    private static func outcome(of record: BlockRecord) throws(CommandFault) -> BlockOutcome {
        do throws(DecodingFault) {
            let stored = try EncodedOutcome(canonicalBytes: record.outcome)
            return BlockOutcome(
                height: record.header.height, receipts: stored.receipts,
                firstEvent: stored.firstEvent, events: stored.events,
                funding: stored.funding, root: record.header.root)
        } catch {
            throw CommandFault(
                "block \(record.header.height) is stored with an outcome that cannot be read",
                exit: ExitCode.badInput)
        }
    }
}
