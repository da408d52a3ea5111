/// When liquidation starts to deleverage, when it ends, and how far it may reach into the book.
/// Defaults and their origin: `facts/risk.md` ("Default parameters"), DESIGN 6.

public import Canonical
public import FixedPoint

/// The liquidation rule of the venue.
public struct LiquidationParameters: Equatable, Sendable {
    /// Liquidation ends at this multiple of maintenance margin, at least 1.
    public var exitLevel: Ratio
    /// Below this share of maintenance margin, what is left is closed against the other side.
    public var deleverageLevel: Ratio
    /// How far from the mark the first orders may trade, as a share of the position's margin.
    public var firstBand: Ratio
    /// The same after `bandTime`.
    public var lastBand: Ratio
    /// How long the band takes to widen; after that, what is left is closed against the other side.
    public var bandTime: Duration
    /// The fee on what is closed on the book, paid to the insurance fund.
    public var fee: Ratio

    public init(
        exitLevel: Ratio, deleverageLevel: Ratio, firstBand: Ratio, lastBand: Ratio,
        bandTime: Duration, fee: Ratio
    ) {
        self.exitLevel = exitLevel
        self.deleverageLevel = deleverageLevel
        self.firstBand = firstBand
        self.lastBand = lastBand
        self.bandTime = bandTime
        self.fee = fee
    }

    /// Rampart's defaults: exit at 1.2, deleverage below ⅔, band 0.25 → 0.75 over 30 s, fee 0.1 %.
    public static let standard = LiquidationParameters(
        exitLevel: Ratio(basisPoints: 12_000), deleverageLevel: Ratio(billionths: 666_666_667),
        firstBand: Ratio(basisPoints: 2_500), lastBand: Ratio(basisPoints: 7_500),
        bandTime: .seconds(30), fee: Ratio(basisPoints: 10))

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        if exitLevel < .one || exitLevel.units > 4 * Ratio.one.units { return "exitLevel" }
        if deleverageLevel.isNegative || deleverageLevel > .one { return "deleverageLevel" }
        if firstBand.isNegative || firstBand > .one { return "firstBand" }
        if lastBand < firstBand || lastBand > .one { return "lastBand" }
        if bandTime == .zero || bandTime > .day { return "bandTime" }
        if fee.isNegative || fee > Ratio(basisPoints: 100) { return "fee" }
        return nil
    }

    /// How far from the mark an order may trade, as a share of the position's margin, so long after
    /// the liquidation began.
    public func band(after elapsed: Duration) -> Ratio {
        guard elapsed < bandTime else { return lastBand }
        let widening = Int128((lastBand - firstBand).units) * Int128(elapsed.nanoseconds)
        return firstBand + Ratio(units: Int64(widening / Int128(bandTime.nanoseconds)))
    }
}

extension LiquidationParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(exitLevel)
        encoder.append(deleverageLevel)
        encoder.append(firstBand)
        encoder.append(lastBand)
        encoder.append(bandTime.nanoseconds)
        encoder.append(fee)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        exitLevel = try decoder.quantity()
        deleverageLevel = try decoder.quantity()
        firstBand = try decoder.quantity()
        lastBand = try decoder.quantity()
        bandTime = Duration(nanoseconds: try decoder.uint64())
        fee = try decoder.quantity()
    }
}
