/// What a leader and its followers say to each other. Every message carries the sender's term, so
/// that whoever has been replaced learns it from the first answer. The link may lose, repeat and
/// reorder messages; it must not change them, and who is at its other end is settled above.

package import Canonical

/// Why one side does not go on with the other.
package enum ReplicationRefusal: Equatable, Sendable {
    /// The other side speaks another version.
    case unknownVersion(UInt16)
    /// The other side has another chain.
    case wrongChain(Digest)
    /// Both have a block at this height, and not the same one; or the leader has none where the
    /// follower has.
    case fork(height: UInt64)
    /// The leader keeps blocks from this height only: import a snapshot first.
    case pruned(firstBlock: UInt64)
    /// The other side's term is over; this one is promised.
    case staleTerm(promised: UInt64)
}

/// A message.
package enum ReplicationMessage: Equatable, Sendable {
    /// The version of this protocol.
    package static let version: UInt16 = 1

    /// Follower: where it stands. Starts a stream, or starts it again.
    case hello(version: UInt16, chain: Digest, term: UInt64, tip: ChainTip)
    /// Leader: the next block.
    case record(term: UInt64, record: BlockRecord)
    /// Follower: what it has on disk. `isBehind` says that something before what came is missing.
    case acknowledgement(term: UInt64, tip: ChainTip, isBehind: Bool)
    /// Leader: nothing new; the follower answers with where it stands.
    case heartbeat(term: UInt64, tip: ChainTip)
    /// Either: it does not go on.
    case refusal(term: UInt64, reason: ReplicationRefusal)

    /// The sender's term.
    package var term: UInt64 {
        switch self {
        case .hello(_, _, let term, _), .record(let term, _), .acknowledgement(let term, _, _),
            .heartbeat(let term, _), .refusal(let term, _):
            term
        }
    }
}

extension ChainTip: CanonicalValue {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(height)
        encoder.append(hash)
    }

    package init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        height = try decoder.uint64()
        hash = try decoder.value()
    }
}

extension ReplicationRefusal: CanonicalValue {
    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .unknownVersion(let version):
            encoder.append(UInt8(0))
            encoder.append(version)
        case .wrongChain(let chain):
            encoder.append(UInt8(1))
            encoder.append(chain)
        case .fork(let height):
            encoder.append(UInt8(2))
            encoder.append(height)
        case .pruned(let firstBlock):
            encoder.append(UInt8(3))
            encoder.append(firstBlock)
        case .staleTerm(let promised):
            encoder.append(UInt8(4))
            encoder.append(promised)
        }
    }

    package init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .unknownVersion(try decoder.uint16())
        case 1: self = .wrongChain(try decoder.value())
        case 2: self = .fork(height: try decoder.uint64())
        case 3: self = .pruned(firstBlock: try decoder.uint64())
        case 4: self = .staleTerm(promised: try decoder.uint64())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}

extension ReplicationMessage: CanonicalValue {
    package func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .hello(let version, let chain, let term, let tip):
            encoder.append(UInt8(0))
            encoder.append(version)
            encoder.append(chain)
            encoder.append(term)
            encoder.append(tip)
        case .record(let term, let record):
            encoder.append(UInt8(1))
            encoder.append(term)
            encoder.append(record)
        case .acknowledgement(let term, let tip, let isBehind):
            encoder.append(UInt8(2))
            encoder.append(term)
            encoder.append(tip)
            encoder.append(isBehind)
        case .heartbeat(let term, let tip):
            encoder.append(UInt8(3))
            encoder.append(term)
            encoder.append(tip)
        case .refusal(let term, let reason):
            encoder.append(UInt8(4))
            encoder.append(term)
            encoder.append(reason)
        }
    }

    package init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0:
            let version = try decoder.uint16()
            let chain: Digest = try decoder.value()
            let term = try decoder.uint64()
            self = .hello(version: version, chain: chain, term: term, tip: try decoder.value())
        case 1: self = .record(term: try decoder.uint64(), record: try decoder.value())
        case 2:
            let term = try decoder.uint64()
            let tip: ChainTip = try decoder.value()
            self = .acknowledgement(term: term, tip: tip, isBehind: try decoder.boolean())
        case 3: self = .heartbeat(term: try decoder.uint64(), tip: try decoder.value())
        case 4: self = .refusal(term: try decoder.uint64(), reason: try decoder.value())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
