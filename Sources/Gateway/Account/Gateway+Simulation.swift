/// What would be: the margin of an account with other positions, by the engine's own rules.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets
import Oracle
import Risk

extension Gateway {
    /// `private/simulate_portfolio`, `private/pme/simulate`: the engine's own margin of the account
    /// with other positions.
    func simulate(_ call: Call, _ writer: inout JSONWriter) throws(APIError) -> Completion {
        let book = try book(of: call)
        let home = call.ledger.accounts.compartment(of: book.account)
        let currency = names.assets[Int(home.number)]
        guard call.text("currency").map({ $0 == currency || $0 == "CROSS" }) ?? true else {
            throw .parameter("currency", "margin is in \(currency)")
        }
        var changes = try simulated(call)
        if call.boolean("add_positions") == false {
            for position in call.ledger.accounts[book.account].positions {
                changes[position.instrument.number, default: .zero] -= position.quantity
            }
        }
        let list = changes.filter { $0.value != .zero }.sorted { $0.key < $1.key }
            .map { HypotheticalLots(InstrumentIdentifier($0.key), $0.value) }
        guard
            let margins = call.ledger.hypotheticalMargins(of: book.account, adding: list)
        else {
            throw .parameter(
                "simulated_positions", "a position is beyond its limit, or has no price")
        }
        writer.beginObject()
        writer.put("currency", currency)
        writer.put("balance", call.ledger.accounts.cash(of: book.account))
        writer.put("equity", margins.maintenance.equity)
        writer.put("margin_balance", margins.initial.equity)
        writer.put("initial_margin", margins.initial.requirement)
        writer.put("maintenance_margin", margins.maintenance.requirement)
        writer.put("projected_initial_margin", margins.initial.requirement)
        writer.put("projected_maintenance_margin", margins.maintenance.requirement)
        writer.put("available_funds", max(.zero, margins.initial.health))
        writer.put("scenario_loss", margins.initial.scenarioLoss)
        writer.put("charges", margins.initial.charges)
        writeSimulatedGreeks(list, book.account, call.ledger, &writer)
        writer.put("portfolio_margining_enabled", true)
        writer.put("cross_collateral_enabled", true)
        writer.put("margin_model", "cross_pm")
        writer.endObject()
        return .done
    }

    private func simulated(_ call: Call) throws(APIError) -> [UInt16: Quantity] {
        guard let value = call.arguments["simulated_positions"] else { return [:] }
        var changes: [UInt16: Quantity] = [:]
        for member in value.members ?? [] {
            let identifier = try instrument(named: member.name, "simulated_positions")
            let instrument = call.ledger.catalogue.instruments[Int(identifier.number)]
            guard let units = member.value.number?.scaled(by: APIDecimals.amount),
                units.isMultiple(of: instrument.lotSize)
            else {
                throw .parameter("simulated_positions", "'\(member.name)' is no multiple of a lot")
            }
            changes[identifier.number] = Quantity(lots: units / instrument.lotSize)
        }
        return changes
    }

    private func writeSimulatedGreeks(
        _ changes: [HypotheticalLots], _ account: AccountIdentifier, _ ledger: Ledger,
        _ writer: inout JSONWriter
    ) {
        var sum = PositionGreeks()
        var lots: [UInt16: Quantity] = [:]
        for position in ledger.accounts[account].positions {
            lots[position.instrument.number] = position.quantity
        }
        for change in changes { lots[change.instrument.number, default: .zero] += change.lots }
        for (number, quantity) in lots.sorted(by: { $0.key < $1.key }) {
            sum += PositionGreeks(
                quantity, of: ledger.catalogue.instruments[Int(number)], ledger)
        }
        writer.put("delta_total", sum.delta, decimals: APIDecimals.amount)
        writer.put("gamma", sum.gamma, decimals: APIDecimals.gamma)
        writer.put("vega", sum.vega, decimals: APIDecimals.price)
        writer.put("theta", sum.theta, decimals: APIDecimals.price)
    }
}
