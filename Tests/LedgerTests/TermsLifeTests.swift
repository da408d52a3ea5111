/// A random life of orders with every term: audited after each block, restored from its leaves at
/// any time, and no byte of a leaf can be changed to stop the machine.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Ledger
import Markets
import TestKit
import Testing

@Suite struct TermsLifeTests {
    #if DEBUG
        static let blocks = 15
        static let seeds: ClosedRange<UInt64> = 101...102
    #else
        static let blocks = 50
        static let seeds: ClosedRange<UInt64> = 101...140
    #endif

    @Test(arguments: seeds)
    func `a restored machine goes on like the first`(seed: UInt64) throws {
        let life = try RandomTerms(seed: seed)
        for _ in 0..<Self.blocks { try life.step() }
        let ledger = life.venue.ledger
        let leaves = ledger.leaves().shuffled(using: &life.random)
        let twin = try Ledger(genesis: ledger.genesis, leaves: leaves, root: ledger.root)
        #expect(twin.auditFailure() == nil)
        #expect(twin.leaves() == ledger.leaves())
        for _ in 0..<Self.blocks {
            let outcome = try life.step()
            let block = try #require(life.venue.blocks.last)
            let again = try twin.apply(block, verifier: TestSignatures())
            try #require(again.root == outcome.root, "seed \(seed), block \(block.height)")
            #expect(again.receipts == outcome.receipts && again.events == outcome.events)
        }
        #expect(life.accepted > life.refused / 3, "seed \(seed)")
    }

    /// So that the lives above are lives in full.
    @Test func `everything that can happen to an order happens`() throws {
        var reasons: [CloseReason: Int] = [:]
        var refusals: [Refusal: Int] = [:]
        var fired = 0
        var refreshed = 0
        var auctioned = 0
        for seed in 201...(200 + UInt64(Self.blocks / 5)) {
            let life = try RandomTerms(seed: seed)
            for _ in 0..<Self.blocks * 2 {
                let outcome = try life.step()
                for reason in outcome.reasons { reasons[reason, default: 0] += 1 }
                for case let refusal? in outcome.refusals { refusals[refusal, default: 0] += 1 }
                fired += outcome.triggered.count
                auctioned += outcome.auctionTrades.count
                refreshed += outcome.events.count {
                    if case .orderRefreshed = $0 { true } else { false }
                }
            }
        }
        #if !DEBUG
            for reason in CloseReason.allCases
            where reason != .openInterestLimit && reason != .harmfulFill
                && reason != .instrumentExpired && reason != .conversion
                && reason != .agentLossLimit
            {
                #expect(reasons[reason, default: 0] > 0, "\(reason)")
            }
            for refusal: Refusal in [
                .conflictingTerms, .displayOutOfRange, .triggerAlreadyMet, .unknownPair,
                .inAuction, .protectionTripped, .noProtection, .wouldTake, .notReducing,
                .insufficientMargin, .notFillable, .cancelledBefore, .duplicateClientOrder,
            ] {
                #expect(refusals[refusal, default: 0] > 0, "\(refusal)")
            }
            #expect(fired > 0 && refreshed > 0 && auctioned > 0)
        #endif
    }

    private func root(of leaves: [Leaf]) -> Digest {
        var tree = SparseMerkleTree()
        tree.update(leaves.map { LeafChange(key: $0.key.canonicalBytes, value: $0.value) })
        return tree.root
    }

    /// A snapshot of a stranger, who computes the right root for whatever he has made up: it is
    /// refused, or it makes a machine that goes on.
    @Test func `no made-up order leaf stops the machine`() throws {
        let life = try RandomTerms(seed: 301)
        for _ in 0..<Self.blocks { try life.step() }
        let ledger = life.venue.ledger
        let leaves = ledger.leaves()
        let places = leaves.indices.filter {
            switch leaves[$0].key {
            case .order, .protections, .instrument: true
            default: false
            }
        }
        var taken = 0
        let next = life.venue.block([])
        for _ in 0..<(Self.blocks * 20) {
            var changed = leaves
            let place = try #require(places.randomElement(using: &life.random))
            var bytes = leaves[place].value
            let byte = Int.random(in: bytes.indices, using: &life.random)
            bytes[byte] ^= UInt8(1 << Int.random(in: 0...7, using: &life.random))
            changed[place] = Leaf(key: leaves[place].key, value: bytes)
            guard case .order = leaves[place].key else {
                _ = try? Ledger(genesis: ledger.genesis, leaves: changed, root: root(of: changed))
                continue
            }
            guard
                let made = try? Ledger(
                    genesis: ledger.genesis, leaves: changed, root: root(of: changed))
            else { continue }
            taken += 1
            #expect(made.leaves() == changed || made.auditFailure() == nil)
            _ = try made.apply(next, verifier: TestSignatures())
        }
        #expect(taken > 0)
    }

    @Test func `orders that no ledger would hold are refused`() throws {
        let (venue, accounts) = try Venue.rich(2)
        try venue.apply(
            .by(
                accounts[0], .sell(5, at: 50_500, name: 1),
                .iceberg(.sell, 9, showing: 2, at: 50_600)),
            .by(
                accounts[1], .waiting(.stop, .sell, 5, when: 49_000, at: 49_000, name: 2),
                .order(.buy, 3, at: 49_000) { $0.pair = ClientOrderIdentifier(2) }))
        let leaves = venue.ledger.leaves()
        func refused(
            _ account: Int, _ place: Int, _ change: (Order) -> Order
        ) -> Bool {
            let old = venue.openOrders(accounts[account])[place]
            var changed = leaves
            for place in changed.indices where changed[place].key == .order(old.identifier) {
                changed[place] = Leaf(
                    key: changed[place].key, value: change(old).canonicalBytes)
            }
            do throws(RestoreFault) {
                _ = try Ledger(
                    genesis: venue.ledger.genesis, leaves: changed, root: root(of: changed))
                return false
            } catch {
                return true
            }
        }
        #expect(!refused(0, 0) { $0 })
        // Through the bid of the other account.
        #expect(refused(0, 0) { $0.with(price: 98_000) })
        for lots in [100_001, .max] as [Int64] {
            #expect(refused(0, 0) { $0.with(lots: lots) })
        }
        for price in [0, -1, 800_001, .max] as [Int64] {
            #expect(refused(0, 0) { $0.with(price: price) })
        }
        #expect(refused(0, 0) { $0.with(priority: .max) })
        #expect(refused(0, 0) { $0.with(priority: 0) })
        // More shows than may; hidden lots without a slice; hidden lots of an order that waits.
        #expect(refused(0, 1) { order in order.with { $0.hidden = Quantity(lots: 1) } })
        #expect(refused(0, 0) { order in order.with { $0.hidden = Quantity(lots: 1) } })
        #expect(refused(1, 0) { order in order.with { $0.hidden = Quantity(lots: 4) } })
        #expect(refused(1, 0) { order in order.with { $0.display = Quantity(lots: -1) } })
        // Pairs that are none.
        for pair in [0, 1, 3, 99] as [UInt64] {
            #expect(refused(1, 0) { order in order.with { $0.pair = OrderIdentifier(pair) } })
        }
        #expect(refused(0, 0) { order in order.with { $0.pair = order.identifier } })
        for price in [0, -5, 800_001] as [Int64] {
            #expect(
                refused(1, 0) { order in
                    order.with { $0.trigger = Trigger(.stop, on: .mark, at: Price(ticks: price)) }
                })
        }
    }
}

extension Order {
    fileprivate func with(
        price: Int64? = nil, lots: Int64? = nil, priority: UInt64? = nil,
        special: SpecialTerms? = nil
    ) -> Order {
        Order(
            identifier: identifier, account: account, instrument: instrument,
            clientIdentifier: clientIdentifier, flags: flags,
            price: price.map { Price(ticks: $0) } ?? self.price,
            remaining: lots.map { Quantity(lots: $0) } ?? remaining,
            priority: priority ?? self.priority, special: special ?? self.special)
    }

    fileprivate func with(_ change: (inout SpecialTerms) -> Void) -> Order {
        var terms = special
        change(&terms)
        return with(special: terms)
    }
}
