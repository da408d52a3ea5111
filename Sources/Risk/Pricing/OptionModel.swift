/// What an option is worth by its model, as a price: the same valuation as in the scenarios, so
/// that a mark and its margin never disagree.

public import Catalogue
public import FixedPoint

public enum OptionModel {
    /// The value of one unit, rounded down.
    ///
    /// - Parameters:
    ///   - volatility: a year's.
    ///   - expiry: its forward is positive.
    public static func price(
        of series: OptionSeries, volatility: Real, _ expiry: ExpiryView
    ) -> IndexPrice {
        IndexPrice(
            units: SeriesValuation(
                series, forward: expiry.forward.units, average: expiry.fixedAverage.units,
                strike: series.strike.units, volatility: volatility, expiry, .none
            ).worth)
    }
}

extension ExpiryView {
    /// The settlement price to be expected: what is fixed, and the forward for what is not.
    public var expectedSettlement: IndexPrice {
        let one = Int128(Ratio.one.units)
        let fixed = Int128(fixedAverage.units) * Int128(fixedShare.units)
        let open = Int128(forward.units) * (one - Int128(fixedShare.units))
        // Between the two, so it fits.
        return IndexPrice(units: Int64((fixed + open) / one))
    }
}
