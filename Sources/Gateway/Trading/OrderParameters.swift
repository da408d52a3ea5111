/// The parameters and results that several methods about orders share.

import JSON

/// Parameters of orders.
enum OrderParameters {
    static let instrument = Property.required("instrument_name", .text(1...64))
    static let label = Property.optional(
        "label", .text(0...64), "A note of at most 64 printable ASCII characters.")
    static let amount = Property.optional(
        "amount", .number(), "In units of the underlying: a multiple of the contract size.")
    static let contracts = Property.optional(
        "contracts", .integer(1...Int64.max), "The same in contracts; both must agree.")
    static let price = Property.optional("price", .number(), "A multiple of the tick.")
    static let postOnly = Property.optional(
        "post_only", .boolean, "Never takes: slides to the nearest price that does not.")
    static let rejectPostOnly = Property.optional(
        "reject_post_only", .boolean, "Is refused instead of sliding.")
    static let reduceOnly = Property.optional("reduce_only", .boolean)
    static let display = Property.optional(
        "display_amount", .number(), "An iceberg shows so much at a time: a hundredth at least.")
    static let mmp = Property.optional(
        "mmp", .boolean, "Market-maker protection counts its fills.")
    static let validUntil = Property.optional(
        "valid_until", .integer(), "Milliseconds since 1970; refused when that is over.")
    static let triggerPrice = Property.optional("trigger_price", .number())
    static let types = OrderType.allCases.map(\.rawValue)
    static let triggers = ["mark_price", "index_price", "last_price"]
    static let lives = [
        "good_til_cancelled", "good_til_day", "fill_or_kill", "immediate_or_cancel",
    ]

    /// The terms of an order, apart from its instrument and side.
    private static let terms: [Property] = [
        amount, contracts,
        .optional("type", .oneOf(types), "`limit` where it is left out."), label, price,
        .optional("time_in_force", .oneOf(lives), "A day ends at 08:00 UTC."), display, postOnly,
        rejectPostOnly, reduceOnly, triggerPrice,
        .optional("trigger", .oneOf(triggers), "The last price is not offered."), mmp,
    ]

    /// Of `private/buy` and `private/sell`.
    static let placement =
        [instrument] + terms + [
            validUntil,
            .optional(
                "linked_order_type",
                .oneOf([
                    "one_triggers_other", "one_cancels_other", "one_triggers_one_cancels_other",
                ]), "Only one_cancels_other is offered."),
            .optional(
                "otoco_config", .list(.object([]), 1...1),
                "The other order of the same instrument, with its direction."),
            .optional("trigger_fill_condition", .oneOf(["first_hit"])),
        ]

    /// Of the order in `otoco_config`.
    static let partner =
        terms + [.required("direction", .oneOf(["buy", "sell"]))]

    /// What other venues have and the ledger does not.
    static let unoffered = ["advanced", "trigger_offset", "refresh_amount"]

    /// Of `private/edit`.
    static let amendment: [Property] = [
        amount, contracts, price, postOnly, rejectPostOnly, reduceOnly, display, triggerPrice, mmp,
        validUntil,
    ]

    static let currency = Property.required("currency", .text(1...16))
    static let optionalCurrency = Property.optional("currency", .text(1...16))
    static let kind = Property.optional(
        "kind",
        .oneOf(["any", "future", "option", "spot", "future_combo", "option_combo", "combo"]))
    static let type = Property.optional("type", .oneOf(OrderGroup.allCases.map(\.rawValue)))
    static let detailed = Property.optional(
        "detailed", .boolean, "Answers with the orders instead of their number.")
    static let freeze = Property.optional("freeze_quotes", .boolean, "Not offered.")
    static let count = Property.optional("count", .integer(1...Pages.mostCount))
    static let offset = Property.optional("offset", .integer(0...1_000_000))
    static let sorting = Property.optional("sorting", .oneOf(["asc", "desc", "default"]))
    static let historical = Property.optional(
        "historical", .boolean, "All that is remembered is answered either way.")
    static let times: [Property] = [
        .optional("start_timestamp", .integer()), .optional("end_timestamp", .integer()),
    ]
    static let requiredTimes: [Property] = [
        .required("start_timestamp", .integer()), .required("end_timestamp", .integer()),
    ]
    static let subaccount = Property.optional(
        "subaccount_id", .integer(0...Int64(UInt32.max)), "Another account of the same owner.")
}

/// Shapes of results.
enum OrderShapes {
    static let order = Schema.object([
        .required("order_id", .text()), .required("order_state", .oneOf(states)),
        .required("order_type", .oneOf(OrderParameters.types)),
        .required("time_in_force", .oneOf(OrderParameters.lives)),
        .required("instrument_name", .text()), .required("direction", .oneOf(["buy", "sell"])),
        .required("price", .anyOf([.number(), .oneOf(["market_price"])])),
        .required("amount", .number()), .required("contracts", .number()),
        .required("filled_amount", .number()), .required("average_price", .number()),
        .required("commission", .number()), .required("creation_timestamp", .integer()),
        .required("last_update_timestamp", .integer()), .required("label", .text(0...64)),
        .required("post_only", .boolean), .required("reduce_only", .boolean),
        .required("mmp", .boolean), .required("api", .boolean),
        .required("is_liquidation", .boolean), .required("replaced", .boolean),
        .optional("trigger", .oneOf(OrderParameters.triggers)),
        .optional("trigger_price", .number()), .optional("triggered", .boolean),
        .optional("cancel_reason", .text(), "Why it left."),
        .optional("reject_reason", .text(), "Why it was refused when its trigger fired."),
    ])

    static let states = ["untriggered", "open", "filled", "cancelled", "rejected"]

    static let trade = Schema.object([
        .required("trade_id", .text()), .required("trade_seq", .integer()),
        .required("instrument_name", .text()), .required("timestamp", .integer()),
        .required("order_id", .text()), .required("direction", .oneOf(["buy", "sell"])),
        .required("tick_direction", .integer(0...3)), .required("price", .number()),
        .required("amount", .number()), .required("index_price", .number()),
        .required("mark_price", .number()), .required("fee", .number()),
        .required("fee_currency", .text()), .required("liquidity", .oneOf(["M", "T"])),
        .required("state", .text()), .optional("profit_loss", .number()),
    ])

    static let placed = Schema.object([
        .required("order", order), .required("trades", .list(trade)),
    ])

    static let trades = Schema.object([
        .required("trades", .list(trade)), .required("has_more", .boolean),
    ])

    static let cancelled = Schema.anyOf([.integer(), .list(order)])
    static let done = Schema.oneOf(["ok"])
}
