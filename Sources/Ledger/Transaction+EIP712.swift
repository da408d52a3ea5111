/// What an Ethereum key signs: the digest of a transaction as typed data (EIP-712), so that a
/// wallet shows its user what it is asked to sign. The types are
///
///     EIP712Domain(string name,string version,bytes32 salt)
///     Transaction(uint32 account,uint8 key,uint64 nonce,uint64 expiry,Command[] commands)
///     Command(string summary,bytes encoding)
///
/// with the name "Rampart", the version "1" and the chain's identifier as the salt. `key` is 0 for
/// the master, else the agent's slot; `encoding` is the canonical encoding of the command, which is
/// what runs; `summary` says the same in words (`Command+Summary`). Venue keys do not sign so.
/// Source: EIP-712, sections "Definition of encodeData", "hashStruct" and "domainSeparator".

public import Canonical
import Cryptography
import FixedPoint

/// The digests of one chain's transactions as typed data.
public struct TransactionTypedData: Sendable {
    /// The domain's name, which a wallet shows.
    public static let domainName = "Rampart"
    /// The version of the types.
    public static let domainVersion = "1"
    /// The encoded type of the domain.
    public static let domainType = "EIP712Domain(string name,string version,bytes32 salt)"
    /// The encoded type of a command.
    public static let commandType = "Command(string summary,bytes encoding)"
    /// The encoded type of a transaction, with the type that it refers to.
    public static let transactionType =
        "Transaction(uint32 account,uint8 key,uint64 nonce,uint64 expiry,Command[] commands)"
        + commandType

    /// The hash of the domain: it stands for this chain and no other.
    public let domainSeparator: Bytes32
    private let commandTypeHash: Bytes32
    private let transactionTypeHash: Bytes32

    /// - Parameter chain: the chain's identifier.
    public init(chain: Digest) {
        func hash(_ text: String) -> Bytes32 { Keccak256.hash(Array(text.utf8)) }
        commandTypeHash = hash(TransactionTypedData.commandType)
        transactionTypeHash = hash(TransactionTypedData.transactionType)
        var domain = TypedDataWords(type: hash(TransactionTypedData.domainType))
        domain.append(hash(TransactionTypedData.domainName))
        domain.append(hash(TransactionTypedData.domainVersion))
        domain.append(chain.storage)
        domainSeparator = domain.hash
    }

    /// The 32 bytes that an Ethereum key signs; nil for the venue's own signers. O(encoding).
    ///
    /// Of the transaction's chain nothing is read: the domain's stands in its place.
    public func digest(of transaction: Transaction) -> Bytes32? {
        guard let signer = transaction.signer.accountSigner else { return nil }
        var commands: [UInt8] = []
        for command in transaction.commands {
            var words = TypedDataWords(type: commandTypeHash)
            words.append(Keccak256.hash(command.summary))
            words.append(Keccak256.hash(command.canonicalBytes))
            words.hash.append(to: &commands)
        }
        var words = TypedDataWords(type: transactionTypeHash)
        words.append(UInt64(signer.account.number))
        words.append(UInt64(signer.place))
        words.append(transaction.nonce)
        words.append(transaction.expiry.nanoseconds)
        words.append(Keccak256.hash(commands))
        return Keccak256.hash(
            TransactionTypedData.prefix + domainSeparator.bytes + words.hash.bytes)
    }

    /// As `digest(of:)`, of an encoded transaction; nil where it is none.
    func digest(ofEncoded bytes: [UInt8]) -> Bytes32? {
        do throws(DecodingFault) {
            return digest(of: try Transaction(canonicalBytes: bytes))
        } catch {
            return nil
        }
    }

    /// The version byte of typed data (EIP-191), behind one that begins no transaction of Ethereum.
    private static let prefix: [UInt8] = [0x19, 0x01]
}

/// A structure on its way to its hash: the hash of its type, then a word for each field.
private struct TypedDataWords {
    private var bytes: [UInt8] = []

    /// A structure of a type, without its fields.
    init(type: Bytes32) { append(type) }

    /// A word as it is: of fixed bytes, or the hash of something longer.
    mutating func append(_ word: Bytes32) { word.append(to: &bytes) }

    /// A number, highest byte first.
    mutating func append(_ number: UInt64) {
        for _ in 0..<3 { (0 as UInt64).appendLittleEndian(to: &bytes) }
        number.byteSwapped.appendLittleEndian(to: &bytes)
    }

    /// The hash of the structure.
    var hash: Bytes32 { Keccak256.hash(bytes) }
}

extension Transaction {
    /// What an Ethereum key signs; nil for the venue's own signers.
    public var typedDataDigest: Bytes32? { TransactionTypedData(chain: chain).digest(of: self) }
}
