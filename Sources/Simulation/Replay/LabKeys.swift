/// The keys of a replay: custodian, operator, publishers and traders, all derived from the seed. A
/// replay signs for everybody, so it puts these keys in the place of those that a genesis file
/// names.

package import Canonical
import Cryptography
import Custody
package import FixedPoint
package import Ledger
package import Oracle

/// Signs for everyone in a replay.
package final class LabKeys {
    private static let custodianNumber: UInt64 = 1
    private static let operatorNumber: UInt64 = 2
    private static let publisherNumbers: UInt64 = 1_000
    private static let traderNumbers: UInt64 = 1_000_000

    private let seed: UInt64
    /// Whether anything is signed; else signatures are empty.
    private let isSigning: Bool
    private let custodian: SigningKey
    private var publishers: [Box] = []
    private var traders: [Box] = []
    package let custodianKey: PublicKey
    package let operatorKey: PublicKey

    /// An array needs a copyable element; the key itself cannot be copied.
    private final class Box {
        let key: SigningKey
        init(_ key: consuming SigningKey) { self.key = key }
    }

    package init(seed: UInt64, isSigning: Bool = true) {
        self.seed = seed
        self.isSigning = isSigning
        custodian = SigningKey(seed: seed, number: LabKeys.custodianNumber)
        custodianKey = custodian.publicKey
        operatorKey = SigningKey(seed: seed, number: LabKeys.operatorNumber).publicKey
    }

    /// The public key of a publisher; made when first asked for, in order.
    package func publisherKey(_ place: Int) -> PublicKey {
        while publishers.count <= place {
            let number = LabKeys.publisherNumbers + UInt64(publishers.count)
            publishers.append(Box(SigningKey(seed: seed, number: number)))
        }
        return publishers[place].key.publicKey
    }

    /// The public key of a trader; made when first asked for, in order.
    package func traderKey(_ place: Int) -> PublicKey {
        while traders.count <= place {
            let number = LabKeys.traderNumbers + UInt64(traders.count)
            traders.append(Box(SigningKey(seed: seed, number: number)))
        }
        return traders[place].key.publicKey
    }

    /// A publisher's signed bundle.
    package func sign(_ bundle: ObservationBundle, chain: Digest) -> ObservationBundle {
        guard isSigning else { return bundle }
        var signed = bundle
        _ = publisherKey(Int(bundle.publisher.number))
        signed.signature = publishers[Int(bundle.publisher.number)].key.sign(
            HashLabel.observation.header + bundle.signedBytes(chain: chain))
        return signed
    }

    /// The encoded transaction of a trader.
    package func transaction(
        chain: Digest, trader: Int, account: AccountIdentifier, nonce: UInt64, expiry: Timestamp,
        commands: [Command]
    ) -> [UInt8] {
        var transaction = Transaction(
            chain: chain, signer: .account(account), nonce: nonce, expiry: expiry,
            commands: commands, signature: .ed25519(LabKeys.unsigned))
        guard isSigning else { return transaction.canonicalBytes }
        _ = traderKey(trader)
        transaction.signature = .ed25519(traders[trader].key.sign(transaction.signedBytes))
        return transaction.canonicalBytes
    }

    /// The encoded transaction of the custodian.
    package func custodianTransaction(
        chain: Digest, nonce: UInt64, expiry: Timestamp, commands: [Command]
    ) -> [UInt8] {
        var transaction = Transaction(
            chain: chain, signer: .custodian, nonce: nonce, expiry: expiry, commands: commands,
            signature: .ed25519(LabKeys.unsigned))
        guard isSigning else { return transaction.canonicalBytes }
        transaction.signature = .ed25519(custodian.sign(transaction.signedBytes))
        return transaction.canonicalBytes
    }

    /// A signature that is put in before the bytes to be signed are made; they do not contain it.
    package static let unsigned = Signature(r: Bytes32(), s: Bytes32())
}
