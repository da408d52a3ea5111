/// Trades and candles out of memory.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

/// Which trades a caller wants.
private struct TradeWish {
    let times: ClosedRange<Timestamp>
    let numbers: ClosedRange<UInt64>
    let count: Int
    let isAscending: Bool

    func holds(_ trade: TradeRecord) -> Bool {
        times.contains(trade.time) && numbers.contains(trade.number)
    }
}

extension Gateway {
    func writeTradesOfInstrument(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) {
        let (identifier, _) = try call.instrument(self)
        let first = call.integer("start_seq") ?? 0
        let last = call.integer("end_seq") ?? .max
        guard first <= last else { throw .parameter("end_seq", "must not be before start_seq") }
        let wish = try wish(call, UInt64(first)...UInt64(last))
        write(market.histories[Int(identifier.number)].trades, wish, call.ledger, &writer) {
            _ in true
        }
    }

    func writeTradesOfCurrency(_ call: Call, _ writer: inout JSONWriter) throws(APIError) {
        let currency = try call.currency(self)
        let first = try call.tradeNumber("start_id") ?? 0
        let last = try call.tradeNumber("end_id") ?? .max
        guard first <= last else { throw .parameter("end_id", "must not be before start_id") }
        let kind = call.kind
        let wish = try wish(call, first...last)
        write(market.trades, wish, call.ledger, &writer) { trade in
            self.isOf(
                call.ledger.catalogue.instruments[Int(trade.instrument.number)], kind, currency)
        }
    }

    private func wish(
        _ call: Call, _ numbers: ClosedRange<UInt64>
    ) throws(APIError) -> TradeWish {
        TradeWish(
            times: try call.span(), numbers: numbers,
            count: Int(call.integer("count") ?? TradeMethods.defaultCount),
            isAscending: call.text("sorting") == "asc")
    }

    /// The last of those wanted, or in ascending order the first.
    private func write(
        _ trades: Ring<TradeRecord>, _ wish: TradeWish, _ ledger: Ledger,
        _ writer: inout JSONWriter, where isWanted: (TradeRecord) -> Bool
    ) {
        var count = 0
        var hasMore = false
        writer.beginObject()
        writer.name("trades")
        writer.beginArray()
        for offset in 0..<trades.count {
            let trade = trades[wish.isAscending ? offset : trades.count - 1 - offset]
            guard wish.holds(trade), isWanted(trade) else { continue }
            guard count < wish.count else {
                hasMore = true
                break
            }
            writeTrade(trade, ledger, &writer)
            count += 1
        }
        writer.endArray()
        writer.name("has_more")
        writer.boolean(hasMore)
        writer.endObject()
    }

    // MARK: Candles

    /// Most candles in one answer.
    private static let candleLimit: UInt64 = 5_000

    func writeChart(_ call: Call, _ writer: inout JSONWriter) throws(APIError) {
        let (identifier, instrument) = try call.instrument(self)
        guard let place = Resolution.names.firstIndex(of: try call.requiredText("resolution"))
        else { throw .parameter("resolution", "no such resolution") }
        let span = try call.span()
        let length = Resolution.length(place)
        let kept = market.histories[Int(identifier.number)].candles[place]
        let end = min(span.upperBound, call.ledger.time).count(of: length)
        var start = span.lowerBound.count(of: length)
        if end >= Gateway.candleLimit { start = max(start, end - Gateway.candleLimit + 1) }
        let candles = start <= end ? filled(kept, start...end) : []
        writer.beginObject()
        writer.member("status", candles.isEmpty ? "no_data" : "ok")
        writer.name("ticks")
        writer.beginArray()
        for candle in candles { writer.integer(candle.span * length.milliseconds) }
        writer.endArray()
        write("open", candles, &writer) { $0.price($1.open, of: instrument) }
        write("high", candles, &writer) { $0.price($1.high, of: instrument) }
        write("low", candles, &writer) { $0.price($1.low, of: instrument) }
        write("close", candles, &writer) { $0.price($1.close, of: instrument) }
        write("volume", candles, &writer) { $0.amount($1.volume, of: instrument) }
        write("cost", candles, &writer) {
            $0.decimal($1.cost.units, decimals: APIDecimals.price)
        }
        writer.endObject()
    }

    private func write(
        _ name: String, _ candles: [Candle], _ writer: inout JSONWriter,
        _ value: (inout JSONWriter, Candle) -> Void
    ) {
        writer.name(name)
        writer.beginArray()
        for candle in candles { value(&writer, candle) }
        writer.endArray()
    }

    /// The candles of some spans, from the first that anything is known of.
    private func filled(_ kept: Ring<Candle>, _ spans: ClosedRange<UInt64>) -> [Candle] {
        var place = kept.firstPlace { $0.span >= spans.lowerBound }
        var close = place > 0 ? kept[place - 1].close : nil
        var candles: [Candle] = []
        for span in spans {
            if place < kept.count, kept[place].span == span {
                candles.append(kept[place])
                close = kept[place].close
                place += 1
            } else if let close {
                candles.append(
                    Candle(span: span, price: close, quantity: .zero, cost: .zero))
            }
        }
        return candles
    }

    // MARK: Volumes

    /// Spans of volumes: the suffix of the name, and hours.
    private static let volumeSpans: [(suffix: String, hours: UInt64)] = [
        ("", 24), ("_7d", 7 * 24), ("_30d", 30 * 24),
    ]

    func writeVolumes(isExtended: Bool, _ ledger: Ledger, _ writer: inout JSONWriter) {
        writer.beginArray()
        for (place, base) in names.bases.enumerated() {
            var fields = Fields()
            fields.add("currency", base)
            for span in Gateway.volumeSpans.prefix(isExtended ? Gateway.volumeSpans.count : 1) {
                let volumes = volumes(of: place, hours: span.hours, ledger)
                for (name, volume) in volumes {
                    fields.add(
                        name + "_volume" + span.suffix,
                        .number(JSON.Number(volume, decimals: APIDecimals.amount)))
                }
            }
            writer.value(fields.value)
        }
        writer.endArray()
    }

    /// By kind, what of an underlying traded, in 10⁻⁹ units.
    private func volumes(
        of underlying: Int, hours: UInt64, _ ledger: Ledger
    ) -> [(name: String, volume: Int128)] {
        var volumes: [(name: String, volume: Int128)] = [
            ("calls", 0), ("puts", 0), ("futures", 0), ("spot", 0),
        ]
        for (place, instrument) in ledger.catalogue.instruments.enumerated()
        where Int(instrument.underlying.number) == underlying {
            let slot =
                switch instrument.kind {
                case .option(let series): series.right == .call ? 0 : 1
                case .perpetual, .future: 2
                case .spot: 3
                }
            let traded = market.histories[place].statistics(
                of: Resolution.hour, spans: hours, until: ledger.time)
            volumes[slot].volume += instrument.nanos(traded.volume)
        }
        return volumes
    }
}

extension Call {
    /// The number in a trade's name.
    ///
    /// - Throws: -32602 where there is none in it.
    func tradeNumber(_ parameter: String) throws(APIError) -> UInt64? {
        guard let text = text(parameter) else { return nil }
        guard let digits = text.split(separator: "-").last, let number = UInt64(digits) else {
            throw .parameter(parameter, "wrong format")
        }
        return number
    }
}
