/// The laws of conservation, checked from primary state.
///
/// Law 1, per compartment, in 2⁻²⁴ µ: what the vault holds is what is owed: `vault·2²⁴ = Σ claims +
/// (insurance + fees)·2²⁴ + fundingRemainder`, where an account's claim is `(cash − Σ owed
/// cost)·2²⁴ + Σ quantity·fundingIndex of the position`. (What was paid at the fill has left cash
/// and is owed no more.) The funding that is owed and not yet settled, `Σ
/// quantity·(index − index of the position)`, has no part `Σ quantity·index`, by law 2. Law 2, per
/// instrument: the quantities of all positions sum to zero, or for spot to what the asset's vault
/// holds.
///
/// The closed books hold both sums over all accounts as the last close left them. An account is
/// taken out before it changes for the first time in a block (`touch`), and `closeBooks` puts it
/// back as it then is: so it counts only the accounts that a block touched, against what the last
/// close left, and trusts no running total that the transitions keep. `auditBooks` counts
/// everything.

public import Canonical
import FixedPoint

/// A law that did not hold. It is a bug, never an answer to input.
public enum ConservationBreach: Error, Equatable, Sendable {
    /// Law 1: the vault and what is owed differ by so many 2⁻²⁴ µ.
    case money(CompartmentIdentifier, difference: Int128)
    /// Law 2: the positions of an instrument sum to so many lots more than they should.
    case quantity(InstrumentIdentifier, sum: Int64)
    /// The sum of the longs is not the open interest on record.
    case openInterest(InstrumentIdentifier, recorded: Int64, counted: Int64)
}

/// Both laws' sums over the accounts that have not changed since the last close.
struct ClosedBooks: Sendable {
    /// Σ claims per compartment, in 2⁻²⁴ µ.
    var claims: [Int128]
    /// Σ lots per instrument.
    var lots: [Int64]
    /// By account: whether it has changed, or is about to.
    private(set) var isOpen: [Bool] = []
    private(set) var open: [AccountIdentifier] = []

    init(compartments: Int, instruments: Int) {
        claims = [Int128](repeating: 0, count: compartments)
        lots = [Int64](repeating: 0, count: instruments)
    }

    /// Takes note of a new account, which no sum counts yet.
    mutating func addOpen(_ identifier: AccountIdentifier) {
        isOpen.makeRoom(for: 1)
        isOpen.append(true)
        open.append(identifier)
    }

    /// Takes an account's claim out of the sums as it is now; its lots are the caller's.
    mutating func takeOut(
        _ identifier: AccountIdentifier, claim: Int128, home: CompartmentIdentifier
    ) {
        isOpen[Int(identifier.number)] = true
        open.append(identifier)
        claims[Int(home.number)] &-= claim
    }

    /// Puts the open accounts back into the sums as they are now.
    mutating func putBack(_ accounts: [Account]) {
        // Lent: a copy of an account would count a reference to its positions.
        let accounts = accounts.span
        for identifier in open {
            let place = Int(identifier.number)
            isOpen[place] = false
            claims[Int(accounts[place].compartment.number)] &+= accounts[place].claim
            for slot in 0..<accounts[place].positions.count {
                let position = accounts[place].positions[slot]
                lots[Int(position.instrument.number)] += position.quantity.units
            }
        }
        open.removeAll(keepingCapacity: true)
    }
}

extension AccountsState {
    /// Checks both laws over what changed since the last close, and remembers the new state.
    ///
    /// Costs O(touched accounts), and O(live instruments + compartments).
    public mutating func closeBooks() throws(ConservationBreach) {
        closed.putBack(accounts)
        for identifier in live {
            let place = Int(identifier.number)
            let excess = closed.lots[place] - totals[place].holdings.units
            if excess != 0 { throw .quantity(identifier, sum: excess) }
        }
        try checkMoney(claims: closed.claims)
    }

    /// Checks both laws and the open interest over all accounts.
    public func auditBooks() throws(ConservationBreach) {
        var claims = [Int128](repeating: 0, count: funds.count)
        var sums = [Int64](repeating: 0, count: totals.count)
        var longs = [Int64](repeating: 0, count: totals.count)
        for account in accounts {
            claims[Int(account.compartment.number)] += account.claim
            for position in account.positions {
                sums[Int(position.instrument.number)] += position.quantity.units
                longs[Int(position.instrument.number)] += max(0, position.quantity.units)
            }
        }
        for place in totals.indices {
            let instrument = InstrumentIdentifier(UInt16(place))
            let excess = sums[place] - totals[place].holdings.units
            guard excess == 0 else { throw .quantity(instrument, sum: excess) }
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
}

extension Account {
    /// What it may claim of the vault, unsettled funding left out (law 1), in 2⁻²⁴ µ. Far
    /// below 2¹²⁷ for any account within `Bounds`, so that sums do not wrap.
    var claim: Int128 {
        var settled = Int128(cash.units)
        var funding: Int128 = 0
        for slot in positions.indices {
            let position = positions[slot]
            settled &-= Int128(position.owedCost.units)
            funding &+= Int128(position.quantity.units) &* Int128(position.fundingIndex)
        }
        return (settled &<< Funding.fractionBits) &+ funding
    }
}
