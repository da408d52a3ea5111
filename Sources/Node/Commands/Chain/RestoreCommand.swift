/// `rampart restore`: a data folder made of a back-up, with every file and the state compared
/// before anything gets its name.

import Canonical
import Foundation
import Glibc
import Ledger
import Replication

/// Brings back-ups back.
enum RestoreCommand {
    static let shape = CommandShape(
        "restore", "Make the data folder of a back-up, checked", operands: ["BACKUP"],
        flags: [
            NodeCommand.configFlag,
            CommandFlag("--check", nil, "compare the back-up's files only, and make nothing"),
        ], takesSettings: true,
        details: """
            BACKUP is one folder that 'rampart backup' made. The node must not be running, and the
            data folder must be empty or not there: move away what is in it. Genesis and credentials
            are in the back-up; copy them where the configuration names them.

            Whoever starts on it goes on from the back-up's block: blocks after it are lost unless a
            standby has them, so where there is a standby, let that take over instead.

            Exit codes: 0 restored · 65 the back-up is damaged, or of another chain
            """)

    static func run(_ words: [String], _ context: CommandContext) throws(CommandFault) -> Int32 {
        let (arguments, configuration) = try NodeCommand.read(words, shape: shape, context)
        let source = arguments.operands[0]
        let facts = try facts(of: source)
        let count = try FileSums.check(source)
        if arguments.has("--check") {
            context.write(
                "\(source) is what was written: block \(facts.tip.height), \(count) files\n")
            return ExitCode.done
        }
        let chain = try ChainStore(configuration, context)
        guard facts.chain == chain.genesis.chain else {
            throw CommandFault(
                "\(source) is of chain \(facts.chain.hexadecimal), and \(configuration.genesis) of "
                    + "chain \(chain.genesis.chain.hexadecimal); the back-up's own genesis is in "
                    + FileAccess.path(BackupFacts.genesisName, in: source),
                exit: ExitCode.badInput)
        }
        let root = try restore(source, facts, chain)
        context.write(
            "\(configuration.data) stands at block \(facts.tip.height) under root "
                + "\(root.hexadecimal); start it with 'rampart node'\n")
        return ExitCode.done
    }

    private static func facts(of source: String) throws(CommandFault) -> BackupFacts {
        let file = FileAccess.path(BackupFacts.fileName, in: source)
        if !FileAccess.exists(file), let newest = BackupFolder(path: source).names.last {
            throw .usage(
                "\(source) holds back-ups; name one, such as the newest: "
                    + FileAccess.path(newest, in: source))
        }
        return try BackupFacts(of: source)
    }

    private static func restore(
        _ source: String, _ facts: BackupFacts, _ chain: ChainStore
    ) throws(CommandFault) -> Digest {
        let data = chain.configuration.data
        // A folder that holds nothing is as good as none, and gives way to the new one.
        if unsafe rmdir(data) != 0, FileAccess.exists(data) {
            throw CommandFault(
                "\(data): is not empty; move it away first: what is in it may be newer than the "
                    + "back-up", exit: ExitCode.cannotWrite)
        }
        let unfinished = data + ".restoring"
        if FileAccess.exists(unfinished) {
            throw CommandFault(
                "\(unfinished): is left of a restore that was interrupted; delete it and start "
                    + "again", exit: ExitCode.cannotWrite)
        }
        let above = FileAccess.folder(of: data)
        if !FileAccess.exists(above) { try FileAccess.makeFolder(above) }
        do throws(CommandFault) {
            try FolderCopy.copy(
                FileAccess.path(BackupFacts.storeName, in: source), to: unfinished)
            let root = try StoreProof.open(unfinished, at: facts.tip, chain)
            guard root == facts.root else {
                throw CommandFault(
                    "\(source) comes to root \(root.hexadecimal), not to "
                        + "\(facts.root.hexadecimal), which it names", exit: ExitCode.badInput)
            }
            try FolderCopy.synchronize(unfinished)
            guard unsafe rename(unfinished, data) == 0 else {
                throw FileAccess.cannotWrite(data, errno)
            }
            try FolderCopy.synchronize(above, alone: true)
            return root
        } catch {
            _ = try? FileManager.default.removeItem(atPath: unfinished)
            throw error
        }
    }
}
