/// When channels speak: with the block that moves them, or, where they collect, when their time has
/// come. Only channels that somebody hears are looked at.

import Canonical
import FixedPoint
import JSON
import Ledger
import Catalogue

/// What a block did to one instrument.
struct InstrumentMove {
    var isBook = false
    var isMark = false
    var trades: [TradeRecord] = []
}

extension Gateway {
    /// Tells what a block changed.
    func announce(
        _ changes: MarketChanges, _ block: CommittedBlock, ledger: Ledger, now: Timestamp
    ) {
        guard !hub.channels.isEmpty else { return }
        for (number, move) in moves(changes) {
            for name in hub.index[.instrument(number)] ?? [] {
                follow(name, move, ledger: ledger, now: now)
            }
        }
        if !changes.trades.isEmpty {
            for name in hub.index[.trades] ?? [] {
                collect(changes.trades, in: name, ledger: ledger, now: now)
            }
        }
        for underlying in Set(changes.indexes.map { $0.number }) {
            for name in hub.index[.underlying(underlying)] ?? [] {
                mark(name, ledger: ledger, now: now)
            }
        }
        for instrument in changes.states {
            for name in hub.index[.states] ?? [] {
                tellState(of: instrument, in: name, ledger: ledger)
            }
        }
        if !changes.liquidations.isEmpty {
            for name in hub.index[.liquidations] ?? [] {
                emit(name) { writer in
                    writer.beginArray()
                    for record in changes.liquidations {
                        self.writeLiquidation(record, ledger, &writer)
                    }
                    writer.endArray()
                }
            }
        }
        for name in hub.index[.blocks] ?? [] {
            emit(name) { writer in self.writeBlock(block.outcome, block.time, &writer) }
        }
    }

    /// What moved, of instruments that somebody hears.
    private func moves(_ changes: MarketChanges) -> [UInt16: InstrumentMove] {
        var moves: [UInt16: InstrumentMove] = [:]
        for instrument in changes.books where hub.isHeard(.instrument(instrument.number)) {
            moves[instrument.number, default: InstrumentMove()].isBook = true
        }
        for instrument in changes.marks where hub.isHeard(.instrument(instrument.number)) {
            moves[instrument.number, default: InstrumentMove()].isMark = true
        }
        // Nobody may trade or quote in a market that is held, so nothing else would tell of it.
        for instrument in changes.states + changes.levels
        where hub.isHeard(.instrument(instrument.number)) {
            moves[instrument.number, default: InstrumentMove()].isMark = true
        }
        for trade in changes.trades where hub.isHeard(.instrument(trade.instrument.number)) {
            moves[trade.instrument.number, default: InstrumentMove()].trades.append(trade)
        }
        return moves
    }

    private func follow(
        _ name: String, _ move: InstrumentMove, ledger: Ledger, now: Timestamp
    ) {
        guard let topic = hub.channels[name]?.topic else { return }
        switch topic {
        case .book, .groupedBook, .quote:
            if move.isBook { mark(name, ledger: ledger, now: now) }
        case .ticker, .incrementalTicker: mark(name, ledger: ledger, now: now)
        case .trades:
            if !move.trades.isEmpty {
                collect(move.trades, in: name, ledger: ledger, now: now)
            }
        case .chart(let instrument, let place):
            guard !move.trades.isEmpty,
                let candle = market.histories[Int(instrument.number)].candles[place].last
            else { return }
            emit(name) { writer in
                self.writeCandle(candle, instrument, resolution: place, ledger, &writer)
            }
        case .perpetual: if move.isMark { mark(name, ledger: ledger, now: now) }
        default: return
        }
    }

    private func collect(
        _ trades: [TradeRecord], in name: String, ledger: Ledger, now: Timestamp
    ) {
        var matching = trades
        if case .allTrades(let kind, let currency, _) = hub.channels[name]?.topic {
            matching = trades.filter {
                isOf(ledger.catalogue.instruments[Int($0.instrument.number)], kind, currency)
            }
        }
        guard !matching.isEmpty else { return }
        hub.remember(name) { $0.trades += matching }
        mark(name, ledger: ledger, now: now)
    }

    private func tellState(
        of instrument: InstrumentIdentifier, in name: String, ledger: Ledger
    ) {
        guard case .instrumentState(let kind, let currency) = hub.channels[name]?.topic,
            isOf(ledger.catalogue.instruments[Int(instrument.number)], kind, currency)
        else { return }
        let isNew = market.histories[Int(instrument.number)].listed == ledger.time
        let state = isNew ? "created" : self.state(of: instrument, ledger)
        emit(name) { writer in
            writer.beginObject()
            writer.name("timestamp")
            writer.integer(ledger.time.milliseconds)
            writer.member("state", state)
            writer.member("instrument_name", self.names[instrument])
            writer.endObject()
        }
    }

    /// Notes that a channel has something to say, and lets it speak if it does so at once.
    private func mark(_ name: String, ledger: Ledger, now: Timestamp) {
        guard let topic = hub.channels[name]?.topic else { return }
        if topic.pace == .raw {
            speak(name, topic, ledger: ledger, now: now)
        } else {
            hub.remember(name) { $0.isDirty = true }
        }
    }

    /// Lets those speak that have collected long enough.
    func flushChannels(ledger: Ledger, now: Timestamp) {
        hub.forget(now: now)
        for (name, channel) in hub.channels where channel.told.isDirty {
            guard let interval = channel.topic.pace.interval,
                now.elapsed(since: channel.told.lastSent) >= interval
            else { continue }
            hub.remember(name) { memory in
                memory.isDirty = false
                memory.lastSent = now
            }
            speak(name, channel.topic, ledger: ledger, now: now)
        }
    }

    /// Says what has changed since a channel spoke last, if anything has.
    private func speak(
        _ name: String, _ topic: ChannelTopic, ledger: Ledger, now: Timestamp
    ) {
        switch topic {
        case .book(let instrument, _): speakBook(name, instrument, ledger)
        case .trades, .allTrades:
            let trades = hub.channels[name]?.told.trades ?? []
            hub.remember(name) { $0.trades.removeAll() }
            guard !trades.isEmpty else { return }
            emit(name) { writer in
                writer.beginArray()
                for trade in trades { self.writeTrade(trade, ledger, &writer) }
                writer.endArray()
            }
        case .incrementalTicker(let instrument): speakTickerChange(name, instrument, ledger)
        case .quote(let instrument):
            let top = BookLevels(instrument, of: ledger, limit: 1)
            guard hub.channels[name]?.told.levels != top else { return }
            hub.remember(name) { $0.levels = top }
            speakText(name, topic, ledger)
        default: speakText(name, topic, ledger)
        }
    }

    /// Channels that say how things are, when that is another than before.
    private func speakText(_ name: String, _ topic: ChannelTopic, _ ledger: Ledger) {
        var writer = JSONWriter()
        guard write(topic, ledger, &writer) else { return }
        let text = writer.bytes
        guard hub.channels[name]?.told.text != text else { return }
        hub.remember(name) { $0.text = text }
        emit(name) { $0.raw(text) }
    }

    private func speakBook(
        _ name: String, _ instrument: InstrumentIdentifier, _ ledger: Ledger
    ) {
        guard let told = hub.channels[name]?.told, let old = told.levels else { return }
        let new = BookLevels(instrument, of: ledger)
        guard new != old else { return }
        let identifier = market.histories[Int(instrument.number)].bookHeight
        emit(name) { writer in
            self.writeBookChange(
                instrument, old: old, new: new, from: told.changeIdentifier, to: identifier,
                ledger, &writer)
        }
        hub.remember(name) { memory in
            memory.levels = new
            memory.changeIdentifier = identifier
        }
    }

    private func speakTickerChange(
        _ name: String, _ instrument: InstrumentIdentifier, _ ledger: Ledger
    ) {
        let fields = tickerFields(instrument, ledger)
        let old = hub.channels[name]?.told.fields ?? []
        let changed = fields.filter { field in
            field.name == "timestamp" || field.name == "instrument_name"
                || !old.contains(field)
        }
        // The name and the time alone are no news.
        guard changed.contains(where: { $0.name != "timestamp" && $0.name != "instrument_name" })
        else { return }
        hub.remember(name) { $0.fields = fields }
        emit(name) { writer in
            writer.value(
                .object([JSON.Member("type", .string("change"))] + changed))
        }
    }

    /// Sends a message of a channel to all who listen.
    func emit(_ name: String, _ data: (inout JSONWriter) -> Void) {
        guard let message = hub.message(name, data), !message.subscribers.isEmpty else { return }
        act(.broadcast(message.subscribers, message.frame))
    }
}
