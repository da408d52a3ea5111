/// Lives of chance of keys, agents and destinations: the machine that is restored from its leaves
/// goes on the same, the changed leaves of each block make up the difference, and admission says
/// of every transaction what the block then says.

import Accounts
import Canonical
import Cryptography
import FixedPoint
import Markets
import TestKit
import Testing

@testable import Ledger

@Suite struct KeysLifeTests {
    private func command(
        _ account: AccountIdentifier, in venue: Venue, _ random: inout SeededGenerator
    ) -> Command {
        let number = Int.random(in: 1...5, using: &random)
        let key = Bool.random(using: &random) ? TestKeys.usable(number) : TestKeys.ethereum(number)
        let address = Bytes32([UInt8](repeating: UInt8(number), count: 32))
        switch Int.random(in: 0...11, using: &random) {
        case 0...2:
            return .setAgent(
                UInt8.random(in: 0...5, using: &random),
                AgentGrant(
                    key: key, scope: AgentScope.allCases.randomElement(using: &random) ?? .trade,
                    expiry: venue.time.advanced(
                        by: .seconds(.random(in: 1...60, using: &random)))))
        case 3: return .setAgent(UInt8.random(in: 1...4, using: &random), nil)
        case 4: return .rotateMaster(key)
        case 5: return .allowDestination(address)
        case 6: return .removeDestination(address)
        case 7: return .openSubaccount(TestGenesis.main)
        case 8: return .withdraw(.dollars(1), destination: address)
        case 9: return .cancelAll(nil)
        default: return .buy(1, at: 49_000 + Int64(number))
        }
    }

    private func signer(
        _ account: AccountIdentifier, _ random: inout SeededGenerator
    ) -> Signer {
        Bool.random(using: &random)
            ? .account(account)
            : .agent(account, slot: UInt8.random(in: 1...5, using: &random))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a life of keys is restored, followed and foreseen`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 1_000)
        var mirror = Mirror(venue.ledger.leaves())
        for round in 0..<80 {
            // One transaction a block: what admission foresees is the state before it.
            let account = accounts[round % 2]
            let signer = signer(account, &random)
            let highest = venue.ledger.nonces(of: signer)?.highest ?? 0
            let nonces = [highest + 1, highest + 3, highest, highest &- 1, highest &- 300, .max]
            let commands = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                command(account, in: venue, &random)
            }
            var block = venue.block([], milliseconds: 5_000)
            let transaction = venue.transaction(
                Send(
                    signer: signer, commands: commands,
                    nonce: nonces.randomElement(using: &random)),
                expiry: block.time)
            block.transactions = [transaction.canonicalBytes]
            let foreseen = venue.ledger.admissionRefusal(of: transaction, at: block.time)
            let outcome = try venue.apply(block)
            switch foreseen {
            case nil: #expect(outcome.receipts.allSatisfy { $0.command != nil })
            case .outOfScope?: #expect(outcome.refusals.contains(.outOfScope))
            case let refusal?: #expect(outcome.refusals == [refusal], "seed \(seed)")
            }
            venue.ledger.forEachChangedLeaf { mirror.set($0, $1) }
            #expect(mirror == Mirror(venue.ledger.leaves()), "seed \(seed), round \(round)")
            #expect(venue.ledger.auditFailure() == nil)
            guard round % 8 == 0 else { continue }
            let restored = try Ledger(
                genesis: venue.ledger.genesis, leaves: venue.ledger.leaves(),
                root: venue.ledger.root)
            #expect(restored.auditFailure() == nil)
            for account in accounts {
                #expect(restored.keys(of: account) == venue.ledger.keys(of: account))
            }
        }
    }

    @Test func `leaves of keys that do not fit are refused`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let leaves = venue.ledger.leaves()
        let key = LeafKey.keys(account)
        func fault(_ changed: [Leaf]) -> RestoreFault? {
            var tree = SparseMerkleTree()
            tree.update(changed.map { LeafChange(key: $0.key.canonicalBytes, value: $0.value) })
            do throws(RestoreFault) {
                _ = try Ledger(genesis: venue.ledger.genesis, leaves: changed, root: tree.root)
                return nil
            } catch {
                return error
            }
        }
        let own = try #require(leaves.first { $0.key == key })
        #expect(fault(leaves.filter { $0.key != key }) == .missing(key))
        let stranger = LeafKey.keys(AccountIdentifier(7))
        #expect(fault(leaves + [Leaf(key: stranger, value: own.value)]) != nil)
        let next = LeafKey.keys(AccountIdentifier(1))
        #expect(fault(leaves + [own]) == .unexpected(next))
        #expect(throws: RestoreFault.unknownLeaf(place: 0, DecodingFault(.unknownTag, at: 0))) {
            _ = try Ledger(
                genesis: venue.ledger.genesis, keys: ByteStrings([[99]]),
                values: ByteStrings([[1]]), root: .zero)
        }
    }
}

/// Leaves by their encoded key, as a store holds them.
private struct Mirror: Equatable {
    private var values: [[UInt8]: [UInt8]] = [:]

    init(_ leaves: [Leaf]) {
        for leaf in leaves { values[leaf.key.canonicalBytes] = leaf.value }
    }

    mutating func set(_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        values[Array(key)] = value.isEmpty ? nil : Array(value)
    }
}
