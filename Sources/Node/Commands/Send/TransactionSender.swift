/// From commands to a signed transaction: whose nonce, how long it holds, and which key signs.

import Canonical
import Cryptography
import FixedPoint
import JSON
import Ledger

/// Signs transactions for one chain.
struct TransactionSender {
    let directory: VenueDirectory
    let context: CommandContext
    /// Nanoseconds since 1970.
    let now: UInt64

    /// Seconds that a signature holds if nothing else is said.
    static let standardLife: UInt64 = 60
    /// Seconds; what is signed for longer is forgotten and can still be sent. Ours.
    static let longestLife: UInt64 = 30 * 86_400
    private static let nanoseconds: UInt64 = 1_000_000_000
    static let method = "public/submit_transaction"

    /// How a transaction is signed.
    struct Terms {
        var signer: Signer
        /// The sealed file of the key.
        var keyFile: String
        var passphraseFile: String?
        /// Seconds.
        var life: UInt64
        /// Nil asks the node.
        var nonce: UInt64?
    }

    /// The bytes of a signed transaction.
    ///
    /// - Throws: `CommandFault`.
    func signed(_ commands: [Command], _ terms: Terms) throws(CommandFault) -> [UInt8] {
        let passphrase = try PassphraseReader(context, file: terms.passphraseFile)
            .existing(for: terms.keyFile)
        let key = try HeldKey.read(from: terms.keyFile, passphrase: passphrase)
        let nonce: UInt64
        if let stated = terms.nonce {
            nonce = stated
        } else {
            nonce = try directory.nonce(of: terms.signer, now: now)
        }
        var transaction = Transaction(
            chain: try directory.chain(), signer: terms.signer, nonce: nonce,
            expiry: Timestamp(nanoseconds: now + terms.life * TransactionSender.nanoseconds),
            commands: commands, signature: .ed25519(Signature(r: Bytes32(), s: Bytes32())))
        try key.sign(&transaction)
        let bytes = transaction.canonicalBytes
        guard bytes.count <= Transaction.byteLimit else {
            throw .usage("the transaction is longer than \(Transaction.byteLimit) bytes; split it")
        }
        return bytes
    }

    /// How long a signature holds by the flags.
    ///
    /// - Throws: `CommandFault` where `--expires` is out of range.
    static func life(_ arguments: CommandArguments) throws(CommandFault) -> UInt64 {
        try arguments.number("--expires", in: 1...longestLife) ?? standardLife
    }
}
