/// Everything that `RiskState` keeps incrementally, made again from scratch and compared.

public import Accounts
public import Canonical
import Catalogue
import FixedPoint
public import Markets

extension RiskState {
    /// The first difference between what is kept and what follows from accounts and orders, in
    /// words.
    ///
    /// - Parameter orders: the open orders of the account.
    public func difference(
        for identifier: AccountIdentifier, _ account: Account, orders: [Order]
    ) -> String? {
        var fresh = RiskState(
            catalogue: catalogue, parameters: parameters, instruments: instruments)
        fresh.openAccount()
        let first = AccountIdentifier(0)
        for position in account.positions {
            fresh.changePosition(of: first, in: position.instrument, by: position.quantity)
        }
        let tier = catalogue.feeTiers[Int(account.feeTier)]
        for order in orders {
            fresh.changeOrder(
                of: first, in: order.instrument, side: order.side, price: order.price,
                reduceOnly: order.reduceOnly, from: .zero, to: order.remaining, tier: tier)
        }
        guard exposures(of: identifier) == fresh.exposures(of: first) else {
            return "exposures of account \(identifier.number)"
        }
        let kept = accounts[Int(identifier.number)]
        let made = fresh.accounts[0]
        guard kept.underlyings == made.underlyings, kept.rows.count == kept.underlyings.count else {
            return "underlyings of account \(identifier.number)"
        }
        for underlying in kept.underlyings {
            let (old, new) = (row(kept, underlying), fresh.row(made, underlying))
            guard old.reach == new.reach else {
                return "reach of account \(identifier.number), underlying \(underlying.number)"
            }
            for vector in 0..<(3 * table.count)
            where table[old, vector] != fresh.table[new, vector] {
                return "lanes of account \(identifier.number), underlying "
                    + "\(underlying.number), vector \(vector)"
            }
        }
        return nil
    }

    /// The same valuations, no accounts.
    private init(
        catalogue: Catalogue, parameters: [MarginParameters], instruments: [InstrumentRisk]
    ) {
        self.init(catalogue: catalogue, parameters: parameters)
        for risk in instruments[self.instruments.count...] { list(risk.instrument) }
        self.take(instruments)
    }
}
