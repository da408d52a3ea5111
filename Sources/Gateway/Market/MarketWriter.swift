/// What is sent often, written without detours: books, trades, candles, blocks.

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
}

extension Duration {
    private static var nanosecondsPerMillisecond: UInt64 { 1_000_000 }

    var milliseconds: UInt64 { nanoseconds / Duration.nanosecondsPerMillisecond }
}
