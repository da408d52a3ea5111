/// The state of markets: ticker, order book, summaries.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger

enum BookMethods {
    static let all: [Method] = [
        ticker, orderBook, orderBookByNumber, summaryByCurrency, summaryByInstrument,
    ]

    private static let depths: [Int64] = [1, 5, 10, 20, 50, 100, 1_000, 10_000]
    private static let defaultDepth: Int64 = 5

    private static let bookShape = Schema.object(
        MarketShapes.tickerProperties + [
            .required(
                "change_id", .integer(), "The height of the block that last changed the book."),
            .required("bids", .list(.list(MarketShapes.decimal, 2...2))),
            .required("asks", .list(.list(MarketShapes.decimal, 2...2))),
        ])

    static let ticker = Method(
        "public/ticker", "Prices, statistics, funding or Greeks of an instrument.",
        [MarketParameters.instrument], result: .object(MarketShapes.tickerProperties)
    ) { gateway, call, writer throws(APIError) in
        let (identifier, _) = try call.instrument(gateway)
        writer.value(.object(gateway.tickerFields(identifier, call.ledger)))
        return .done
    }

    static let orderBook = Method(
        "public/get_order_book", "The ticker, and the best levels of both sides.",
        [
            MarketParameters.instrument,
            .optional("depth", .oneOfIntegers(depths), "Levels of each side; 5 by default."),
        ], result: bookShape
    ) { gateway, call, writer throws(APIError) in
        let (identifier, instrument) = try call.instrument(gateway)
        gateway.writeBook(
            identifier, instrument, depth: Int(call.integer("depth") ?? defaultDepth),
            call.ledger, &writer)
        return .done
    }

    static let orderBookByNumber = Method(
        "public/get_order_book_by_instrument_id",
        "The ticker, and the best levels of both sides, of an instrument by its number.",
        [
            .required("instrument_id", .integer(0...Int64(UInt16.max))),
            .optional("depth", .oneOfIntegers(depths), "Levels of each side; 5 by default."),
        ], result: bookShape
    ) { gateway, call, writer throws(APIError) in
        let identifier = InstrumentIdentifier(
            UInt16(truncatingIfNeeded: try call.requiredInteger("instrument_id")))
        guard let instrument = call.ledger.catalogue.instrument(identifier) else {
            throw APIError(.notFound, reason: "instrument not found")
        }
        gateway.writeBook(
            identifier, instrument, depth: Int(call.integer("depth") ?? defaultDepth),
            call.ledger, &writer)
        return .done
    }

    private static let summaryShape = Schema.list(
        .object([
            .required("instrument_name", .text()), .required("base_currency", .text()),
            .required("quote_currency", .text()), .required("creation_timestamp", .integer()),
            .required("high", MarketShapes.price), .required("low", MarketShapes.price),
            .required("last", MarketShapes.price),
            .required("price_change", MarketShapes.price),
            .required("volume", MarketShapes.decimal),
            .required("volume_usd", MarketShapes.decimal),
            .required("volume_notional", MarketShapes.decimal),
            .required("bid_price", MarketShapes.price),
            .required("ask_price", MarketShapes.price),
            .required("mid_price", MarketShapes.price),
            .required("mark_price", MarketShapes.decimal),
            .required("open_interest", MarketShapes.decimal),
            .required("estimated_delivery_price", MarketShapes.decimal),
            .optional("current_funding", MarketShapes.decimal),
            .optional("funding_8h", MarketShapes.decimal),
            .optional("underlying_price", MarketShapes.decimal),
            .optional("underlying_index", .text()),
            .optional("interest_rate", MarketShapes.decimal),
            .optional("mark_iv", MarketShapes.decimal),
        ]))

    static let summaryByCurrency = Method(
        "public/get_book_summary_by_currency", "A line for each live instrument.",
        [MarketParameters.currency, MarketParameters.kind], result: summaryShape
    ) { gateway, call, writer throws(APIError) in
        let currency = try call.currency(gateway)
        writer.beginArray()
        for identifier in call.ledger.catalogue.live {
            let instrument = call.ledger.catalogue.instruments[Int(identifier.number)]
            guard gateway.isOf(instrument, call.kind, currency) else { continue }
            writer.value(gateway.summary(identifier, instrument, call.ledger))
        }
        writer.endArray()
        return .done
    }

    static let summaryByInstrument = Method(
        "public/get_book_summary_by_instrument", "The line of one instrument.",
        [MarketParameters.instrument], result: summaryShape
    ) { gateway, call, writer throws(APIError) in
        let (identifier, instrument) = try call.instrument(gateway)
        writer.value(.array([gateway.summary(identifier, instrument, call.ledger)]))
        return .done
    }
}

extension Gateway {
    fileprivate func writeBook(
        _ identifier: InstrumentIdentifier, _ instrument: Instrument, depth: Int,
        _ ledger: Ledger, _ writer: inout JSONWriter
    ) {
        let levels = BookLevels(identifier, of: ledger, limit: depth)
        writer.beginObject()
        for field in tickerFields(identifier, ledger) {
            writer.name(field.name)
            writer.value(field.value)
        }
        writer.name("change_id")
        writer.integer(market.histories[Int(identifier.number)].bookHeight)
        writer.name("bids")
        writer.levels(levels.bids, of: instrument)
        writer.name("asks")
        writer.levels(levels.asks, of: instrument)
        writer.endObject()
    }

    fileprivate func summary(
        _ identifier: InstrumentIdentifier, _ instrument: Instrument, _ ledger: Ledger
    ) -> JSON.Value {
        let ticker = JSON.Value.object(tickerFields(identifier, ledger))
        let statistics = ticker["stats"] ?? .null
        let top = BookLevels(identifier, of: ledger, limit: 1)
        var fields = Fields()
        fields.add("instrument_name", names[identifier])
        fields.add("base_currency", names.base(of: instrument))
        fields.add("quote_currency", names.asset(of: instrument))
        fields.add("creation_timestamp", .instant(ledger.time))
        for name in ["high", "low", "price_change", "volume", "volume_usd", "volume_notional"] {
            fields.add(name, statistics[name] ?? .null)
        }
        fields.add("last", ticker["last_price"] ?? .null)
        fields.add("bid_price", ticker["best_bid_price"] ?? .null)
        fields.add("ask_price", ticker["best_ask_price"] ?? .null)
        fields.add("mid_price", Gateway.middle(top, instrument))
        for name in [
            "mark_price", "open_interest", "estimated_delivery_price", "current_funding",
            "funding_8h", "underlying_price", "underlying_index", "interest_rate", "mark_iv",
        ] {
            if let value = ticker[name] { fields.add(name, value) }
        }
        return fields.value
    }

    /// Half of the sum of the best prices; null where a side is empty.
    private static func middle(_ top: BookLevels, _ instrument: Instrument) -> JSON.Value {
        guard let bid = top.bids.first, let ask = top.asks.first else { return .null }
        // Half a tick has one decimal more than a tick.
        let sum = instrument.micros(bid.price) + instrument.micros(ask.price)
        return .number(JSON.Number(sum * 5, decimals: APIDecimals.price + 1))
    }
}
