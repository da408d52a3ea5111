/// Who owes the quote asset, and what open orders could make them owe. Everything here follows from
/// cash and open orders; it is kept because every order for an option or spot asks for it.
///
/// An account's commitments are what all its open buys of paid instruments would cost at their
/// limits, with the highest fee of any tier: no fill costs more than it takes off the commitments.
/// So `commitments − cash`, where positive the account's draw, never grows by a fill, and an
/// order that was admitted within the limits stays within them whatever fills first.

public import Canonical
import Catalogue
public import FixedPoint

/// Debts and commitments of all accounts.
public struct DebtBook: Sendable {
    /// By account, in µ; not negative.
    private(set) var commitments: [Int64] = []
    /// By compartment: Σ max(0, commitments − cash), in µ. Wide, since it sums what every account
    /// might do.
    private(set) var draws: [Int128]
    /// Accounts whose cash is below zero, ascending.
    public private(set) var debtors: [AccountIdentifier] = []

    init(compartments: Int) { draws = [Int128](repeating: 0, count: compartments) }

    /// Takes note of a new account.
    mutating func open(_ identifier: AccountIdentifier, _ account: Account) {
        commitments.makeRoom(for: 1)
        commitments.append(0)
        if account.cash.isNegative {
            draws[Int(account.compartment.number)] += Int128(-account.cash.units)
            debtors.append(identifier)
        }
    }

    /// What an account draws at some cash and commitments.
    static func draw(cash: Int64, commitments: Int64) -> Int128 {
        max(0, Int128(commitments) - Int128(cash))
    }

    /// Takes note that the cash of an account has changed.
    mutating func note(
        _ place: Int, in home: CompartmentIdentifier, from old: Amount, to new: Amount
    ) {
        draws[Int(home.number)] +=
            DebtBook.draw(cash: new.units, commitments: commitments[place])
            - DebtBook.draw(cash: old.units, commitments: commitments[place])
        guard old.isNegative != new.isNegative else { return }
        let identifier = AccountIdentifier(UInt32(truncatingIfNeeded: place))
        let slot = slot(of: identifier)
        if new.isNegative {
            debtors.insert(identifier, at: slot)
        } else {
            debtors.remove(at: slot)
        }
    }

    /// Changes what an account has committed.
    mutating func commit(
        _ change: Amount, by place: Int, in home: CompartmentIdentifier, cash: Amount
    ) {
        let old = commitments[place]
        commitments[place] = old + change.units
        draws[Int(home.number)] +=
            DebtBook.draw(cash: cash.units, commitments: old + change.units)
            - DebtBook.draw(cash: cash.units, commitments: old)
    }

    /// The place of an account among the debtors, or where it would stand.
    private func slot(of identifier: AccountIdentifier) -> Int {
        var (low, high) = (0, debtors.count)
        while low < high {
            let middle = (low + high) / 2
            if debtors[middle] < identifier { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension AccountsState {
    /// Changes the cash of an account that has been touched, and its debt with it.
    @inline(__always)
    mutating func addCash(_ amount: Amount, at place: Int) {
        let old = accounts[place].cash
        let new = old + amount
        accounts[place].cash = new
        // Commitments are not negative, so whoever owes anything is below them.
        if min(old.units, new.units) < debts.commitments[place] {
            debts.note(place, in: accounts[place].compartment, from: old, to: new)
        }
    }

    /// Changes what the open buys of paid instruments of an account would cost.
    public mutating func commit(_ change: Amount, by identifier: AccountIdentifier) {
        let place = Int(identifier.number)
        debts.commit(
            change, by: place, in: accounts[place].compartment, cash: accounts[place].cash)
    }

    /// What the open buys of paid instruments of an account would cost.
    public func commitments(of identifier: AccountIdentifier) -> Amount {
        Amount(microunits: debts.commitments[Int(identifier.number)])
    }

    /// What all accounts of a compartment owe and could come to owe by their open orders, in µ.
    public func draws(in home: CompartmentIdentifier) -> Int128 { debts.draws[Int(home.number)] }

    /// By how much the draws of its compartment grow if an account pays or commits so much more.
    public func addedDraw(_ amount: Amount, by identifier: AccountIdentifier) -> Int128 {
        let place = Int(identifier.number)
        let free = Int128(accounts[place].cash.units) - Int128(debts.commitments[place])
        return max(0, Int128(amount.units) - free) - max(0, -free)
    }

    /// The first thing in the book of debts that does not follow from the accounts, in words.
    ///
    /// - Parameter commitments: by account, counted anew from the open orders.
    public func debtDifference(commitments: [Amount]) -> String? {
        var draws = [Int128](repeating: 0, count: funds.count)
        var debtors: [AccountIdentifier] = []
        for (place, account) in accounts.enumerated() {
            guard commitments[place].units == debts.commitments[place] else {
                return "the commitments of account \(place)"
            }
            draws[Int(account.compartment.number)] += DebtBook.draw(
                cash: account.cash.units, commitments: commitments[place].units)
            if account.cash.isNegative { debtors.append(AccountIdentifier(UInt32(place))) }
        }
        guard draws == debts.draws else { return "the draws of compartments" }
        return debtors == debts.debtors ? nil : "the list of debtors"
    }
}
