/// `rampart credentials`: API keys for the clients that people already have. One stands for an
/// agent key of an account, which its owner has to allow with a signature; so whoever steals one
/// can trade, and can never withdraw (docs/credentials.md).

import Canonical
import Custody
import Documents
import FixedPoint
import Gateway
import JSON
import Ledger

/// Makes, lists and revokes credentials, in the sealed file of the configuration.
enum CredentialsCommand {
    private static let accountFlag = CommandFlag("--account", "N", "the account it stands for")
    private static let standardDays: UInt64 = 90

    static let new = CommandShape(
        "credentials new", "Make an API key for an account",
        flags: [
            accountFlag,
            CommandFlag("--scope", "SCOPE", "trade (if not given), cancel or read"),
            CommandFlag(
                "--days", "N",
                "how long its agent key holds, 1 to 365; \(standardDays) if not given"),
            NodeCommand.configFlag, KeysCommand.passphraseFlag,
        ] + RemoteFlags.all,
        details: """
            Prints client_id and client_secret, once, and the command with which the account's owner
            allows the key. A node that runs reads the file when it is started again.
            """)

    static let list = CommandShape(
        "credentials list", "List the API keys",
        flags: [NodeCommand.configFlag, KeysCommand.passphraseFlag])

    static let revoke = CommandShape(
        "credentials revoke", "Take an API key away", operands: ["CLIENT_ID"],
        flags: [NodeCommand.configFlag, KeysCommand.passphraseFlag],
        details: """
            Prints the command with which the account's owner takes its agent key off the chain.
            """)

    static func runNew(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        guard
            let number = try arguments.number("--account", in: 0...UInt64(UInt32.max))
        else { throw .usage("--account is missing: the number of the account it stands for") }
        let word = arguments["--scope"] ?? CredentialScope.trade.name
        guard let scope = CredentialScope.allCases.first(where: { $0.name == word }) else {
            throw .usage("--scope is '\(word)', not trade, cancel or read")
        }
        let days = try arguments.number("--days", in: 1...365) ?? standardDays
        let account = AccountIdentifier(UInt32(number))
        let node = try RemoteFlags.node(arguments, context)
        var file = try CredentialsFile(arguments, context, isNew: true)
        let taken = scope == .read ? [] : takenSlots(of: account, node, context)
        let offer: CredentialOffer
        do throws(CredentialFault) {
            offer = try file.vault.create(
                account: account, scope: scope,
                expiry: Timestamp(nanoseconds: context.now() + days * TimeText.day), taken: taken)
        } catch {
            throw CredentialsFile.worded(error, file.path)
        }
        try file.save()
        context.write("client_id      \(offer.identifier)\nclient_secret  \(offer.secret)\n")
        context.note("the secret is not shown again\n")
        if case .setAgent(let slot, let grant?)? = offer.command {
            context.note(
                """
                It does nothing until the account's owner has sent this, with the master key:

                  rampart send --key MASTER.key --as account:\(number) set-agent \(slot) \
                \(grant.key.text) \(grant.scope == .trade ? "trade" : "cancel") \(days)

                """)
        }
        return ExitCode.done
    }

    static func runList(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let file = try CredentialsFile(arguments, context, isNew: false)
        for credential in file.vault.all {
            let slot = credential.scope == .read ? "" : " slot \(credential.slot)"
            let now = context.now()
            let end = credential.expiry.nanoseconds
            let life =
                end > now ? "\((end - now) / TimeText.day) days left" : "expired"
            context.write(
                "\(credential.identifier)  account \(credential.account.number)  "
                    + "\(credential.scope.name)\(slot)  \(life)\n")
        }
        context.note("\(file.vault.count) in \(file.path)\n")
        return ExitCode.done
    }

    static func runRevoke(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> Int32 {
        let identifier = arguments.operands[0]
        var file = try CredentialsFile(arguments, context, isNew: false)
        let account = file.vault[identifier]?.account.number
        let command: Command?
        do throws(CredentialFault) {
            command = try file.vault.remove(identifier)
        } catch {
            throw CredentialsFile.worded(error, file.path)
        }
        try file.save()
        context.write("\(identifier) is revoked, from the next start of the node on\n")
        if case .setAgent(let slot, nil)? = command, let account {
            context.note(
                """
                To revoke its agent key on the chain at once, the account's owner sends:

                  rampart send --key MASTER.key --as account:\(account) revoke-agent \(slot)

                """)
        }
        return ExitCode.done
    }

    /// The slots in which an account has agents by now, of which only the node knows; none where it
    /// does not answer.
    private static func takenSlots(
        of account: AccountIdentifier, _ node: RemoteNode, _ context: CommandContext
    ) -> [UInt8] {
        do throws(CommandFault) {
            let key = LeafKey.keys(account).canonicalBytes
            let answer = try node.result(
                "public/get_leaf", [JSON.Member("key", .string(HexText.text(key)))])
            guard let text = answer["value"]?.text, let bytes = HexText.bytes(text) else {
                return []
            }
            do throws(DecodingFault) {
                let keys = try AccountKeys(canonicalBytes: bytes)
                return keys.agents.filter { $0.grant != nil }.map(\.number)
            } catch {
                return []
            }
        } catch {
            context.note(
                "no node was asked which slots the account's other agents have (\(error.message))\n"
            )
            return []
        }
    }
}

/// The sealed file of credentials, opened.
struct CredentialsFile: ~Copyable {
    let path: String
    var vault: CredentialVault
    private let passphrase: Secret
    private let cost: SealedFile.Cost

    /// - Parameter isNew: whether it may be missing; it is then made by `save`.
    /// - Throws: `CommandFault`.
    init(
        _ arguments: CommandArguments, _ context: CommandContext, isNew: Bool
    ) throws(CommandFault) {
        let configuration = try NodeCommand.configuration(file: arguments["--config"], context)
        guard let path = configuration.credentials else {
            throw CommandFault(
                "the configuration names no file of credentials; set api.credentials",
                exit: ExitCode.badConfiguration)
        }
        let reader = PassphraseReader(
            context, file: arguments["--passphrase-file"] ?? configuration.passphraseFile)
        let exists = !isNew || FileAccess.exists(path)
        let passphrase = exists ? try reader.existing(for: path) : try reader.new(for: path)
        vault = exists ? try CredentialsFile.open(path, passphrase) : CredentialVault()
        self.passphrase = passphrase
        self.path = path
        cost = context.sealingCost
    }

    /// The vault in a file.
    ///
    /// - Throws: `CommandFault`.
    static func open(
        _ path: String, _ passphrase: borrowing Secret
    ) throws(CommandFault) -> CredentialVault {
        let content: Secret
        do throws(SealedFile.Fault) {
            content = try SealedFile.read(from: path, passphrase: passphrase)
        } catch {
            throw error.commandFault(path)
        }
        do throws(CredentialFault) {
            return try CredentialVault(encoded: content)
        } catch {
            throw worded(error, path)
        }
    }

    /// Seals it again.
    ///
    /// - Throws: `CommandFault`; the old file is then still there.
    borrowing func save() throws(CommandFault) {
        do throws(SealedFile.Fault) {
            try SealedFile.write(
                vault.encoded(), to: path, passphrase: passphrase, cost: cost)
        } catch {
            throw error.commandFault(path)
        }
    }

    static func worded(_ fault: CredentialFault, _ path: String) -> CommandFault {
        switch fault {
        case .noSlotLeft(let account):
            CommandFault(
                "account \(account.number) has an agent in each of its "
                    + "\(AccountKeys.slots.count) slots; revoke one first", exit: ExitCode.refused)
        case .vaultFull:
            CommandFault(
                "\(path) holds \(CredentialVault.limit) credentials, the most; revoke some",
                exit: ExitCode.refused)
        case .unknownCredential(let identifier):
            CommandFault(
                "\(path) holds no '\(identifier)'; 'rampart credentials list' shows all",
                exit: ExitCode.refused)
        case .unreadable:
            CommandFault(
                "\(path): is sealed, but holds no credentials of this version",
                exit: ExitCode.badInput)
        }
    }
}
