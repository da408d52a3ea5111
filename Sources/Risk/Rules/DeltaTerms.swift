/// What published rules ask of the deltas of an underlying, beside or instead of its worst scenario
/// (docs/margin.md, "deribit", "paradex", "span"): `max(scan + shock + roll + spread, minimum
/// delta, short minimum)`, all times the rule's factor.

public import Canonical
public import FixedPoint

public struct DeltaTerms: Equatable, Sendable {
    /// Beyond so much delta, in the quote asset, each whole unit of the underlying adds to the
    /// share that is asked of the delta, up to the largest.
    public var shockThreshold: Amount
    public var shockIncrement: Ratio
    public var shockLargest: Ratio
    /// Of the size of each expiry's delta: at least this, and `e^(yearly·T) − 1`.
    public var leastRoll: Ratio
    public var yearlyRoll: Ratio
    /// Of the deltas of expiries that offset each other.
    public var spread: Ratio
    /// The least for net delta, and for delta that is hedged.
    public var unhedged: Ratio
    public var hedged: Ratio
    /// The least for every option sold, of what its underlying is worth.
    public var shortMinimum: Ratio

    public init(
        shockThreshold: Amount = .zero, shockIncrement: Ratio = .zero,
        shockLargest: Ratio = .zero, leastRoll: Ratio = .zero, yearlyRoll: Ratio = .zero,
        spread: Ratio = .zero, unhedged: Ratio = .zero, hedged: Ratio = .zero,
        shortMinimum: Ratio = .zero
    ) {
        self.shockThreshold = shockThreshold
        self.shockIncrement = shockIncrement
        self.shockLargest = shockLargest
        self.leastRoll = leastRoll
        self.yearlyRoll = yearlyRoll
        self.spread = spread
        self.unhedged = unhedged
        self.hedged = hedged
        self.shortMinimum = shortMinimum
    }

    /// The first field that is out of range, by name.
    var faultyField: StaticString? {
        func isShare(_ ratio: Ratio) -> Bool { !ratio.isNegative && ratio <= .one }
        if shockThreshold.isNegative { return "shockThreshold" }
        if !isShare(shockIncrement) { return "shockIncrement" }
        if !isShare(shockLargest) { return "shockLargest" }
        if !isShare(leastRoll) { return "leastRoll" }
        if !isShare(yearlyRoll) { return "yearlyRoll" }
        if !isShare(spread) { return "spread" }
        if !isShare(unhedged) { return "unhedged" }
        if !isShare(hedged) { return "hedged" }
        if !isShare(shortMinimum) { return "shortMinimum" }
        return nil
    }
}

extension DeltaTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(shockThreshold)
        encoder.append(shockIncrement)
        encoder.append(shockLargest)
        encoder.append(leastRoll)
        encoder.append(yearlyRoll)
        encoder.append(spread)
        encoder.append(unhedged)
        encoder.append(hedged)
        encoder.append(shortMinimum)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        shockThreshold = try decoder.quantity()
        shockIncrement = try decoder.quantity()
        shockLargest = try decoder.quantity()
        leastRoll = try decoder.quantity()
        yearlyRoll = try decoder.quantity()
        spread = try decoder.quantity()
        unhedged = try decoder.quantity()
        hedged = try decoder.quantity()
        shortMinimum = try decoder.quantity()
    }
}
