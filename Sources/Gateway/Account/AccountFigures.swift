/// What an account is worth and may do, in the figures of `private/get_account_summary`. Everything
/// is in the compartment's collateral; an asset that is held beside it has a summary of its own,
/// with what is held of it and no margin, since margin is asked once.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle
import Risk

/// One account's figures.
struct AccountFigures {
    let account: AccountIdentifier
    let cash: Amount
    let initial: MarginBreakdown
    let maintenance: MarginBreakdown
    let withdrawable: Amount
    let positions: [Position]
    /// By place of the underlying.
    private(set) var greeks: [PositionGreeks]
    private(set) var optionGreeks: [PositionGreeks]
    private(set) var optionsValue = Amount.zero
    private(set) var optionsProfit = Amount.zero
    private(set) var futuresProfit = Amount.zero
    private(set) var spotValue = Amount.zero

    init(_ account: AccountIdentifier, _ ledger: Ledger) {
        self.account = account
        cash = ledger.accounts.cash(of: account)
        initial = ledger.initialMargin(of: account)
        maintenance = ledger.maintenanceMargin(of: account)
        withdrawable = ledger.withdrawable(account)
        positions = ledger.accounts[account].positions
        let none = ledger.catalogue.underlyings.map { _ in PositionGreeks() }
        greeks = none
        optionGreeks = none
        for position in positions { add(position, ledger) }
    }

    private mutating func add(_ position: Position, _ ledger: Ledger) {
        let place = Int(position.instrument.number)
        let risk = ledger.risk.instruments[place]
        guard risk.isPriced else { return }
        let instrument = ledger.catalogue.instruments[place]
        let worth = Amount(
            microunits: (risk.markValue * position.quantity.units) >> risk.fractionBits)
        let own = PositionGreeks(position.quantity, of: instrument, ledger)
        greeks[Int(instrument.underlying.number)] += own
        switch instrument.kind {
        case .option:
            optionGreeks[Int(instrument.underlying.number)] += own
            optionsValue += worth
            optionsProfit += worth - position.cost
        case .perpetual, .future: futuresProfit += worth - position.cost
        case .spot: spotValue += worth
        }
    }

    /// Worth with everything at the mark, funding taken off.
    var equity: Amount { maintenance.equity }
    /// What new orders may use.
    var available: Amount { max(.zero, initial.health) }
}

extension JSONWriter {
    /// The fields of the summary of the collateral.
    ///
    /// - Parameters:
    ///   - futures: what was realised today, of everything but options.
    ///   - options: the same of options.
    mutating func summaryFields(
        _ figures: AccountFigures, futures: RealisedToday, options: RealisedToday,
        currency: String, indexes: [String]
    ) {
        put("currency", currency)
        put("balance", figures.cash)
        put("equity", figures.equity)
        put("margin_balance", figures.initial.equity)
        put("available_funds", figures.available)
        put("available_withdrawal_funds", figures.withdrawable)
        put("initial_margin", figures.initial.requirement)
        put("maintenance_margin", figures.maintenance.requirement)
        put("projected_initial_margin", figures.initial.requirement)
        put("projected_maintenance_margin", figures.maintenance.requirement)
        put("additional_reserve", 0, decimals: 0)
        put("spot_reserve", 0, decimals: 0)
        put("fee_balance", 0, decimals: 0)
        let floating = figures.futuresProfit + figures.optionsProfit
        let realised = futures.profit + options.profit
        put("total_pl", floating + realised)
        put("session_upl", floating)
        put("session_rpl", realised)
        put("session_funding", -futures.funding)
        put("futures_pl", figures.futuresProfit)
        put("futures_session_upl", figures.futuresProfit)
        put("futures_session_rpl", futures.profit)
        put("options_pl", figures.optionsProfit)
        put("options_session_upl", figures.optionsProfit)
        put("options_session_rpl", options.profit)
        put("options_value", figures.optionsValue)
        summaryGreeks(figures, indexes)
        put("portfolio_margining_enabled", true)
        put("cross_collateral_enabled", true)
        put("margin_model", "cross_pm")
    }

    private mutating func summaryGreeks(_ figures: AccountFigures, _ indexes: [String]) {
        // Units of different underlyings cannot be added, so the sums count each as a unit, as
        // Deribit's do; the maps say which is which.
        var sum = PositionGreeks()
        for greeks in figures.optionGreeks { sum += greeks }
        var total: Int64 = 0
        for greeks in figures.greeks { total += greeks.delta }
        greeks(sum, prefix: "options_")
        put("delta_total", total, decimals: APIDecimals.amount)
        put("projected_delta_total", total, decimals: APIDecimals.amount)
        map("delta_total_map", figures.greeks, indexes, APIDecimals.amount) { $0.delta }
        map("options_gamma_map", figures.optionGreeks, indexes, APIDecimals.gamma) {
            $0.gamma
        }
        map("options_vega_map", figures.optionGreeks, indexes, APIDecimals.price) { $0.vega }
        map("options_theta_map", figures.optionGreeks, indexes, APIDecimals.price) { $0.theta }
    }

    private mutating func map(
        _ name: String, _ greeks: [PositionGreeks], _ indexes: [String], _ decimals: Int,
        _ value: (PositionGreeks) -> Int64
    ) {
        self.name(name)
        beginObject()
        for (place, entry) in greeks.enumerated() where value(entry) != 0 {
            put(indexes[place], value(entry), decimals: decimals)
        }
        endObject()
    }

    /// The fields of the summary of something that is held, or could be, beside the collateral.
    ///
    /// - Parameter held: units of 10⁻⁹.
    mutating func holdingFields(held: Int128, free: Int128, currency: String) {
        put("currency", currency)
        for name in ["balance", "equity", "margin_balance", "session_balance"] {
            put(name, wide: held, decimals: APIDecimals.amount)
        }
        for name in ["available_funds", "available_withdrawal_funds"] {
            put(name, wide: free, decimals: APIDecimals.amount)
        }
        put("spot_reserve", wide: held - free, decimals: APIDecimals.amount)
        for name in [
            "initial_margin", "maintenance_margin", "projected_initial_margin",
            "projected_maintenance_margin", "additional_reserve", "fee_balance", "total_pl",
            "session_upl", "session_rpl", "futures_pl", "futures_session_upl",
            "futures_session_rpl", "options_pl", "options_session_upl", "options_session_rpl",
            "options_value", "options_delta", "options_gamma", "options_vega", "options_theta",
            "delta_total", "projected_delta_total",
        ] {
            put(name, 0, decimals: 0)
        }
        for name in ["options_gamma_map", "options_vega_map", "options_theta_map"] {
            self.name(name)
            beginObject()
            endObject()
        }
        put("portfolio_margining_enabled", true)
        put("cross_collateral_enabled", true)
        put("margin_model", "cross_pm")
    }
}
