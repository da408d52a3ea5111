/// Reads an option chain out of a ledger: marks, forwards and volatilities are those that margin
/// was last told of, so the page shows what accounts are judged by.

import Documents
import Accounts
package import Canonical
import Catalogue
import FixedPoint
package import Ledger
import Markets
import Oracle
import Risk

extension OptionChain {
    /// The live options on an underlying; nil where there are none, or no prices yet.
    ///
    /// O(live instruments).
    package init?(ledger: Ledger, underlying identifier: UnderlyingIdentifier) {
        let feed = ledger.feeds[Int(identifier.number)]
        guard feed.isPriced else { return nil }
        let underlying = ledger.catalogue.underlyings[Int(identifier.number)]
        self.underlying = underlying.symbol.text
        quote = underlying.quoteCurrency.text
        time = ledger.time.nanoseconds
        index = feed.index.units
        expiries = ledger.catalogue.expiries[Int(identifier.number)].compactMap {
            OptionExpiry(ledger: ledger, underlying: identifier, expiry: $0)
        }
        guard !expiries.isEmpty else { return nil }
    }

    /// The chains of all underlyings that have live options, in the order of the catalogue.
    package static func all(of ledger: Ledger) -> [OptionChain] {
        ledger.catalogue.underlyings.indices.compactMap {
            OptionChain(ledger: ledger, underlying: UnderlyingIdentifier(UInt16($0)))
        }
    }
}

extension OptionExpiry {
    /// Nil where no option of the expiry trades and has a price.
    fileprivate init?(ledger: Ledger, underlying: UnderlyingIdentifier, expiry: Timestamp) {
        var strikes: [OptionStrike] = []
        var future: DatedFuture?
        var seen: ExpiryView?
        for identifier in ledger.catalogue.live {
            let place = Int(identifier.number)
            let instrument = ledger.catalogue.instruments[place]
            guard instrument.underlying == underlying, instrument.expiry == expiry,
                !ledger.phases[place].isOver
            else { continue }
            switch (instrument.kind, ledger.risk.instruments[place].quote) {
            case (.option(let series), .option(_, let volatility, let view)):
                seen = view
                let line = OptionLine(ledger, identifier, series, volatility, view)
                OptionExpiry.add(line, series, to: &strikes)
            case (.future, .future(let mark, _)):
                future = DatedFuture(
                    name: instrument.symbol.text, mark: mark.units,
                    openInterest: ledger.openUnits(of: identifier))
            default: break
            }
        }
        guard let view = seen else { return nil }
        self.future = future
        self.strikes = strikes.sorted { $0.strike < $1.strike }
        time = expiry.nanoseconds
        timeLeft = view.timeLeft.nanoseconds
        forward = view.forward.units
        fixedShare = Real(view.fixedShare).millionths
        let slice = ledger.curve(of: underlying, expiry: expiry)
        atTheMoney = slice.map { $0.volatility(logMoneyness: .zero).millionths }
        smile =
            slice.map {
                ChainVolatility.points(
                    of: $0, nodes: ledger.surfaces[Int(underlying.number)].parameters.nodes)
            } ?? []
    }

    private static func add(
        _ line: OptionLine, _ series: OptionSeries, to strikes: inout [OptionStrike]
    ) {
        let place =
            strikes.firstIndex { $0.strike == series.strike.units } ?? strikes.endIndex
        if place == strikes.endIndex {
            strikes.append(OptionStrike(strike: series.strike.units))
        }
        switch series.right {
        case .call: strikes[place].call = line
        case .put: strikes[place].put = line
        }
    }
}

extension OptionLine {
    fileprivate init(
        _ ledger: Ledger, _ identifier: InstrumentIdentifier, _ series: OptionSeries,
        _ volatility: Real, _ view: ExpiryView
    ) {
        let place = Int(identifier.number)
        let instrument = ledger.catalogue.instruments[place]
        let model = OptionModel(series, volatility: volatility, view)
        let greeks = QuotedGreeks(model.greeks, forward: view.forward)
        let open = model.share
        name = instrument.symbol.text
        mark = ledger.prices[place].mark.units
        bid = ledger.best(.buy, of: identifier)
        ask = ledger.best(.sell, of: identifier)
        self.volatility = volatility.millionths
        delta = (greeks.delta * open).millionths
        gamma = open.share(of: open.share(of: greeks.gammaTrillionths))
        vega = open.share(of: greeks.vega.units)
        theta = open.share(of: greeks.theta.units)
        openInterest = ledger.openUnits(of: identifier)
    }
}

extension ChainVolatility {
    /// Between two points of the line.
    private static let pieces = 96

    /// The curve from its first node to its last, at strikes evenly spaced in ln(K/F).
    fileprivate static func points(of slice: CurveSlice, nodes: [Ratio]) -> [ChainVolatility] {
        guard let first = nodes.first, let last = nodes.last else { return [] }
        let left = slice.scale * Real(first)
        let width = slice.scale * Real(last) - left
        return (0...pieces).map { piece in
            let place = left + width * Real(Int64(piece), over: Int64(pieces))
            return ChainVolatility(
                strike: Real.exp(place).share(of: slice.forward.units),
                volatility: slice.volatility(logMoneyness: place).millionths)
        }
    }
}

extension Ledger {
    /// The best price of a side in 10⁻⁶ quote; nil where it is empty.
    fileprivate func best(_ side: Side, of identifier: InstrumentIdentifier) -> Int64? {
        var best: Price?
        books.forEachLevel(side, in: identifier) { price, _ in
            best = price
            return false
        }
        return best.map {
            $0.units * catalogue.instruments[Int(identifier.number)].tickSize.units
        }
    }

    /// What is held long, in 10⁻⁹ units of the underlying.
    fileprivate func openUnits(of identifier: InstrumentIdentifier) -> Int64 {
        let place = Int(identifier.number)
        return Int64(
            clamping: Int128(accounts.totals[place].openInterest.units)
                * Int128(catalogue.instruments[place].lotSize))
    }
}

extension Real {
    private static var million: Int64 { 1_000_000 }

    /// In 10⁻⁶, rounded to the nearest.
    fileprivate var millionths: Int64 { share(of: Real.million) }

    /// The number times a whole one, rounded to the nearest.
    fileprivate func share(of whole: Int64) -> Int64 {
        let half = Int128(1) << Int128(Real.fractionBits - 1)
        return Int64(clamping: (Int128(bits) * Int128(whole) + half) >> Int128(Real.fractionBits))
    }
}
