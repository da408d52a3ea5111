/// The leaves are the whole state: a machine made from them goes on like the one that wrote them.
/// And what does not make a state is refused, whatever it is.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Ledger
import TestKit
import Testing

@Suite struct RestoreTests {
    #if DEBUG
        static let blocks = 8
    #else
        static let blocks = 60
    #endif

    @Test(
        arguments: [
            (51, .chance), (52, .chance), (53, .chance), (54, .settler), (55, .settler),
        ] as [(UInt64, Adversary)])
    func `a restored machine applies the next blocks like the first`(
        seed: UInt64, adversary: Adversary
    ) throws {
        let chance = try RandomVenue(seed: seed, Weather(), adversary)
        for _ in 0..<Self.blocks { try chance.step() }
        let ledger = chance.venue.ledger
        let leaves = ledger.leaves().shuffled(using: &chance.random)
        let restored = try Ledger(genesis: ledger.genesis, leaves: leaves, root: ledger.root)
        #expect(restored.root == ledger.root)
        #expect(restored.auditFailure() == nil)
        #expect(restored.leaves() == ledger.leaves())
        for _ in 0..<Self.blocks {
            let outcome = try chance.step()
            let block = try #require(chance.venue.blocks.last)
            let again = try restored.apply(block, verifier: TestSignatures())
            try #require(again.root == outcome.root, "seed \(seed)")
            #expect(again.receipts == outcome.receipts)
            #expect(again.events == outcome.events)
            #expect(again.firstEvent == outcome.firstEvent)
        }
    }

    @Test func `two machines that apply the same blocks have the same roots`() throws {
        let chance = try RandomVenue(seed: 54)
        for _ in 0..<Self.blocks { try chance.step() }
        let twin = Ledger(genesis: chance.venue.ledger.genesis)
        for block in chance.venue.blocks {
            let copy = try Block(canonicalBytes: block.canonicalBytes)
            _ = try twin.apply(copy, verifier: TestSignatures())
        }
        #expect(twin.root == chance.venue.ledger.root)
    }

    private func root(of leaves: [Leaf]) -> Digest {
        var tree = SparseMerkleTree()
        tree.update(leaves.map { LeafChange(key: $0.key.canonicalBytes, value: $0.value) })
        return tree.root
    }

    @Test func `leaves that do not make a state are refused for their reason`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 10_000)
        try venue.apply(.by(accounts[0], .buy(1, at: 49_000)))
        let leaves = venue.ledger.leaves()
        let genesis = venue.ledger.genesis
        func fault(_ change: (inout [Leaf]) -> Void) -> RestoreFault? {
            var changed = leaves
            change(&changed)
            do throws(RestoreFault) {
                _ = try Ledger(genesis: genesis, leaves: changed, root: root(of: changed))
                return nil
            } catch {
                return error
            }
        }
        func remove(_ key: LeafKey) -> RestoreFault? { fault { $0.removeAll { $0.key == key } } }
        func value(of key: LeafKey) -> [UInt8] { leaves.first { $0.key == key }?.value ?? [] }
        #expect(fault { _ in } == nil)
        #expect(remove(.chain) == .missing(.chain))
        #expect(remove(.compartment(TestGenesis.side)) == .missing(.chain))
        #expect(remove(.account(accounts[0])) == .missing(.account(accounts[0])))
        let more = Leaf(key: .instrument(InstrumentIdentifier(3)), value: [1])
        #expect(
            fault { $0.append(more) } == .malformed(more.key, DecodingFault(.truncated, at: 1)))
        let far = LeafKey.instrument(InstrumentIdentifier(4))
        let next = LeafKey.instrument(InstrumentIdentifier(3))
        let copy = value(of: .instrument(InstrumentIdentifier(0)))
        #expect(fault { $0.append(Leaf(key: far, value: copy)) } == .missing(next))
        // A perpetual is never listed while the venue runs.
        #expect(fault { $0.append(Leaf(key: next, value: copy)) } == .unexpected(next))
        let twice = Leaf(
            key: .order(OrderIdentifier(9)), value: value(of: .order(OrderIdentifier(1))))
        #expect(fault { $0.append(twice) } != nil)
        let other = LeafKey.instrument(InstrumentIdentifier(1))
        let instead = Leaf(key: other, value: value(of: other))
        let missing = LeafKey.instrument(InstrumentIdentifier(0))
        #expect(fault { $0 = $0.map { $0.key == missing ? instead : $0 } } != nil)
        let stranger = LeafKey.account(AccountIdentifier(7))
        let gap = Leaf(key: stranger, value: value(of: .account(accounts[1])))
        #expect(fault { $0.append(gap) } == .missing(.account(AccountIdentifier(2))))
        #expect(throws: RestoreFault.self) {
            _ = try Ledger(genesis: genesis, leaves: leaves, root: .zero)
        }
    }

    @Test func `an empty value is refused and does not stop the machine`() throws {
        let venue = try Venue()
        let leaves = venue.ledger.leaves() + [Leaf(key: .order(OrderIdentifier(1)), value: [])]
        #expect(throws: RestoreFault.self) {
            _ = try Ledger(genesis: venue.ledger.genesis, leaves: leaves, root: venue.ledger.root)
        }
    }

    /// Bytes from a snapshot of a stranger: the root is right, since the stranger made it.
    @Test func `no byte of a leaf can be changed to stop the machine`() throws {
        let chance = try RandomVenue(seed: 55)
        for _ in 0..<12 { try chance.step() }
        let ledger = chance.venue.ledger
        let leaves = ledger.leaves()
        for _ in 0..<(Self.blocks * 5) {
            var changed = leaves
            let place = Int(chance.integer(in: 0...Int64(leaves.count - 1)))
            var bytes = leaves[place].value
            let byte = Int(chance.integer(in: 0...Int64(bytes.count - 1)))
            bytes[byte] ^= UInt8(1 << chance.integer(in: 0...7))
            changed[place] = Leaf(key: leaves[place].key, value: bytes)
            #expect(throws: RestoreFault.self) {
                _ = try Ledger(genesis: ledger.genesis, leaves: changed, root: ledger.root)
            }
        }
    }

    @Test func `every leaf has a proof, and every absent key another`() throws {
        let chance = try RandomVenue(seed: 56)
        for _ in 0..<12 { try chance.step() }
        let ledger = chance.venue.ledger
        let leaves = ledger.leaves()
        func preimage(_ path: Digest) -> LeafPreimage? {
            leaves.first { SHA256.digest($0.key.canonicalBytes) == path }.map {
                LeafPreimage(key: $0.key.canonicalBytes, value: $0.value)
            }
        }
        for leaf in leaves.shuffled(using: &chance.random).prefix(25) {
            let key = leaf.key.canonicalBytes
            let proof = try ledger.tree.existenceProof(of: key, preimage: preimage)
            try proof.verify(root: ledger.root, key: key, value: leaf.value)
            #expect(throws: ProofRefusal.self) {
                try proof.verify(root: ledger.root, key: key, value: leaf.value + [0])
            }
        }
        for number in [UInt64(1 << 40), 1 << 41, .max] {
            let key = LeafKey.order(OrderIdentifier(number)).canonicalBytes
            let proof = try ledger.tree.absenceProof(of: key, preimage: preimage)
            try proof.verify(root: ledger.root, key: key)
        }
    }
}
