/// Shapes that several methods share, and how their parameters are understood.

package import Canonical
package import Catalogue
package import FixedPoint
import JSON
import Ledger

/// Parameters of many methods.
enum MarketParameters {
    static let instrument = Property.required(
        "instrument_name", .text(1...64), "Such as BTC_USDC-PERPETUAL.")
    static let kind = Property.optional(
        "kind", .oneOf(["future", "option", "spot", "any"]), "All where it is missing.")
    static let currency = Property.required(
        "currency", .text(1...32),
        "What instruments settle in or follow: USDC, BTC; `any` is all.")
    static let optionalCurrency = Property.optional(
        "currency", .text(1...32),
        "What instruments settle in or follow: USDC, BTC; `any` or nothing is all.")
    static let index = Property.required("index_name", .text(1...64), "Such as btc_usd.")
    static let start = Property.required(
        "start_timestamp", .integer(), "Milliseconds since 1970.")
    static let end = Property.required("end_timestamp", .integer(), "Milliseconds since 1970.")
    static let optionalStart = Property.optional("start_timestamp", .integer())
    static let optionalEnd = Property.optional("end_timestamp", .integer())
    static let count = Property.optional("count", .integer(1...1_000))
    static let sorting = Property.optional("sorting", .oneOf(["asc", "desc", "default"]))
}

/// Shapes of results.
enum MarketShapes {
    static let decimal = Schema.decimal
    static let price = Schema.nullable(.decimal)

    static let statistics = Schema.object([
        .required("volume", decimal, "In units of the underlying, of 24 hours."),
        .required("volume_usd", decimal, "In the quote asset."),
        .required("volume_notional", decimal), .required("high", price),
        .required("low", price), .required("price_change", price, "In percent."),
    ])

    static let greeks = Schema.object([
        .required("delta", decimal), .required("gamma", decimal), .required("vega", decimal),
        .required("theta", decimal), .required("rho", decimal),
    ])

    static let state = Schema.oneOf([
        "open", "settlement", "delivered", "inactive", "locked", "halted", "archivized",
    ])

    static let tickerProperties: [Property] = [
        .required("instrument_name", .text()), .required("timestamp", .integer()),
        .required("state", state),
        .required("phase", .oneOf(["continuous", "auction", "halted", "expired", "settled"])),
        .required("level", .oneOf(BreakerMethods.levels), "How far a breaker holds it back."),
        .required("stats", statistics), .required("open_interest", decimal),
        .required("best_bid_price", price), .required("best_bid_amount", decimal),
        .required("best_ask_price", price), .required("best_ask_amount", decimal),
        .required("index_price", decimal), .required("mark_price", decimal),
        .required("last_price", price),
        .required("min_price", decimal, "The lowest price that a sell may have."),
        .required("max_price", decimal, "The highest price that a buy may have."),
        .required("settlement_price", decimal),
        .required("estimated_delivery_price", decimal),
        .optional("delivery_price", decimal), .optional("funding_8h", decimal),
        .optional("current_funding", decimal), .optional("interest_value", decimal),
        .optional("underlying_price", decimal, "The forward."),
        .optional("underlying_index", .text()), .optional("interest_rate", decimal),
        .optional("bid_iv", decimal, "In percent; 0 where no volatility gives the price."),
        .optional("ask_iv", decimal), .optional("mark_iv", decimal),
        .optional("greeks", greeks),
    ]

    static let trade = Schema.object([
        .required("trade_id", .text()),
        .required("trade_seq", .integer(), "The number of its event on the chain; ascending."),
        .required("instrument_name", .text()), .required("timestamp", .integer()),
        .required("direction", .oneOf(["buy", "sell"])),
        .required("tick_direction", .integer(0...3)), .required("price", decimal),
        .required("amount", decimal), .required("contracts", decimal, "Lots."),
        .required("mark_price", decimal), .required("index_price", decimal),
        .optional("iv", decimal), .optional("liquidation", .oneOf(["M", "T", "MT"])),
    ])
}

extension Call {
    /// The instrument that the call names.
    ///
    /// - Throws: 13020 where there never was one.
    package func instrument(
        _ gateway: Gateway
    ) throws(APIError) -> (identifier: InstrumentIdentifier, instrument: Instrument) {
        try gateway.instrument(named: try requiredText("instrument_name"), ledger)
    }

    /// The currency that the call names; `any` where it names none.
    ///
    /// - Throws: -32602 where there is none of this name.
    package func currency(_ gateway: Gateway) throws(APIError) -> String {
        guard let name = text("currency") else { return "any" }
        guard name == "any" || gateway.names.isCurrency(name) else {
            throw .parameter("currency", "no such currency")
        }
        return name
    }

    /// The kind that the call names; nil is any.
    package var kind: APIKind? { text("kind").flatMap { APIKind(rawValue: $0) } }

    /// The underlying whose index the call names.
    ///
    /// - Throws: -32602 where there is none.
    package func underlying(_ gateway: Gateway) throws(APIError) -> UnderlyingIdentifier {
        let name = try requiredText("index_name")
        guard let underlying = gateway.names.underlying(ofIndex: name) else {
            throw .parameter("index_name", "no such index")
        }
        return underlying
    }

    /// Two instants, the first not later than the second.
    ///
    /// - Throws: -32602 where they are the other way round.
    package func span() throws(APIError) -> ClosedRange<Timestamp> {
        let start = instant("start_timestamp") ?? .epoch
        let end = instant("end_timestamp") ?? Timestamp(nanoseconds: .max)
        guard start <= end else {
            throw .parameter("end_timestamp", "must not be before start_timestamp")
        }
        return start...end
    }
}
