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
    /// The genesis of a chain.
    case genesis = 3
    /// The header of a block.
    case header = 4

    /// The label's bytes: one byte of length, then "rampart/<name>/1" in ASCII.
    ///
    /// No header is the beginning of another, since each starts with its own length. The final "1"
    /// is the version of what is hashed under it.
    public var header: [UInt8] {
        let name: [UInt8] =
            switch self {
            case .transaction: Array("rampart/transaction/1".utf8)
            case .observation: Array("rampart/observation/1".utf8)
            case .genesis: Array("rampart/genesis/1".utf8)
            case .header: Array("rampart/header/1".utf8)
            }
        return [UInt8(truncatingIfNeeded: name.count)] + name
    }
}
