/// `rampart keys`: makes sealed keys, and says what others need to know of them.

import Canonical
import Custody

/// Makes and shows keys.
enum KeysCommand {
    static let passphraseFlag = CommandFlag(
        "--passphrase-file", "FILE",
        "the passphrase; else RAMPART_PASSPHRASE, else the\nterminal is asked")

    static let new = CommandShape(
        "keys new", "Make a key and seal it under a passphrase", operands: ["FILE"],
        flags: [
            CommandFlag(
                "--kind", "KIND",
                "ed25519 (if not given), or ethereum, which signs as a\nwallet does"),
            passphraseFlag,
        ],
        details: "Prints the public part, which 'rampart send … open-account' takes.")

    static let show = CommandShape(
        "keys show", "Print the public part of a sealed key", operands: ["FILE"],
        flags: [passphraseFlag])

    static func runNew(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let path = arguments.operands[0]
        let word = arguments["--kind"] ?? KeyKind.ed25519.word
        guard let kind = KeyKind.allCases.first(where: { $0.word == word }) else {
            throw .usage("--kind is '\(word)', not ed25519 or ethereum")
        }
        // A key that is overwritten is lost for ever, so not even a flag allows it.
        guard !FileAccess.exists(path) else {
            throw CommandFault(
                "\(path): is there already; move it away, or choose another name",
                exit: ExitCode.cannotWrite)
        }
        let passphrase = try PassphraseReader(context, file: arguments["--passphrase-file"])
            .new(for: path)
        let key = HeldKey.generate(kind)
        try key.write(to: path, passphrase: passphrase, cost: context.sealingCost)
        context.write(key.publicKey.text + "\n")
        context.note(
            "sealed in \(path); without the passphrase it is lost, so keep a copy of both apart\n")
        return ExitCode.done
    }

    static func runShow(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let path = arguments.operands[0]
        let passphrase = try PassphraseReader(context, file: arguments["--passphrase-file"])
            .existing(for: path)
        let key = try HeldKey.read(from: path, passphrase: passphrase)
        context.write(key.publicKey.text + "\n")
        return ExitCode.done
    }
}
