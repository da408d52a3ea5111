/// Prices that others attest, on chain: what they do to the index, and every reason for which they
/// do nothing. The attacks: an older update played again, an expired set, a minority of guardians,
/// one guardian twice, a proof for another message, a feed of another chain.

import Canonical
import Cryptography
import FixedPoint
import Ledger
import Oracle
import PullOracle
import TestKit
import Testing

@Suite struct AttestedTests {
    private typealias Made = AttestedVenue

    private func index(_ venue: Venue, _ underlying: Int = 0) -> Int64 {
        venue.ledger.feeds[underlying].index.units / TestGenesis.million
    }

    @Test func `attested prices make a quorum with one signer, by their weights`() throws {
        let venue = try Made.venue()
        let now = Made.second(venue)
        venue.setPrice(50_100)
        // 4 of the signer and 3 of Pyth are no quorum of 16; with Chainlink they are one.
        let pyth = Made.update(dollars: 50_200, time: now)
        try venue.attest(pyth, by: [0], milliseconds: 61_000)
        #expect(index(venue) == 50_000)
        let later = Made.second(venue)
        let outcome = try venue.attest(
            Made.update(dollars: 50_200, time: later), Made.report(dollars: 50_300, time: later),
            by: [0])
        #expect(Made.refusals(outcome) == [])
        #expect(index(venue) == 50_200)
    }

    @Test func `who has no feed of an underlying is not missed there`() throws {
        let venue = try Made.venue()
        venue.setPrice(2_600, of: 1)
        // 7 of 10 are a quorum of ether; of bitcoin 10 of 16 would be needed.
        venue.setPrice(50_500)
        try venue.attest(by: [0, 1], milliseconds: 61_000)
        #expect(index(venue, 1) == 2_600)
        #expect(index(venue) == 50_000)
    }

    @Test func `an attested price is as new as its attesters say`() throws {
        let venue = try Made.venue()
        let now = Made.second(venue)
        try venue.attest(Made.update(time: now))
        #expect(
            venue.ledger.feeds[0].lastTime(of: Made.pythPublisher)
                == Timestamp(nanoseconds: UInt64(now) * 1_000_000_000))
        #expect(venue.ledger.feeds[0].lastTime(of: Made.chainlinkPublisher) == nil)
    }

    @Test func `an update that is as old as the last one is refused, however it is wrapped`()
        throws
    {
        let venue = try Made.venue()
        let now = Made.second(venue)
        try venue.attest(Made.update(dollars: 50_200, time: now))
        let replayed = Made.update(dollars: 50_200, time: now)
        let older = Made.update(dollars: 1, time: now - 1)
        let wrapped = Made.update(dollars: 50_200, time: now, places: [0, 1, 2, 3])
        let outcome = try venue.attest(replayed, older, wrapped)
        #expect(
            Made.refusals(outcome)
                == [.observationNotNewer, .observationNotNewer, .observationNotNewer])
        let newer = try venue.attest(Made.update(time: now + 1), Made.update(time: now + 1))
        #expect(Made.refusals(newer) == [.observationNotNewer])
    }

    @Test func `a price is of the past, not too old, and a price`() throws {
        let rows: [(time: Int64, dollars: Int64, refusal: Refusal?)] = [
            (0, 50_000, nil), (1, 50_000, .observationFromFuture), (-60, 50_000, nil),
            (-61, 50_000, .observationTooOld), (0, 400_000, nil),
            // What is beyond the underlying is judged with the prices of others.
            (0, 400_001, nil), (0, 0, .attestedPriceOutOfScale),
            (0, -1, .attestedPriceOutOfScale),
        ]
        for row in rows {
            let venue = try Made.venue()
            let time = Made.second(venue) + row.time
            let outcome = try venue.attest(Made.update(dollars: row.dollars, time: time))
            #expect(Made.refusals(outcome) == [row.refusal].compactMap { $0 }, "\(row)")
        }
    }

    @Test func `an update is refused for each thing that its guardians did not do`() throws {
        let venue = try Made.venue()
        let now = Made.second(venue)
        let other: AttestedBytes.Emitter = (27, Made.pyth.address)
        var forged = Made.update(time: now)
        // The last byte of the first s: header and place, r, s.
        forged[10 + 6 + 1 + 63] ^= 1
        var moved = Made.update(time: now)
        moved[moved.count - 2] ^= 1
        let rows: [(bytes: [UInt8], refusal: Refusal)] = [
            (Made.update(time: now, places: [0, 1]), .guardianQuorumMissing),
            (Made.update(time: now, places: [0, 1, 1]), .guardiansOutOfOrder),
            (Made.update(time: now, places: [0, 1, 4]), .guardiansOutOfOrder),
            (Made.update(time: now, set: 1), .unknownGuardianSet),
            (Made.update(time: now, emitter: other), .wrongEmitter),
            (Made.update(time: now, emitter: Made.governance), .wrongEmitter),
            (Made.update(time: now, feed: Made.reportFeed), .attestedWithoutFeed),
            (forged, .badGuardianSignature), (moved, .attestedProofWrong),
            ([], .attestedMalformed), ([1], .attestedMalformed), ([7, 7], .attestedMalformed),
            (Made.update(time: now) + [0], .attestedMalformed),
            ([UInt8](repeating: 0, count: Attestation.byteLimit + 1), .attestedMalformed),
        ]
        for (place, row) in rows.enumerated() {
            let twin = try Ledger(
                genesis: venue.ledger.genesis, leaves: venue.ledger.leaves(),
                root: venue.ledger.root)
            var block = venue.block([], observations: [])
            block.attested = [row.bytes]
            let outcome = try twin.apply(block, verifier: TestSignatures())
            #expect(Made.refusals(outcome) == [row.refusal], "row \(place)")
            #expect(twin.feeds[0].lastTime(of: Made.pythPublisher) == nil)
        }
        let good = try venue.attest(Made.update(time: now))
        #expect(Made.refusals(good) == [])
    }

    @Test func `a report is refused for each thing that its signers did not do`() throws {
        let venue = try Made.venue()
        let now = Made.second(venue)
        let unknown = [0, 6] + [UInt8](repeating: 6, count: 30)
        let rows: [(bytes: [UInt8], refusal: Refusal?)] = [
            (Made.report(time: now, signers: [1]), .reportSignersMiscounted),
            (Made.report(time: now, signers: [1, 2, 3]), .reportSignersMiscounted),
            (Made.report(time: now, signers: [1, 1]), .reportSignerTwice),
            (Made.report(time: now, signers: [1, 5]), .unknownReportSigner),
            (Made.report(time: now, configuration: unknown), .unknownReportConfiguration),
            (
                Made.report(time: now, feed: [0, 3] + [UInt8](repeating: 1, count: 30)),
                .attestedWithoutFeed
            ),
            (Made.report(time: now, start: 1), .reportNotInForce),
            (Made.report(time: now, end: 0), .reportNotInForce),
            (Made.report(time: now, spread: (-1, 2)), .reportCrossed),
            (Made.report(time: now, spread: (1, -1)), .reportCrossed),
            (Made.report(time: now, end: 1), nil),
        ]
        for (place, row) in rows.enumerated() {
            var block = venue.block([], observations: [])
            block.attested = [row.bytes]
            let twin = try Ledger(
                genesis: venue.ledger.genesis, leaves: venue.ledger.leaves(),
                root: venue.ledger.root)
            let outcome = try twin.apply(block, verifier: TestSignatures())
            #expect(
                Made.refusals(outcome) == [row.refusal].compactMap { $0 }, "row \(place)")
        }
    }

    @Test func `a chain that takes nothing says so`() throws {
        let venue = try Venue()
        let now = Made.second(venue)
        let outcome = try venue.attest(
            Made.update(time: now), Made.report(time: now),
            Made.upgrade(from: 0, to: 1, guardians: [5]))
        #expect(
            Made.refusals(outcome) == [.attestedNotTaken, .attestedNotTaken, .attestedNotTaken])
        #expect(venue.ledger.guardians == nil)
        #expect(venue.ledger.value(of: .guardians) == nil)
    }

    @Test func `nobody signs bundles for those who have no key`() throws {
        let venue = try Made.venue()
        let time = venue.time.advanced(by: .seconds(1))
        // A key of zeros verifies signatures that nobody made.
        let bundle = ObservationBundle(
            publisher: Made.pythPublisher, time: time,
            observations: [
                Observation(
                    underlying: UnderlyingIdentifier(0), price: IndexPrice(micros: 1_000_000))
            ], signature: Signature(r: Bytes32(), s: Bytes32()))
        let outcome = try venue.apply(venue.block([], observations: [venue.signed(bundle)]))
        #expect(
            outcome.events.contains(.observationRefused(Made.pythPublisher, .unknownPublisher)))
    }

    @Test func `a block holds so many payloads and no more`() throws {
        let venue = try Made.venue()
        var block = venue.block([], observations: [])
        block.attested = [[UInt8]](repeating: [7], count: Block.attestedLimit)
        #expect(try Block(canonicalBytes: block.canonicalBytes) == block)
        #expect(Made.refusals(try venue.apply(block)).count == Block.attestedLimit)
        var next = venue.block([], observations: [])
        next.attested = [[UInt8]](repeating: [7], count: Block.attestedLimit + 1)
        #expect(throws: BlockFault.tooManyAttested(Block.attestedLimit + 1)) {
            try venue.apply(next)
        }
        #expect(throws: DecodingFault.self) { try Block(canonicalBytes: next.canonicalBytes) }
        next.attested = [[UInt8](repeating: 7, count: Attestation.byteLimit + 1)]
        #expect(throws: DecodingFault.self) { try Block(canonicalBytes: next.canonicalBytes) }
    }

    @Test func `the root commits to payloads that do the same`() throws {
        let roots = try ([[[7]], [[7], []], [[7, 0]]] as [[[UInt8]]]).map { payloads in
            let venue = try Made.venue()
            var block = venue.block([], observations: [])
            block.attested = payloads
            return try venue.apply(block).root
        }
        #expect(roots[0] != roots[1] && roots[1] != roots[2] && roots[0] != roots[2])
    }

    @Test func `admission refuses what would do nothing, before any signature`() throws {
        let venue = try Made.venue()
        let now = Made.second(venue)
        let time = Timestamp(nanoseconds: UInt64(now) * 1_000_000_000)
        let ledger = venue.ledger
        let admission = try ledger.admission(of: Made.update(time: now), at: time)
        #expect(admission.prices.map(\.price) == [IndexPrice(micros: 50_000_000_000)])
        #expect(admission.prices.map(\.confidence) == [IndexPrice(micros: 3_000_000)])
        let recovered = TestSignatures().recover(admission.signatures)
        #expect(admission.refusal(recovered: recovered) == nil)
        #expect(
            admission.refusal(recovered: recovered.map { _ in nil }) == .badGuardianSignature)
        let rows: [(bytes: [UInt8], refusal: Refusal)] = [
            ([9], .attestedMalformed),
            (Made.update(time: now + 1), .observationFromFuture),
            (Made.update(dollars: 0, time: now), .attestedPriceOutOfScale),
            (Made.update(time: now, places: [0]), .guardianQuorumMissing),
            (Made.upgrade(from: 0, to: 2, guardians: [5]), .guardianSetNotNext),
            (Made.report(time: now, end: 0), .reportNotInForce),
        ]
        for row in rows {
            #expect(throws: row.refusal) { try ledger.admission(of: row.bytes, at: time) }
        }
        let upgrade = try ledger.admission(
            of: Made.upgrade(from: 0, to: 1, guardians: [5]), at: time)
        #expect(upgrade.prices.isEmpty)
    }
}
