/// The mark and the funding rate of one perpetual (DESIGN 7; formulas of `facts/risk.md`): `mark =
/// index·(1 + EMA(premium))`, the premium clamped before and after averaging, and `funding per hour
/// = ⅛·clamp(P̄ + clamp(r − P̄, ±interestClamp), ±fundingCap)` with P̄ the average premium of the
/// hour before, all rates for eight hours.

public import Canonical
public import FixedPoint

/// The price state of one perpetual.
public struct PerpetualPrices: Equatable, Sendable {
    public let parameters: PerpetualParameters
    /// The smoothed premium over the index.
    public private(set) var premium = Ratio.zero
    /// What positions are worth; zero before the first index.
    public private(set) var mark = IndexPrice.zero
    /// What longs pay for eight hours, as a share of the index, until the hour ends.
    public private(set) var fundingRate = Ratio.zero
    /// Hours since 1970 of the average that is being taken.
    private var hour: UInt64 = 0
    /// Σ premium × nanoseconds in this hour.
    private var premiumSum: Int128 = 0
    /// Nanoseconds counted in this hour.
    private var premiumTime: UInt64 = 0

    public init(parameters: PerpetualParameters) { self.parameters = parameters }

    /// Sets the mark from an index and the smoothed premium.
    ///
    /// - Returns: whether it changed.
    public mutating func setMark(index: IndexPrice) -> Bool {
        let offset = Int128(index.units) * Int128(premium.units) / Int128(Ratio.one.units)
        // |premium| ≤ 10 %, and `Bounds` keeps index prices far from the end of the range.
        let new = IndexPrice(units: index.units + Int64(offset))
        defer { mark = new }
        return mark != new
    }

    /// Takes one step of pricing time: smooths the premium, averages it for funding, and at the end
    /// of an hour sets the funding rate of the next.
    ///
    /// - Parameters:
    ///   - impactMid: the mean of the two impact prices; nil where a side of the book is too thin,
    ///     which counts as no premium.
    ///   - index: positive.
    public mutating func step(
        impactMid: IndexPrice?, index: IndexPrice, elapsed: Duration, now: Timestamp
    ) {
        let sample = impactMid.map { PerpetualPrices.premium(of: $0, over: index) } ?? .zero
        let clamped = sample.clamped(-parameters.premiumClamp, parameters.premiumClamp)
        let step = Int128(elapsed.nanoseconds)
        let constant = Int128(parameters.premiumAveraging.nanoseconds)
        let change = Int128((clamped - premium).units) * step / (step + constant)
        premium += Ratio(units: Int64(change))
        average(sample, elapsed: elapsed, now: now)
    }

    /// What one long lot owes for `elapsed`, in 2^-fundingBits µ.
    ///
    /// - Parameter lotWorth: of one lot at the index, in µ.
    public func funding(lotWorth: Int64, elapsed: Duration, fundingBits: Int128) -> Int64 {
        let eightHours = Int128(Duration.hour.nanoseconds) * 8
        let owed = Int128(lotWorth) * Int128(fundingRate.units) * Int128(elapsed.nanoseconds)
        // lotWorth < 2³⁰, rate < 2²⁶, a time < 2⁶⁴: the product stays below 2¹²⁰, so the eight
        // hours (> 2⁴⁴) are divided out before the shift. A shift binds closer than a division in
        // Swift.
        let whole = ((owed / eightHours) << fundingBits) / Int128(Ratio.one.units)
        // It fits for ten years and more; a step that does not is not charged.
        return Int64(exactly: whole) ?? 0
    }

    private mutating func average(_ sample: Ratio, elapsed: Duration, now: Timestamp) {
        let current = now.count(of: .hour)
        if current != hour {
            if premiumTime > 0 {
                fundingRate = rate(average: Int64(premiumSum / Int128(premiumTime)))
            }
            hour = current
            premiumSum = 0
            premiumTime = 0
        }
        // A lasting premium of this much pays the cap; what a sample has beyond it counts no more.
        let bound = parameters.fundingCap + parameters.interestClamp
        let bounded = sample.clamped(-bound, bound)
        premiumSum += Int128(bounded.units) * Int128(elapsed.nanoseconds)
        premiumTime += elapsed.nanoseconds
    }

    private func rate(average: Int64) -> Ratio {
        let mean = Ratio(units: average)
        let pull = (parameters.interest - mean).clamped(
            -parameters.interestClamp, parameters.interestClamp)
        return (mean + pull).clamped(-parameters.fundingCap, parameters.fundingCap)
    }

    /// The premium of a price over the index, at most ±100 %.
    private static func premium(of price: IndexPrice, over index: IndexPrice) -> Ratio {
        let one = Int128(Ratio.one.units)
        let exact = (Int128(price.units) - Int128(index.units)) * one / Int128(index.units)
        return Ratio(units: Int64(min(max(exact, -one), one)))
    }
}

extension PerpetualPrices {
    /// Appends everything but the parameters, which genesis holds.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(premium)
        encoder.append(mark)
        encoder.append(fundingRate)
        encoder.append(hour)
        encoder.append(premiumSum)
        encoder.append(premiumTime)
    }

    /// Reads what `encodeState` wrote.
    ///
    /// - Throws: `DecodingFault`.
    public mutating func decodeState(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        premium = try decoder.quantity()
        mark = try decoder.quantity()
        fundingRate = try decoder.quantity()
        hour = try decoder.uint64()
        premiumSum = try decoder.int128()
        premiumTime = try decoder.uint64()
    }
}
