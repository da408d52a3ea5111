/// The numbers by which the prices of many sources become one index (DESIGN 7). Defaults and their
/// origin: `facts/risk.md`, "Default parameters"; what is ours says so. A rule whose number is zero
/// is not asked, so that a chain with a single honest source can do without.

public import Canonical
public import FixedPoint

/// The lowest and the highest price that a source is able to state, such as the bounds of a feed's
/// contract. What stands at one of them may stand anywhere beyond it.
public struct SourceBound: Equatable, Sendable {
    public let source: SourceIdentifier
    /// In the quote currency of the source; zero where there is none.
    public let lowest: IndexPrice
    /// `IndexPrice.max` where there is none.
    public let highest: IndexPrice

    public init(source: SourceIdentifier, lowest: IndexPrice, highest: IndexPrice) {
        self.source = source
        self.lowest = lowest
        self.highest = highest
    }
}

/// How the prices of one underlying become its index.
public struct AggregationParameters: Equatable, Sendable {
    /// So many venues must be left after the cuts, in `1 ... 64`.
    public var minimumVenues: UInt16
    /// The share of all weight that counts that one venue may have, in `(0, 1]`; with so many
    /// venues as are asked for it can be kept: `minimumVenues × venueCap ≥ 1`.
    public var venueCap: Ratio
    /// A price farther from the median than so many median deviations is cut, in `1 ... 100`; zero
    /// cuts nothing.
    public var outlierFactor: Ratio
    /// The median deviation counts as this share of the median at least, so that identical feeds
    /// do not cut all others; below a tenth.
    public var outlierFloor: Ratio
    /// The index moves by at most this share of itself in a second, and in proportion to the time
    /// that passed; zero does not bound it.
    public var secondMove: Ratio
    /// The index leaves no price of the last minute by more than this share; zero does not bound
    /// it.
    public var minuteMove: Ratio
    /// An index whose confidence is a larger share of it liquidates nobody and lets nothing out;
    /// zero asks for none.
    public var widestConfidence: Ratio
    /// A price that has not changed for so long is frozen if the index has gone away from it; zero
    /// asks for nothing.
    public var frozenAge: Duration
    /// By how much, as a share of what the index was when the price last changed.
    public var frozenMove: Ratio
    /// How near to a power of ten times the reference a price is taken for a wrong unit, as a share
    /// of it, below a half; zero asks for nothing.
    public var unitTolerance: Ratio
    /// Ascending by source; most sources have none.
    public var bounds: [SourceBound]

    /// Most bounds. Ours.
    public static let boundLimit = 256

    /// The median of all that is fresh, and nothing else.
    public static let plain = AggregationParameters(
        minimumVenues: 1, venueCap: .one, outlierFactor: .zero, outlierFloor: .zero,
        secondMove: .zero, minuteMove: .zero, widestConfidence: .zero, frozenAge: .zero,
        frozenMove: .zero, unitTolerance: .zero, bounds: [])

    /// BTC and ETH. The confidence, the frozen feed and the unit are ours.
    public static let major = AggregationParameters(
        minimumVenues: 5, venueCap: Ratio(basisPoints: 2_500),
        outlierFactor: Ratio(basisPoints: 50_000), outlierFloor: Ratio(basisPoints: 5),
        secondMove: Ratio(basisPoints: 50), minuteMove: Ratio(basisPoints: 1_500),
        widestConfidence: Ratio(basisPoints: 200), frozenAge: .seconds(120),
        frozenMove: Ratio(basisPoints: 50), unitTolerance: Ratio(basisPoints: 1_000), bounds: [])

    /// Everything else. The confidence, the frozen feed and the unit are ours.
    public static let longTail = AggregationParameters(
        minimumVenues: 3, venueCap: Ratio(basisPoints: 4_000),
        outlierFactor: Ratio(basisPoints: 50_000), outlierFloor: Ratio(basisPoints: 25),
        secondMove: Ratio(basisPoints: 50), minuteMove: Ratio(basisPoints: 3_000),
        widestConfidence: Ratio(basisPoints: 500), frozenAge: .seconds(300),
        frozenMove: Ratio(basisPoints: 200), unitTolerance: Ratio(basisPoints: 1_000), bounds: [])

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        if minimumVenues == 0 || minimumVenues > AggregationParameters.mostVenues {
            return "minimumVenues"
        }
        if !venueCap.isPositive || venueCap > .one { return "venueCap" }
        if Int64(minimumVenues) * venueCap.units < Ratio.one.units { return "venueCap" }
        if outlierFactor != .zero, outlierFactor < .one || outlierFactor > Ratio(units: hundred) {
            return "outlierFactor"
        }
        let tenth = Ratio(basisPoints: 1_000)
        if outlierFloor.isNegative || outlierFloor > tenth { return "outlierFloor" }
        if outlierFactor != .zero, outlierFloor == .zero { return "outlierFloor" }
        if secondMove.isNegative || secondMove > .one { return "secondMove" }
        if minuteMove.isNegative || minuteMove > .one { return "minuteMove" }
        if widestConfidence.isNegative || widestConfidence > .one { return "widestConfidence" }
        if frozenAge > .day { return "frozenAge" }
        if frozenMove.isNegative || frozenMove > .one { return "frozenMove" }
        if frozenAge != .zero, frozenMove == .zero { return "frozenMove" }
        if unitTolerance.isNegative || unitTolerance.units >= Ratio.one.units / 2 {
            return "unitTolerance"
        }
        return areBoundsSound ? nil : "bounds"
    }

    private var areBoundsSound: Bool {
        guard bounds.count <= AggregationParameters.boundLimit else { return false }
        for (place, bound) in bounds.enumerated() {
            if bound.lowest.isNegative || bound.highest <= bound.lowest { return false }
            if place > 0, bound.source <= bounds[place - 1].source { return false }
        }
        return true
    }

    /// The bounds of a source; nil where it has none. O(bounds).
    func bound(of source: SourceIdentifier) -> SourceBound? {
        bounds.first { $0.source == source }
    }

    /// Most venues that can be asked for. Ours.
    private static let mostVenues: UInt16 = 64
    /// A hundred, in 10⁻⁹.
    private var hundred: Int64 { Ratio.one.units * 100 }
}

extension SourceBound: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(source)
        encoder.append(lowest)
        encoder.append(highest)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        source = try decoder.value()
        lowest = try decoder.quantity()
        highest = try decoder.quantity()
    }
}

extension AggregationParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(minimumVenues)
        encoder.append(venueCap)
        encoder.append(outlierFactor)
        encoder.append(outlierFloor)
        encoder.append(secondMove)
        encoder.append(minuteMove)
        encoder.append(widestConfidence)
        encoder.append(frozenAge.nanoseconds)
        encoder.append(frozenMove)
        encoder.append(unitTolerance)
        encoder.append(bounds)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        minimumVenues = try decoder.uint16()
        venueCap = try decoder.quantity()
        outlierFactor = try decoder.quantity()
        outlierFloor = try decoder.quantity()
        secondMove = try decoder.quantity()
        minuteMove = try decoder.quantity()
        widestConfidence = try decoder.quantity()
        frozenAge = Duration(nanoseconds: try decoder.uint64())
        frozenMove = try decoder.quantity()
        unitTolerance = try decoder.quantity()
        bounds = try decoder.list(limit: AggregationParameters.boundLimit)
    }
}
