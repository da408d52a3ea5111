/// The header of a block: what a chain is made of. It names the block before it by hash, the block
/// itself by digest and the state behind it by root, so that whoever holds the last header can
/// check every block, balance and receipt before it.

package import Canonical
import Cryptography
package import FixedPoint

/// The header of a block. Its encoding has 161 bytes.
package struct BlockHeader: Equatable, Sendable {
    /// The version of this encoding; others are refused.
    package static let version: UInt8 = 1

    /// The chain's identifier.
    package var chain: Digest
    /// From 1.
    package var height: UInt64
    /// Which leader made it; a node that takes over raises it (README, invariant 8). It never
    /// falls along a chain.
    package var term: UInt64
    /// What the block states; later than the one before.
    package var time: Timestamp
    /// The hash of the header before; the chain's identifier for height 1.
    package var previous: Digest
    /// SHA-256 of the encoded block.
    package var payload: Digest
    /// The root of the state after the block.
    package var root: Digest
    /// The number of the block's first event.
    package var firstEvent: UInt64

    /// The header of a block that has been applied on top of `previous`.
    ///
    /// - Parameters:
    ///   - previous: the last header; nil before the first block.
    ///   - term: the term of the node that makes the block.
    package init(
        chain: Digest, following previous: BlockHeader?, term: UInt64, block: [UInt8],
        applied: AppliedBlock
    ) {
        self.chain = chain
        height = (previous?.height ?? 0) + 1
        self.term = term
        time = applied.time
        self.previous = previous?.hash ?? chain
        payload = SHA256.digest(block)
        root = applied.root
        firstEvent = applied.firstEvent
    }

    /// The hash of the header, under its own label. O(1).
    package var hash: Digest { SHA256.digest(label: .header, canonicalBytes) }

    /// Why this header does not follow `last`; nil where it does.
    ///
    /// - Parameter last: the header before; nil where this one must be the first of `chain`.
    package func fault(following last: BlockHeader?, on chain: Digest) -> ChainFault? {
        guard self.chain == chain else { return .chain }
        guard height == (last?.height ?? 0) + 1 else { return .height }
        guard previous == last?.hash ?? chain else { return .previous }
        guard term >= last?.term ?? 0 else { return .term }
        guard time > last?.time ?? .epoch else { return .time }
        return nil
    }
}

/// What of a header does not fit the chain, in order of precedence.
package enum ChainFault: UInt8, Error, Sendable {
    /// It belongs to another chain.
    case chain = 1
    /// It is not the next height.
    case height = 2
    /// It names another header as the one before.
    case previous = 3
    /// Its term is lower than the one before.
    case term = 4
    /// Its time is not later than the one before.
    case time = 5
    /// The block has another digest than the header says.
    case payload = 6
}

extension BlockHeader: CanonicalValue {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(BlockHeader.version)
        encoder.append(chain)
        encoder.append(height)
        encoder.append(term)
        encoder.append(time)
        encoder.append(previous)
        encoder.append(payload)
        encoder.append(root)
        encoder.append(firstEvent)
    }

    package init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard try decoder.byte() == BlockHeader.version else {
            throw DecodingFault(.unknownTag, at: start)
        }
        chain = try decoder.value()
        height = try decoder.uint64()
        guard height > 0 else { throw DecodingFault(.outOfRange, at: start) }
        term = try decoder.uint64()
        time = try decoder.timestamp()
        previous = try decoder.value()
        payload = try decoder.value()
        root = try decoder.value()
        firstEvent = try decoder.uint64()
    }
}

/// A block with all that storage keeps of it, as it goes to followers and into archives.
package struct BlockRecord: Equatable, Sendable {
    /// Most bytes of a block or an outcome.
    package static let sizeLimit = 64 << 20

    package var header: BlockHeader
    /// The encoded block.
    package var block: [UInt8]
    /// What it did, encoded.
    package var outcome: [UInt8]

    package init(header: BlockHeader, block: [UInt8], outcome: [UInt8]) {
        self.header = header
        self.block = block
        self.outcome = outcome
    }

    /// Why the record does not follow `last` on `chain`; nil where it does. O(block).
    package func fault(following last: BlockHeader?, on chain: Digest) -> ChainFault? {
        if let fault = header.fault(following: last, on: chain) { return fault }
        return SHA256.digest(block) == header.payload ? nil : .payload
    }
}

extension BlockRecord: CanonicalValue {
    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(header)
        encoder.append(bytes: block)
        encoder.append(bytes: outcome)
    }

    package init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        header = try decoder.value()
        block = try decoder.byteString(limit: BlockRecord.sizeLimit)
        outcome = try decoder.byteString(limit: BlockRecord.sizeLimit)
    }
}
