/// Methods about accounts and their money.

import Accounts
import Canonical
import JSON
import Ledger

/// Names of Deribit.
enum AccountMethods {
    static let all: [Method] = [
        positions, position, summary, summaries, subaccounts, subaccountDetails, log, deposits,
        withdrawals, transfers, transferToSubaccount, transferBetweenSubaccounts, withdraw,
        depositAddress, simulatePortfolio, simulateMargin, settlementsByInstrument,
        settlementsByCurrency, locks, accessLog,
    ]

    private static let positionShape = Schema.object([
        .required("instrument_name", .text()), .required("kind", .text()),
        .required("direction", .oneOf(["buy", "sell", "zero"])), .required("size", .number()),
        .required("average_price", .number()), .required("mark_price", .number()),
        .required("index_price", .number()), .required("floating_profit_loss", .number()),
        .required("realized_profit_loss", .number()), .required("total_profit_loss", .number()),
        .required(
            "initial_margin", .number(), "What the account would need less without it."),
        .required("maintenance_margin", .number()), .required("delta", .number()),
        .required("gamma", .number()), .required("vega", .number()),
        .required("theta", .number()),
        .required(
            "estimated_liquidation_price", .nullable(.number()),
            """
            The mark at which liquidation begins, where the account holds nothing else and this is \
            a perpetual or a future; else null: it depends on the whole account.
            """),
    ])

    static let positions = Method(
        "private/get_positions", access: .scoped(.accountRead), "Positions.",
        [
            OrderParameters.optionalCurrency, OrderParameters.kind, OrderParameters.subaccount,
        ], result: .list(positionShape)
    ) { gateway, call, writer throws(APIError) in try gateway.writePositions(call, &writer) }

    static let position = Method(
        "private/get_position", access: .scoped(.accountRead), "The position in an instrument.",
        [OrderParameters.instrument], result: positionShape
    ) { gateway, call, writer throws(APIError) in try gateway.writePosition(call, &writer) }

    private static let summaryFields: [Property] = [
        .required("currency", .text()), .required("balance", .number()),
        .required("equity", .number()), .required("available_funds", .number()),
        .required("available_withdrawal_funds", .number()),
        .required("initial_margin", .number()), .required("maintenance_margin", .number()),
        .required("margin_balance", .number()), .required("total_pl", .number()),
        .required("session_upl", .number()), .required("session_rpl", .number()),
        .required("delta_total", .number()), .required("options_delta", .number()),
        .required("options_gamma", .number()), .required("options_vega", .number()),
        .required("options_theta", .number()), .required("options_value", .number()),
    ]

    static let summary = Method(
        "private/get_account_summary", access: .scoped(.accountRead),
        "What an account is worth and may do, of the collateral or of an asset.",
        [
            OrderParameters.currency, .optional("extended", .boolean), OrderParameters.subaccount,
        ], result: .object(summaryFields)
    ) { gateway, call, writer throws(APIError) in try gateway.writeSummary(call, &writer) }

    static let summaries = Method(
        "private/get_account_summaries", access: .scoped(.accountRead),
        "The same of all currencies.",
        [.optional("extended", .boolean), OrderParameters.subaccount],
        result: .object([
            .required("id", .integer()), .required("username", .text()),
            .required("summaries", .list(.object(summaryFields))),
        ])
    ) { gateway, call, writer throws(APIError) in try gateway.writeSummaries(call, &writer) }

    static let subaccounts = Method(
        "private/get_subaccounts", access: .scoped(.accountRead), "The accounts of the same owner.",
        [.optional("with_portfolio", .boolean)],
        result: .list(.object([.required("id", .integer()), .required("username", .text())]))
    ) { gateway, call, writer throws(APIError) in try gateway.writeSubaccounts(call, &writer) }

    static let subaccountDetails = Method(
        "private/get_subaccounts_details", access: .scoped(.accountRead),
        "The positions of the accounts of the same owner.",
        [OrderParameters.currency, .optional("with_open_orders", .boolean)],
        result: .list(
            .object([.required("uid", .integer()), .required("positions", .list(positionShape))]))
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeSubaccountDetails(call, &writer)
    }

    static let log = Method(
        "private/get_transaction_log", access: .scoped(.accountRead),
        "What moved the money of an account, the newest first.",
        [OrderParameters.currency] + OrderParameters.requiredTimes + [
            .optional("query", .text(1...32), "A type."),
            .optional("count", .integer(1...Pages.mostCount)), OrderParameters.subaccount,
            .optional("continuation", .integer()),
        ],
        result: .object([
            .required("continuation", .nullable(.integer())), .required("logs", .list(.object([]))),
        ])
    ) { gateway, call, writer throws(APIError) in try gateway.writeLog(call, &writer) }

    // Money.

    private static let page = [
        OrderParameters.currency, OrderParameters.count, OrderParameters.offset,
    ]
    private static let movements = Schema.object([
        .required("count", .integer()), .required("data", .list(.object([]))),
    ])

    static let deposits = Method(
        "private/get_deposits", access: .scoped(.walletRead), "Deposits, the newest first.", page,
        result: movements
    ) { gateway, call, writer throws(APIError) in try gateway.writeDeposits(call, &writer) }

    static let withdrawals = Method(
        "private/get_withdrawals", access: .scoped(.walletRead), "Withdrawals, the newest first.",
        page,
        result: movements
    ) { gateway, call, writer throws(APIError) in try gateway.writeWithdrawals(call, &writer) }

    static let transfers = Method(
        "private/get_transfers", access: .scoped(.walletRead), "Transfers, the newest first.", page,
        result: movements
    ) { gateway, call, writer throws(APIError) in try gateway.writeTransfers(call, &writer) }

    private static let transferParameters: [Property] = [
        OrderParameters.currency, .required("amount", .number()),
        .required("destination", .integer(0...Int64(UInt32.max))),
    ]
    private static let transferred = Schema.object([
        .required("id", .integer()), .required("amount", .number()), .required("state", .text()),
    ])

    static let transferToSubaccount = Method(
        "private/submit_transfer_to_subaccount", access: .scoped(.walletWrite),
        "Moves money to another account of the same owner.", transferParameters,
        result: transferred
    ) { gateway, call, writer throws(APIError) in try gateway.transfer(call) }

    static let transferBetweenSubaccounts = Method(
        "private/submit_transfer_between_subaccounts", access: .scoped(.walletWrite),
        "The same; the source can only be the credential's own account.",
        transferParameters + [.optional("source", .integer(0...Int64(UInt32.max)))],
        unoffered: ["nonce"], result: transferred
    ) { gateway, call, writer throws(APIError) in try gateway.transfer(call) }

    static let withdraw = Method(
        "private/withdraw", access: .scoped(.walletRead),
        "Always refused: only the owner's own signature withdraws (public/submit_transaction).",
        result: .object([])
    ) { gateway, call, writer throws(APIError) in try gateway.refuseWithdrawal(call) }

    static let depositAddress = Method(
        "private/get_current_deposit_address", access: .scoped(.walletRead),
        "Null: the custodian credits accounts by their number.", [OrderParameters.currency],
        result: .nullable(.object([]))
    ) { gateway, call, writer throws(APIError) in
        try gateway.writeDepositAddress(call, &writer)
    }

    // What would be.

    private static let simulation: [Property] = [
        .optional("currency", .text(1...16)),
        .optional("add_positions", .boolean, "To those that are held; true where left out."),
        .optional(
            "simulated_positions", .map(.number()), "Amounts by instrument; of a short negative."),
    ]
    private static let simulated = Schema.object([
        .required("currency", .text()), .required("equity", .number()),
        .required("initial_margin", .number()), .required("maintenance_margin", .number()),
        .required("available_funds", .number()), .required("delta_total", .number()),
    ])

    static let simulatePortfolio = Method(
        "private/simulate_portfolio", access: .scoped(.accountRead),
        "Margin with other positions, bought at the mark: the engine's own.", simulation,
        result: simulated
    ) { gateway, call, writer throws(APIError) in try gateway.simulate(call, &writer) }

    static let simulateMargin = Method(
        "private/pme/simulate", access: .scoped(.accountRead), "The same.", simulation,
        result: simulated
    ) { gateway, call, writer throws(APIError) in try gateway.simulate(call, &writer) }

    // Settlements and the rest.

    private static let settlementParameters: [Property] = [
        .optional("type", .oneOf(["settlement", "delivery", "bankruptcy"])), OrderParameters.count,
        .optional("continuation", .text(1...20)),
        .optional("search_start_timestamp", .integer()),
    ]
    private static let settlements = Schema.object([
        .required("settlements", .list(.object([]))), .required("continuation", .text()),
    ])

    static let settlementsByInstrument = Method(
        "private/get_settlement_history_by_instrument", access: .scoped(.tradeRead),
        "Deliveries of an instrument, and funding paid.",
        [OrderParameters.instrument] + settlementParameters, result: settlements
    ) { gateway, call, writer throws(APIError) in
        let filter = OrderFilter(call, instrument: try gateway.face(call).1)
        return try gateway.writeSettlements(call, filter, &writer)
    }

    static let settlementsByCurrency = Method(
        "private/get_settlement_history_by_currency", access: .scoped(.tradeRead),
        "Deliveries of a currency, and funding paid.",
        [OrderParameters.currency] + settlementParameters, result: settlements
    ) { gateway, call, writer throws(APIError) in
        var filter = OrderFilter(call)
        // The type is one of settlements here, not of orders.
        filter.group = .all
        return try gateway.writeSettlements(call, filter, &writer)
    }

    static let locks = Method(
        "private/get_user_locks", access: .scoped(.accountRead),
        "Whether the account is locked: while it is liquidated or converted.",
        result: .list(.object([.required("currency", .text()), .required("enabled", .boolean)]))
    ) { gateway, call, writer throws(APIError) in
        let account = try gateway.book(of: call).account
        let ledger = call.ledger
        let isLocked =
            ledger.accounts.liquidationStart(of: account) != nil
            || ledger.accounts.conversionStart(of: account) != nil
        writer.beginArray()
        writer.beginObject()
        writer.put("currency", gateway.currencies(of: account, ledger)[0])
        writer.put("enabled", isLocked)
        if isLocked { writer.put("message", "the account is being liquidated or converted") }
        writer.endObject()
        writer.endArray()
        return .done
    }

    static let accessLog = Method(
        "private/get_access_log", access: .scoped(.accountRead),
        "The last authentications of the account's credentials, the newest first.",
        [OrderParameters.offset, OrderParameters.count],
        result: .list(
            .object([
                .required("id", .integer()), .required("timestamp", .integer()),
                .required("log", .text()), .required("ip", .text()),
            ]))
    ) { gateway, call, writer throws(APIError) in try gateway.writeAccessLog(call, &writer) }
}
