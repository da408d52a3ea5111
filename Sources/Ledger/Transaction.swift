/// The envelope: who asks for what, on which chain, until when, under which nonce, and the
/// signature over all of it. Each command of a batch has its own receipt; a batch is not atomic
/// (DESIGN 4).

public import Canonical
import Cryptography
public import FixedPoint

/// Who signs.
public enum Signer: Equatable, Sendable {
    /// The master key of an account.
    case account(AccountIdentifier)
    /// The agent in a slot of an account, `1 ... 32`.
    case agent(AccountIdentifier, slot: UInt8)
    /// The key that credits deposits, named at genesis.
    case custodian
    /// The key that runs the venue's lists, named at genesis.
    case `operator`
    /// The key that may hold markets back, if genesis names one.
    case guardian

    /// The account that is spoken for; nil for the venue's own keys.
    public var account: AccountIdentifier? { accountSigner?.account }

    var accountSigner: AccountSigner? {
        switch self {
        case .account(let account): AccountSigner(account: account)
        case .agent(let account, let slot): AccountSigner(account: account, slot: slot)
        case .custodian, .operator, .guardian: nil
        }
    }
}

/// A signed batch of commands.
public struct Transaction: Equatable, Sendable {
    /// Most commands under one signature.
    public static let commandLimit = 64
    /// Most bytes of an encoded transaction; a longer one is malformed.
    public static let byteLimit = 8_192

    /// The chain's identifier: the hash of its genesis.
    public var chain: Digest
    public var signer: Signer
    /// One that the signer has not used, and not far below the highest it has (`NonceWindow`).
    public var nonce: UInt64
    /// The last block time at which it may run.
    public var expiry: Timestamp
    public var commands: [Command]
    public var signature: SignerSignature

    public init(
        chain: Digest, signer: Signer, nonce: UInt64, expiry: Timestamp, commands: [Command],
        signature: SignerSignature
    ) {
        self.chain = chain
        self.signer = signer
        self.nonce = nonce
        self.expiry = expiry
        self.commands = commands
        self.signature = signature
    }

    /// What an Ed25519 key signs: the label of transactions, then every field but the signature.
    /// An Ethereum key signs `typedDataDigest`.
    public var signedBytes: [UInt8] {
        Transaction.signedMessage(ofEncoded: canonicalBytes, signature).bytes
    }

    /// What an Ed25519 key signs, of an encoded transaction: since the signature is the last field,
    /// and a value has one encoding, all bytes before it as they came.
    ///
    /// - Precondition: `bytes` is the encoding of a transaction that ends with `signature`.
    static func signedMessage(
        ofEncoded bytes: [UInt8], _ signature: SignerSignature
    ) -> SignedMessage {
        SignedMessage(label: .transaction, bytes, unsigned: signature.byteCount)
    }
}

/// The fields before the commands.
struct TransactionHeader {
    let chain: Digest
    let signer: Signer
    let nonce: UInt64
    let expiry: Timestamp

    init(_ transaction: Transaction) {
        chain = transaction.chain
        signer = transaction.signer
        nonce = transaction.nonce
        expiry = transaction.expiry
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        chain = try decoder.value()
        signer = try decoder.value()
        nonce = try decoder.uint64()
        expiry = try decoder.timestamp()
    }
}

extension Signer: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .account(let identifier):
            encoder.append(UInt8(0))
            encoder.append(identifier)
        case .custodian: encoder.append(UInt8(1))
        case .operator: encoder.append(UInt8(2))
        case .agent(let identifier, let slot):
            encoder.append(UInt8(3))
            encoder.append(identifier)
            encoder.append(slot)
        case .guardian: encoder.append(UInt8(4))
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .account(try decoder.value())
        case 1: self = .custodian
        case 2: self = .operator
        case 3:
            let identifier: AccountIdentifier = try decoder.value()
            let slot = try decoder.byte()
            // Slot 0 stands for the master where the two are written as one number.
            guard AccountKeys.slots.contains(slot) else {
                throw DecodingFault(.outOfRange, at: start)
            }
            self = .agent(identifier, slot: slot)
        case 4: self = .guardian
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}

extension Transaction: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(chain)
        encoder.append(signer)
        encoder.append(nonce)
        encoder.append(expiry)
        encoder.append(commands)
        encoder.append(signature)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let header = try TransactionHeader(from: &decoder)
        chain = header.chain
        signer = header.signer
        nonce = header.nonce
        expiry = header.expiry
        commands = try decoder.list(limit: Transaction.commandLimit)
        signature = try decoder.value()
    }
}
