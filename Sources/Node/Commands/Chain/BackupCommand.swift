/// `rampart backup`: a copy of the chain's store that has been opened, brought to its tip and
/// compared with the chain, made while the node runs.

import Canonical
import FixedPoint
import Ledger
import Replication

/// Makes back-ups.
enum BackupCommand {
    static let shape = CommandShape(
        "backup", "Copy the chain to a folder and check the copy, while the node runs",
        rest: "[FOLDER]",
        flags: [
            NodeCommand.configFlag,
            CommandFlag(
                "--keep", "N",
                "take the oldest away, so that N of this chain are left; all stay\nif not given"),
        ], takesSettings: true,
        details: """
            FOLDER, or the setting backup.directory, gets a folder for each back-up: the store, the
            genesis, the sealed credentials, what it is (backup.json) and the digest of each file
            (SHA256SUMS, which sha256sum -c reads). The copy's state is made again and its root
            compared with the chain's before it gets its name. A running node goes on meanwhile; run
            this as the node's user, on its machine. 'rampart restore' brings it back.

            Exit codes: 0 made and checked · 65 the copy is not the chain, and was thrown away ·
            69 the node makes none · 74 no room
            """)

    private static let mostKept: UInt64 = 10_000

    static func run(_ words: [String], _ context: CommandContext) throws(CommandFault) -> Int32 {
        let (arguments, configuration) = try NodeCommand.read(words, shape: shape, context)
        guard arguments.operands.count <= 1 else {
            throw .usage("'\(arguments.operands[1])' is one word too many: \(shape.synopsis)")
        }
        guard let target = arguments.operands.first ?? configuration.backups else {
            throw .usage("backup needs FOLDER, or the setting backup.directory")
        }
        let kept = try arguments.number("--keep", in: 1...mostKept)
        let folder = BackupFolder(path: target)
        let chain = try ChainStore(configuration, context)
        let claim = try folder.claim()
        defer { withExtendedLifetime(claim) {} }
        try folder.clear()
        let copy = try StoreCopy(chain)
        var root = Digest(Bytes32())
        var count = 0
        let place = try folder.make(height: copy.tip.height, now: context.now()) {
            (folder) throws(CommandFault) in
            root = try fill(folder, from: copy, chain, context)
            count = try FileSums.check(folder)
        }
        let gone = try kept.map { count throws(CommandFault) in
            try folder.prune(keeping: Int(count), of: chain.genesis.chain)
        }
        context.write(
            "block \(copy.tip.height) under root \(root.hexadecimal) is in \(place), "
                + "\(count) files, checked\(gone.map { "; \($0) older went" } ?? "")\n")
        return ExitCode.done
    }

    /// Puts everything into the folder of a back-up.
    ///
    /// - Returns: the root of the copy's state.
    private static func fill(
        _ folder: String, from copy: StoreCopy, _ chain: ChainStore, _ context: CommandContext
    ) throws(CommandFault) -> Digest {
        let configuration = chain.configuration
        let store = FileAccess.path(BackupFacts.storeName, in: folder)
        try FolderCopy.copy(copy.folder, to: store)
        let root = try StoreProof.open(store, at: copy.tip, chain)
        let facts = BackupFacts(
            program: RampartProgram.version, chain: chain.genesis.chain, tip: copy.tip, root: root,
            made: context.now())
        func add(_ bytes: [UInt8], _ name: String, _ mode: UInt32) throws(CommandFault) {
            try FileAccess.write(bytes, to: FileAccess.path(name, in: folder), mode: mode)
        }
        try add(
            try FileAccess.read(configuration.genesis), BackupFacts.genesisName,
            FileAccess.Mode.open)
        if let path = configuration.credentials, FileAccess.exists(path) {
            try add(
                try FileAccess.read(path), BackupFacts.credentialsName, FileAccess.Mode.ownerOnly)
        }
        try add(Array(facts.text.utf8), BackupFacts.fileName, FileAccess.Mode.open)
        let sums = try FileSums.text(of: folder)
        try add(Array(sums.utf8), BackupFacts.sumsName, FileAccess.Mode.open)
        return root
    }
}

/// That a store is what it should be: it opens, and its leaves and blocks make the state whose root
/// its last header states.
enum StoreProof {
    /// Opens a store that nobody else has open, brings a machine to its tip, and closes it.
    ///
    /// - Parameter tip: where it must stand.
    /// - Returns: the root.
    /// - Throws: `CommandFault`.
    static func open(
        _ path: String, at tip: ChainTip, _ chain: ChainStore
    ) throws(CommandFault) -> Digest {
        let found = try ChainStore.guarded { () throws(StorageFault) in
            let store = try BlockStore(opening: path, chain: chain.genesis.chain)
            var machine = chain.machine()
            _ = try store.start(&machine, progress: chain.show)
            let found = (tip: store.chainTip, root: machine.ledger.root)
            try store.close()
            return found
        }
        guard found.tip == tip else {
            throw CommandFault(
                "\(path) stands at block \(found.tip.height), \(found.tip.hash.hexadecimal), not "
                    + "at block \(tip.height), \(tip.hash.hexadecimal)", exit: ExitCode.badInput)
        }
        return found.root
    }
}
