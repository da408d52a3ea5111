/// A venue that takes prices of Pyth and Chainlink beside those of its three signers, and the bytes
/// that it takes. Of bitcoin the signers weigh 4, 3 and 3, Pyth 3 and Chainlink 3, so that 10 of 16
/// are a quorum; of ether there are only the signers.

import Canonical
import Cryptography
import FixedPoint
import Ledger
import Oracle
import PullOracle
import TestKit
import Testing

enum AttestedVenue {
    static let maker = AttestedBytes { Keccak256.hash($0).bytes }
    static let pyth: AttestedBytes.Emitter = (26, [UInt8](repeating: 3, count: 32))
    static let governance: AttestedBytes.Emitter = (1, [UInt8](repeating: 0, count: 31) + [4])
    static let feed = [UInt8](repeating: 9, count: 32)
    static let reportFeed = [0, 3] + [UInt8](repeating: 8, count: 30)
    static let configuration = [0, 6] + [UInt8](repeating: 7, count: 30)
    static let pythPublisher = PublisherIdentifier(3)
    static let chainlinkPublisher = PublisherIdentifier(4)

    static func addresses(_ numbers: ClosedRange<UInt8>) -> [EthereumAddress] {
        numbers.map { EthereumAddress(AttestedBytes.address($0)) }
    }

    static func pullFeed(
        _ name: [UInt8], _ publisher: PublisherIdentifier, underlying: UInt16 = 0
    ) -> PullFeed {
        PullFeed(
            feed: Bytes32(name), underlying: UnderlyingIdentifier(underlying),
            source: SourceIdentifier(0), publisher: publisher)
    }

    /// Four guardians, and four signers of reports of which one may be at fault.
    static var parameters: PullParameters {
        PullParameters(
            wormhole: WormholeParameters(
                set: GuardianSet(index: 0, guardians: addresses(1...4))),
            pyth: PythParameters(
                emitter: WormholeEmitter(chain: pyth.chain, address: Bytes32(pyth.address)),
                feeds: [pullFeed(feed, pythPublisher)]),
            reports: [
                ReportParameters(
                    digest: Bytes32(configuration), signers: addresses(1...4), faults: 1,
                    feeds: [pullFeed(reportFeed, chainlinkPublisher)])
            ])
    }

    static func genesis(
        _ pull: PullParameters? = parameters,
        pulled: [Publisher] = [.pulled(.pyth, weight: 3), .pulled(.chainlink, weight: 3)],
        start: Timestamp = TestGenesis.start
    ) throws -> Genesis {
        let plain = try TestGenesis.genesis()
        var safeguards = plain.safeguards
        safeguards.pull = pull
        return try Genesis(
            name: plain.name, time: start, custodian: plain.custodian,
            operator: plain.operator, publishers: plain.publishers + pulled,
            catalogue: plain.catalogue, oracles: plain.oracles, margins: plain.margins,
            perpetuals: plain.perpetuals, liquidation: plain.liquidation,
            pricingStep: plain.pricingStep, orderLimit: plain.orderLimit, safeguards: safeguards)
    }

    static func venue() throws -> Venue {
        let venue = Venue(
            genesis: try genesis(),
            prices: TestGenesis.openingPrices.map { $0 * TestGenesis.million })
        try venue.apply()
        return venue
    }

    /// Seconds of the block that comes next.
    static func second(_ venue: Venue) -> Int64 {
        Int64(venue.time.advanced(by: .seconds(1)).nanoseconds / 1_000_000_000)
    }

    /// An update of Pyth on bitcoin.
    static func update(
        dollars: Int64 = 50_000, time: Int64, set: UInt32 = 0, places: [UInt8] = [0, 1, 2],
        emitter: AttestedBytes.Emitter = pyth, feed: [UInt8] = feed
    ) -> [UInt8] {
        let text = AttestedBytes.pythPrice(
            feed: feed, price: dollars * 100, confidence: 300, exponent: -2, time: time)
        return maker.pyth([text]) { payload in
            maker.wormhole(
                set: set, guardians: places.map { ($0, AttestedBytes.address($0 + 1)) },
                emitter: emitter, payload: payload)
        }
    }

    /// A report of Chainlink on bitcoin.
    static func report(
        dollars: Int64 = 50_000, time: Int64, signers: [UInt8] = [1, 2],
        configuration: [UInt8] = configuration, feed: [UInt8] = reportFeed,
        spread: (below: Int64, above: Int64) = (1, 1), start: Int64 = 0, end: Int64 = 60
    ) -> [UInt8] {
        let scale: Int128 = 1_000_000_000_000_000_000
        return maker.report(
            configuration: configuration,
            body: AttestedBytes.market(
                feed: feed,
                prices: (
                    Int128(dollars) * scale, Int128(dollars - spread.below) * scale,
                    Int128(dollars + spread.above) * scale
                ), start: UInt32(time + start), time: UInt32(time), end: UInt32(time + end)),
            signers: signers.map(AttestedBytes.address))
    }

    /// The announcement of a guardian set.
    static func upgrade(
        from old: UInt32, to index: UInt32, signers: [UInt8] = [0, 1, 2],
        first: UInt8 = 1, guardians: [UInt8]
    ) -> [UInt8] {
        maker.wormhole(
            set: old, guardians: signers.map { ($0, AttestedBytes.address($0 + first)) },
            emitter: governance,
            payload: AttestedBytes.upgrade(
                to: index, guardians: guardians.map(AttestedBytes.address)))
    }

    /// Why payloads or prices of a block do not count, in order.
    static func refusals(_ outcome: BlockOutcome) -> [Refusal] {
        outcome.events.compactMap { event in
            switch event {
            case .attestationRefused(_, let refusal): refusal
            case .attestedPriceRefused(_, _, let refusal): refusal
            default: nil
            }
        }
    }
}

extension Venue {
    /// Applies a block of the next second with these payloads, and bundles of these publishers.
    @discardableResult
    func attest(
        _ payloads: [UInt8]..., by publishers: [Int] = [], milliseconds: UInt64 = 1_000
    ) throws -> BlockOutcome {
        let time = time.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
        var block = block(
            [], milliseconds: milliseconds,
            observations: publishers.map { bundle(by: $0, at: time) })
        block.attested = payloads
        return try apply(block)
    }
}
