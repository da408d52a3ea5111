/// Everything that is fixed before the first block. Its hash is the chain's identifier: a
/// transaction that is signed for one genesis is void under every other.

public import Canonical
public import Catalogue
import Cryptography
public import FixedPoint
public import Liquidation
import Markets
public import Oracle
public import Risk

/// The first state of a chain.
public struct Genesis: Equatable, Sendable {
    /// Most publishers.
    public static let publisherLimit = 256

    /// The chain's name for people.
    public let name: Symbol
    /// The time before the first block.
    public let time: Timestamp
    /// May open accounts and credit deposits.
    public let custodian: PublicKey
    /// May move accounts between fee tiers.
    public let `operator`: PublicKey
    public let publishers: [Publisher]
    public let catalogue: Catalogue
    /// By underlying.
    public let oracles: [OracleParameters]
    /// By underlying.
    public let margins: [MarginParameters]
    /// By perpetual, in the order of the catalogue.
    public let perpetuals: [PerpetualParameters]
    public let liquidation: LiquidationParameters
    /// Pricing time advances in steps of this length.
    public let pricingStep: Duration
    /// Most open orders of one account, those that wait for a trigger included.
    public let orderLimit: UInt16
    /// How long every market collects orders before it opens; zero opens it at once.
    public let openingAuction: Duration
    public let safeguards: Safeguards

    /// A validated genesis.
    ///
    /// - Throws: `GenesisFault` for the first rule that is broken.
    public init(
        name: Symbol, time: Timestamp, custodian: PublicKey, operator: PublicKey,
        publishers: [Publisher], catalogue: Catalogue, oracles: [OracleParameters],
        margins: [MarginParameters], perpetuals: [PerpetualParameters],
        liquidation: LiquidationParameters, pricingStep: Duration, orderLimit: UInt16,
        openingAuction: Duration = .zero, safeguards: Safeguards = .open
    ) throws(GenesisFault) {
        self.name = name
        self.time = time
        self.custodian = custodian
        self.operator = `operator`
        self.publishers = publishers
        self.catalogue = catalogue
        self.oracles = oracles
        self.margins = margins
        self.perpetuals = perpetuals
        self.liquidation = liquidation
        self.pricingStep = pricingStep
        self.orderLimit = orderLimit
        self.openingAuction = openingAuction
        self.safeguards = safeguards
        try validate()
    }

    /// The chain's identifier.
    public var chain: Digest { SHA256.digest(label: .genesis, canonicalBytes) }

    /// How every market begins.
    var openingPhase: MarketPhase {
        openingAuction == .zero
            ? .continuous : .auction(end: time.advanced(by: openingAuction))
    }

    private func validate() throws(GenesisFault) {
        try validatePublishers()
        guard oracles.count == catalogue.underlyings.count else {
            throw GenesisFault(.oracles, oracles.count, "count")
        }
        for (index, entry) in oracles.enumerated() {
            if let field = entry.faultyField { throw GenesisFault(.oracles, index, field) }
            if let field = safeguards.faultyField(
                of: entry.aggregation, publishers: publishers.count)
            {
                throw GenesisFault(.oracles, index, field)
            }
        }
        guard margins.count == catalogue.underlyings.count else {
            throw GenesisFault(.margins, margins.count, "count")
        }
        for (index, entry) in margins.enumerated() {
            if let field = entry.faultyField { throw GenesisFault(.margins, index, field) }
            // Its lanes do not add up over orders (docs/margin.md, section 3).
            guard entry.expiryTerms == nil else {
                throw GenesisFault(.margins, index, "expiryTerms")
            }
            guard catalogue.expiries[index].count <= SurfaceFeed.expiryLimit else {
                throw GenesisFault(.margins, index, "expiries")
            }
        }
        for (index, entry) in catalogue.instruments.enumerated() {
            guard let expiry = entry.expiry else { continue }
            guard expiry > time, expiry <= time.advanced(by: Bounds.farthestExpiry) else {
                throw GenesisFault(.instruments, index, "expiry")
            }
        }
        let count = catalogue.instruments.count { $0.kind == .perpetual }
        guard perpetuals.count == count else {
            throw GenesisFault(.perpetuals, perpetuals.count, "count")
        }
        for (index, entry) in perpetuals.enumerated() {
            if let field = entry.faultyField { throw GenesisFault(.perpetuals, index, field) }
        }
        if let field = liquidation.faultyField { throw GenesisFault(.liquidation, 0, field) }
        guard pricingStep > .zero, pricingStep <= .hour else {
            throw GenesisFault(.chain, 0, "pricingStep")
        }
        guard orderLimit > 0 else { throw GenesisFault(.chain, 0, "orderLimit") }
        guard openingAuction <= .day else { throw GenesisFault(.chain, 0, "openingAuction") }
        let underlyings = catalogue.underlyings.count
        if let field = safeguards.faultyField(
            underlyings: underlyings, compartments: catalogue.compartments.count,
            publishers: publishers)
        {
            throw GenesisFault(.safeguards, 0, field)
        }
    }

    private func validatePublishers() throws(GenesisFault) {
        guard (1...Genesis.publisherLimit).contains(publishers.count) else {
            throw GenesisFault(.publishers, publishers.count, "count")
        }
        for (index, publisher) in publishers.enumerated() {
            guard (1...1_000_000).contains(publisher.weight) else {
                throw GenesisFault(.publishers, index, "weight")
            }
            for earlier in publishers[..<index]
            where publisher.kind == .signer && earlier.kind == .signer
                && earlier.key == publisher.key
            {
                throw GenesisFault(.publishers, index, "key")
            }
        }
    }
}

/// Why a genesis is refused: which part, which entry of it, which field.
public struct GenesisFault: Error, Sendable {
    public enum Part: String, Sendable {
        case chain, publishers, oracles, margins, instruments, perpetuals, liquidation, safeguards
    }

    public let part: Part
    /// The place in its list, from 0; the count where that is wrong.
    public let index: Int
    public let field: StaticString

    init(_ part: Part, _ index: Int, _ field: StaticString) {
        self.part = part
        self.index = index
        self.field = field
    }
}

extension Genesis: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(name)
        encoder.append(time)
        encoder.append(custodian)
        encoder.append(`operator`)
        encoder.append(publishers)
        encoder.append(catalogue)
        encoder.append(oracles)
        encoder.append(margins)
        encoder.append(perpetuals)
        encoder.append(liquidation)
        encoder.append(pricingStep.nanoseconds)
        encoder.append(orderLimit)
        encoder.append(openingAuction.nanoseconds)
        encoder.append(safeguards)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        let name: Symbol = try decoder.value()
        let time = try decoder.timestamp()
        let custodian: PublicKey = try decoder.value()
        let `operator`: PublicKey = try decoder.value()
        let publishers: [Publisher] = try decoder.list(limit: Genesis.publisherLimit)
        let catalogue: Catalogue = try decoder.value()
        let oracles: [OracleParameters] = try decoder.list(limit: Bounds.underlyings)
        let margins: [MarginParameters] = try decoder.list(limit: Bounds.underlyings)
        let perpetuals: [PerpetualParameters] = try decoder.list(limit: Bounds.instruments)
        let liquidation: LiquidationParameters = try decoder.value()
        let pricingStep = Duration(nanoseconds: try decoder.uint64())
        let orderLimit = try decoder.uint16()
        let openingAuction = Duration(nanoseconds: try decoder.uint64())
        let safeguards: Safeguards = try decoder.value()
        do {
            self = try Genesis(
                name: name, time: time, custodian: custodian, operator: `operator`,
                publishers: publishers, catalogue: catalogue, oracles: oracles, margins: margins,
                perpetuals: perpetuals, liquidation: liquidation, pricingStep: pricingStep,
                orderLimit: orderLimit, openingAuction: openingAuction,
                safeguards: safeguards)
        } catch {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}
