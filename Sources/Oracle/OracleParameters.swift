/// How prices are made: who may publish, and the numbers of each underlying and perpetual. Defaults
/// and their origin: `facts/risk.md`, "Default parameters".

public import Canonical
public import FixedPoint

/// How a publisher's word is known to be its own.
public enum PublisherKind: UInt8, CaseIterable, Sendable {
    /// It signs with its key.
    case signer = 0
    /// Pyth, whose prices the guardians of Wormhole attest.
    case pyth = 1
    /// Reports of Chainlink, under a configuration of genesis.
    case chainlink = 2
}

/// Who may publish prices, and how much its word weighs.
public struct Publisher: Equatable, Sendable {
    public let kind: PublisherKind
    /// What a signer signs with; zero for the others, and never asked for a signature then.
    public let key: PublicKey
    /// In `1 ... 1,000,000`; zero where it has no say.
    public let weight: UInt32

    public init(key: PublicKey, weight: UInt32) {
        kind = .signer
        self.key = key
        self.weight = weight
    }

    private init(kind: PublisherKind, key: PublicKey, weight: UInt32) {
        self.kind = kind
        self.key = key
        self.weight = weight
    }

    /// Those whose prices others attest.
    public static func pulled(_ kind: PublisherKind, weight: UInt32) -> Publisher {
        Publisher(kind: kind, key: PublicKey(Bytes32()), weight: weight)
    }

    /// The same without a say.
    public var silent: Publisher { Publisher(kind: kind, key: key, weight: 0) }
}

/// How the index of one underlying is made and how long it is good for what.
public struct OracleParameters: Equatable, Sendable {
    /// The share of all publishers' weight that must be fresh, in `(½, 1]`.
    public var quorum: Ratio
    /// Past this age a price liquidates nobody and lets no collateral out.
    public var liquidationAge: Duration
    /// Past this age only orders that reduce are admitted.
    public var reduceOnlyAge: Duration
    /// Past this age no order is admitted; an observation older than this is not counted at all.
    public var haltAge: Duration
    /// How far the stable price moves toward the index in an hour, as a share of itself.
    public var stableHourlyMove: Ratio
    /// How the marks of its futures follow their books.
    public var future: ModelParameters
    /// How the marks of its options follow their books.
    public var option: ModelParameters
    /// How its expiries are settled.
    public var settlement: SettlementParameters
    /// How the volatility surface and the forwards are made.
    public var surface: SurfaceParameters
    /// How many sources become one price.
    public var aggregation: AggregationParameters

    public init(
        quorum: Ratio, liquidationAge: Duration, reduceOnlyAge: Duration, haltAge: Duration,
        stableHourlyMove: Ratio, future: ModelParameters = .future,
        option: ModelParameters = .option, settlement: SettlementParameters = .standard,
        surface: SurfaceParameters = .standard, aggregation: AggregationParameters = .plain
    ) {
        self.quorum = quorum
        self.liquidationAge = liquidationAge
        self.reduceOnlyAge = reduceOnlyAge
        self.haltAge = haltAge
        self.stableHourlyMove = stableHourlyMove
        self.future = future
        self.option = option
        self.settlement = settlement
        self.surface = surface
        self.aggregation = aggregation
    }

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        if quorum.units <= Ratio.one.units / 2 || quorum > .one { return "quorum" }
        if liquidationAge == .zero { return "liquidationAge" }
        if reduceOnlyAge < liquidationAge { return "reduceOnlyAge" }
        if haltAge < reduceOnlyAge { return "haltAge" }
        if !stableHourlyMove.isPositive || stableHourlyMove > .one { return "stableHourlyMove" }
        if !future.isValid { return "future" }
        if !option.isValid { return "option" }
        if !settlement.isValid { return "settlement" }
        return aggregation.faultyField ?? surface.faultyField
    }
}

/// How the mark and the funding of one perpetual are made.
public struct PerpetualParameters: Equatable, Sendable {
    /// The premium behind the mark stays within ± this share of the index.
    public var premiumClamp: Ratio
    /// Time constant of the premium's moving average.
    public var premiumAveraging: Duration
    /// The notional whose average price on each side is the impact price.
    public var impactNotional: Amount
    /// Interest part of funding, for eight hours.
    public var interest: Ratio
    /// The interest part pulls by at most this, for eight hours.
    public var interestClamp: Ratio
    /// Funding stays within ± this, for eight hours.
    public var fundingCap: Ratio

    public init(
        premiumClamp: Ratio, premiumAveraging: Duration, impactNotional: Amount,
        interest: Ratio, interestClamp: Ratio, fundingCap: Ratio
    ) {
        self.premiumClamp = premiumClamp
        self.premiumAveraging = premiumAveraging
        self.impactNotional = impactNotional
        self.interest = interest
        self.interestClamp = interestClamp
        self.fundingCap = fundingCap
    }

    /// The first field that is out of range, by name. A funding cap above 4 % is refused because
    /// the funding index is sized for it (`Funding.fractionBits`).
    public var faultyField: StaticString? {
        let tenth = Ratio(basisPoints: 1_000)
        if premiumClamp.isNegative || premiumClamp > tenth { return "premiumClamp" }
        if premiumAveraging == .zero || premiumAveraging > .day { return "premiumAveraging" }
        if !impactNotional.isPositive || impactNotional.units > 1 << 49 { return "impactNotional" }
        if interest < -tenth || interest > tenth { return "interest" }
        if interestClamp.isNegative || interestClamp > tenth { return "interestClamp" }
        if fundingCap.isNegative || fundingCap > Ratio(basisPoints: 400) { return "fundingCap" }
        return nil
    }
}

extension Publisher: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(kind.rawValue)
        if kind == .signer { encoder.append(key) }
        encoder.append(weight)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let kind = PublisherKind(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self.kind = kind
        key = kind == .signer ? try decoder.value() : PublicKey(Bytes32())
        weight = try decoder.uint32()
    }
}

extension OracleParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(quorum)
        encoder.append(liquidationAge.nanoseconds)
        encoder.append(reduceOnlyAge.nanoseconds)
        encoder.append(haltAge.nanoseconds)
        encoder.append(stableHourlyMove)
        encoder.append(future)
        encoder.append(option)
        encoder.append(settlement)
        encoder.append(surface)
        encoder.append(aggregation)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        quorum = try decoder.quantity()
        liquidationAge = Duration(nanoseconds: try decoder.uint64())
        reduceOnlyAge = Duration(nanoseconds: try decoder.uint64())
        haltAge = Duration(nanoseconds: try decoder.uint64())
        stableHourlyMove = try decoder.quantity()
        future = try decoder.value()
        option = try decoder.value()
        settlement = try decoder.value()
        surface = try decoder.value()
        aggregation = try decoder.value()
    }
}

extension PerpetualParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(premiumClamp)
        encoder.append(premiumAveraging.nanoseconds)
        encoder.append(impactNotional)
        encoder.append(interest)
        encoder.append(interestClamp)
        encoder.append(fundingCap)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        premiumClamp = try decoder.quantity()
        premiumAveraging = Duration(nanoseconds: try decoder.uint64())
        impactNotional = try decoder.quantity()
        interest = try decoder.quantity()
        interestClamp = try decoder.quantity()
        fundingCap = try decoder.quantity()
    }
}
