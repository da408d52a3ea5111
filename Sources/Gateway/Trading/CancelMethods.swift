/// Methods that cancel: by number, by label, by what they have in common.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

/// Names of Deribit.
enum CancelMethods {
    static let all: [Method] = [
        cancel, cancelAll, byCurrency, byCurrencyPair, byInstrument, byKindOrType, byLabel, quotes,
    ]

    private static let group = [
        OrderParameters.type, OrderParameters.detailed, OrderParameters.freeze,
    ]

    static let cancel = Method(
        "private/cancel", access: .scoped(.tradeWrite),
        "Cancels an order; the result is its last state.",
        [.required("order_id", .text(1...20))], result: OrderShapes.order
    ) { gateway, call, writer throws(APIError) in try gateway.cancel(call) }

    static let cancelAll = Method(
        "private/cancel_all", access: .scoped(.tradeWrite), "Cancels all open orders.",
        [OrderParameters.detailed, OrderParameters.freeze], result: OrderShapes.cancelled
    ) { gateway, call, writer throws(APIError) in
        try gateway.cancel(call, &writer, whole: .cancelAll(nil)) { _ in true }
    }

    static let byCurrency = Method(
        "private/cancel_all_by_currency", access: .scoped(.tradeWrite),
        "Cancels the open orders of a currency: what settles in it, or follows it.",
        [OrderParameters.currency, OrderParameters.kind] + group, result: OrderShapes.cancelled
    ) { gateway, call, writer throws(APIError) in try gateway.cancelFiltered(call, &writer) }

    static let byKindOrType = Method(
        "private/cancel_all_by_kind_or_type", access: .scoped(.tradeWrite),
        "Cancels the open orders of a currency, a kind, or a type.",
        [
            .required("currency", .anyOf([.text(1...16), .list(.text(1...16), 1...16)])),
            OrderParameters.kind,
        ] + group, result: OrderShapes.cancelled
    ) { gateway, call, writer throws(APIError) in try gateway.cancelFiltered(call, &writer) }

    static let byCurrencyPair = Method(
        "private/cancel_all_by_currency_pair", access: .scoped(.tradeWrite),
        "Cancels the open orders of a pair, such as `btc_usdc`.",
        [.required("currency_pair", .text(1...32)), OrderParameters.kind] + group,
        result: OrderShapes.cancelled
    ) { gateway, call, writer throws(APIError) in try gateway.cancelFiltered(call, &writer) }

    static let byInstrument = Method(
        "private/cancel_all_by_instrument", access: .scoped(.tradeWrite),
        "Cancels the open orders of an instrument.",
        [OrderParameters.instrument] + group, unoffered: ["include_combos"],
        result: OrderShapes.cancelled
    ) { gateway, call, writer throws(APIError) in
        let (_, instrument) = try gateway.face(call)
        let filter = OrderFilter(call, instrument: instrument)
        let whole = filter.group == .all ? Command.cancelAll(instrument) : nil
        return try gateway.cancel(call, &writer, whole: whole) {
            filter.contains($0, gateway, call.ledger)
        }
    }

    static let byLabel = Method(
        "private/cancel_by_label", access: .scoped(.tradeWrite),
        "Cancels the open orders of a label.",
        [.required("label", .text(1...64)), OrderParameters.optionalCurrency],
        result: .integer()
    ) { gateway, call, writer throws(APIError) in
        var filter = OrderFilter(call)
        let label = try OrderDraft.label(call, "label")
        filter.label = label
        let whole = call.text("currency") == nil ? Command.cancelLabel(label) : nil
        return try gateway.cancel(call, &writer, whole: whole) {
            filter.contains($0, gateway, call.ledger)
        }
    }

    static let quotes = Method(
        "private/cancel_quotes", access: .scoped(.tradeWrite), "Pulls quotes.",
        [
            .required(
                "cancel_type",
                .oneOf(["all", "instrument", "kind", "currency", "currency_pair"])),
            .optional("instrument_name", .text(1...64)), OrderParameters.kind,
            OrderParameters.optionalCurrency, .optional("currency_pair", .text(1...32)),
            OrderParameters.detailed, OrderParameters.freeze,
        ], unoffered: ["min_delta", "max_delta", "quote_set_id"], result: OrderShapes.cancelled
    ) { gateway, call, writer throws(APIError) in try gateway.cancelQuotes(call, &writer) }
}

extension Gateway {
    /// Cancels by `currency` (one or several), `currency_pair`, `kind` and `type`.
    func cancelFiltered(
        _ call: Call, _ writer: inout JSONWriter
    ) throws(APIError) -> Completion {
        let filters = try filters(call)
        return try cancel(call, &writer) { entry in
            filters.contains { $0.contains(entry, self, call.ledger) }
                && isOf(entry.instrument, pair: call.text("currency_pair"), call.ledger)
        }
    }

    private func filters(_ call: Call) throws(APIError) -> [OrderFilter] {
        let named =
            call.elements("currency")?.compactMap { $0.text } ?? [call.text("currency") ?? "any"]
        var filters: [OrderFilter] = []
        for currency in named {
            guard currency == "any" || names.isCurrency(currency) else {
                throw .parameter("currency", "unknown currency")
            }
            var filter = OrderFilter(call)
            filter.currency = currency
            filters.append(filter)
        }
        return filters
    }

    /// Whether an instrument is of a pair such as `btc_usdc`; everything is where none is named.
    private func isOf(
        _ identifier: InstrumentIdentifier, pair: String?, _ ledger: Ledger
    ) -> Bool {
        guard let pair else { return true }
        let instrument = ledger.catalogue.instruments[Int(identifier.number)]
        let own = names.base(of: instrument) + "_" + names.asset(of: instrument)
        return own.lowercased() == pair.lowercased()
    }

    /// `private/cancel_quotes`.
    func cancelQuotes(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        switch try call.requiredText("cancel_type") {
        case "all":
            return try cancel(call, &writer, whole: .cancelQuotes(nil)) { $0.flags.isQuote }
        case "instrument":
            let (_, instrument) = try face(call)
            return try cancel(call, &writer, whole: .cancelQuotes(instrument)) {
                $0.flags.isQuote && $0.instrument == instrument
            }
        case let name:
            guard call.arguments[name] != nil else { throw .parameter(name, "value required") }
            let filters = try filters(call)
            return try cancel(call, &writer) { entry in
                entry.flags.isQuote
                    && filters.contains { $0.contains(entry, self, call.ledger) }
                    && isOf(entry.instrument, pair: call.text("currency_pair"), call.ledger)
            }
        }
    }
}
