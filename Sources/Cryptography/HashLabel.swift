/// The one list of hash labels. Whatever is signed or hashed outside the Merkle trees is hashed
/// under a label, so that bytes of one kind can never stand for bytes of another. The idea of typed
/// domain separation is that of RFC 9380, section 3.1; the header is ours.

/// A kind of message that is hashed. Raw values are never reused.
@frozen
public enum HashLabel: UInt8, CaseIterable, Sendable {
    /// A signed transaction.
    case transaction = 1
    /// A publisher's price observations for one block.
    case observation = 2
    /// A block as a whole.
    case block = 3
    /// One emitted event.
    case event = 4
    /// One receipt.
    case receipt = 5
    /// The genesis file.
    case genesis = 6
    /// The list of commands of a block.
    case commands = 7
    /// A governance proposal.
    case proposal = 8
    /// A withdrawal to be released.
    case withdrawal = 9
    /// A margin or solvency certificate.
    case certificate = 10
    /// A snapshot's list of pieces.
    case snapshot = 11
    /// A proof that a custodian holds a key.
    case custody = 12

    /// The label's bytes: one byte of length, then "rampart/<name>/1" in ASCII.
    ///
    /// No header is the beginning of another, since each starts with its own length. The final "1"
    /// is the version of what is hashed under it.
    public var header: [UInt8] {
        let name: [UInt8] =
            switch self {
            case .transaction: Array("rampart/transaction/1".utf8)
            case .observation: Array("rampart/observation/1".utf8)
            case .block: Array("rampart/block/1".utf8)
            case .event: Array("rampart/event/1".utf8)
            case .receipt: Array("rampart/receipt/1".utf8)
            case .genesis: Array("rampart/genesis/1".utf8)
            case .commands: Array("rampart/commands/1".utf8)
            case .proposal: Array("rampart/proposal/1".utf8)
            case .withdrawal: Array("rampart/withdrawal/1".utf8)
            case .certificate: Array("rampart/certificate/1".utf8)
            case .snapshot: Array("rampart/snapshot/1".utf8)
            case .custody: Array("rampart/custody/1".utf8)
            }
        return [UInt8(truncatingIfNeeded: name.count)] + name
    }
}
