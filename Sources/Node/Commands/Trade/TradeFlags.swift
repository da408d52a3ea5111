/// What the commands have in common that trade: who signs, and how the answer is written.

import Canonical
import Ledger

/// Flags of signing for an account.
enum TradeFlags {
    static let all =
        [
            CommandFlag(
                "--key", "FILE", "the sealed key that signs, else RAMPART_KEY, else the profile"),
            ShowFlags.account,
            CommandFlag("--agent", "SLOT", "sign as the account's agent of this slot, 1 to 32"),
            CommandFlag(
                "--expires", "SECONDS",
                "how long the signature holds; \(TransactionSender.standardLife) if not given"),
            ShowFlags.json, KeysCommand.passphraseFlag,
        ] + RemoteFlags.all

    static let exitCodes = """
        Exit codes: 0 done · 1 refused, and why · 2 wrong usage · 69 no node there · 77 a wrong
        passphrase
        """

    /// Who signs, and how.
    ///
    /// - Throws: `CommandFault` where something is missing.
    static func terms(
        _ arguments: CommandArguments, _ context: CommandContext
    ) throws(CommandFault) -> TransactionSender.Terms {
        let profile = try Profile(context)
        let account = try profile.account(arguments)
        let signer: Signer
        if let entry = profile.text(.agent, arguments) {
            let slots = AccountKeys.slots
            let slot = try CommandArguments.number(
                entry.text, named: entry.source,
                in: UInt64(slots.lowerBound)...UInt64(slots.upperBound))
            signer = .agent(account, slot: UInt8(slot))
        } else {
            signer = .account(account)
        }
        return TransactionSender.Terms(
            signer: signer, keyFile: try SendCommand.keyFile(arguments, profile),
            passphraseFile: profile.passphraseFile(arguments, context),
            life: try TransactionSender.life(arguments), nonce: nil)
    }
}

extension Signer {
    /// For people.
    var words: String {
        switch self {
        case .agent(let account, let slot): "agent \(slot) of account \(account.number)"
        case .account(let account): "account \(account.number)"
        default: "\(self)"
        }
    }
}
