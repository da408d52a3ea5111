/// What waits for a block of what others attest: only what is news, and not more than a block
/// holds.

import Canonical
import Cryptography
import FixedPoint
import Gateway
import Ledger
import PullOracle
import TestKit
import Testing

@testable import Node

/// A queue that an expectation may change.
private final class Waiting {
    private var queue = AttestedQueue()

    var isEmpty: Bool { queue.isEmpty }

    func insert(_ pending: PendingAttested) -> Bool { queue.insert(pending) }

    func take() -> [[UInt8]] { queue.take() }
}

struct AttestedQueueTests {
    /// A payload with prices of feeds at seconds; the bytes name it.
    private func pending(
        _ name: UInt8, _ prices: [(underlying: UInt16, second: UInt64)]
    ) throws -> PendingAttested {
        let maker = AttestedBytes { Keccak256.hash($0).bytes }
        let address = EthereumAddress(AttestedBytes.address(1))
        let emitter = WormholeEmitter(chain: 26, address: Bytes32())
        let feeds = prices.map { entry in
            PullFeed(
                feed: Bytes32([UInt8](repeating: UInt8(entry.underlying), count: 32)),
                underlying: UnderlyingIdentifier(entry.underlying), source: SourceIdentifier(0),
                publisher: PublisherIdentifier(0))
        }
        let state = PullState(
            parameters: PullParameters(
                wormhole: WormholeParameters(set: GuardianSet(index: 0, guardians: [address])),
                pyth: PythParameters(emitter: emitter, feeds: feeds)))
        let messages = prices.map { entry in
            AttestedBytes.pythPrice(
                feed: [UInt8](repeating: UInt8(entry.underlying), count: 32), price: 1,
                confidence: 1, exponent: 0, time: Int64(entry.second))
        }
        let update = maker.pyth(messages) { payload in
            maker.wormhole(
                set: 0, guardians: [(0, address.bytes)],
                emitter: (emitter.chain, emitter.address.bytes), payload: payload)
        }
        let outcomes = try state.prices(
            of: try Attestation(update), at: Timestamp(nanoseconds: .max))
        return PendingAttested(
            [name],
            outcomes.compactMap { if case .price(let price) = $0 { price } else { nil } })
    }

    @Test func `what is newer in one feed waits, what is not does not`() throws {
        let queue = Waiting()
        #expect(queue.isEmpty)
        #expect(queue.insert(try pending(1, [(0, 5)])))
        #expect(!queue.insert(try pending(2, [(0, 5)])))
        #expect(!queue.insert(try pending(3, [(0, 4)])))
        #expect(queue.insert(try pending(4, [(0, 6)])))
        #expect(queue.insert(try pending(5, [(0, 5), (1, 1)])))
        #expect(!queue.insert(try pending(6, [(0, 6), (1, 1)])))
        let taken = queue.take()
        #expect(taken == [[1], [4], [5]])
        #expect(queue.isEmpty)
        // What a block has taken, the ledger knows.
        #expect(queue.insert(try pending(7, [(0, 5)])))
    }

    @Test func `a new guardian set waits once`() {
        let queue = Waiting()
        #expect(queue.insert(PendingAttested([1], [])))
        #expect(!queue.insert(PendingAttested([1], [])))
        #expect(queue.insert(PendingAttested([2], [])))
    }

    @Test func `so many wait as a block holds`() {
        let queue = Waiting()
        for number in 0..<Block.attestedLimit {
            #expect(queue.insert(PendingAttested([UInt8(number)], [])))
        }
        #expect(!queue.insert(PendingAttested([255], [])))
        let taken = queue.take()
        #expect(taken.count == Block.attestedLimit)
    }

    @Test func `the pool wakes for what is news, and gives it out in order`() {
        let pool = ObservationPool()
        #expect(pool.isEmpty)
        pool.insert(PendingAttested([2], []))
        pool.insert(PendingAttested([1], []))
        #expect(!pool.isEmpty)
        #expect(pool.takeAttested() == [[2], [1]])
        #expect(pool.isEmpty)
    }
}
