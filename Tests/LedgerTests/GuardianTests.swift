/// The guardians in the state: rotated by their own announcements, in order, each once; the old set
/// counts for a day more. The real messages of the main network lead from one key to set 7, and a
/// real update of Pyth moves an index.

import Canonical
import Cryptography
import FixedPoint
import Foundation
import Ledger
import Oracle
import PullOracle
import TestKit
import Testing

@Suite struct GuardianTests {
    private typealias Made = AttestedVenue

    private func change(_ outcome: BlockOutcome) -> [UInt32] {
        outcome.events.compactMap { event in
            if case .guardianSetChanged(let index, _) = event { index } else { nil }
        }
    }

    @Test func `a new set counts from the next block on`() throws {
        let venue = try Made.venue()
        let now = Made.second(venue)
        let upgrade = Made.upgrade(from: 0, to: 1, guardians: [5, 6, 7, 8])
        let attested = Made.maker.wormhole(
            set: 1, guardians: (0...2).map { ($0, AttestedBytes.address($0 + 5)) },
            emitter: Made.pyth, payload: [])
        let update = { (time: Int64) in
            Made.maker.pyth([
                AttestedBytes.pythPrice(
                    feed: Made.feed, price: 5_000_000, confidence: 1, exponent: -2, time: time)
            ]) { payload in
                Made.maker.wormhole(
                    set: 1, guardians: (0...2).map { ($0, AttestedBytes.address($0 + 5)) },
                    emitter: Made.pyth, payload: payload)
            }
        }
        #expect(!attested.isEmpty)
        let both = try venue.attest(upgrade, update(now))
        #expect(change(both) == [1])
        #expect(Made.refusals(both) == [.unknownGuardianSet])
        #expect(Made.refusals(try venue.attest(update(now))) == [])
        #expect(venue.ledger.guardians?.current.index == 1)
    }

    @Test func `the old set counts for a day, and no longer`() throws {
        let venue = try Made.venue()
        try venue.attest(Made.upgrade(from: 0, to: 1, guardians: [5, 6, 7, 8]))
        #expect(Made.refusals(try venue.attest(Made.update(time: Made.second(venue)))) == [])
        try venue.attest(milliseconds: 86_400_000 - 2_000)
        let last = try venue.attest(
            Made.update(time: Made.second(venue) - 1), milliseconds: 999)
        #expect(Made.refusals(last) == [])
        let expired = try venue.attest(
            Made.update(time: Made.second(venue) - 1), milliseconds: 1)
        #expect(Made.refusals(expired) == [.guardianSetExpired])
    }

    @Test func `announcements count in order, each once, and only of the current set`() throws {
        let venue = try Made.venue()
        let first = Made.upgrade(from: 0, to: 1, guardians: [1, 2, 3, 9])
        let rows: [(bytes: [UInt8], refusal: Refusal?)] = [
            (Made.upgrade(from: 0, to: 2, guardians: [5]), .guardianSetNotNext),
            (Made.upgrade(from: 0, to: 0, guardians: [5]), .guardianSetNotNext),
            (Made.upgrade(from: 1, to: 2, guardians: [5]), .unknownGuardianSet),
            (
                Made.upgrade(from: 0, to: 1, signers: [0, 1], guardians: [5]),
                .guardianQuorumMissing
            ),
            (Made.upgrade(from: 0, to: 1, first: 2, guardians: [5]), .badGuardianSignature),
            (first, nil), (first, .guardianSetExpired),
            // The old set, with a guardian that is not of the new one.
            (
                Made.upgrade(from: 0, to: 2, signers: [0, 1, 3], guardians: [5]),
                .guardianSetNotNext
            ),
        ]
        for (place, row) in rows.enumerated() {
            let outcome = try venue.attest(row.bytes)
            #expect(
                Made.refusals(outcome) == [row.refusal].compactMap { $0 }, "row \(place)")
        }
        // Of two in one block the first counts.
        let twice = try venue.attest(
            Made.upgrade(from: 1, to: 2, guardians: [5]),
            Made.upgrade(from: 1, to: 2, guardians: [6]))
        #expect(change(twice) == [2])
        #expect(Made.refusals(twice) == [.guardianSetNotNext])
    }

    @Test func `guardians come back from their leaf`() throws {
        let venue = try Made.venue()
        try venue.attest(Made.upgrade(from: 0, to: 1, guardians: [5, 6, 7, 8]))
        let ledger = venue.ledger
        let restored = try Ledger(
            genesis: ledger.genesis, leaves: ledger.leaves(), root: ledger.root)
        #expect(restored.guardians == ledger.guardians)
        #expect(restored.guardians?.retired.count == 1)
        #expect(restored.value(of: .guardians) == ledger.guardians?.canonicalBytes)
        var block = venue.block([], observations: [])
        block.attested = [
            Made.update(time: Made.second(venue)), Made.upgrade(from: 1, to: 2, guardians: [5]),
        ]
        let again = try restored.apply(block, verifier: TestSignatures())
        #expect(again.root == (try venue.apply(block)).root)
        #expect(try LeafKey(canonicalBytes: LeafKey.guardians.canonicalBytes) == .guardians)
        #expect(LeafKey.guardians.canonicalBytes == [12])
    }

    @Test func `events read as they were written`() throws {
        let events: [Event] = [
            .attestationRefused(place: 63, .attestedMalformed),
            .attestedPriceRefused(
                Made.pythPublisher, UnderlyingIdentifier(1), .reportWithoutPrice),
            .guardianSetChanged(7, previousEnd: TestGenesis.start),
        ]
        for (event, tag) in zip(events, [122, 123, 124] as [UInt8]) {
            #expect(try Event(canonicalBytes: event.canonicalBytes) == event)
            #expect(event.canonicalBytes[0] == tag)
        }
    }

    @Test func `genesis says of whom each feed is, and nothing that does not fit`() throws {
        func isValid(
            _ pulled: [Publisher], _ change: (inout PullParameters) -> Void = { _ in }
        ) -> Bool {
            var parameters = Made.parameters
            change(&parameters)
            return (try? Made.genesis(parameters, pulled: pulled)) != nil
        }
        let (pyth, chainlink) = (
            Publisher.pulled(.pyth, weight: 3), Publisher.pulled(.chainlink, weight: 3)
        )
        #expect(isValid([pyth, chainlink]))
        #expect(!isValid([chainlink, pyth]))
        #expect(!isValid([pyth]))
        #expect(!isValid([pyth, chainlink, pyth]))
        #expect(!isValid([.pulled(.pyth, weight: 0), chainlink]))
        let signer = PublisherIdentifier(0)
        #expect(
            !isValid([pyth, chainlink]) { $0.pyth?.feeds = [Made.pullFeed(Made.feed, signer)] })
        #expect(
            !isValid([pyth, chainlink]) {
                $0.pyth?.feeds = [Made.pullFeed(Made.feed, Made.pythPublisher, underlying: 2)]
            })
        #expect(!isValid([pyth, chainlink]) { $0.wormhole = nil })
        #expect(throws: GenesisFault.self) { try Made.genesis(nil) }
        let genesis = try Made.genesis()
        #expect(try Genesis(canonicalBytes: genesis.canonicalBytes) == genesis)
    }
}

@Suite(.enabled(if: SharedFiles.exist, "the shared folder is not here"))
struct RealAttestationTests {
    private struct Upgrade: Decodable { let vaa: String }

    private struct Update: Decodable {
        let name: String
        let update: String

        enum CodingKeys: String, CodingKey {
            case name
            case update = "update_data_hex"
        }
    }

    private struct Sets: Decodable {
        struct Guardian: Decodable { let address: String }
        let sets: [String: [Guardian]]
    }

    private func read<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
        let data = try Data(contentsOf: URL(fileURLWithPath: SharedFiles.path(path)))
        return try JSONDecoder().decode(type, from: data)
    }

    private func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.hasPrefix("0x") ? text.dropFirst(2) : text[...])
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }

    private func set(_ index: UInt32) throws -> GuardianSet {
        let sets = try read(Sets.self, "vectors/wormhole/guardian_sets_mainnet.json").sets
        return GuardianSet(
            index: index,
            guardians: try #require(sets[String(index)]).map {
                EthereumAddress(bytes($0.address))
            })
    }

    /// A ledger with a real set and the real feeds of bitcoin and ether.
    private func ledger(_ index: UInt32, start: UInt64) throws -> Ledger {
        let emitter = bytes("e101faedac5851e32b9b23b5f9411a8c2bac4aae3ed4dd7b811dd1a72ea4aa71")
        let bitcoin = bytes("e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43")
        let ether = bytes("ff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace")
        let publisher = AttestedVenue.pythPublisher
        let parameters = PullParameters(
            wormhole: WormholeParameters(set: try set(index)),
            pyth: PythParameters(
                emitter: WormholeEmitter(chain: 26, address: Bytes32(emitter)),
                feeds: [
                    AttestedVenue.pullFeed(bitcoin, publisher),
                    AttestedVenue.pullFeed(ether, publisher, underlying: 1),
                ]))
        return Ledger(
            genesis: try AttestedVenue.genesis(
                parameters, pulled: [.pulled(.pyth, weight: 1_000)],
                start: Timestamp(nanoseconds: start * 1_000_000_000)))
    }

    private func apply(_ ledger: Ledger, _ payloads: [[UInt8]]) throws -> BlockOutcome {
        let block = Block(
            height: ledger.height + 1, time: ledger.time.advanced(by: .seconds(1)),
            observations: [], attested: payloads, transactions: [])
        defer { #expect(ledger.auditFailure() == nil) }
        return try ledger.apply(block, verifier: PortableVerifier())
    }

    @Test func `seven real announcements lead from one key to set 7`() throws {
        let ledger = try ledger(0, start: 1_628_000_000)
        let upgrades = try read(
            [Upgrade].self, "vectors/wormhole/guardian_set_upgrade_vaas.json"
        ).map { bytes($0.vaa) }
        for (place, upgrade) in upgrades.enumerated() {
            // None that comes later counts yet, nor one that has counted.
            let others = upgrades.indices.filter { $0 != place }.map { upgrades[$0] }
            let refused = try apply(ledger, others)
            #expect(AttestedVenue.refusals(refused).count == 6)
            let outcome = try apply(ledger, [upgrade])
            #expect(AttestedVenue.refusals(outcome) == [])
            #expect(ledger.guardians?.current == (try set(UInt32(place + 1))))
        }
        #expect(AttestedVenue.refusals(try apply(ledger, upgrades)).count == 7)
        #expect(ledger.guardians?.current.index == 7)
    }

    @Test func `a real update moves the indices of its feeds, once`() throws {
        let update = try #require(
            read([Update].self, "vectors/pyth/accumulator_updates.json").first {
                $0.name == "ton_HERMES_BTC_ETH_UPDATE"
            })
        let ledger = try ledger(4, start: 1_724_826_309)
        let outcome = try apply(ledger, [bytes(update.update)])
        #expect(AttestedVenue.refusals(outcome) == [])
        // 59,240.02645461 and 2,466.82322909 to the nearest micro.
        #expect(ledger.feeds[0].index == IndexPrice(micros: 59_240_026_455))
        #expect(ledger.feeds[1].index == IndexPrice(micros: 2_466_823_229))
        let again = try apply(ledger, [bytes(update.update)])
        #expect(
            AttestedVenue.refusals(again) == [.observationNotNewer, .observationNotNewer])
        #expect(outcome.root != again.root)
    }

    @Test func `a real update counts under its own set only`() throws {
        let update = try #require(
            read([Update].self, "vectors/pyth/accumulator_updates.json").first {
                $0.name == "ton_HERMES_BTC_ETH_UPDATE"
            })
        for (index, refusal) in [(3, .unknownGuardianSet), (5, .guardianSetExpired)]
            as [(UInt32, Refusal)]
        {
            let ledger = try ledger(index, start: 1_724_826_309)
            let outcome = try apply(ledger, [bytes(update.update)])
            #expect(AttestedVenue.refusals(outcome) == [refusal])
            #expect(!ledger.feeds[0].isPriced)
        }
    }
}
