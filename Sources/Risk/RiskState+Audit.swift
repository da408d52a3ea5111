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
        let fresh = RiskState(
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
        let kept = accounts[Int(identifier.number)]
        let made = fresh.accounts[0]
        guard kept.exposures == made.exposures else {
            return "exposures of account \(identifier.number)"
        }
        guard kept.rows.count == made.rows.count else {
            return "underlyings of account \(identifier.number)"
        }
        for (old, new) in zip(kept.rows, made.rows) {
            guard old.underlying == new.underlying else {
                return "underlyings of account \(identifier.number)"
            }
            for block in 0..<(blocks * 3)
            where table[old.row, block] != fresh.table[new.row, block] {
                return "lanes of account \(identifier.number), underlying "
                    + "\(old.underlying.number), vector \(block)"
            }
        }
        return nil
    }

    /// The same valuations, no accounts.
    private convenience init(
        catalogue: Catalogue, parameters: [MarginParameters], instruments: [InstrumentRisk]
    ) {
        self.init(catalogue: catalogue, parameters: parameters)
        self.take(instruments)
    }
}
