/// Margin in its parts, for those who show it or decide by more than health; and what may leave an
/// account.

public import Accounts
public import Canonical
import Catalogue
public import FixedPoint

/// What a fill would do to an account, without doing it.
public struct Adjustment: Sendable {
    public let instrument: InstrumentIdentifier
    /// Lots gained, signed.
    public let lots: Quantity
    /// What they cost, signed as the lots, in µ, fee included.
    public let cost: Amount

    public init(instrument: InstrumentIdentifier, lots: Quantity, cost: Amount) {
        self.instrument = instrument
        self.lots = lots
        self.cost = cost
    }
}

/// The parts of an account's margin under one rule.
public struct MarginBreakdown: Equatable, Sendable {
    /// Cash plus what positions are worth beyond the cost that is still owed, funding owed taken
    /// off.
    public var equity: Amount
    /// The losses of the worst scenarios, summed over underlyings; not negative.
    public var scenarioLoss: Amount
    /// Charges outside the scenarios; not negative.
    public var charges: Amount
    /// Unrealised profit inside `equity`, losing positions not netted; not negative.
    public var unrealisedProfit: Amount

    /// What the rule requires.
    public var requirement: Amount { scenarioLoss + charges }
    /// What is left, or missing.
    public var health: Amount { equity - requirement }
}

extension RiskState {
    /// Margin with all open orders, at the worse of mark and stable price.
    public func initialMargin(
        of identifier: AccountIdentifier, in balances: borrowing AccountsState
    ) -> MarginBreakdown {
        let place = Int(identifier.number)
        var result = equity(place, balances) { risk, quantity in
            risk.initialValue(isLong: quantity.isPositive)
        }
        result.scenarioLoss = Amount(microunits: -initialLoss(place))
        result.charges = Amount(microunits: charges(place, under: .initial))
        return result
    }

    /// Margin of the positions alone, at the mark.
    ///
    /// - Parameter adjustment: a fill to be counted as if it had happened.
    public func maintenanceMargin(
        of identifier: AccountIdentifier, in balances: borrowing AccountsState,
        adjustment: Adjustment? = nil
    ) -> MarginBreakdown {
        let place = Int(identifier.number)
        var result = equity(place, balances) { risk, _ in risk.markValue }
        let margin = accounts[place]
        for underlying in margin.underlyings {
            let worst = worstMaintenance(place, margin, underlying, adjustment)
            result.scenarioLoss -= Amount(
                microunits: worst &>> fractionBits[Int(underlying.number)])
        }
        result.charges = Amount(
            microunits: charges(place, under: .maintenance, adjustment: adjustment))
        if let adjustment {
            let risk = lots[Int(adjustment.instrument.number)]
            result.equity += Amount(
                microunits: (risk.markValue * adjustment.lots.units) &>> risk.fractionBits)
            result.equity -= adjustment.cost
        }
        return result
    }

    /// The lowest lane of L maintenance with a fill counted; at most zero.
    private func worstMaintenance(
        _ place: Int, _ margin: AccountMargin, _ underlying: UnderlyingIdentifier,
        _ adjustment: Adjustment?
    ) -> Int64 {
        if specials.contains(underlying) {
            return specialLoss(place, of: underlying, under: .maintenance, adjustment)
        }
        let row = row(margin, underlying)
        guard let adjustment, self.underlying(of: adjustment.instrument) == underlying else {
            return table.worstMaintenance(row)
        }
        let factor = Lanes(repeating: adjustment.lots.units)
        var worst: Int64 = 0
        for vector in table.count..<(2 * table.count) {
            let delta = deltas[Int(adjustment.instrument.number), vector]
            worst = min(worst, (table[row, vector] &+ delta &* factor).min())
        }
        return worst
    }

    /// What margin lets leave an account: nothing that it needs, no unrealised profit, no profit on
    /// hold. Beyond the cash that is not on hold it is borrowed, against what is worth something
    /// even without that profit.
    ///
    /// - Parameters:
    ///   - hour: hours since 1970.
    ///   - reserve: what must stay beside all that.
    public func withdrawable(
        of identifier: AccountIdentifier, in balances: borrowing AccountsState, hour: UInt64,
        reserve: Amount = .zero
    ) -> Amount {
        let margin = initialMargin(of: identifier, in: balances)
        let free = margin.health - margin.unrealisedProfit - reserve
        let account = Int(identifier.number)
        let held = balances.accounts[account].heldProfit.held(at: hour)
        let owned = min(free, balances.accounts[account].cash - held)
        return max(.zero, owned, free - held)
    }

    /// The equity part of a breakdown at some valuation.
    private func equity(
        _ place: Int, _ balances: borrowing AccountsState,
        value: (LotTerms, Quantity) -> Int64
    ) -> MarginBreakdown {
        var result = MarginBreakdown(
            equity: balances.accounts[place].cash, scenarioLoss: .zero, charges: .zero,
            unrealisedProfit: .zero)
        for slot in 0..<balances.accounts[place].positions.count {
            let position = balances.accounts[place].positions[slot]
            let risk = lots[Int(position.instrument.number)]
            let lotValue = value(risk, position.quantity)
            let worth = position.equity(lotValue: lotValue, fractionBits: risk.fractionBits)
            let profit = position.unrealisedProfit(
                lotValue: lotValue, fractionBits: risk.fractionBits)
            let funding = position.fundingOwedRoundedUp(
                at: balances.totals[Int(position.instrument.number)].fundingIndex)
            result.equity += worth - funding
            result.unrealisedProfit += max(.zero, profit)
        }
        return result
    }
}
