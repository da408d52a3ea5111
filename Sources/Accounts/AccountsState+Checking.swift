/// One account apart from the venue: what a checker of certificates needs to follow an account
/// through the events of a block, when it has no other account, no fund and no vault. Nothing here
/// conserves; the ledger does not use it.

package import Canonical
package import FixedPoint

extension AccountsState {
    /// Books one side of a payment.
    package mutating func credit(_ amount: Amount, to identifier: AccountIdentifier) {
        touch(identifier)
        addCash(amount, at: Int(identifier.number))
    }

    /// Books one side of a payment that is neither profit nor loss.
    package mutating func creditCapital(_ amount: Amount, to identifier: AccountIdentifier) {
        credit(amount, to: identifier)
        accounts[Int(identifier.number)].anchors.move(by: amount)
    }

    /// Takes over the funding index of an instrument.
    ///
    /// - Parameter index: in 2⁻²⁴ µ per lot.
    package mutating func setFundingIndex(_ index: Int64, of instrument: InstrumentIdentifier) {
        totals[Int(instrument.number)].fundingIndex = index
    }
}

extension Account {
    /// The same account with its instruments under other numbers, ascending again.
    package func renumbered(
        _ number: (InstrumentIdentifier) -> InstrumentIdentifier
    ) -> Account {
        var result = self
        result.positions = positions.map { $0.renumbered(number($0.instrument)) }
        result.positions.sort { $0.instrument < $1.instrument }
        return result
    }
}
