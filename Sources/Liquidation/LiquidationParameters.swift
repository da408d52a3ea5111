/// How fast and how far liquidation may reach into the book, when it auctions what the book does
/// not take, and when it ends. Defaults and their origin: `facts/risk.md` ("Default parameters",
/// "Formulas"), DESIGN 6.

public import Canonical
public import FixedPoint

/// The liquidation rule of the venue.
public struct LiquidationParameters: Equatable, Sendable {
    /// Liquidation ends at this multiple of maintenance margin, at least 1.
    public var exitLevel: Ratio
    /// Below this share of maintenance margin, slices of the portfolio are auctioned.
    public var auctionLevel: Ratio
    /// How far from the mark the first orders may trade, as a share of the position's margin.
    public var firstBand: Ratio
    /// The same after `bandTime`.
    public var lastBand: Ratio
    /// How long the band takes to widen; after that, what is left is closed against the other side.
    public var bandTime: Duration
    /// The fee on what is closed on the book, paid to the insurance fund.
    public var fee: Ratio
    /// What forced closing may take of the visible depth inside the band, all accounts together,
    /// in each `depthWindow`; zero takes all of it.
    public var depthShare: Ratio
    /// The same of an option's book.
    public var optionDepthShare: Ratio
    /// Not zero.
    public var depthWindow: Duration
    /// How long an auction lasts; zero holds none.
    public var auctionTime: Duration
    /// The share of the remaining equity that an auction offers as it begins.
    public var firstDiscount: Ratio
    /// And as it ends.
    public var lastDiscount: Ratio

    public init(
        exitLevel: Ratio, auctionLevel: Ratio, firstBand: Ratio, lastBand: Ratio,
        bandTime: Duration, fee: Ratio, depthShare: Ratio = .zero,
        optionDepthShare: Ratio = .zero, depthWindow: Duration = .seconds(10),
        auctionTime: Duration = .zero, firstDiscount: Ratio = .zero, lastDiscount: Ratio = .zero
    ) {
        self.exitLevel = exitLevel
        self.auctionLevel = auctionLevel
        self.firstBand = firstBand
        self.lastBand = lastBand
        self.bandTime = bandTime
        self.fee = fee
        self.depthShare = depthShare
        self.optionDepthShare = optionDepthShare
        self.depthWindow = depthWindow
        self.auctionTime = auctionTime
        self.firstDiscount = firstDiscount
        self.lastDiscount = lastDiscount
    }

    /// Rampart's defaults: exit at 1.2, auction below ⅔, band 0.25 → 0.75 over 30 s, fee 0.1 %, a
    /// fifth of the depth in 10 s (a tenth of an option's), discount 10 → 90 % over 60 s.
    public static let standard = LiquidationParameters(
        exitLevel: Ratio(basisPoints: 12_000), auctionLevel: Ratio(billionths: 666_666_667),
        firstBand: Ratio(basisPoints: 2_500), lastBand: Ratio(basisPoints: 7_500),
        bandTime: .seconds(30), fee: Ratio(basisPoints: 10),
        depthShare: Ratio(basisPoints: 2_000), optionDepthShare: Ratio(basisPoints: 1_000),
        depthWindow: .seconds(10), auctionTime: .seconds(60),
        firstDiscount: Ratio(basisPoints: 1_000), lastDiscount: Ratio(basisPoints: 9_000))

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        if exitLevel < .one || exitLevel.units > 4 * Ratio.one.units { return "exitLevel" }
        if auctionLevel.isNegative || auctionLevel > .one { return "auctionLevel" }
        if firstBand.isNegative || firstBand > .one { return "firstBand" }
        if lastBand < firstBand || lastBand > .one { return "lastBand" }
        if bandTime == .zero || bandTime > .day { return "bandTime" }
        if fee.isNegative || fee > Ratio(basisPoints: 100) { return "fee" }
        if depthShare.isNegative || depthShare > .one { return "depthShare" }
        if optionDepthShare.isNegative || optionDepthShare > .one { return "optionDepthShare" }
        if depthWindow == .zero || depthWindow > .hour { return "depthWindow" }
        if auctionTime > .hour { return "auctionTime" }
        if firstDiscount.isNegative || firstDiscount > .one { return "firstDiscount" }
        if lastDiscount < firstDiscount || lastDiscount > .one { return "lastDiscount" }
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
        encoder.append(auctionLevel)
        encoder.append(firstBand)
        encoder.append(lastBand)
        encoder.append(bandTime.nanoseconds)
        encoder.append(fee)
        encoder.append(depthShare)
        encoder.append(optionDepthShare)
        encoder.append(depthWindow.nanoseconds)
        encoder.append(auctionTime.nanoseconds)
        encoder.append(firstDiscount)
        encoder.append(lastDiscount)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        exitLevel = try decoder.quantity()
        auctionLevel = try decoder.quantity()
        firstBand = try decoder.quantity()
        lastBand = try decoder.quantity()
        bandTime = Duration(nanoseconds: try decoder.uint64())
        fee = try decoder.quantity()
        depthShare = try decoder.quantity()
        optionDepthShare = try decoder.quantity()
        depthWindow = Duration(nanoseconds: try decoder.uint64())
        auctionTime = Duration(nanoseconds: try decoder.uint64())
        firstDiscount = try decoder.quantity()
        lastDiscount = try decoder.quantity()
    }
}
