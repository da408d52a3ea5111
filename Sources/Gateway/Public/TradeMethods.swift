/// What has traded: trades, candles, volumes.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

enum TradeMethods {
    static let all: [Method] = [
        byInstrument, byInstrumentAndTime, byCurrency, byCurrencyAndTime, chart, volumes,
    ]

    static let defaultCount: Int64 = 10

    private static let shape = Schema.object([
        .required("trades", .list(MarketShapes.trade)), .required("has_more", .boolean),
    ])

    static let byInstrument = Method(
        "public/get_last_trades_by_instrument", "The last trades of an instrument.",
        [
            MarketParameters.instrument, .optional("start_seq", .integer()),
            .optional("end_seq", .integer()), MarketParameters.optionalStart,
            MarketParameters.optionalEnd, MarketParameters.count, MarketParameters.sorting,
        ], result: shape
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeTradesOfInstrument(call, &writer)
    }

    static let byInstrumentAndTime = Method(
        "public/get_last_trades_by_instrument_and_time", "Trades of an instrument in a time.",
        [
            MarketParameters.instrument, MarketParameters.start, MarketParameters.end,
            MarketParameters.count, MarketParameters.sorting,
        ], result: shape
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeTradesOfInstrument(call, &writer)
    }

    private static let tradeName = Schema.text(1...64)

    static let byCurrency = Method(
        "public/get_last_trades_by_currency", "The last trades of a currency.",
        [
            MarketParameters.currency, MarketParameters.kind,
            .optional("start_id", tradeName, "A trade_id."), .optional("end_id", tradeName),
            MarketParameters.optionalStart, MarketParameters.optionalEnd,
            MarketParameters.count, MarketParameters.sorting,
        ], result: shape
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeTradesOfCurrency(call, &writer)
    }

    static let byCurrencyAndTime = Method(
        "public/get_last_trades_by_currency_and_time", "Trades of a currency in a time.",
        [
            MarketParameters.currency, MarketParameters.kind, MarketParameters.start,
            MarketParameters.end, MarketParameters.count, MarketParameters.sorting,
        ], result: shape
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeTradesOfCurrency(call, &writer)
    }

    private static let column = Schema.list(MarketShapes.decimal)

    static let chart = Method(
        "public/get_tradingview_chart_data",
        """
        Candles of an instrument; one without trades stands where the one before it closed. At \
        most the last 5,000.
        """,
        [
            MarketParameters.instrument, MarketParameters.start, MarketParameters.end,
            .required("resolution", .oneOf(Resolution.names), "Minutes, or a day."),
        ],
        result: .object([
            .required("status", .oneOf(["ok", "no_data"])), .required("ticks", .list(.integer())),
            .required("open", column), .required("high", column), .required("low", column),
            .required("close", column), .required("volume", column),
            .required("cost", column),
        ])
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeChart(call, &writer)
    }

    static let volumes = Method(
        "public/get_trade_volumes", "What traded in 24 hours, by underlying.",
        [.optional("extended", .boolean, "Seven and thirty days too.")],
        result: .list(
            .object([
                .required("currency", .text()), .required("calls_volume", MarketShapes.decimal),
                .required("puts_volume", MarketShapes.decimal),
                .required("futures_volume", MarketShapes.decimal),
                .required("spot_volume", MarketShapes.decimal),
            ]))
    ) { gateway, call, writer throws(APIError) in
        gateway.writeVolumes(
            isExtended: call.boolean("extended") ?? false, call.ledger, &writer)
        return .done
    }
}
