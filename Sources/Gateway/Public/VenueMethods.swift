/// What Deribit has and this venue does not, where an empty list is the true answer.

import JSON

enum VenueMethods {
    static let all: [Method] = [combos, comboNames, announcements]

    static let combos = Method(
        "public/get_combos", "There are no combos.", [MarketParameters.currency],
        result: .list(.anything)
    ) { gateway, call, writer throws(APIError) in
        _ = try call.currency(gateway)
        writer.value(.array([]))
        return .done
    }

    static let comboNames = Method(
        "public/get_combo_ids", "There are no combos.",
        [MarketParameters.currency, .optional("state", .oneOf(["active", "inactive"]))],
        result: .list(.text())
    ) { gateway, call, writer throws(APIError) in
        _ = try call.currency(gateway)
        writer.value(.array([]))
        return .done
    }

    static let announcements = Method(
        "public/get_announcements", "There are no announcements.",
        [.optional("start_timestamp", .integer()), .optional("count", .integer(1...50))],
        result: .list(.anything)
    ) { gateway, call, writer throws(APIError) in
        writer.value(.array([]))
        return .done
    }
}

/// All of the markets.
enum MarketMethods {
    static let all: [Method] =
        InstrumentMethods.all + BookMethods.all + TradeMethods.all + FundingMethods.all
        + EconomicMethods.all + BreakerMethods.all + BackstopMethods.all
        + RiskMethods.all + LiquidationMethods.all + SourceMethods.all + ConservationMethods.all
        + VenueMethods.all
}
