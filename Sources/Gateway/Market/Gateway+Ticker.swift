/// The state of one market in the API's fields: ticker, and what the book shares with it.

package import Canonical
package import Catalogue
import FixedPoint
import JSON
package import Ledger
import Markets
import Oracle
import Accounts
import Risk

extension Gateway {
    /// The ledger's instrument of a name.
    ///
    /// - Throws: 13020 where there never was one.
    package func instrument(
        named name: String, _ ledger: Ledger
    ) throws(APIError) -> (identifier: InstrumentIdentifier, instrument: Instrument) {
        guard let identifier = names.instrument(name),
            let instrument = ledger.catalogue.instrument(identifier)
        else {
            throw APIError(
                .notFound,
                data: [
                    JSON.Member("reason", .string("instrument not found")),
                    JSON.Member("param", .string("instrument_name")),
                ])
        }
        return (identifier, instrument)
    }

    /// Whether an instrument is of a kind and a currency; nil and `any` are all.
    func isOf(_ instrument: Instrument, _ kind: APIKind?, _ currency: String) -> Bool {
        (kind == nil || kind == APIKind(instrument.kind)) && names.matches(currency, instrument)
    }

    func isPerpetual(_ identifier: InstrumentIdentifier) -> Bool {
        names[identifier].hasSuffix("-PERPETUAL")
    }

    /// The state of a market in Deribit's words. While it collects orders for an auction it is
    /// open; `phase` says more.
    func state(of identifier: InstrumentIdentifier, _ ledger: Ledger) -> String {
        switch ledger.phases[Int(identifier.number)] {
        case .continuous, .auction: "open"
        case .halted: "halted"
        case .expired: "settlement"
        case .settled: "delivered"
        }
    }

    private func phase(of identifier: InstrumentIdentifier, _ ledger: Ledger) -> String {
        switch ledger.phases[Int(identifier.number)] {
        case .continuous: "continuous"
        case .auction: "auction"
        case .halted: "halted"
        case .expired: "expired"
        case .settled: "settled"
        }
    }

    /// The ticker of an instrument.
    func tickerFields(_ identifier: InstrumentIdentifier, _ ledger: Ledger) -> [JSON.Member] {
        guard let instrument = ledger.catalogue.instrument(identifier) else { return [] }
        var fields = Fields()
        fields.add("instrument_name", names[identifier])
        fields.add("timestamp", .instant(ledger.time))
        fields.add("state", state(of: identifier, ledger))
        fields.add("phase", phase(of: identifier, ledger))
        fields.add("level", "\(ledger.level(of: identifier))")
        fields.add("stats", statistics(identifier, instrument, ledger))
        let top = BookLevels(identifier, of: ledger, limit: 1)
        addBest(top, instrument, &fields)
        addPrices(identifier, instrument, ledger, &fields)
        switch instrument.kind {
        case .perpetual: addFunding(identifier, ledger, &fields)
        case .future: addForward(instrument, ledger, &fields)
        case .option:
            addForward(instrument, ledger, &fields)
            addOption(top, identifier, instrument, ledger, &fields)
        case .spot: break
        }
        return fields.members
    }

    private func statistics(
        _ identifier: InstrumentIdentifier, _ instrument: Instrument, _ ledger: Ledger
    ) -> JSON.Value {
        let day = market.histories[Int(identifier.number)].day(until: ledger.time)
        var fields = Fields()
        fields.add("volume", instrument.value(day.volume))
        fields.add("volume_usd", day.cost.value)
        fields.add("volume_notional", day.cost.value)
        fields.add("high", day.high.map { instrument.value($0) } ?? .null)
        fields.add("low", day.low.map { instrument.value($0) } ?? .null)
        fields.add("price_change", Gateway.priceChange(day))
        return fields.value
    }

    /// In percent, to a hundredth; null without trades.
    static func priceChange(_ day: DayStatistics) -> JSON.Value {
        guard let first = day.first, let last = day.last, first.isPositive else { return .null }
        let hundredths = Int128(last.ticks - first.ticks) * 10_000 / Int128(first.ticks)
        return .number(JSON.Number(hundredths, decimals: 2))
    }

    private func addBest(_ top: BookLevels, _ instrument: Instrument, _ fields: inout Fields) {
        for (name, level) in [("bid", top.bids.first), ("ask", top.asks.first)] {
            fields.add("best_\(name)_price", level.map { instrument.value($0.price) } ?? .null)
            fields.add("best_\(name)_amount", instrument.value(level?.quantity ?? .zero))
        }
    }

    private func addPrices(
        _ identifier: InstrumentIdentifier, _ instrument: Instrument, _ ledger: Ledger,
        _ fields: inout Fields
    ) {
        let place = Int(identifier.number)
        fields.add("open_interest", instrument.value(openInterest(identifier, ledger)))
        fields.add("index_price", ledger.index(of: instrument).value)
        fields.add("mark_price", ledger.prices[place].mark.value)
        let last = market.histories[place].lastPrice
        fields.add("last_price", last.map { instrument.value($0) } ?? .null)
        let band = band(identifier, instrument, ledger)
        fields.add("min_price", instrument.value(band.lowestSell))
        fields.add("max_price", instrument.value(band.highestBuy))
        fields.add("settlement_price", ledger.prices[place].mark.value)
        fields.add("estimated_delivery_price", ledger.expectedSettlement(of: instrument).value)
        if case .settled(let price) = ledger.phases[place] {
            fields.add("delivery_price", price.value)
        }
    }

    /// What is held long; of spot what all hold.
    func openInterest(_ identifier: InstrumentIdentifier, _ ledger: Ledger) -> Quantity {
        let totals = ledger.accounts.totals[Int(identifier.number)]
        return max(totals.openInterest, totals.holdings)
    }

    private func addFunding(
        _ identifier: InstrumentIdentifier, _ ledger: Ledger, _ fields: inout Fields
    ) {
        let rate = ledger.prices[Int(identifier.number)].fundingRate
        fields.add("funding_8h", rate.value)
        fields.add("current_funding", rate.value)
        fields.add("interest_value", rate.percent)
    }

    private func addForward(
        _ instrument: Instrument, _ ledger: Ledger, _ fields: inout Fields
    ) {
        let forward = ledger.expiryView(of: instrument)?.forward
        fields.add("underlying_price", (forward ?? ledger.index(of: instrument)).value)
        fields.add("underlying_index", names.indexes[Int(instrument.underlying.number)])
    }

    private func addOption(
        _ top: BookLevels, _ identifier: InstrumentIdentifier, _ instrument: Instrument,
        _ ledger: Ledger, _ fields: inout Fields
    ) {
        fields.add("interest_rate", .number(JSON.Number(Int128(0), decimals: 0)))
        for (name, level) in [("bid_iv", top.bids.first), ("ask_iv", top.asks.first)] {
            let implied = level.flatMap {
                ledger.impliedVolatility(of: identifier, at: $0.price)
            }
            fields.add(name, (implied ?? .zero).percent)
        }
        guard let figures = ledger.figures(of: instrument) else { return }
        fields.add("mark_iv", figures.volatility.value(decimals: 4, times: 100))
        var greeks = Fields()
        greeks.add("delta", figures.delta.value(decimals: 6))
        greeks.add(
            "gamma",
            .number(
                JSON.Number(Int128(figures.gammaTrillionths), decimals: APIDecimals.gamma)))
        greeks.add("vega", figures.vega.value)
        greeks.add("theta", figures.theta.value)
        greeks.add("rho", figures.rho.value)
        fields.add("greeks", greeks.value)
    }

    /// The worst prices that orders may have now, by the ledger's own rule.
    func band(
        _ identifier: InstrumentIdentifier, _ instrument: Instrument, _ ledger: Ledger
    ) -> (highestBuy: Price, lowestSell: Price) {
        ledger.priceBand(of: identifier) ?? (instrument.maximumPrice, Price(ticks: 1))
    }
}
