/// What is sent often, written without detours: books, trades, candles; and the texts of channels
/// that say how things are.

import Canonical
package import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle

extension JSONWriter {
    mutating func price(_ price: Price, of instrument: Instrument) {
        decimal(instrument.micros(price), decimals: APIDecimals.price)
    }

    mutating func amount(_ quantity: Quantity, of instrument: Instrument) {
        decimal(instrument.nanos(quantity), decimals: APIDecimals.amount)
    }

    mutating func index(_ price: IndexPrice) {
        decimal(price.units, decimals: APIDecimals.price)
    }

    /// `[[price, amount], …]`
    mutating func levels(_ levels: [BookLevel], of instrument: Instrument) {
        beginArray()
        for level in levels {
            beginArray()
            price(level.price, of: instrument)
            amount(level.quantity, of: instrument)
            endArray()
        }
        endArray()
    }

    /// `[["new", price, amount], …]`
    mutating func changes(
        _ changes: [(change: LevelChange, level: BookLevel)], of instrument: Instrument
    ) {
        beginArray()
        for (change, level) in changes {
            beginArray()
            string(change.rawValue)
            price(level.price, of: instrument)
            amount(level.quantity, of: instrument)
            endArray()
        }
        endArray()
    }
}

extension Gateway {
    func writeBookSnapshot(
        _ identifier: InstrumentIdentifier, _ levels: BookLevels, _ change: UInt64,
        _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        let empty = BookLevels(bids: [], asks: [])
        writeBook(
            identifier, old: empty, new: levels, type: "snapshot", from: nil, to: change, ledger,
            &writer)
    }

    func writeBookChange(
        _ identifier: InstrumentIdentifier, old: BookLevels, new: BookLevels, from: UInt64,
        to: UInt64, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        writeBook(
            identifier, old: old, new: new, type: "change", from: from, to: to, ledger, &writer)
    }

    private func writeBook(
        _ identifier: InstrumentIdentifier, old: BookLevels, new: BookLevels, type: String,
        from: UInt64?, to: UInt64, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        let instrument = ledger.catalogue.instruments[Int(identifier.number)]
        writer.beginObject()
        writer.member("type", type)
        writer.name("timestamp")
        writer.integer(ledger.time.milliseconds)
        writer.member("instrument_name", names[identifier])
        writer.name("change_id")
        writer.integer(to)
        if let from {
            writer.name("prev_change_id")
            writer.integer(from)
        }
        writer.name("bids")
        writer.changes(
            BookLevels.changes(from: old.bids, to: new.bids, .buy), of: instrument)
        writer.name("asks")
        writer.changes(
            BookLevels.changes(from: old.asks, to: new.asks, .sell), of: instrument)
        writer.endObject()
    }

    func writeTrade(_ trade: TradeRecord, _ ledger: Ledger, _ writer: inout JSONWriter) {
        let instrument = ledger.catalogue.instruments[Int(trade.instrument.number)]
        writer.beginObject()
        writer.member("trade_id", tradeIdentifier(trade.number, instrument))
        writer.name("trade_seq")
        writer.integer(trade.number)
        writer.member("instrument_name", names[trade.instrument])
        writer.name("timestamp")
        writer.integer(trade.time.milliseconds)
        writer.member("direction", trade.direction == .buy ? "buy" : "sell")
        writer.name("tick_direction")
        writer.integer(trade.tick.rawValue)
        writer.name("price")
        writer.price(trade.price, of: instrument)
        writer.name("amount")
        writer.amount(trade.quantity, of: instrument)
        writer.name("contracts")
        writer.decimal(trade.quantity.lots, decimals: 0)
        writer.name("mark_price")
        writer.index(trade.mark)
        writer.name("index_price")
        writer.index(trade.index)
        if let volatility = trade.volatility {
            writer.name("iv")
            writer.value(volatility.percent)
        }
        if trade.isMakerLiquidation || trade.isTakerLiquidation {
            writer.member(
                "liquidation",
                (trade.isMakerLiquidation ? "M" : "") + (trade.isTakerLiquidation ? "T" : ""))
        }
        writer.endObject()
    }

    /// The name of a trade: the quote asset and the number of its event.
    package func tradeIdentifier(_ number: UInt64, _ instrument: Instrument) -> String {
        names.asset(of: instrument) + "-" + String(number)
    }

    func writeCandle(
        _ candle: Candle, _ identifier: InstrumentIdentifier, resolution: Int, _ ledger: Ledger,
        _ writer: inout JSONWriter
    ) {
        let instrument = ledger.catalogue.instruments[Int(identifier.number)]
        writer.beginObject()
        writer.name("tick")
        writer.integer(candle.span * Resolution.length(resolution).milliseconds)
        for (name, price) in [
            ("open", candle.open), ("high", candle.high), ("low", candle.low),
            ("close", candle.close),
        ] {
            writer.name(name)
            writer.price(price, of: instrument)
        }
        writer.name("volume")
        writer.amount(candle.volume, of: instrument)
        writer.name("cost")
        writer.decimal(candle.cost.units, decimals: APIDecimals.price)
        writer.endObject()
    }

    func writeBlock(
        _ outcome: BlockOutcome, _ time: Timestamp, _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.name("height")
        writer.integer(outcome.height)
        writer.name("timestamp")
        writer.integer(time.milliseconds)
        writer.member("root", Hexadecimal.text(outcome.root.storage.bytes))
        writer.name("transactions")
        writer.integer(outcome.receipts.last.map { Int64($0.transaction) + 1 } ?? 0)
        writer.name("events")
        writer.integer(outcome.events.count)
        writer.endObject()
    }

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
        case .book, .incrementalTicker, .trades, .allTrades, .chart, .instrumentState, .block:
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

extension Duration {
    private static var nanosecondsPerMillisecond: UInt64 { 1_000_000 }

    var milliseconds: UInt64 { nanoseconds / Duration.nanosecondsPerMillisecond }
}
