/// The ledger as replication sees it: bytes in, bytes out.

import Accounts
package import Canonical
import Cryptography
package import Custody
package import FixedPoint
package import History
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
/// where funding stands that has moved, which no event says and a history is not made without.
package struct EncodedOutcome: Equatable, Sendable {
    package let receipts: [Receipt]
    package let firstEvent: UInt64
    package let events: [Event]
    /// Nil in a block that an earlier version has stored.
    package let funding: [FundingIndex]?

    package init(_ outcome: BlockOutcome, funding: [FundingIndex]) {
        receipts = outcome.receipts
        firstEvent = outcome.firstEvent
        events = outcome.events
        self.funding = funding
    }
}

/// Where the funding of every instrument stands, to tell which have moved.
struct FundingState {
    private let indexes: [Int64]

    init(_ ledger: Ledger) { indexes = ledger.accounts.totals.map { $0.fundingIndex } }

    /// The instruments whose funding is another in the ledger now, ascending.
    func moved(in ledger: Ledger) -> [FundingIndex] {
        var moved: [FundingIndex] = []
        for (place, total) in ledger.accounts.totals.enumerated() {
            let before = place < indexes.count ? indexes[place] : 0
            guard total.fundingIndex != before else { continue }
            moved.append(FundingIndex(InstrumentIdentifier(UInt16(place)), total.fundingIndex))
        }
        return moved
    }
}

extension EncodedOutcome: CanonicalValue {
    /// Most receipts or events of one block.
    private static let listLimit = 1 << 26

    package func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(receipts)
        encoder.append(firstEvent)
        encoder.append(events)
        guard let funding else { return }
        encoder.append(UInt32(funding.count))
        for entry in funding {
            encoder.append(entry.instrument)
            encoder.append(entry.index)
        }
    }

    package init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        receipts = try decoder.list(limit: EncodedOutcome.listLimit)
        firstEvent = try decoder.uint64()
        events = try decoder.list(limit: EncodedOutcome.listLimit)
        guard decoder.remaining > 0 else {
            funding = nil
            return
        }
        var funding: [FundingIndex] = []
        for _ in 0..<(try decoder.uint32()) {
            funding.append(FundingIndex(try decoder.value(), try decoder.int64()))
        }
        self.funding = funding
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
        let before = FundingState(ledger)
        do throws(BlockFault) {
            let outcome = try ledger.apply(block, verifier: verifier)
            return AppliedBlock(outcome, time: block.time, funding: before.moved(in: ledger))
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
    init(_ outcome: BlockOutcome, time: Timestamp, funding: [FundingIndex]) {
        self.init(
            root: outcome.root, time: time, firstEvent: outcome.firstEvent,
            outcome: EncodedOutcome(outcome, funding: funding).canonicalBytes)
    }
}
