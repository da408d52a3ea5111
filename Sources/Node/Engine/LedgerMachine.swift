/// The ledger as replication sees it: bytes in, bytes out.

package import Canonical
import Cryptography
package import Custody
package import FixedPoint
package import Ledger

/// Why replayed bytes are no block, or do not follow.
package enum BlockRefusal: Error, Equatable, CustomStringConvertible, Sendable {
    case malformed(DecodingFault)
    case notNext(BlockFault)

    package var description: String {
        switch self {
        case .malformed(let fault):
            "not the encoding of a block: \(fault.reason) at byte \(fault.offset)"
        case .notNext(let fault): "\(fault)"
        }
    }
}

/// What came of a block, encoded for storage: receipts, the number of the first event, events, and
/// where funding stands.
package struct EncodedOutcome: Equatable, Sendable {
    package let receipts: [Receipt]
    package let firstEvent: UInt64
    package let events: [Event]
    package let funding: [FundingMove]

    package init(_ outcome: BlockOutcome) {
        receipts = outcome.receipts
        firstEvent = outcome.firstEvent
        events = outcome.events
        funding = outcome.funding
    }
}

extension EncodedOutcome: CanonicalValue {
    /// Most receipts or events of one block.
    private static let listLimit = 1 << 26

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(receipts)
        encoder.append(firstEvent)
        encoder.append(events)
        encoder.append(funding)
    }

    package init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        receipts = try decoder.list(limit: EncodedOutcome.listLimit)
        firstEvent = try decoder.uint64()
        events = try decoder.list(limit: EncodedOutcome.listLimit)
        funding = try decoder.list(limit: EncodedOutcome.listLimit)
    }
}

/// A ledger that replication drives: at start, when following, when verifying a chain.
package struct LedgerMachine: StateMachine {
    private let genesis: Genesis
    package private(set) var ledger: Ledger
    private let verifier: NativeVerifier

    /// The machine in its state before the first block.
    package init(genesis: Genesis, verifier: NativeVerifier) {
        self.genesis = genesis
        self.verifier = verifier
        ledger = Ledger(genesis: genesis)
    }

    package var chain: Digest { ledger.chain }
    package var height: UInt64 { ledger.height }
    package var time: Timestamp { ledger.time }
    package var root: Digest { ledger.root }

    package mutating func apply(encoded: [UInt8]) throws(BlockRefusal) -> AppliedBlock {
        let block: Block
        do throws(DecodingFault) {
            block = try Block(canonicalBytes: encoded)
        } catch {
            throw .malformed(error)
        }
        do throws(BlockFault) {
            return AppliedBlock(try ledger.apply(block, verifier: verifier), time: block.time)
        } catch {
            throw .notNext(error)
        }
    }

    package func leaves() -> LeafList {
        var list = LeafList()
        for leaf in ledger.leaves() {
            list.append(key: leaf.key.canonicalBytes, value: leaf.value)
        }
        return list
    }

    package func changedLeaves() -> LeafList { ledger.changedLeaves }

    package mutating func restore(_ leaves: LeafList, root: Digest) throws(RestoreFault) {
        ledger = try Ledger(
            genesis: genesis, keys: leaves.keys, values: leaves.values, root: root)
    }
}

extension Ledger {
    /// The leaves that the last block set or deleted.
    var changedLeaves: LeafList {
        var list = LeafList()
        forEachChangedLeaf { key, value in list.append(key: key.span, value: value.span) }
        return list
    }
}

extension AppliedBlock {
    init(_ outcome: BlockOutcome, time: Timestamp) {
        self.init(
            root: outcome.root, time: time, firstEvent: outcome.firstEvent,
            outcome: EncodedOutcome(outcome).canonicalBytes)
    }
}
