/// All credentials that the gateway answers for. They are made here, locally, and kept in one file
/// sealed under a key that follows from a passphrase; nothing of them is ever logged. A credential
/// does nothing until the owner of its account has signed the `setAgent` command that it asks for,
/// and nothing any more once that is revoked.

package import Canonical
package import Custody
package import FixedPoint
package import Ledger

/// What whoever makes a credential gets, once: the secret is not told again.
package struct CredentialOffer: Sendable {
    package let identifier: String
    package let secret: String
    package let agentKey: PublicKey
    /// For the owner to sign with the master key; nil for a credential that only reads.
    package let command: Command?
}

/// Why no credential was made or read.
package enum CredentialFault: Error, Equatable, Sendable {
    /// The account has a credential in each slot that agents have.
    case noSlotLeft(AccountIdentifier)
    /// As many credentials as the file may hold.
    case vaultFull
    /// No credential has this name.
    case unknownCredential(String)
    /// What was unsealed is no list of credentials of this version.
    case unreadable
}

/// The credentials, by their names.
package struct CredentialVault: ~Copyable {
    /// Most credentials of a file.
    package static let limit = 5_000
    /// The version of the encoding.
    private static let version: UInt8 = 1

    private var credentials: [String: Credential] = [:]

    package init() {}

    /// How many there are.
    package var count: Int { credentials.count }

    /// All of them, by account and name.
    package var all: [Credential] {
        credentials.values.sorted {
            $0.account != $1.account
                ? $0.account < $1.account : $0.identifier < $1.identifier
        }
    }

    /// The credential of a `client_id`.
    package subscript(identifier: String) -> Credential? { credentials[identifier] }

    /// Makes a credential.
    ///
    /// - Parameters:
    ///   - taken: the slots in which the account has agents already.
    ///   - expiry: of the agent key; the ledger says how far ahead it may lie.
    /// - Throws: `CredentialFault.noSlotLeft`, `.vaultFull`.
    package mutating func create(
        account: AccountIdentifier, scope: CredentialScope, expiry: Timestamp,
        taken: [UInt8] = []
    ) throws(CredentialFault) -> CredentialOffer {
        guard credentials.count < CredentialVault.limit else { throw .vaultFull }
        let mine = credentials.values.filter { $0.account == account && $0.scope != .read }
        let used = taken + mine.map { $0.slot }
        let free = AccountKeys.slots.first { !used.contains($0) }
        guard let slot = scope == .read ? 0 : free else { throw .noSlotLeft(account) }
        var tokens = TokenSource()
        var identifier = tokens.identifier()
        while credentials[identifier] != nil { identifier = tokens.identifier() }
        let secret = tokens.token()
        let credential = Credential(
            identifier: identifier, account: account, slot: slot, scope: scope, expiry: expiry,
            secret: Secret(copying: Array(secret.utf8)),
            key: .generate())
        credentials[identifier] = credential
        return CredentialOffer(
            identifier: identifier, secret: secret, agentKey: credential.agentKey,
            command: credential.grantCommand)
    }

    /// Takes over a credential of another vault, in place of one of its name.
    package mutating func insert(_ credential: Credential) {
        credentials[credential.identifier] = credential
    }

    /// Forgets a credential; its tokens end with it.
    ///
    /// - Returns: the command that revokes its agent key, for the owner to sign.
    /// - Throws: `CredentialFault.unknownCredential`.
    @discardableResult
    package mutating func remove(_ identifier: String) throws(CredentialFault) -> Command? {
        guard let credential = credentials.removeValue(forKey: identifier) else {
            throw .unknownCredential(identifier)
        }
        return credential.scope == .read ? nil : .setAgent(credential.slot, nil)
    }

    // Its file.

    /// Everything, to be sealed.
    package func encoded() -> Secret {
        var encoder = CanonicalEncoder()
        encoder.append(CredentialVault.version)
        let all = all
        encoder.append(UInt32(all.count))
        for credential in all { credential.encode(into: &encoder) }
        var bytes = encoder.bytes
        return Secret(taking: &bytes)
    }

    /// What was sealed.
    ///
    /// - Throws: `CredentialFault.unreadable`.
    package init(encoded secret: borrowing Secret) throws(CredentialFault) {
        let bytes = secret.withBytes { $0.array }
        do throws(DecodingFault) {
            var decoder = CanonicalDecoder(bytes)
            let start = decoder.offset
            guard try decoder.byte() == CredentialVault.version else {
                throw DecodingFault(.unknownTag, at: start)
            }
            for _ in 0..<(try decoder.listCount(limit: CredentialVault.limit)) {
                let credential = try Credential(from: &decoder)
                guard credentials.updateValue(credential, forKey: credential.identifier) == nil
                else { throw DecodingFault(.outOfOrder, at: start) }
            }
            try decoder.finish()
        } catch {
            throw .unreadable
        }
    }
}

extension Credential {
    /// What its owner must sign so that its key holds.
    package var grantCommand: Command? {
        let ledgerScope: AgentScope
        switch scope {
        case .read: return nil
        case .cancel: ledgerScope = .cancel
        case .trade: ledgerScope = .trade
        }
        return .setAgent(
            slot, AgentGrant(key: .ed25519(agentKey), scope: ledgerScope, expiry: expiry))
    }
}
