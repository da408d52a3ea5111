/// What perpetuals paid, what expiries settled at, and how much indexes moved.

import Canonical
import Catalogue
import FixedPoint
import History
import JSON
import Ledger
import Oracle

enum FundingMethods {
    static let all: [Method] = [
        value, history, chart, settlementsByInstrument, settlementsByCurrency, deliveries,
        historicalVolatility, indexChart,
    ]

    static let value = Method(
        "public/get_funding_rate_value",
        "What a long position paid in a time, as a share of the index: the sum over whole hours.",
        [MarketParameters.instrument, MarketParameters.start, MarketParameters.end],
        result: MarketShapes.decimal
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeFunding(call, in: try call.span(), &writer) { records, _, writer in
            let sum = records.reduce(Int128(0)) { $0 + Int128($1.rate.units) }
            // A rate is for eight hours, a record for one.
            writer.decimal(sum * 125, decimals: APIDecimals.ratio + 3)
        }
    }

    static let history = Method(
        "public/get_funding_rate_history", "The funding of each hour.",
        [MarketParameters.instrument, MarketParameters.start, MarketParameters.end],
        result: .list(
            .object([
                .required("timestamp", .integer()),
                .required("index_price", MarketShapes.decimal),
                .required("prev_index_price", MarketShapes.decimal),
                .required("interest_8h", MarketShapes.decimal),
                .required("interest_1h", MarketShapes.decimal),
            ]))
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeFunding(call, in: try call.span(), &writer) { records, _, writer in
            writer.beginArray()
            for record in records {
                var fields = Fields()
                fields.add("timestamp", .instant(record.time))
                fields.add("index_price", record.index.value)
                fields.add("prev_index_price", record.previousIndex.value)
                fields.add("interest_8h", record.rate.value)
                fields.add(
                    "interest_1h",
                    .number(
                        JSON.Number(
                            Int128(record.rate.units) * 125, decimals: APIDecimals.ratio + 3)))
                writer.value(fields.value)
            }
            writer.endArray()
        }
    }

    private static let lengths: [(name: String, hours: UInt64)] = [
        ("8h", 8), ("24h", 24), ("1m", 24 * 30),
    ]

    static let chart = Method(
        "public/get_funding_chart_data", "The funding of the last hours.",
        [
            MarketParameters.instrument,
            .required("length", .oneOf(["8h", "24h", "1m"]), "Hours, or a month."),
        ],
        result: .object([
            .required("current_interest", MarketShapes.decimal),
            .required("interest_8h", MarketShapes.decimal),
            .required(
                "data",
                .list(
                    .object([
                        .required("timestamp", .integer()),
                        .required("index_price", MarketShapes.decimal),
                        .required("interest_8h", MarketShapes.decimal),
                    ]))),
        ])
    ) { gateway, call, writer throws(APIError) in
        let hours = lengths.first { $0.name == call.text("length") }?.hours ?? 0
        let now = call.ledger.time
        let span = Duration(nanoseconds: hours * Duration.hour.nanoseconds).nanoseconds
        let start = Timestamp(
            nanoseconds: now.nanoseconds > span ? now.nanoseconds - span : 0)
        let (identifier, _) = try call.instrument(gateway)
        return try gateway.writeFunding(call, in: start...now, &writer) {
            records, ledger, writer in
            let rate = ledger.prices[Int(identifier.number)].fundingRate.value
            writer.beginObject()
            writer.name("current_interest")
            writer.value(rate)
            writer.name("interest_8h")
            writer.value(rate)
            writer.name("data")
            writer.beginArray()
            for record in records {
                var fields = Fields()
                fields.add("timestamp", .instant(record.time))
                fields.add("index_price", record.index.value)
                fields.add("interest_8h", record.rate.value)
                writer.value(fields.value)
            }
            writer.endArray()
            writer.endObject()
        }
    }

    // MARK: Settlements

    static let settlementParameters: [Property] = [
        .optional(
            "type", .oneOf(["settlement", "delivery", "bankruptcy"]),
            "This venue settles at expiry only: all are deliveries."),
        MarketParameters.count,
        .optional("continuation", .text(1...32), "Of the answer before."),
        .optional("search_start_timestamp", .integer(), "Not later than this."),
    ]

    private static let settlements = Schema.object([
        .required("continuation", .text(), "`none` at the end."),
        .required(
            "settlements",
            .list(
                .object([
                    .required("type", .oneOf(["delivery"])), .required("timestamp", .integer()),
                    .required("instrument_name", .text()),
                    .required("index_price", MarketShapes.decimal),
                    .required("mark_price", MarketShapes.decimal),
                    .required("position", MarketShapes.decimal, "What was held long."),
                    .required("profit_loss", MarketShapes.decimal),
                    .required("session_profit_loss", MarketShapes.decimal),
                    .required("funding", MarketShapes.decimal),
                ]))),
    ])

    static let settlementsByInstrument = Method(
        "public/get_last_settlements_by_instrument", "How an instrument was settled.",
        [MarketParameters.instrument] + settlementParameters, result: settlements
    ) { gateway, call, writer throws(APIError) in
        let (identifier, _) = try call.instrument(gateway)
        return try gateway.writeSettlements(call, .one(identifier), &writer) {
            $0.instrument == identifier
        }
    }

    static let settlementsByCurrency = Method(
        "public/get_last_settlements_by_currency", "The last settlements.",
        [MarketParameters.currency] + settlementParameters, result: settlements
    ) { gateway, call, writer throws(APIError) in
        let currency = try call.currency(gateway)
        let scope = InstrumentScope(call.ledger) { gateway.isOf($0, nil, currency) }
        return try gateway.writeSettlements(call, scope, &writer) { record in
            gateway.isOf(
                call.ledger.catalogue.instruments[Int(record.instrument.number)], nil, currency)
        }
    }

    static let deliveries = Method(
        "public/get_delivery_prices", "Settlement prices of an index, the last first.",
        [
            MarketParameters.index, .optional("offset", .integer(0...1_000_000)),
            MarketParameters.count,
        ],
        result: .object([
            .required("records_total", .integer()),
            .required(
                "data",
                .list(
                    .object([
                        .required("date", .text()),
                        .required("delivery_price", MarketShapes.decimal),
                    ]))),
        ])
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeDeliveries(try call.underlying(gateway), call, &writer)
    }

    // MARK: Indexes

    static let historicalVolatility = Method(
        "public/get_historical_volatility",
        """
        The volatility of an index in percent a year, hour by hour, each over the 15 days before \
        it or what of them is remembered, at least a day.
        """,
        [.required("currency", .text(1...32), "An underlying, such as BTC.")],
        result: .list(.list(MarketShapes.decimal, 2...2))
    ) { gateway, call, writer throws(APIError) in
        let name = try call.requiredText("currency")
        guard let place = gateway.names.bases.firstIndex(of: name) else {
            throw .parameter("currency", "no such underlying")
        }
        writer.beginArray()
        for (hour, value) in HistoricalVolatility.series(gateway.market.samples[place]) {
            writer.beginArray()
            writer.integer(hour * Duration.hour.milliseconds)
            writer.decimal(value, decimals: HistoricalVolatility.decimals)
            writer.endArray()
        }
        writer.endArray()
        return .done
    }

    private static let ranges: [(name: String, hours: UInt64)] = [
        ("1h", 1), ("1d", 24), ("2d", 48), ("1m", 24 * 30), ("1y", 24 * 365), ("all", .max),
    ]

    static let indexChart = Method(
        "public/get_index_chart_data", "An index at the end of each hour, as far as remembered.",
        [
            MarketParameters.index,
            .required("range", .oneOf(["1h", "1d", "2d", "1m", "1y", "all"])),
        ], result: .list(.list(MarketShapes.decimal, 2...2))
    ) { gateway, call, writer throws(APIError) in
        let underlying = try call.underlying(gateway)
        let hours = ranges.first { $0.name == call.text("range") }?.hours ?? 0
        let last = call.ledger.time.count(of: .hour)
        let samples = gateway.market.samples[Int(underlying.number)]
        let start = samples.firstPlace { $0.hour >= (last > hours ? last - hours : 0) }
        writer.beginArray()
        for place in start..<samples.count {
            writer.beginArray()
            writer.integer(samples[place].hour * Duration.hour.milliseconds)
            writer.index(samples[place].price)
            writer.endArray()
        }
        writer.endArray()
        return .done
    }
}
