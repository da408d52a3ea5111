/// Methods that send, change and end orders.

import Canonical
import FixedPoint
import JSON
import Ledger
import Markets

/// Names of Deribit.
enum TradingMethods {
    static let all: [Method] =
        [
            buy, sell, edit, editByLabel, closePosition, massQuote, setProtection,
            resetProtection, protection, margins, enableLossRule, disableLossRule, lossRule,
        ] + CancelMethods.all + OrderQueryMethods.all

    static let buy = Method(
        "private/buy", access: .scoped(.tradeWrite), "Sends a buy order.",
        OrderParameters.placement,
        unoffered: OrderParameters.unoffered, result: OrderShapes.placed
    ) { gateway, call, writer throws(APIError) in try gateway.place(call, .buy) }

    static let sell = Method(
        "private/sell", access: .scoped(.tradeWrite), "Sends a sell order.",
        OrderParameters.placement,
        unoffered: OrderParameters.unoffered, result: OrderShapes.placed
    ) { gateway, call, writer throws(APIError) in try gateway.place(call, .sell) }

    static let edit = Method(
        "private/edit", access: .scoped(.tradeWrite),
        "Gives an open order another price or amount. One that would take is refused if post-only.",
        [.required("order_id", .text(1...20))] + OrderParameters.amendment,
        unoffered: OrderParameters.unoffered, result: OrderShapes.placed
    ) { gateway, call, writer throws(APIError) in try gateway.edit(call) }

    static let editByLabel = Method(
        "private/edit_by_label", access: .scoped(.tradeWrite),
        "The same of the one open order of a label in an instrument.",
        [OrderParameters.instrument, OrderParameters.label] + OrderParameters.amendment,
        unoffered: OrderParameters.unoffered, result: OrderShapes.placed
    ) { gateway, call, writer throws(APIError) in try gateway.editByLabel(call) }

    static let closePosition = Method(
        "private/close_position", access: .scoped(.tradeWrite),
        "Sends an order for the whole of a position that never opens another.",
        [
            OrderParameters.instrument, .required("type", .oneOf(["limit", "market"])),
            OrderParameters.price,
        ], result: OrderShapes.placed
    ) { gateway, call, writer throws(APIError) in try gateway.closePosition(call) }

    private static let quoteSide = Schema.object([
        .optional("price", .number()), .required("amount", .number(), "0 pulls the side."),
    ])

    static let massQuote = Method(
        "private/mass_quote", access: .scoped(.tradeWrite),
        """
        Replaces quotes in up to 64 instruments. A quote never takes; a side that is left out \
        stays; each quote is taken or refused as a whole. All are under market-maker protection.
        """,
        [
            .optional(
                "quote_id", .text(0...64), "Of no effect: a quote is named by its instrument."),
            .optional("mmp_group", .text(1...64), "`default`: protection is by underlying."),
            .required(
                "quotes",
                .list(
                    .object([
                        .required("instrument_name", .text(1...64)),
                        .optional("bid", quoteSide), .optional("ask", quoteSide),
                    ]), 1...Transaction.commandLimit)),
            OrderParameters.validUntil,
            .optional("wait_for_response", .boolean, "The answer always waits for the block."),
            .optional("detailed", .boolean),
        ],
        result: .object([
            .optional("orders", .list(OrderShapes.order)),
            .optional("trades", .list(OrderShapes.trade)), .required("errors_count", .integer()),
            .required("errors", .list(.object([]))),
        ])
    ) { gateway, call, writer throws(APIError) in try gateway.massQuote(call) }

    private static let protectionShape = Schema.list(
        .object([
            .required("index_name", .text()), .required("interval", .integer()),
            .required("frozen_time", .integer()), .required("notional_limit", .number()),
            .required("is_frozen", .boolean),
        ]))

    static let setProtection = Method(
        "private/set_mmp_config", access: .scoped(.tradeWrite),
        "Market-maker protection of an index: counts the notional of fills.",
        [
            .required("index_name", .text(1...64)),
            .required("interval", .integer(0...86_400), "Seconds; 0 switches it off."),
            .required("frozen_time", .integer(0...86_400), "Seconds; 0 is until it is reset."),
            .optional("notional_limit", .number(), "Of fills within the interval, in quote."),
        ],
        unoffered: [
            "quantity_limit", "delta_limit", "vega_limit", "max_quote_quantity",
            "trade_count_limit", "block_rfq", "mmp_group",
        ], result: protectionShape
    ) { gateway, call, writer throws(APIError) in try gateway.setProtection(call) }

    static let resetProtection = Method(
        "private/reset_mmp", access: .scoped(.tradeWrite),
        "Ends the freeze of market-maker protection.",
        [.required("index_name", .text(1...64))], unoffered: ["block_rfq", "mmp_group"],
        result: OrderShapes.done
    ) { gateway, call, writer throws(APIError) in try gateway.resetProtection(call) }

    static let protection = Method(
        "private/get_mmp_config", access: .scoped(.tradeRead), "Market-maker protection by index.",
        [.optional("index_name", .text(1...64))], unoffered: ["block_rfq", "mmp_group"],
        result: protectionShape
    ) { gateway, call, writer throws(APIError) in try gateway.writeProtections(call, &writer) }

    static let margins = Method(
        "private/get_margins", access: .scoped(.tradeRead),
        "By how much a position of an amount would raise the initial margin, and the price band.",
        [
            OrderParameters.instrument, .required("amount", .number()),
            .optional("price", .number(), "Of no effect: positions are margined at the mark."),
        ],
        result: .object([
            .required("buy", .nullable(.number())), .required("sell", .nullable(.number())),
            .required("min_price", .nullable(.number())),
            .required("max_price", .nullable(.number())),
        ])
    ) { gateway, call, writer throws(APIError) in try gateway.writeMargins(call, &writer) }

    private static let lossScope = Property.optional(
        "scope", .oneOf(["connection", "account"]), "`connection` where it is left out.")

    static let enableLossRule = Method(
        "private/enable_cancel_on_disconnect", access: .scoped(.tradeWrite),
        """
        Cancels orders when a WebSocket closes: of a connection those it sends from now on, of an \
        account all, whichever connection of this credential closes.
        """, [lossScope], result: OrderShapes.done
    ) { gateway, call, writer throws(APIError) in
        try gateway.setLossRule(call, isOn: true, &writer)
    }

    static let disableLossRule = Method(
        "private/disable_cancel_on_disconnect", access: .scoped(.tradeWrite), "The opposite.",
        [lossScope], result: OrderShapes.done
    ) { gateway, call, writer throws(APIError) in
        try gateway.setLossRule(call, isOn: false, &writer)
    }

    static let lossRule = Method(
        "private/get_cancel_on_disconnect", access: .scoped(.tradeRead), "Whether it is on.",
        [lossScope],
        result: .object([.required("scope", .text()), .required("enabled", .boolean)])
    ) { gateway, call, writer throws(APIError) in try gateway.writeLossRule(call, &writer) }
}
