/// The laws of conservation, checked from primary state.
///
/// Law 1, per compartment, in 2⁻²⁴ µ: what the vault holds is what is owed: `vault·2²⁴ = Σ claims +
/// (insurance + fees)·2²⁴ + fundingRemainder`, where an account's claim is `(cash − Σ cost)·2²⁴ + Σ
/// quantity·fundingIndex of the position`. The funding that is owed and not yet settled, `Σ
/// quantity·(index − index of the position)`, has no part `Σ quantity·index`, by law 2. Law 2, per
/// instrument: the quantities of all positions sum to zero.
///
/// `closeBooks` counts only the accounts that a block touched, against what the last close left; it
/// does not trust any running total that the transitions keep. `auditBooks` counts everything.

public import Canonical
import FixedPoint

/// A law that did not hold. It is a bug, never an answer to input.
public enum ConservationBreach: Error, Equatable, Sendable {
    /// Law 1: the vault and what is owed differ by so many 2⁻²⁴ µ.
    case money(CompartmentIdentifier, difference: Int128)
    /// Law 2: the positions of an instrument sum to so many lots.
    case quantity(InstrumentIdentifier, sum: Int64)
    /// The sum of the longs is not the open interest on record.
    case openInterest(InstrumentIdentifier, recorded: Int64, counted: Int64)
}

/// What the last close left, to count the next block's changes against.
struct ClosedBooks: Sendable {
    var cash: [Amount] = []
    var positions: [[Position]] = []
    /// Σ claims per compartment, in 2⁻²⁴ µ.
    var claims: [Int128]

    init(compartments: Int) { claims = [Int128](repeating: 0, count: compartments) }

    mutating func open() {
        cash.append(.zero)
        positions.append([])
    }
}

extension AccountsState {
    /// Checks both laws over what changed since the last close, and remembers the new state.
    ///
    /// Costs O(touched accounts), and O(instruments + compartments).
    public func closeBooks() throws(ConservationBreach) {
        var moved = [Int64](repeating: 0, count: totals.count)
        for identifier in touched {
            let place = Int(identifier.number)
            let account = accounts[place]
            let home = Int(account.compartment.number)
            closed.claims[home] +=
                AccountsState.claim(cash: account.cash, positions: account.positions)
                - AccountsState.claim(cash: closed.cash[place], positions: closed.positions[place])
            for position in account.positions {
                moved[Int(position.instrument.number)] += position.quantity.units
            }
            for position in closed.positions[place] {
                moved[Int(position.instrument.number)] -= position.quantity.units
            }
            closed.cash[place] = account.cash
            closed.positions[place] = account.positions
        }
        for (place, sum) in moved.enumerated() where sum != 0 {
            throw .quantity(InstrumentIdentifier(UInt16(place)), sum: sum)
        }
        try checkMoney(claims: closed.claims)
    }

    /// Checks both laws and the open interest over all accounts.
    public func auditBooks() throws(ConservationBreach) {
        var claims = [Int128](repeating: 0, count: funds.count)
        var sums = [Int64](repeating: 0, count: totals.count)
        var longs = [Int64](repeating: 0, count: totals.count)
        for account in accounts {
            claims[Int(account.compartment.number)] +=
                AccountsState.claim(cash: account.cash, positions: account.positions)
            for position in account.positions {
                sums[Int(position.instrument.number)] += position.quantity.units
                longs[Int(position.instrument.number)] += max(0, position.quantity.units)
            }
        }
        for place in totals.indices {
            let instrument = InstrumentIdentifier(UInt16(place))
            guard sums[place] == 0 else { throw .quantity(instrument, sum: sums[place]) }
            let recorded = totals[place].openInterest.units
            guard recorded == longs[place] else {
                throw .openInterest(instrument, recorded: recorded, counted: longs[place])
            }
        }
        try checkMoney(claims: claims)
    }

    private func checkMoney(claims: [Int128]) throws(ConservationBreach) {
        for (place, fund) in funds.enumerated() {
            let owed = Int128((fund.insurance + fund.fees).units) << Funding.fractionBits
            let held = Int128(fund.vault.units) << Funding.fractionBits
            let difference = held - (claims[place] + owed + fund.fundingRemainder)
            guard difference == 0 else {
                throw .money(CompartmentIdentifier(UInt16(place)), difference: difference)
            }
        }
    }

    private static func claim(cash: Amount, positions: [Position]) -> Int128 {
        var claim = Int128(cash.units) << Funding.fractionBits
        for position in positions {
            claim -= Int128(position.cost.units) << Funding.fractionBits
            claim += Int128(position.quantity.units) * Int128(position.fundingIndex)
        }
        return claim
    }
}
