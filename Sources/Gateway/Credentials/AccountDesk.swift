/// The private side of the gateway: credentials, tokens, what is remembered of accounts, and the
/// nonces of the keys that it signs with. One object beside the market's memory, so that the core
/// knows nothing of it but when to call it.

import Canonical
import Custody
package import FixedPoint
package import Ledger

/// What the node decides for it.
package struct DeskSettings: Equatable, Sendable {
    /// How long a transaction may wait for its block where the client does not say.
    package var transactionLife = Duration.seconds(60)
    /// How long an access token lives where the client does not say.
    package var accessLife = Duration(nanoseconds: 7 * Duration.day.nanoseconds)
    /// How long a refresh token lives.
    package var refreshLife = Duration(nanoseconds: 30 * Duration.day.nanoseconds)
    /// Most tokens in force.
    package var tokens = 100_000
    /// Authentications remembered.
    package var accesses = 10_000
    package var limits = AccountLimits()
    package var gates = AuthenticationGuard.Limits()

    package init() {}
}

/// The private side.
package final class AccountDesk {
    package let settings: DeskSettings
    /// The credentials that are answered for.
    package private(set) var vault = CredentialVault()
    var records: AccountRecords
    var tokens: AccessTokens
    var gates: AuthenticationGuard
    var source = TokenSource()
    /// By session: what it authenticated with.
    var grants: [SessionIdentifier: AccessGrant] = [:]
    var lossRules = LossRules()
    var channels = UserChannelHub()
    var accesses: Ring<AccessRecord>
    var accessCount: UInt64 = 0
    /// Given out for pairs of orders.
    private var nameCount: UInt64 = 0
    private let chain: Digest
    /// By credential: the last nonce that was given out.
    private var nonces: [String: UInt64] = [:]

    init(_ settings: DeskSettings, chain: Digest) {
        self.settings = settings
        self.chain = chain
        records = AccountRecords(limits: settings.limits)
        tokens = AccessTokens(limit: settings.tokens)
        gates = AuthenticationGuard(limits: settings.gates)
        accesses = Ring(limit: settings.accesses)
    }

    /// Takes over the credentials of a vault; tokens of those that are gone end.
    ///
    /// - Parameter ledger: nil before the blocks of the past are told.
    package func install(_ vault: consuming CredentialVault, ledger: Ledger?) {
        let old = self.vault.all.map(\.identifier)
        self.vault = vault
        for identifier in old where self.vault[identifier] == nil {
            tokens.removeAll(client: identifier)
        }
        for credential in self.vault.all {
            if let ledger {
                records.watch(credential.account, ledger: ledger)
            } else {
                records.prepare(credential.account)
            }
        }
    }

    // Signing.

    /// Learns which nonces of a credential's key the chain has seen.
    func learn(_ credential: Credential, ledger: Ledger) {
        guard let keys = ledger.keys(of: credential.account) else { return }
        let seen = keys.nonces(of: credential.slot).window.highest
        nonces[credential.identifier] = max(nonces[credential.identifier, default: 0], seen)
    }

    /// A signed transaction with the next nonce of a credential's key.
    func sign(
        _ commands: [Command], by credential: Credential, expiry: Timestamp
    ) -> [UInt8] {
        let nonce = nonces[credential.identifier, default: 0] + 1
        nonces[credential.identifier] = nonce
        var transaction = Transaction(
            chain: chain, signer: credential.signer, nonce: nonce, expiry: expiry,
            commands: commands, signature: .ed25519(Signature(r: Bytes32(), s: Bytes32())))
        transaction.signature = credential.sign(transaction.signedBytes)
        return transaction.canonicalBytes
    }

    /// A name for an order that its partner is found by: one that no open order has, since clients
    /// of the API cannot name orders, and time only goes on.
    func takeName(_ call: Call) -> UInt64 {
        nameCount = max(nameCount + 1, call.now.nanoseconds)
        return nameCount
    }
}
