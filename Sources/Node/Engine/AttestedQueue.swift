/// The attested payloads that wait for a block, in the order in which they came. Anybody may hand
/// the same prices in over and over in other wrappings; so one is only taken in if it is newer in a
/// feed than all that wait, and so many wait at most as a block holds.

import Canonical
import FixedPoint
import Ledger
package import PullOracle

/// A verified payload, and the prices that it brings.
package struct PendingAttested: Sendable {
    package let bytes: [UInt8]
    /// None of a guardian set.
    package let prices: [AttestedPrice]

    package init(_ bytes: [UInt8], _ prices: [AttestedPrice]) {
        self.bytes = bytes
        self.prices = prices
    }
}

/// Payloads in order.
struct AttestedQueue {
    /// Whose word on what.
    private struct Feed: Hashable {
        let publisher: UInt16
        let underlying: UInt16

        init(_ feed: PullFeed) {
            publisher = feed.publisher.number
            underlying = feed.underlying.number
        }
    }

    private var waiting: [[UInt8]] = []
    /// Of what waits.
    private var newest: [Feed: Timestamp] = [:]

    var isEmpty: Bool { waiting.isEmpty }

    /// Takes a payload in, if it says something new and there is room.
    ///
    /// - Returns: whether it did.
    mutating func insert(_ pending: PendingAttested) -> Bool {
        guard waiting.count < Block.attestedLimit else { return false }
        let isNews =
            pending.prices.isEmpty
            ? !waiting.contains(pending.bytes)
            : pending.prices.contains { price in
                newest[Feed(price.feed)].map { $0 < price.time } ?? true
            }
        guard isNews else { return false }
        for price in pending.prices {
            let feed = Feed(price.feed)
            newest[feed] = max(newest[feed] ?? .epoch, price.time)
        }
        waiting.append(pending.bytes)
        return true
    }

    /// Takes all payloads out.
    mutating func take() -> [[UInt8]] {
        defer { self = AttestedQueue() }
        return waiting
    }
}
