/// The venue that a node under test runs: real keys for everybody, since a node checks what is
/// signed, and the same in both processes, so that nothing but a port and a password passes between
/// them.

import Canonical
import Catalogue
import Cryptography
import Custody
import FixedPoint
import Foundation
import Ledger
import Oracle
import Simulation

struct NodeVenue {
    /// Perpetuals, all of one underlying.
    static let instruments = 16
    private static let seed: UInt64 = 71
    private static let publishers = 3
    /// Numbers of the venue's own keys, and from there those of publishers; accounts have theirs.
    private static let venueKey: UInt64 = 1 << 40

    let genesis: Genesis
    let chain: Digest
    private var nonces: [UInt64]
    private var custodianNonce: UInt64 = 0

    init(accounts: Int) {
        genesis = BenchVenue.genesis(
            underlyings: 1, instruments: NodeVenue.instruments,
            keys: VenueKeys(
                venue: NodeVenue.key(NodeVenue.venueKey).publicKey,
                publishers: (1...NodeVenue.publishers).map {
                    NodeVenue.key(NodeVenue.venueKey + UInt64($0)).publicKey
                }))
        chain = genesis.chain
        nonces = [UInt64](repeating: 0, count: accounts)
    }

    private static func key(_ number: UInt64) -> SigningKey {
        SigningKey(seed: seed, number: number)
    }

    /// A signed transaction of an account; uses up a nonce.
    mutating func transaction(_ account: Int, _ commands: [Command]) -> [UInt8] {
        nonces[account] += 1
        return signed(
            .account(AccountIdentifier(UInt32(account))), nonces[account], commands,
            by: NodeVenue.key(UInt64(account)))
    }

    /// Nonces that others have used on behalf of each account.
    mutating func skipNonces(_ count: UInt64) {
        for account in nonces.indices { nonces[account] += count }
    }

    private mutating func custodian(_ commands: [Command]) -> [UInt8] {
        custodianNonce += 1
        return signed(
            .custodian, custodianNonce, commands, by: NodeVenue.key(NodeVenue.venueKey))
    }

    private func signed(
        _ signer: Signer, _ nonce: UInt64, _ commands: [Command], by key: borrowing SigningKey
    ) -> [UInt8] {
        var transaction = Transaction(
            chain: chain, signer: signer, nonce: nonce, expiry: Timestamp(nanoseconds: .max),
            commands: commands, signature: .ed25519(Signature(r: Bytes32(), s: Bytes32())))
        transaction.signature = .ed25519(key.sign(transaction.signedBytes))
        return transaction.canonicalBytes
    }

    /// Opens accounts, a key of its own for each of the first `keyed`, and pays `money` in.
    mutating func openings(keyed: Int, money: Amount) -> [[[UInt8]]] {
        let keys = (0..<nonces.count).map { account in
            account < keyed
                ? NodeVenue.key(UInt64(account)).publicKey : PublicKey(NodeVenue.filler(account))
        }
        return [true, false].map { isOpening in
            stride(from: 0, to: nonces.count, by: Transaction.commandLimit).map { first in
                let batch = first..<min(first + Transaction.commandLimit, nonces.count)
                return custodian(
                    batch.map { account in
                        isOpening
                            ? .openAccount(
                                owner: .ed25519(keys[account]),
                                compartment: CompartmentIdentifier(0))
                            : .deposit(
                                money, to: AccountIdentifier(UInt32(account)),
                                reference: NodeVenue.filler(account))
                    })
            }
        }
    }

    private static func filler(_ account: Int) -> Bytes32 {
        var bytes = Bytes32()
        bytes.word0 = UInt64(account) + 1
        return bytes
    }

    /// What the publishers say at a time.
    func prices(at time: Timestamp) -> [ObservationBundle] {
        (0..<NodeVenue.publishers).map { publisher in
            var bundle = ObservationBundle(
                publisher: PublisherIdentifier(UInt16(publisher)), time: time,
                observations: [
                    Observation(
                        underlying: UnderlyingIdentifier(0),
                        price: IndexPrice(micros: BenchVenue.price * 1_000_000))
                ], signature: Signature(r: Bytes32(), s: Bytes32()))
            let message = SignedMessage(label: .observation, bundle.signedBytes(chain: chain))
            bundle.signature = NodeVenue.key(NodeVenue.venueKey + UInt64(publisher) + 1)
                .sign(message.bytes)
            return bundle
        }
    }
}
