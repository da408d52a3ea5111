/// Who must have signed, and which prices an attestation gives: one row for each way in which it
/// can fail.

import Canonical
import Cryptography
import FixedPoint
import PullOracle
import TestKit
import Testing

struct PullStateTests {
    private static let maker = AttestedBytes { Keccak256.hash($0).bytes }
    private static let pyth: AttestedBytes.Emitter = (26, [UInt8](repeating: 3, count: 32))
    private static let governance: AttestedBytes.Emitter = (
        1, [UInt8](repeating: 0, count: 31) + [4]
    )
    private static let feed = [UInt8](repeating: 9, count: 32)
    private static let reportFeed = [0, 3] + [UInt8](repeating: 8, count: 30)
    private static let configuration = [0, 6] + [UInt8](repeating: 7, count: 30)
    /// 1,000 seconds.
    private static let now = Timestamp(nanoseconds: 1_000 * 1_000_000_000)

    private static func addresses(_ numbers: ClosedRange<UInt8>) -> [EthereumAddress] {
        numbers.map { EthereumAddress(AttestedBytes.address($0)) }
    }

    private static func pullFeed(_ name: [UInt8], publisher: UInt16) -> PullFeed {
        PullFeed(
            feed: Bytes32(name), underlying: UnderlyingIdentifier(0),
            source: SourceIdentifier(0), publisher: PublisherIdentifier(publisher))
    }

    private static var parameters: PullParameters {
        PullParameters(
            wormhole: WormholeParameters(
                set: GuardianSet(index: 4, guardians: addresses(1...4))),
            pyth: PythParameters(
                emitter: WormholeEmitter(chain: pyth.chain, address: Bytes32(pyth.address)),
                feeds: [pullFeed(feed, publisher: 1)]),
            reports: [
                ReportParameters(
                    digest: Bytes32(configuration), signers: addresses(1...4), faults: 1,
                    feeds: [pullFeed(reportFeed, publisher: 2)])
            ])
    }

    private static func update(
        set: UInt32 = 4, places: [UInt8] = [0, 1, 2],
        emitter: AttestedBytes.Emitter = PullStateTests.pyth, price: Int64 = 150,
        exponent: Int32 = -2, time: Int64 = 999, feed: [UInt8] = PullStateTests.feed
    ) -> [UInt8] {
        let text = AttestedBytes.pythPrice(
            feed: feed, price: price, confidence: 3, exponent: exponent, time: time)
        return maker.pyth([text]) { payload in
            maker.wormhole(
                set: set, guardians: places.map { ($0, AttestedBytes.address($0 + 1)) },
                emitter: emitter, payload: payload)
        }
    }

    private static func report(
        configuration: [UInt8] = PullStateTests.configuration, signers: [UInt8] = [1, 2],
        feed: [UInt8] = PullStateTests.reportFeed,
        prices: (benchmark: Int128, bid: Int128, ask: Int128) = (2_000, 1_900, 2_200),
        start: UInt32 = 990, end: UInt32 = 1_100
    ) -> [UInt8] {
        let scale: Int128 = 1_000_000_000_000
        return maker.report(
            configuration: configuration,
            body: AttestedBytes.market(
                feed: feed,
                prices: (prices.benchmark * scale, prices.bid * scale, prices.ask * scale),
                start: start, time: 995, end: end),
            signers: signers.map(AttestedBytes.address))
    }

    /// The model's signatures: whose address r begins with.
    private static func recovered(_ attestation: Attestation) -> [EthereumAddress?] {
        attestation.signatures.map { $0.s == $0.digest ? EthereumAddress($0.r.bytes) : nil }
    }

    /// What a state says of bytes, up to the prices.
    private func fault(
        _ bytes: [UInt8], _ parameters: PullParameters = PullStateTests.parameters
    ) -> PullFault? {
        let state = PullState(parameters: parameters)
        do throws(PullFault) {
            let attestation = try Attestation(bytes)
            let signers = try state.signers(of: attestation, at: Self.now)
            if let fault = signers.fault(Self.recovered(attestation)[...]) { throw fault }
            for case .fault(_, let fault) in try state.prices(of: attestation, at: Self.now) {
                throw fault
            }
            return nil
        } catch {
            return error
        }
    }

    private func price(_ bytes: [UInt8]) throws -> AttestedPrice? {
        let outcomes = try PullState(parameters: Self.parameters).prices(
            of: try Attestation(bytes), at: Self.now)
        guard case .price(let price) = outcomes.first else { return nil }
        return price
    }

    @Test func `updates of Pyth count by emitter, set and quorum`() {
        let other: AttestedBytes.Emitter = (27, Self.pyth.address)
        let rows: [(bytes: [UInt8], fault: PullFault?)] = [
            (Self.update(), nil),
            (Self.update(places: [0, 1, 2, 3]), nil),
            (Self.update(places: [0, 1]), .quorumMissing),
            (Self.update(places: [0, 1, 4]), .guardiansOutOfOrder),
            (Self.update(set: 5), .unknownGuardianSet),
            (Self.update(set: 3), .guardianSetExpired),
            (Self.update(emitter: other), .wrongEmitter),
            (Self.update(emitter: Self.governance), .wrongEmitter),
            (Self.update(feed: Self.reportFeed), .withoutFeed),
            (Self.update(price: 0), .outOfScale),
            (Self.update(price: -1), .outOfScale),
            (Self.update(time: -1), .outOfScale),
            (Self.update(time: .max), .outOfScale),
        ]
        for (place, row) in rows.enumerated() {
            #expect(fault(row.bytes) == row.fault, "row \(place)")
        }
    }

    @Test func `reports of Chainlink count by configuration, signers and time`() {
        let unknown = [0, 6] + [UInt8](repeating: 6, count: 30)
        let rows: [(bytes: [UInt8], fault: PullFault?)] = [
            (Self.report(), nil),
            (Self.report(signers: [4, 1]), nil),
            (Self.report(configuration: unknown), .unknownConfiguration),
            (Self.report(signers: [1]), .signersMiscounted),
            (Self.report(signers: [1, 2, 3]), .signersMiscounted),
            (Self.report(signers: [1, 1]), .signerTwice),
            (Self.report(signers: [1, 5]), .unknownSigner),
            (Self.report(feed: [0, 3] + Self.feed.dropFirst(2)), .withoutFeed),
            (Self.report(start: 1_000), nil),
            (Self.report(start: 1_001), .notInForce),
            (Self.report(end: 1_001), nil),
            (Self.report(end: 1_000), .notInForce),
            (Self.report(prices: (2_000, 2_001, 2_200)), .crossed),
            (Self.report(prices: (2_000, 1_900, 1_999)), .crossed),
            (Self.report(prices: (2_000, 2_000, 2_000)), nil),
            (Self.report(prices: (2_000, 0, 2_000)), .outOfScale),
        ]
        for (place, row) in rows.enumerated() {
            #expect(fault(row.bytes) == row.fault, "row \(place)")
        }
    }

    @Test(.sharedFiles) func `a report on a fund gives no price`() throws {
        let vector = try ReportVector.all()[1]
        let report = bytes(vector.report)
        let feed = Bytes32(bytes(try #require(vector.decoded["feedId"]?.text)))
        let state = PullState(
            parameters: PullParameters(reports: [
                vector.parameters(configuration: Bytes32(report), feed: feed)
            ]))
        let valid = Timestamp(nanoseconds: 1_752_009_999 * 1_000_000_000)
        #expect(
            try state.prices(of: try Attestation(report), at: valid)
                == [.fault(MainNetwork.feed(feed), .withoutPrice)])
    }

    @Test func `what genesis does not name is not taken`() {
        var parameters = PullParameters()
        #expect(fault(Self.update(), parameters) == .notTaken)
        #expect(fault(Self.report(), parameters) == .notTaken)
        let upgrade = Self.maker.wormhole(
            set: 4, guardians: [(0, AttestedBytes.address(1))], emitter: Self.governance,
            payload: AttestedBytes.upgrade(to: 5, guardians: [AttestedBytes.address(9)]))
        #expect(fault(upgrade, parameters) == .notTaken)
        parameters.wormhole = Self.parameters.wormhole
        #expect(fault(Self.update(), parameters) == .notTaken)
        #expect(fault(upgrade, parameters) == .quorumMissing)
    }

    @Test func `a forged signature is refused, wherever it stands`() throws {
        for place in 0..<3 {
            let attestation = try Attestation(Self.update())
            let state = PullState(parameters: Self.parameters)
            let signers = try state.signers(of: attestation, at: Self.now)
            var recovered = Self.recovered(attestation)
            #expect(signers.fault(recovered[...]) == nil)
            recovered[place] = nil
            #expect(signers.fault(recovered[...]) == .badGuardianSignature)
            recovered[place] = EthereumAddress(AttestedBytes.address(4))
            #expect(signers.fault(recovered[...]) == .badGuardianSignature)
        }
        #expect(RequiredSigners.each(Self.addresses(1...3)).fault([]) == .badGuardianSignature)
    }

    @Test func `a message names the newest set that its signers stand in`() throws {
        var state = PullState(parameters: Self.parameters)
        let upgrade = Self.maker.wormhole(
            set: 4, guardians: (0...2).map { ($0, AttestedBytes.address($0 + 1)) },
            emitter: Self.governance,
            payload: AttestedBytes.upgrade(
                to: 5, guardians: [1, 2, 3, 9].map(AttestedBytes.address)))
        guard case .guardians(let announced) = try Attestation(upgrade) else {
            Issue.record("it is a new set")
            return
        }
        try state.replaceGuardians(by: announced, at: Self.now)
        func fault(_ set: UInt32, _ places: [UInt8]) -> PullFault? {
            do throws(PullFault) {
                _ = try state.signers(
                    of: try Attestation(Self.update(set: set, places: places)), at: Self.now)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault(5, [0, 1, 2]) == nil)
        #expect(fault(4, [0, 1, 2]) == .guardianSetExpired)
        // The fourth guardian of the old set is not of the new one.
        #expect(fault(4, [0, 1, 3]) == nil)
        #expect(fault(4, [0, 1, 2, 3]) == nil)
    }

    @Test func `prices come on the scale of index prices`() throws {
        let pyth = try price(Self.update())
        #expect(pyth?.price == IndexPrice(micros: 1_500_000))
        #expect(pyth?.confidence == IndexPrice(micros: 30_000))
        #expect(pyth?.time == Timestamp(nanoseconds: 999 * 1_000_000_000))
        let chainlink = try price(Self.report())
        #expect(chainlink?.price == IndexPrice(micros: 2_000))
        #expect(chainlink?.confidence == IndexPrice(micros: 200))
        #expect(chainlink?.time == Timestamp(nanoseconds: 995 * 1_000_000_000))
    }

    @Test func `an exponent is followed exactly, to the nearest micro, or refused`() throws {
        let rows: [(price: Int64, exponent: Int32, micros: Int64?)] = [
            (1, 0, 1_000_000), (1, -6, 1), (1, -7, nil), (5, -7, 1), (4, -7, nil),
            (14, -7, 1), (15, -7, 2), (149, -8, 1), (150, -8, 2),
            (5_924_002_645_461, -8, 59_240_026_455),
            (9_223_372_036_854_775_807, -6, 9_223_372_036_854_775_807),
            (9_223_372_036_854_775_807, -5, nil), (1, 12, 1_000_000_000_000_000_000), (1, 13, nil),
            (1, 31, nil), (1, 32, nil), (1, .max, nil), (1, -43, nil), (1, -44, nil),
            (1, .min, nil),
        ]
        for row in rows {
            let found = try price(
                Self.update(price: row.price, exponent: row.exponent))?.price.units
            #expect(found == row.micros, "\(row.price) × 10^\(row.exponent)")
        }
    }
}
