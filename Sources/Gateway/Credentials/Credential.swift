/// One API credential: what a client of the API proves itself with, and the agent key that the
/// gateway signs with in its name. The key is an agent's of the account, so the ledger itself
/// refuses whatever its scope does not hold: a stolen credential can lose money by trading, and can
/// never take any out (`docs/credentials.md`).
///
/// It is a class because its secrets cannot be copied; it has no description that would hold them.

package import Canonical
import Custody
package import FixedPoint
package import Ledger

/// One credential, with its secrets.
package final class Credential: CustomStringConvertible, CustomReflectable {
    /// `client_id`: no secret, but of use to nobody else.
    package let identifier: String
    package let account: AccountIdentifier
    /// The place of its agent key among those of the account; nothing to a reading one.
    package let slot: UInt8
    package let scope: CredentialScope
    /// When the agent key stops to hold.
    package let expiry: Timestamp
    /// `client_secret`, as the bytes of its text.
    private let secret: Secret
    private let key: SigningKey

    init(
        identifier: String, account: AccountIdentifier, slot: UInt8, scope: CredentialScope,
        expiry: Timestamp, secret: consuming Secret, key: consuming SigningKey
    ) {
        self.identifier = identifier
        self.account = account
        self.slot = slot
        self.scope = scope
        self.expiry = expiry
        self.secret = secret
        self.key = key
    }

    /// The agent key that others verify with.
    package var agentKey: PublicKey { key.publicKey }

    /// What it may do.
    package var rights: CredentialRights { scope.rights }

    /// Who it signs as.
    package var signer: Signer { .agent(account, slot: slot) }

    /// Whether a text is the secret. Takes the same time for every text of one length.
    func hasSecret(_ text: String) -> Bool {
        var bytes = Array(text.utf8)
        return secret.isEqual(to: Secret(taking: &bytes))
    }

    /// Whether it signed a text by HMAC-SHA256. Takes the same time for every signature.
    func hasSigned(_ message: [UInt8], signature: [UInt8]) -> Bool {
        MessageAuthentication.isValid(tag: signature, of: message, key: secret)
    }

    /// Signs commands in the name of the account.
    ///
    /// - Parameter message: `Transaction.signedBytes`.
    func sign(_ message: [UInt8]) -> SignerSignature { .ed25519(key.sign(message)) }

    package var description: String { "credential \(identifier) of account \(account.number)" }

    package var customMirror: Mirror { Mirror(self, children: ["identifier": identifier]) }
}

extension Credential {
    /// As it stands in the sealed file, secrets included.
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(bytes: Array(identifier.utf8))
        encoder.append(account)
        encoder.append(slot)
        encoder.append(scope.rawValue)
        encoder.append(expiry)
        secret.withBytes { encoder.append(bytes: $0.array) }
        key.seed().withBytes { encoder.append(bytes: $0.array) }
    }

    convenience init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        let name = try decoder.byteString(limit: Credential.textLimit)
        let account: AccountIdentifier = try decoder.value()
        let slot = try decoder.byte()
        let scope = CredentialScope(rawValue: try decoder.byte())
        let expiry = try decoder.timestamp()
        var secret = try decoder.byteString(limit: Credential.textLimit)
        var seed = try decoder.byteString(limit: SigningKey.seedSize)
        guard let scope, let identifier = String(validating: name, as: UTF8.self),
            !secret.isEmpty, seed.count == SigningKey.seedSize
        else { throw DecodingFault(.outOfRange, at: start) }
        self.init(
            identifier: identifier, account: account, slot: slot, scope: scope, expiry: expiry,
            secret: Secret(taking: &secret), key: SigningKey(seed: Secret(taking: &seed)))
    }

    /// Most bytes of a name or a secret.
    private static let textLimit = 128
}

extension Span<UInt8> {
    /// A copy.
    var array: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in indices { bytes.append(self[index]) }
        return bytes
    }
}
