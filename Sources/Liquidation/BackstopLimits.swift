/// What a provider of a backstop is ready to take, as its owner sets it: the bid that stands for it
/// in every auction of slices (DESIGN 6, step 3).

public import Canonical
import Catalogue
public import FixedPoint

/// What a provider takes in the markets of one underlying.
public struct BackstopMarket: Equatable, Sendable {
    public let underlying: UnderlyingIdentifier
    /// The most that it holds, longs and shorts added, at the index; positive.
    public let notional: Amount
    /// When its open positions have lost so much they are closed, and it takes no more; positive.
    public let loss: Amount

    public init(underlying: UnderlyingIdentifier, notional: Amount, loss: Amount) {
        self.underlying = underlying
        self.notional = notional
        self.loss = loss
    }
}

/// The limits of a provider.
public struct BackstopLimits: Equatable, Sendable {
    /// Ascending by underlying; it takes nothing that holds another.
    public let markets: [BackstopMarket]
    /// The largest part of what is offered in a block that it takes, in `(0, 1]`.
    public let sliceShare: Ratio
    /// The least discount that it takes a slice at, as a share of the remaining equity, in `0 ...
    /// 1`.
    public let leastDiscount: Ratio
    /// What its initial margin must leave free after a slice; not negative.
    public let marginLeft: Amount

    public init(
        markets: [BackstopMarket], sliceShare: Ratio, leastDiscount: Ratio, marginLeft: Amount
    ) {
        self.markets = markets
        self.sliceShare = sliceShare
        self.leastDiscount = leastDiscount
        self.marginLeft = marginLeft
    }

    /// What it takes of an underlying; nil is nothing.
    public func market(of underlying: UnderlyingIdentifier) -> BackstopMarket? {
        markets.first { $0.underlying == underlying }
    }

    /// What it stands to lose by its own limits in all markets.
    public var totalLoss: Amount {
        var sum: Int128 = 0
        for market in markets { sum += Int128(market.loss.units) }
        return Amount(microunits: Int64(clamping: sum))
    }

    /// Whether every field is in range, for a venue of so many underlyings.
    public func areInRange(underlyings: Int) -> Bool {
        guard !markets.isEmpty, markets.count <= underlyings else { return false }
        for place in markets.indices {
            let market = markets[place]
            guard Int(market.underlying.number) < underlyings, market.notional.isPositive,
                market.loss.isPositive
            else { return false }
            if place > 0, markets[place - 1].underlying >= market.underlying { return false }
        }
        return sliceShare.isPositive && sliceShare <= .one && !leastDiscount.isNegative
            && leastDiscount <= .one && !marginLeft.isNegative
    }
}

extension BackstopMarket: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(underlying)
        encoder.append(notional)
        encoder.append(loss)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        underlying = try decoder.value()
        notional = try decoder.quantity()
        loss = try decoder.quantity()
    }
}

extension BackstopLimits: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(markets)
        encoder.append(sliceShare)
        encoder.append(leastDiscount)
        encoder.append(marginLeft)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        markets = try decoder.list(limit: Bounds.underlyings)
        sliceShare = try decoder.quantity()
        leastDiscount = try decoder.quantity()
        marginLeft = try decoder.quantity()
    }
}
