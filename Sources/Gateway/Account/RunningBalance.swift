/// Cash and positions of one account as they run through the events of a block, by the rules of
/// `Accounts`: the ledger itself shows them only as they are after the block. It is compared with
/// the ledger when the block ends, so that the log never drifts from the money.

import Accounts
import Canonical
import FixedPoint

/// The running state of one account.
struct RunningBalance: Sendable {
    /// One position.
    struct Holding: Equatable, Sendable {
        var quantity: Quantity
        /// As of `Position.cost`.
        var cost: Amount
        var fundingIndex: Int64
    }

    /// What a change did.
    struct Effect: Equatable, Sendable {
        /// Funding that was due; negative was received.
        var funding = Amount.zero
        /// What a reduction realised.
        var profit = Amount.zero
        /// By how much cash changed, funding apart.
        var cash = Amount.zero
    }

    private(set) var cash: Amount
    /// By instrument number.
    private(set) var holdings: [UInt16: Holding]

    /// Of an account that is not opened yet.
    init() {
        cash = .zero
        holdings = [:]
    }

    /// As the ledger has it.
    init(_ account: Account) {
        cash = account.cash
        holdings = [:]
        for position in account.positions {
            holdings[position.instrument.number] = Holding(
                quantity: position.quantity, cost: position.cost,
                fundingIndex: position.fundingIndex)
        }
    }

    /// Lots held.
    func quantity(of instrument: InstrumentIdentifier) -> Quantity {
        holdings[instrument.number]?.quantity ?? .zero
    }

    /// Moves cash alone.
    mutating func add(_ amount: Amount) { cash += amount }

    /// Books lots as `AccountsState.trade` does.
    ///
    /// - Parameters:
    ///   - lots: signed.
    ///   - notional: signed as the lots.
    ///   - fundingIndex: of the instrument, now.
    ///   - isPaid: whether the price moves as cash at the fill.
    mutating func trade(
        _ instrument: InstrumentIdentifier, lots: Quantity, notional: Amount, fundingIndex: Int64,
        isPaid: Bool
    ) -> Effect {
        var effect = Effect()
        guard lots != .zero else { return effect }
        var holding =
            holdings[instrument.number]
            ?? Holding(quantity: .zero, cost: .zero, fundingIndex: fundingIndex)
        let owed =
            Int128(holding.quantity.units)
            * (Int128(fundingIndex) - Int128(holding.fundingIndex))
        effect.funding = Amount(microunits: Funding.wholeUp(owed))
        holding.fundingIndex = fundingIndex
        let closing =
            holding.quantity.sign * lots.sign < 0
            ? Quantity(
                lots: Int64(lots.sign) * min(lots.magnitude, holding.quantity.magnitude).lots)
            : .zero
        // Every lot of a trade costs the same, so the parts are whole.
        let closingNotional = Amount(
            microunits: Int64(Int128(notional.units) * Int128(closing.units) / Int128(lots.units)))
        if closing != .zero {
            let released = RunningBalance.released(closing.magnitude, of: holding)
            effect.profit = -closingNotional - released
            holding.quantity += closing
            holding.cost -= released
        }
        holding.quantity += lots - closing
        holding.cost += notional - closingNotional
        effect.cash = isPaid ? -notional : effect.profit
        cash += effect.cash - effect.funding
        holdings[instrument.number] = holding.quantity == .zero ? nil : holding
        return effect
    }

    /// The share of the cost of some lots, rounded up as in `Position.release`.
    private static func released(_ lots: Quantity, of holding: Holding) -> Amount {
        let numerator = Int128(holding.cost.units) * Int128(lots.units)
        let denominator = Int128(holding.quantity.magnitude.units)
        let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        return Amount(microunits: Int64(quotient) + (remainder > 0 ? 1 : 0))
    }

    /// Moves lots of spot with no money against them.
    mutating func move(_ instrument: InstrumentIdentifier, lots: Quantity, cost: Amount) {
        var holding =
            holdings[instrument.number] ?? Holding(quantity: .zero, cost: .zero, fundingIndex: 0)
        if lots.isNegative {
            holding.cost -= RunningBalance.released(lots.magnitude, of: holding)
        } else {
            holding.cost += cost
        }
        holding.quantity += lots
        holdings[instrument.number] = holding.quantity == .zero ? nil : holding
    }
}
