/// Trades and candles, out of memory or out of the history.

import Canonical
import Catalogue
import FixedPoint
import History
import JSON
import Ledger
import Markets

extension Gateway {
    func writeTradesOfInstrument(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let (identifier, _) = try call.instrument(self)
        let first = call.integer("start_seq") ?? 0
        let last = call.integer("end_seq") ?? .max
        guard first <= last else { throw .parameter("end_seq", "must not be before start_seq") }
        let range = try range(call, UInt64(first)...UInt64(last))
        return try write(
            market.histories[Int(identifier.number)].trades, .one(identifier), range, call, &writer
        ) { _ in true }
    }

    func writeTradesOfCurrency(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let currency = try call.currency(self)
        let first = try call.tradeNumber("start_id") ?? 0
        let last = try call.tradeNumber("end_id") ?? .max
        guard first <= last else { throw .parameter("end_id", "must not be before start_id") }
        let kind = call.kind
        let range = try range(call, first...last)
        let scope = InstrumentScope(call.ledger) { self.isOf($0, kind, currency) }
        return try write(market.trades, scope, range, call, &writer) { trade in
            self.isOf(
                call.ledger.catalogue.instruments[Int(trade.instrument.number)], kind, currency)
        }
    }

    private func range(
        _ call: Call, _ numbers: ClosedRange<UInt64>
    ) throws(APIError) -> PastRange {
        PastRange(
            times: try call.span(), numbers: numbers,
            isAscending: call.text("sorting") == "asc",
            count: Int(call.integer("count") ?? TradeMethods.defaultCount))
    }

    /// The last of those wanted, or in ascending order the first.
    private func write(
        _ trades: Ring<TradeRecord>, _ scope: InstrumentScope, _ range: PastRange, _ call: Call,
        _ writer: inout JSONWriter, where isWanted: (TradeRecord) -> Bool
    ) throws(APIError) -> Completion {
        let since = hasHistory ? market.since : .whole
        let page = trades.page(range, since: since, isForgetful: hasHistory) {
            ($0.number, $0.time)
        } where: {
            isWanted($0)
        }
        if let page {
            write(page, call.ledger, &writer)
            return .done
        }
        return try ask(.trades(scope, range), of: call) {
            gateway, rows, ledger, writer throws(APIError) in
            guard case .trades(let page) = rows else { throw PastRows.mismatch }
            gateway.write(page, ledger, &writer)
        }
    }

    private func write(
        _ page: PastPage<TradeRecord>, _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.name("trades")
        writer.beginArray()
        for trade in page.elements { writeTrade(trade, ledger, &writer) }
        writer.endArray()
        writer.name("has_more")
        writer.boolean(page.hasMore)
        writer.endObject()
    }

    // MARK: Candles

    /// Most candles in one answer.
    private static let candleLimit: UInt64 = 5_000

    func writeChart(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let (identifier, instrument) = try call.instrument(self)
        guard let place = Resolution.names.firstIndex(of: try call.requiredText("resolution"))
        else { throw .parameter("resolution", "no such resolution") }
        let span = try call.span()
        let length = Resolution.length(place)
        let kept = market.histories[Int(identifier.number)].candles[place]
        let end = min(span.upperBound, call.ledger.time).count(of: length)
        var start = span.lowerBound.count(of: length)
        if end >= Gateway.candleLimit { start = max(start, end - Gateway.candleLimit + 1) }
        guard start <= end else {
            write([], length, instrument, &writer)
            return .done
        }
        guard hasHistory, !isKnown(kept, from: start, length) else {
            let place = kept.firstPlace { $0.span >= start }
            let known = (place..<kept.count).map { kept[$0] }
            let before = place > 0 ? kept[place - 1].close : nil
            write(
                Gateway.filled(known, start...end, before: before), length, instrument, &writer)
            return .done
        }
        let question = PastQuestion.candles(
            identifier, minutes: Resolution.minutes[place], spans: start...end)
        return try ask(question, of: call) { gateway, rows, _, writer throws(APIError) in
            guard case .candles(let known, let before) = rows else { throw PastRows.mismatch }
            gateway.write(
                Gateway.filled(known, start...end, before: before), length, instrument, &writer)
        }
    }

    /// Whether memory knows all candles from a span on, and where the price stood before it.
    private func isKnown(_ kept: Ring<Candle>, from span: UInt64, _ length: Duration) -> Bool {
        if market.since.isWhole, !kept.hasForgotten { return true }
        // The span in which memory begins is known in part.
        guard kept.firstPlace(where: { $0.span >= span }) > 0 else { return false }
        return market.since.isWhole || span > market.since.time.count(of: length)
    }

    private func write(
        _ candles: [Candle], _ length: Duration, _ instrument: Instrument,
        _ writer: inout JSONWriter
    ) {
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
    ///
    /// - Parameter before: where the price stood before the first span.
    private static func filled(
        _ known: [Candle], _ spans: ClosedRange<UInt64>, before: Price?
    ) -> [Candle] {
        var place = 0
        var close = before
        var candles: [Candle] = []
        for span in spans {
            if place < known.count, known[place].span == span {
                candles.append(known[place])
                close = known[place].close
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
