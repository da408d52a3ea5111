/// What can be traded: currencies, instruments, expiries, indexes.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Oracle
import Markets

enum InstrumentMethods {
    static let all: [Method] = [
        currencies, instruments, instrument, expirations, contractSize, indexPrice, index,
        indexNames, supportedIndexNames,
    ]

    private static let shape = Schema.object([
        .required("instrument_name", .text()), .required("instrument_id", .integer()),
        .required("kind", .oneOf(["future", "option", "spot"])),
        .required("state", MarketShapes.state),
        .required("is_active", .boolean), .required("base_currency", .text()),
        .required("quote_currency", .text()), .required("counter_currency", .text()),
        .required("settlement_currency", .text()),
        .required("settlement_period", .oneOf(["day", "week", "month", "perpetual"])),
        .required("creation_timestamp", .integer()),
        .required("expiration_timestamp", .integer(), "Of what does not expire the year 3000."),
        .required("tick_size", MarketShapes.decimal),
        .required("tick_size_steps", .list(.anything)),
        .required("min_trade_amount", MarketShapes.decimal),
        .required("contract_size", MarketShapes.decimal, "One lot in units of the underlying."),
        .required("price_index", .text()), .required("instrument_type", .oneOf(["linear"])),
        .required("maker_commission", MarketShapes.decimal),
        .required("taker_commission", MarketShapes.decimal),
        .required("max_order_amount", MarketShapes.decimal),
        .required("position_limit", MarketShapes.decimal), .required("symbol", .text()),
        .required("compartment", .text()), .optional("future_type", .oneOf(["linear"])),
        .optional("strike", MarketShapes.decimal),
        .optional("option_type", .oneOf(["call", "put"])),
    ])

    static let currencies = Method(
        "public/get_currencies", "The assets that accounts hold and that instruments follow.",
        result: .list(
            .object([
                .required("currency", .text()), .required("currency_long", .text()),
                .required("coin_type", .text()), .required("decimals", .integer()),
                .required("min_confirmations", .integer()),
                .required("withdrawal_fee", MarketShapes.decimal),
                .required("min_withdrawal_fee", MarketShapes.decimal),
                .required("withdrawal_priorities", .list(.anything)),
                .required("in_cross_collateral_pool", .boolean),
                .required("is_collateral", .boolean),
            ]))
    ) { gateway, call, writer throws(APIError) in
        writer.value(.array(gateway.currencies(call.ledger)))
        return .done
    }

    static let instruments = Method(
        "public/get_instruments", "Instruments of a currency and a kind.",
        [
            MarketParameters.optionalCurrency, MarketParameters.kind,
            .optional("expired", .boolean, "Those that have expired instead of those that live."),
        ], result: .list(shape)
    ) { gateway, call, writer throws(APIError) in
        let currency = try call.currency(gateway)
        let isExpired = call.boolean("expired") ?? false
        let ledger = call.ledger
        writer.beginArray()
        for place in ledger.catalogue.instruments.indices {
            let instrument = ledger.catalogue.instruments[place]
            guard ledger.phases[place].isOver == isExpired,
                gateway.isOf(instrument, call.kind, currency)
            else { continue }
            writer.value(
                gateway.description(
                    of: InstrumentIdentifier(UInt16(place)), instrument, ledger))
        }
        writer.endArray()
        return .done
    }

    static let instrument = Method(
        "public/get_instrument", "One instrument, also after its expiry.",
        [MarketParameters.instrument], result: shape
    ) { gateway, call, writer throws(APIError) in
        let (identifier, instrument) = try call.instrument(gateway)
        writer.value(gateway.description(of: identifier, instrument, call.ledger))
        return .done
    }

    private static let expiryNames = Schema.map(.anything)

    static let expirations = Method(
        "public/get_expirations", "The expiries of live instruments, by kind.",
        [
            .required("currency", .text(1...32), "As elsewhere, or `grouped`."),
            .required("kind", .oneOf(["future", "option", "any"])),
        ], result: expiryNames
    ) { gateway, call, writer throws(APIError) in
        if call.text("currency") == "grouped" {
            var groups = Fields()
            for asset in gateway.collateral {
                groups.add(
                    asset.lowercased(), gateway.expirations(asset, call.kind, call.ledger))
            }
            writer.value(groups.value)
        } else {
            let currency = try call.currency(gateway)
            writer.value(gateway.expirations(currency, call.kind, call.ledger))
        }
        return .done
    }

    static let contractSize = Method(
        "public/get_contract_size", "One lot in units of the underlying.",
        [MarketParameters.instrument],
        result: .object([.required("contract_size", MarketShapes.decimal)])
    ) { gateway, call, writer throws(APIError) in
        let (_, instrument) = try call.instrument(gateway)
        var fields = Fields()
        fields.add("contract_size", instrument.value(Quantity(lots: 1)))
        writer.value(fields.value)
        return .done
    }

    static let indexPrice = Method(
        "public/get_index_price", "An index now, and what the next expiry would settle at.",
        [MarketParameters.index],
        result: .object([
            .required("index_price", MarketShapes.decimal),
            .required("estimated_delivery_price", MarketShapes.decimal),
        ])
    ) { gateway, call, writer throws(APIError) in
        let underlying = try call.underlying(gateway)
        let index = call.ledger.feeds[Int(underlying.number)].index
        let average = call.ledger.settlementAverages(of: underlying).first?.average
        var fields = Fields()
        fields.add("index_price", index.value)
        fields.add("estimated_delivery_price", (average ?? index).value)
        writer.value(fields.value)
        return .done
    }

    static let index = Method(
        "public/get_index", "The index of a currency under its name, and `edp`, as it was once.",
        [.required("currency", .text(1...32), "An underlying, such as BTC.")],
        result: .map(MarketShapes.decimal)
    ) { gateway, call, writer throws(APIError) in
        let name = try call.requiredText("currency")
        guard let place = gateway.names.bases.firstIndex(of: name) else {
            throw .parameter("currency", "no such underlying")
        }
        var fields = Fields()
        fields.add(name, call.ledger.feeds[place].index.value)
        fields.add("edp", call.ledger.feeds[place].index.value)
        writer.value(fields.value)
        return .done
    }

    private static let nameShape = Schema.anyOf([
        .list(.text()), .list(.object([.required("name", .text())])),
    ])

    static let indexNames = Method(
        "public/get_index_price_names", "The names of all indexes.",
        [.optional("extended", .boolean, "Objects instead of names.")], result: nameShape
    ) { gateway, call, writer throws(APIError) in
        gateway.writeIndexNames(isExtended: call.boolean("extended") ?? false, &writer)
        return .done
    }

    static let supportedIndexNames = Method(
        "public/get_supported_index_names", "The names of all indexes.",
        [
            .optional("type", .oneOf(["all", "spot", "derivative"])),
            .optional("extended", .boolean, "Objects instead of names."),
        ], result: nameShape
    ) { gateway, call, writer throws(APIError) in
        gateway.writeIndexNames(isExtended: call.boolean("extended") ?? false, &writer)
        return .done
    }
}
