/// Health under both rules: `H = equity + Σ min(0, worst scenario) − charges` (DESIGN 5).

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
    /// Cash plus what positions are worth beyond their cost, funding owed taken off.
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
        of identifier: AccountIdentifier, _ account: Account, totals: [InstrumentTotals]
    ) -> MarginBreakdown {
        var result = equity(of: account, totals: totals) { risk, quantity in
            risk.initialValue(isLong: quantity.isPositive)
        }
        let margin = accounts[Int(identifier.number)]
        for entry in margin.rows {
            let worst = table.worst(entry.row, count: blocks, first: 0, second: 2 * blocks)
            result.scenarioLoss -= whole(worst, of: entry.underlying)
        }
        for exposure in margin.exposures {
            let risk = lots[Int(exposure.instrument.number)]
            result.charges -= whole(
                -risk.initialFloor * exposure.grossReach.units, of: risk.underlying)
        }
        return result
    }

    /// Margin of the positions alone, at the mark.
    ///
    /// - Parameter adjustment: a fill to be counted as if it had happened.
    public func maintenanceMargin(
        of identifier: AccountIdentifier, _ account: Account, totals: [InstrumentTotals],
        adjustment: Adjustment? = nil
    ) -> MarginBreakdown {
        var result = equity(of: account, totals: totals) { risk, _ in risk.markValue }
        let margin = accounts[Int(identifier.number)]
        for entry in margin.rows {
            var count: Int64 = 0
            var adjusted: InstrumentIdentifier?
            if let adjustment, underlying(of: adjustment.instrument) == entry.underlying {
                count = adjustment.lots.units
                adjusted = adjustment.instrument
            }
            var worst: Int64 = 0
            for block in 0..<blocks {
                var lanes = table[entry.row, blocks + block]
                if let adjusted {
                    lanes &+= delta(adjusted, initial: false, block) &* Lanes(repeating: count)
                }
                worst = min(worst, lanes.min())
            }
            result.scenarioLoss -= whole(worst, of: entry.underlying)
        }
        for exposure in margin.exposures {
            var held = exposure.position.units
            if let adjustment, adjustment.instrument == exposure.instrument {
                held += adjustment.lots.units
            }
            let risk = lots[Int(exposure.instrument.number)]
            let charge = risk.maintenanceFloor * abs(held) + max(0, risk.fundingDue * held)
            result.charges -= whole(-charge, of: risk.underlying)
        }
        if let adjustment {
            let risk = lots[Int(adjustment.instrument.number)]
            result.equity += Amount(
                microunits: (risk.markValue * adjustment.lots.units) >> risk.fractionBits)
            result.equity -= adjustment.cost
        }
        return result
    }

    /// What may leave an account: nothing that margin needs, no unrealised profit, no profit on
    /// hold.
    ///
    /// - Parameter hour: hours since 1970.
    public func withdrawable(
        of identifier: AccountIdentifier, _ account: Account, totals: [InstrumentTotals],
        hour: UInt64
    ) -> Amount {
        let margin = initialMargin(of: identifier, account, totals: totals)
        let free = margin.health - margin.unrealisedProfit
        return max(.zero, min(free, account.cash - account.heldProfit.held(at: hour)))
    }

    /// The equity part of a breakdown at some valuation.
    private func equity(
        of account: Account, totals: [InstrumentTotals],
        value: (LotTerms, Quantity) -> Int64
    ) -> MarginBreakdown {
        var result = MarginBreakdown(
            equity: account.cash, scenarioLoss: .zero, charges: .zero, unrealisedProfit: .zero)
        for position in account.positions {
            let risk = lots[Int(position.instrument.number)]
            let profit = position.unrealisedProfit(
                lotValue: value(risk, position.quantity), fractionBits: risk.fractionBits)
            let funding = position.fundingOwedRoundedUp(
                at: totals[Int(position.instrument.number)].fundingIndex)
            result.equity += profit - funding
            result.unrealisedProfit += max(.zero, profit)
        }
        return result
    }

    /// 2^-fractionBits µ of an underlying as whole micro-units, rounded down: losses grow.
    private func whole(_ value: Int64, of underlying: UnderlyingIdentifier) -> Amount {
        Amount(
            microunits: value >> catalogue.underlyings[Int(underlying.number)].fractionBits)
    }
}
