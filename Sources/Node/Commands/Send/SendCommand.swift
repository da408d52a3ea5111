/// `rampart send`: writes commands of the ledger as words, signs them with a sealed key and puts
/// them on the chain.

import Canonical
import Cryptography
import FixedPoint
import JSON
import Ledger

/// Builds, signs and submits one transaction.
enum SendCommand {
    static let shape = CommandShape(
        "send", "Sign commands and put them on the chain", operands: ["COMMAND"], rest: "[WORD]…",
        flags: [
            CommandFlag("--key", "FILE", "the sealed key that signs"),
            CommandFlag(
                "--as", "SIGNER", "custodian, operator, account:N, or agent:N:SLOT"),
            CommandFlag(
                "--expires", "SECONDS",
                "how long the signature holds; \(TransactionSender.standardLife) if not given"
            ),
            CommandFlag(
                "--nonce", "N",
                "one that the signer has not used; the node is asked\nif not given"),
            CommandFlag(
                "--genesis", "FILE",
                "the chain's genesis: with it compartments go by name,\nand with --nonce no node "
                    + "is asked"),
            CommandFlag("--print", nil, "print the signed transaction in hex; send nothing"),
            KeysCommand.passphraseFlag,
        ] + RemoteFlags.all,
        details: """
            Amounts of money are in the collateral's units, sizes in units of the underlying, both
            exact. 'then' stands between the commands of one transaction. INSTRUMENT is a name of
            the API, or with --genesis a symbol of it.

              rampart send --key custodian.key --as custodian open-account KEY
              rampart send --key my.key --as account:0 buy BTC_USDC-PERPETUAL 0.1 97000 post-only

            \(CommandSyntax.text)

            Exit codes: 0 every command accepted · 1 one refused · 69 no node there
            """)

    static func run(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let node = try RemoteFlags.node(arguments, context)
        let profile = try Profile(context)
        let now = context.now()
        let terms = TransactionSender.Terms(
            signer: try signer(arguments["--as"]), keyFile: try keyFile(arguments, profile),
            passphraseFile: profile.passphraseFile(arguments, context),
            life: try TransactionSender.life(arguments),
            nonce: try arguments.number("--nonce", in: 1...UInt64.max))
        let genesis = try arguments["--genesis"].map { path throws(CommandFault) in
            try GenesisReader.read(path)
        }
        let directory = VenueDirectory(genesis: genesis, node: node)
        let commands = try CommandParser(directory: directory, now: now)
            .commands(arguments.operands)
        let bytes = try TransactionSender(directory: directory, context: context, now: now)
            .signed(commands, terms)
        if arguments.has("--print") {
            context.write(HexText.text(bytes) + "\n")
            return ExitCode.done
        }
        let result = try node.result(
            TransactionSender.method,
            [JSON.Member("transaction", .string(HexText.text(bytes)))])
        return try report(result, verbs: verbs(arguments.operands), context)
    }

    static func keyFile(
        _ arguments: CommandArguments, _ profile: Profile
    ) throws(CommandFault) -> String {
        guard let entry = profile.text(.key, arguments) else {
            throw .usage(
                "--key is missing: the sealed key that signs ('rampart keys new' makes one); or "
                    + "set RAMPART_KEY, or write 'key = FILE' in the profile")
        }
        return entry.text
    }

    /// Who signs.
    static func signer(_ text: String?) throws(CommandFault) -> Signer {
        guard let text else {
            throw .usage(
                "--as is missing: custodian, operator, guardian, account:N, or agent:N:SLOT")
        }
        switch text {
        case "custodian": return .custodian
        case "operator": return .operator
        case "guardian": return .guardian
        default: break
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("account", 2): return .account(try account(parts[1]))
        case ("agent", 3):
            let slots = AccountKeys.slots
            let slot = try CommandArguments.number(
                parts[2], named: "SLOT",
                in: UInt64(slots.lowerBound)...UInt64(slots.upperBound))
            return .agent(try account(parts[1]), slot: UInt8(slot))
        default:
            throw .usage(
                "--as is '\(text)', not custodian, operator, guardian, account:N, or agent:N:SLOT")
        }
    }

    private static func account(_ text: String) throws(CommandFault) -> AccountIdentifier {
        AccountIdentifier(
            UInt32(
                try CommandArguments.number(
                    text, named: "the account", in: 0...UInt64(UInt32.max))))
    }

    /// The first word of each command.
    private static func verbs(_ words: [String]) -> [String] {
        words.split(separator: "then").compactMap(\.first)
    }

    /// A line for each receipt.
    private static func report(
        _ result: JSON.Value, verbs: [String], _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        guard let receipts = result["receipts"]?.elements, let height = result["height"]?.number
        else {
            throw CommandFault(
                "the node's answer cannot be understood: \(result.compactText)",
                exit: ExitCode.protocolFault)
        }
        var areAccepted = true
        for (place, receipt) in receipts.enumerated() {
            let number = receipt["command"]?.number?.integer.flatMap { Int(exactly: $0) } ?? place
            let verb = verbs.indices.contains(number) ? verbs[number] : "command \(number)"
            var line = "\(verb): "
            if receipt["accepted"]?.boolean == true {
                line += "accepted"
                for member in receipt.members ?? []
                where !["command", "accepted"].contains(member.name) {
                    let value = member.value.text ?? member.value.compactText
                    line += ", \(member.name.replacing("_", with: " ")) \(value)"
                }
            } else {
                areAccepted = false
                let reason = receipt["reason"]?.text ?? "no reason given"
                line += "refused: \(reason) (\(receipt["refusal"]?.compactText ?? "-"))"
            }
            context.write(line + "\n")
        }
        context.note("in block \(height.text)\n")
        return areAccepted ? ExitCode.done : ExitCode.refused
    }
}
