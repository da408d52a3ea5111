/// What the API says of instruments that the ledger does not say itself: forwards, volatilities and
/// Greeks, with the ledger's own functions over the ledger's own state, and prices as indexes.

package import Canonical
package import Catalogue
package import FixedPoint
package import Ledger
import Markets
import Oracle
package import Risk

/// Volatility and Greeks of one unit of an option.
package struct OptionFigures: Equatable, Sendable {
    /// A year's.
    package let volatility: Real
    package let delta: Real
    /// The change of delta for one quote, in 10⁻¹².
    package let gammaTrillionths: Int64
    /// Quote for one volatility point, for one day, for one percent of rate.
    package let vega: IndexPrice
    package let theta: IndexPrice
    package let rho: IndexPrice
}

extension Ledger {
    /// The index price of an instrument's underlying.
    package func index(of instrument: Instrument) -> IndexPrice {
        feeds[Int(instrument.underlying.number)].index
    }

    /// What margin knows of an expiry: the forward, the time left, and what of the settlement is
    /// fixed. Nil before the first index.
    package func expiryView(of instrument: Instrument) -> ExpiryView? {
        guard let expiry = instrument.expiry else { return nil }
        let slice = curve(of: instrument.underlying, expiry: expiry)
        let forward = slice?.forward ?? index(of: instrument)
        guard forward.isPositive else { return nil }
        var view = ExpiryView(
            forward: forward, timeLeft: expiry.elapsed(since: time),
            window: genesis.oracles[Int(instrument.underlying.number)].settlement.window)
        let average = settlementAverages(of: instrument.underlying).first { $0.expiry == expiry }
        if let average, let mean = average.average {
            view.fixedShare = average.fixedShare
            view.fixedAverage = mean
        }
        return view
    }

    /// The volatility that options of an instrument's strike are valued with; nil before the first
    /// curve, and of other kinds.
    package func volatility(of instrument: Instrument) -> Real? {
        guard let series = instrument.kind.series,
            let slice = curve(of: instrument.underlying, expiry: series.expiry)
        else { return nil }
        return slice.volatility(logMoneyness: slice.logMoneyness(strike: series.strike))
    }

    /// What an option does when the world moves; nil of other kinds, and before the first curve.
    package func figures(of instrument: Instrument) -> OptionFigures? {
        guard let series = instrument.kind.series, let view = expiryView(of: instrument),
            let volatility = volatility(of: instrument)
        else { return nil }
        let open = OpenPart(series, view)
        let greeks = open.greeks(series, volatility)
        let quoted = QuotedGreeks(greeks, forward: view.forward)
        // Only what is open of the settlement moves.
        return OptionFigures(
            volatility: volatility, delta: quoted.delta * open.share,
            gammaTrillionths: open.part(of: open.part(of: quoted.gammaTrillionths)),
            vega: IndexPrice(units: open.part(of: quoted.vega.units)),
            theta: IndexPrice(units: open.part(of: quoted.theta.units)),
            rho: IndexPrice(units: open.part(of: quoted.rho.units)))
    }

    /// The volatility, a year's, at which an option is worth a price; nil where none gives it, and
    /// of other kinds.
    package func impliedVolatility(
        of identifier: InstrumentIdentifier, at price: Price
    ) -> Ratio? {
        guard let instrument = catalogue.instrument(identifier),
            let series = instrument.kind.series, let view = expiryView(of: instrument)
        else { return nil }
        let open = OpenPart(series, view)
        guard open.share.bits > 0, open.strike > 0 else { return nil }
        let total: Real
        do {
            let value = try instrument.indexPrice(of: price)
            total = try Black76.impliedTotalVolatility(
                series.right, value: value.over(open.share),
                strike: IndexPrice(units: open.strike), forward: view.forward)
        } catch { return nil }
        let years = Real(
            Int64(clamping: open.time.nanoseconds / OpenPart.nanosecondsPerMicrosecond),
            over: OpenPart.microsecondsPerYear)
        guard years.bits > 0 else { return nil }
        return Ratio(total / years.squareRoot())
    }

    /// The settlement price to be expected of an instrument; of what does not expire the index.
    package func expectedSettlement(of instrument: Instrument) -> IndexPrice {
        expiryView(of: instrument)?.expectedSettlement ?? index(of: instrument)
    }
}

/// What of an option is not fixed yet by the settlement average: half a unit of the average to
/// come, struck at what is left of the strike.
private struct OpenPart {
    /// In `0 ... 1`.
    let share: Real
    /// What is left of the strike for one unit; not positive where what is fixed is beyond it.
    let strike: Int64
    let time: Duration
    let forward: IndexPrice

    static let nanosecondsPerMicrosecond: UInt64 = 1_000
    static let microsecondsPerYear: Int64 = 365 * 86_400_000_000
    /// The logarithm of next to nothing.
    private static let farBelow = Real(-20)

    init(_ series: OptionSeries, _ view: ExpiryView) {
        share = Real.one - Real(view.fixedShare)
        let fixed = Int128(view.fixedAverage.units) * Int128(view.fixedShare.units)
        let left = Int128(series.strike.units) * Int128(Ratio.one.units) - fixed
        let open = Int128((Ratio.one - view.fixedShare).units)
        strike = open > 0 ? Int64(clamping: left / open) : series.strike.units
        time = SettlementVariance.effectiveTime(remaining: view.timeLeft, window: view.window)
        forward = view.forward
    }

    func greeks(_ series: OptionSeries, _ volatility: Real) -> Greeks {
        guard strike > 0 else {
            return Black76.greeks(
                series.right, logMoneyness: OpenPart.farBelow, moneyness: .zero,
                totalVolatility: .zero, time: time)
        }
        return Black76.greeks(
            series.right, logMoneyness: Real.log(strike, over: forward.units),
            moneyness: Real(strike, over: forward.units),
            totalVolatility: Black76.totalVolatility(volatility, time: time), time: time)
    }

    func part(of units: Int64) -> Int64 {
        Int64(clamping: (Int128(units) * Int128(share.bits)) >> Int128(Real.fractionBits))
    }
}

extension IndexPrice {
    /// The price of one unit where this is the price of a share of it.
    fileprivate func over(_ share: Real) -> IndexPrice {
        IndexPrice(
            units: Int64(
                clamping: (Int128(units) << Int128(Real.fractionBits)) / Int128(share.bits)))
    }
}
