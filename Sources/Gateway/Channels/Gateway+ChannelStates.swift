/// The texts of channels that say how things are: grouped books, quotes, funding, indexes.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle

extension Gateway {
    /// Writes what a channel says of how things are.
    ///
    /// - Returns: false of a topic that tells only what happens.
    func write(_ topic: ChannelTopic, _ ledger: Ledger, _ writer: inout JSONWriter) -> Bool {
        switch topic {
        case .groupedBook(let instrument, let group, let depth, _):
            writeGroupedBook(instrument, group, depth, ledger, &writer)
        case .ticker(let instrument, _):
            writer.value(.object(tickerFields(instrument, ledger)))
        case .quote(let instrument): writeQuote(instrument, ledger, &writer)
        case .perpetual(let instrument, _): writer.value(perpetual(instrument, ledger))
        case .priceIndex(let underlying): writer.value(priceIndex(underlying, ledger))
        case .optionMarks(let underlying): writer.value(optionMarks(underlying, ledger))
        case .expirationPrice(let underlying):
            writer.value(expirationPrice(underlying, ledger))
        case .platformState:
            writer.value(
                .object([
                    JSON.Member("locked", .string("false")),
                    JSON.Member("maintenance", .boolean(false)),
                ]))
        case .methodsState:
            writer.value(
                .object([JSON.Member("allow_unauthenticated_public_requests", .boolean(true))]))
        case .book, .incrementalTicker, .trades, .allTrades, .chart, .instrumentState,
            .liquidations, .block:
            return false
        }
        return true
    }

    private func writeGroupedBook(
        _ identifier: InstrumentIdentifier, _ group: Int64?, _ depth: Int, _ ledger: Ledger,
        _ writer: inout JSONWriter
    ) {
        let instrument = ledger.catalogue.instruments[Int(identifier.number)]
        let levels =
            group.map { BookLevels(identifier, of: ledger).grouped(by: $0, depth: depth) }
            ?? BookLevels(identifier, of: ledger, limit: depth)
        let history = market.histories[Int(identifier.number)]
        writer.beginObject()
        writer.name("timestamp")
        writer.integer(ledger.time.milliseconds)
        writer.member("instrument_name", names[identifier])
        writer.name("change_id")
        writer.integer(history.bookHeight)
        writer.name("bids")
        writer.levels(levels.bids, of: instrument)
        writer.name("asks")
        writer.levels(levels.asks, of: instrument)
        writer.endObject()
    }

    private func writeQuote(
        _ identifier: InstrumentIdentifier, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        let instrument = ledger.catalogue.instruments[Int(identifier.number)]
        let top = BookLevels(identifier, of: ledger, limit: 1)
        writer.beginObject()
        writer.name("timestamp")
        writer.integer(ledger.time.milliseconds)
        writer.member("instrument_name", names[identifier])
        for (name, level) in [("bid", top.bids.first), ("ask", top.asks.first)] {
            writer.name("best_\(name)_price")
            if let level { writer.price(level.price, of: instrument) } else { writer.null() }
            writer.name("best_\(name)_amount")
            writer.amount(level?.quantity ?? .zero, of: instrument)
        }
        writer.endObject()
    }

    private func perpetual(
        _ identifier: InstrumentIdentifier, _ ledger: Ledger
    ) -> JSON.Value {
        let instrument = ledger.catalogue.instruments[Int(identifier.number)]
        var fields = Fields()
        fields.add("timestamp", .instant(ledger.time))
        fields.add("index_price", ledger.index(of: instrument).value)
        let rate = ledger.prices[Int(identifier.number)].fundingRate
        fields.add("interest", rate.value)
        return fields.value
    }

    private func priceIndex(
        _ underlying: UnderlyingIdentifier, _ ledger: Ledger
    ) -> JSON.Value {
        var fields = Fields()
        fields.add("timestamp", .instant(ledger.time))
        fields.add("price", ledger.feeds[Int(underlying.number)].index.value)
        fields.add("index_name", names.indexes[Int(underlying.number)])
        return fields.value
    }

    private func optionMarks(
        _ underlying: UnderlyingIdentifier, _ ledger: Ledger
    ) -> JSON.Value {
        var options: [JSON.Value] = []
        for identifier in ledger.catalogue.live {
            let instrument = ledger.catalogue.instruments[Int(identifier.number)]
            guard instrument.underlying == underlying, instrument.kind.series != nil,
                let volatility = ledger.volatility(of: instrument)
            else { continue }
            var fields = Fields()
            fields.add("instrument_name", names[identifier])
            fields.add("mark_price", ledger.prices[Int(identifier.number)].mark.value)
            fields.add("iv", volatility.value(decimals: 6))
            fields.add("timestamp", .instant(ledger.time))
            options.append(fields.value)
        }
        return .array(options)
    }

    private func expirationPrice(
        _ underlying: UnderlyingIdentifier, _ ledger: Ledger
    ) -> JSON.Value {
        var fields = Fields()
        let average = ledger.settlementAverages(of: underlying).first
        let index = ledger.feeds[Int(underlying.number)].index
        fields.add("price", (average?.average ?? index).value)
        fields.add("is_estimated", .boolean(average != nil))
        let next = ledger.catalogue.expiries[Int(underlying.number)].first
        let left = next.map { $0.elapsed(since: ledger.time).milliseconds / 1_000 } ?? 0
        fields.add("seconds", .integer(Int64(left)))
        fields.add("left_ticks", .integer(Int64(left)))
        return fields.value
    }
}
