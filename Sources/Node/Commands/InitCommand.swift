/// `rampart init`: a folder with all that a venue starts from: a commented genesis, a commented
/// configuration and sealed keys.

import Canonical
import Custody
import Documents
import Ledger

/// Makes the folder of a venue.
enum InitCommand {
    static let shape = CommandShape(
        "init", "Make a folder to run a venue from", operands: ["FOLDER"],
        flags: [
            CommandFlag("--name", "NAME", "of the chain; the folder's name if not given"),
            CommandFlag(
                "--publishers", "N",
                "how many price publishers to make keys for, 1 to \(GenesisTemplate.mostPublishers)"
                    + ";\n\(standardPublishers) if not given"),
            CommandFlag("--force", nil, "overwrite what is there, keys included"),
            KeysCommand.passphraseFlag,
        ],
        details: """
            Writes genesis.json (every part explained in comments), \(configurationName) (every
            setting with its default), and keys/ with the sealed keys of the custodian, the operator
            and the publishers, all under one passphrase.
            """)

    static let configurationName = "rampart.conf"
    static let genesisName = "genesis.json"
    /// One may fail or lie.
    private static let standardPublishers: UInt64 = 3
    private static let nanoseconds: UInt64 = 1_000_000_000

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let folder = arguments.operands[0]
        let name = try InitCommand.name(arguments["--name"] ?? lastPart(of: folder))
        let count = try arguments.number(
            "--publishers", in: 1...UInt64(GenesisTemplate.mostPublishers))
        let publishers = (1...Int(count ?? standardPublishers)).map { "publisher-\($0)" }
        guard !folder.contains(where: { $0 == "#" || $0.isNewline }) else {
            throw .usage("'\(folder)' has a '#' or a line's end, which settings cannot hold")
        }
        let names = ["custodian", "operator"] + publishers
        let files = [genesisName, configurationName] + names.map(keyName)
        if !arguments.has("--force") { try refuseToOverwrite(files, in: folder) }
        let passphrase = try PassphraseReader(context, file: arguments["--passphrase-file"])
            .new(for: "the keys of \(name.text)")
        try FileAccess.makeFolder(folder)
        try FileAccess.makeFolder(FileAccess.path("keys", in: folder))
        var keys: [PublicKey] = []
        for name in names {
            let key = SigningKey.generate()
            keys.append(key.publicKey)
            try HeldKey.ed25519(key).write(
                to: FileAccess.path(keyName(name), in: folder), passphrase: passphrase,
                cost: context.sealingCost)
        }
        let template = GenesisTemplate(
            name: name, time: context.now() / nanoseconds, custodian: keys[0], operator: keys[1],
            publishers: Array(keys[2...]))
        try FileAccess.write(
            Array(template.text.utf8), to: FileAccess.path(genesisName, in: folder))
        try FileAccess.write(
            Array(configuration(in: FileAccess.absolute(folder)).utf8),
            to: FileAccess.path(configurationName, in: folder))
        context.write(nextSteps(folder))
        return ExitCode.done
    }

    private static func keyName(_ name: String) -> String { "keys/\(name).key" }

    private static func lastPart(of folder: String) -> String {
        let part = folder.split(separator: "/").last.map(String.init) ?? ""
        return part.allSatisfy { $0 == "." } ? "venue" : part
    }

    private static func name(_ text: String) throws(CommandFault) -> Symbol {
        guard let name = Symbol(Array(text.utf8)) else {
            throw .usage(
                "'\(text)' cannot be the name of a chain: it takes 1 to \(Symbol.limit) of the "
                    + "characters A-Z a-z 0-9 - . / _; choose one with --name")
        }
        return name
    }

    private static func refuseToOverwrite(
        _ files: [String], in folder: String
    ) throws(CommandFault) {
        guard !FileAccess.exists(folder) || FileAccess.isFolder(folder) else {
            throw CommandFault("\(folder): is a file, not a folder", exit: ExitCode.cannotWrite)
        }
        let there = files.map { FileAccess.path($0, in: folder) }.filter(FileAccess.exists)
        guard let first = there.first else { return }
        throw CommandFault(
            "\(first): is there already\(there.count > 1 ? ", with \(there.count - 1) more" : ""); "
                + "choose another folder, or overwrite with --force (keys are then lost)",
            exit: ExitCode.cannotWrite)
    }

    /// The commented configuration, with what belongs to the folder filled in.
    static func configuration(in folder: String) -> String {
        let filled: [(Setting, String)] = [
            (.genesis, FileAccess.path(genesisName, in: folder)),
            (.data, FileAccess.path("data", in: folder)),
            (.credentials, FileAccess.path("credentials.sealed", in: folder)),
        ]
        return filled.reduce(NodeConfiguration.commentedFile) { text, entry in
            let (setting, value) = entry
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            return lines.map { line in
                line.hasPrefix("# \(setting.rawValue) =")
                    ? "\(setting.rawValue) = \(value)" : String(line)
            }.joined(separator: "\n")
        }
    }

    private static func nextSteps(_ folder: String) -> String {
        let file = FileAccess.path(configurationName, in: folder)
        let genesis = FileAccess.path(genesisName, in: folder)
        let key = { (name: String) in FileAccess.path(keyName(name), in: folder) }
        return """
            Made \(folder). What to do next:

              1. Read \(genesis) and change what you like: after the
                 first start nothing of it can change. Set the listing prices to the market's.
              2. Keep copies of \(FileAccess.path("keys", in: folder)) and of the passphrase apart.
              3. rampart doctor --config \(file)
              4. rampart node --config \(file)

            Then, in other terminals (the index needs the quorum of publishers):

              rampart publish --key \(key("publisher-1")) --genesis \(genesis) \\
                --every 1 BTC=97000 ETH=3400
              rampart keys new trader.key
              rampart send --key \(key("custodian")) --as custodian open-account PUBLIC-KEY
              rampart send --key \(key("custodian")) --as custodian deposit 10000 0 REFERENCE
              rampart credentials new --config \(file) --account 0

            'rampart help COMMAND' explains each; the whole way is in docs/start.md.

            """
    }
}
