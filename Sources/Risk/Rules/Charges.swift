/// What margin asks outside the scenarios (DESIGN 5), each a share of something that is held. Every
/// charge is taken at the worse of all open buys and all open sells filled. Sources:
/// docs/margin.md; defaults from `facts/risk.md`.

public import Canonical
public import FixedPoint

/// Over what short options are netted before they are charged.
public enum ShortNetting: UInt8, CaseIterable, Sendable {
    /// Calls and puts of one expiry and strike together.
    case strike = 0
    /// Each option for itself.
    case instrument = 1
}

/// The charges of one rule.
public struct Charges: Equatable, Sendable {
    /// On each lot of a perpetual or future, of its worth.
    public var grossFloor: Ratio
    /// Whether the gross floor and the funding are shares of the index instead.
    public var isFloorAtIndex: Bool
    /// On each net short lot of an option, of what its underlying is worth.
    public var shortFloor: Ratio
    /// The short floor is at least this share of the margin move M: a quarter of the grid's step
    /// where the grid has four steps each way.
    public var shortFloorOfMove: Ratio
    public var shortNetting: ShortNetting
    /// On each lot of a spot holding, of its worth.
    public var haircut: Ratio
    /// On the long and short futures and perpetuals of an underlying that offset each other, of
    /// what the smaller side is worth.
    public var offset: Ratio
    /// On trading out of everything that is held, of its worth; of an option, of what its
    /// underlying is worth, at most the cap's share of its own.
    public var exitFee: Ratio
    /// The exit fee is at least this share of the margin move M.
    public var exitFeeOfMove: Ratio
    public var exitFeeCap: Ratio
    /// Hours of funding at the current rate, where the holder pays.
    public var fundingHours: Ratio
    /// Where a price has less than this confidence, what is missing to full confidence times the
    /// factor is asked of all that is valued with it.
    public var confidenceThreshold: Ratio
    public var confidenceFactor: Ratio
    /// An open order counts as losing at least this share of its worth, in every scenario.
    public var orderFloor: Ratio

    public init(
        grossFloor: Ratio = .zero, isFloorAtIndex: Bool = false, shortFloor: Ratio = .zero,
        shortFloorOfMove: Ratio = .zero,
        shortNetting: ShortNetting = .strike, haircut: Ratio = .zero, offset: Ratio = .zero,
        exitFee: Ratio = .zero, exitFeeOfMove: Ratio = .zero,
        exitFeeCap: Ratio = .zero, fundingHours: Ratio = .zero, confidenceThreshold: Ratio = .zero,
        confidenceFactor: Ratio = .zero, orderFloor: Ratio = .zero
    ) {
        self.grossFloor = grossFloor
        self.isFloorAtIndex = isFloorAtIndex
        self.shortFloor = shortFloor
        self.shortFloorOfMove = shortFloorOfMove
        self.shortNetting = shortNetting
        self.haircut = haircut
        self.offset = offset
        self.exitFee = exitFee
        self.exitFeeOfMove = exitFeeOfMove
        self.exitFeeCap = exitFeeCap
        self.fundingHours = fundingHours
        self.confidenceThreshold = confidenceThreshold
        self.confidenceFactor = confidenceFactor
        self.orderFloor = orderFloor
    }

    /// The first field that is out of range, by name: shares lie in `0 ... 1`, hours in `0 ... 24`.
    var faultyField: StaticString? {
        func isShare(_ ratio: Ratio) -> Bool { !ratio.isNegative && ratio <= .one }
        if !isShare(grossFloor) { return "grossFloor" }
        if !isShare(shortFloor) { return "shortFloor" }
        if !isShare(shortFloorOfMove) { return "shortFloorOfMove" }
        if !isShare(haircut) { return "haircut" }
        if !isShare(offset) { return "offset" }
        if !isShare(exitFee) { return "exitFee" }
        if !isShare(exitFeeOfMove) { return "exitFeeOfMove" }
        if !isShare(exitFeeCap) { return "exitFeeCap" }
        if fundingHours.isNegative || fundingHours.units > 24 * Ratio.one.units {
            return "fundingHours"
        }
        if !isShare(confidenceThreshold) { return "confidenceThreshold" }
        if !isShare(confidenceFactor) { return "confidenceFactor" }
        if !isShare(orderFloor) { return "orderFloor" }
        return nil
    }
}

/// What a large position is charged for the days that it takes to close:
/// `worth·σ·max(0, √(worth / volume) − √from)` for each instrument, an option's worth being that of
/// its delta (`facts/risk.md`, "Formulas").
public struct Concentration: Equatable, Sendable {
    /// σ of one day, as a share.
    public var dailyVolatility: Ratio
    /// What trades in a day, in the quote asset; zero charges nothing.
    public var dailyVolume: Amount
    /// The share of the daily volume up to which nothing is charged.
    public var from: Ratio

    public init(dailyVolatility: Ratio, dailyVolume: Amount, from: Ratio) {
        self.dailyVolatility = dailyVolatility
        self.dailyVolume = dailyVolume
        self.from = from
    }

    /// No charge.
    public static var none: Concentration {
        Concentration(dailyVolatility: .zero, dailyVolume: .zero, from: .zero)
    }

    /// The first field that is out of range, by name.
    var faultyField: StaticString? {
        if dailyVolatility.isNegative || dailyVolatility > .one { return "dailyVolatility" }
        if dailyVolume.isNegative { return "dailyVolume" }
        if from.isNegative || from > .one { return "concentrationFrom" }
        return nil
    }
}

/// What is charged when the collateral's currency is worth less than the currency of the indexes:
/// `factor·max(0, threshold − price)` on all that is held, or on top of the initial rule's factor.
public struct PegCharge: Equatable, Sendable {
    public var threshold: Ratio
    public var factor: Ratio
    /// Whether the initial rule's factor rises, instead of a charge on all that is held.
    public var raisesFactor: Bool

    public init(threshold: Ratio, factor: Ratio, raisesFactor: Bool = false) {
        self.threshold = threshold
        self.factor = factor
        self.raisesFactor = raisesFactor
    }

    /// What a price of the collateral's currency asks; not negative.
    func rate(at price: Ratio) -> Ratio {
        guard price < threshold else { return .zero }
        // Both are at most 8, so the product fits.
        let missing = Int128((threshold - price).units) * Int128(factor.units)
        return Ratio(units: Int64(missing / Int128(Ratio.one.units)))
    }

    /// No charge.
    public static var none: PegCharge { PegCharge(threshold: .zero, factor: .zero) }

    /// The first field that is out of range, by name.
    var faultyField: StaticString? {
        if threshold.isNegative || threshold > .one { return "pegThreshold" }
        if factor.isNegative || factor.units > 8 * Ratio.one.units { return "pegFactor" }
        return nil
    }
}

extension Charges: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(grossFloor)
        encoder.append(isFloorAtIndex)
        encoder.append(shortFloor)
        encoder.append(shortFloorOfMove)
        encoder.append(shortNetting.rawValue)
        encoder.append(haircut)
        encoder.append(offset)
        encoder.append(exitFee)
        encoder.append(exitFeeOfMove)
        encoder.append(exitFeeCap)
        encoder.append(fundingHours)
        encoder.append(confidenceThreshold)
        encoder.append(confidenceFactor)
        encoder.append(orderFloor)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        grossFloor = try decoder.quantity()
        isFloorAtIndex = try decoder.boolean()
        shortFloor = try decoder.quantity()
        shortFloorOfMove = try decoder.quantity()
        let start = decoder.offset
        guard let netting = ShortNetting(rawValue: try decoder.byte()) else {
            throw DecodingFault(.outOfRange, at: start)
        }
        shortNetting = netting
        haircut = try decoder.quantity()
        offset = try decoder.quantity()
        exitFee = try decoder.quantity()
        exitFeeOfMove = try decoder.quantity()
        exitFeeCap = try decoder.quantity()
        fundingHours = try decoder.quantity()
        confidenceThreshold = try decoder.quantity()
        confidenceFactor = try decoder.quantity()
        orderFloor = try decoder.quantity()
    }
}

extension Concentration: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(dailyVolatility)
        encoder.append(dailyVolume)
        encoder.append(from)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        dailyVolatility = try decoder.quantity()
        dailyVolume = try decoder.quantity()
        from = try decoder.quantity()
    }
}

extension PegCharge: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(threshold)
        encoder.append(factor)
        encoder.append(raisesFactor)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        threshold = try decoder.quantity()
        factor = try decoder.quantity()
        raisesFactor = try decoder.boolean()
    }
}
