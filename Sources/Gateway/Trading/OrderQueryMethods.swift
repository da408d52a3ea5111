/// Methods that tell of orders and fills.

import JSON
import Ledger

/// Names of Deribit.
enum OrderQueryMethods {
    static let all: [Method] = [
        state, stateByLabel, open, openByInstrument, openByCurrency, openByLabel,
        historyByInstrument, historyByCurrency, tradesByInstrument, tradesByInstrumentAndTime,
        tradesByCurrency, tradesByCurrencyAndTime, tradesByOrder,
    ]

    private static let orders = Schema.list(OrderShapes.order)

    static let state = Method(
        "private/get_order_state", access: .scoped(.tradeRead), "An order, open or ended.",
        [.required("order_id", .text(1...20))], result: OrderShapes.order
    ) { gateway, call, writer throws(APIError) in try gateway.writeOrder(call, &writer) }

    static let stateByLabel = Method(
        "private/get_order_state_by_label", access: .scoped(.tradeRead),
        "The orders of a label, open or ended, the newest first.",
        [OrderParameters.currency, OrderParameters.label], result: orders
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeOrdersByLabel(call, &writer)
    }

    static let open = Method(
        "private/get_open_orders", access: .scoped(.tradeRead),
        "All open orders, the oldest first.",
        [OrderParameters.kind, OrderParameters.type], result: orders
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeOpenOrders(call, OrderFilter(call), &writer)
    }

    static let openByInstrument = Method(
        "private/get_open_orders_by_instrument", access: .scoped(.tradeRead),
        "The open orders of an instrument.",
        [OrderParameters.instrument, OrderParameters.type], result: orders
    ) { gateway, call, writer throws(APIError) in
        let filter = OrderFilter(call, instrument: try gateway.face(call).1)
        return try gateway.writeOpenOrders(call, filter, &writer)
    }

    static let openByCurrency = Method(
        "private/get_open_orders_by_currency", access: .scoped(.tradeRead),
        "The open orders of a currency.",
        [OrderParameters.currency, OrderParameters.kind, OrderParameters.type], result: orders
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeOpenOrders(call, OrderFilter(call), &writer)
    }

    static let openByLabel = Method(
        "private/get_open_orders_by_label", access: .scoped(.tradeRead),
        "The open orders of a label.",
        [OrderParameters.currency, OrderParameters.label], result: orders
    ) { gateway, call, writer throws(APIError) in
        var filter = OrderFilter(call)
        filter.label = try OrderDraft.label(call, "label")
        return try gateway.writeOpenOrders(call, filter, &writer)
    }

    private static let history: [Property] = [
        OrderParameters.count, OrderParameters.offset,
        .optional("include_old", .boolean, "All that is remembered is answered either way."),
        .optional("include_unfilled", .boolean, "Those too of which nothing traded."),
        OrderParameters.historical,
    ]

    static let historyByInstrument = Method(
        "private/get_order_history_by_instrument", access: .scoped(.tradeRead),
        "The ended orders of an instrument, the newest first.",
        [OrderParameters.instrument] + history, unoffered: ["with_continuation", "continuation"],
        result: orders
    ) { gateway, call, writer throws(APIError) in
        let filter = OrderFilter(call, instrument: try gateway.face(call).1)
        return try gateway.writeOrderHistory(call, filter, &writer)
    }

    static let historyByCurrency = Method(
        "private/get_order_history_by_currency", access: .scoped(.tradeRead),
        "The ended orders of a currency, the newest first.",
        [OrderParameters.currency, OrderParameters.kind] + history,
        unoffered: ["with_continuation", "continuation"], result: orders
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeOrderHistory(call, OrderFilter(call), &writer)
    }

    private static let page = [
        OrderParameters.count, OrderParameters.sorting, OrderParameters.historical,
    ]

    static let tradesByInstrument = Method(
        "private/get_user_trades_by_instrument", access: .scoped(.tradeRead),
        "Fills in an instrument.",
        [
            OrderParameters.instrument, .optional("start_seq", .integer()),
            .optional("end_seq", .integer()),
        ] + OrderParameters.times + page, result: OrderShapes.trades
    ) { gateway, call, writer throws(APIError) in
        let filter = OrderFilter(call, instrument: try gateway.face(call).1)
        return try gateway.writeUserTrades(call, filter, &writer)
    }

    static let tradesByInstrumentAndTime = Method(
        "private/get_user_trades_by_instrument_and_time", access: .scoped(.tradeRead),
        "Fills in an instrument between two times.",
        [OrderParameters.instrument] + OrderParameters.requiredTimes + page,
        result: OrderShapes.trades
    ) { gateway, call, writer throws(APIError) in
        let filter = OrderFilter(call, instrument: try gateway.face(call).1)
        return try gateway.writeUserTrades(call, filter, &writer)
    }

    static let tradesByCurrency = Method(
        "private/get_user_trades_by_currency", access: .scoped(.tradeRead), "Fills of a currency.",
        [
            OrderParameters.currency, OrderParameters.kind, .optional("start_id", .text(1...64)),
            .optional("end_id", .text(1...64)),
        ] + OrderParameters.times + page, result: OrderShapes.trades
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeUserTrades(call, OrderFilter(call), &writer)
    }

    static let tradesByCurrencyAndTime = Method(
        "private/get_user_trades_by_currency_and_time", access: .scoped(.tradeRead),
        "Fills of a currency between two times.",
        [OrderParameters.currency, OrderParameters.kind] + OrderParameters.requiredTimes + page,
        result: OrderShapes.trades
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeUserTrades(call, OrderFilter(call), &writer)
    }

    static let tradesByOrder = Method(
        "private/get_user_trades_by_order", access: .scoped(.tradeRead), "The fills of an order.",
        [
            .required("order_id", .text(1...20)), OrderParameters.sorting,
            OrderParameters.historical,
        ], result: .list(OrderShapes.trade)
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeTradesOfOrder(call, &writer)
    }
}
