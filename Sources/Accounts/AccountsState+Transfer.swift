/// Double entry: money moves from one holder to another of the same compartment, and in no other
/// way (Invariant 1 of this room). What comes from or goes to the vault crosses the edge of the
/// ledger.

public import Canonical
import Catalogue
public import FixedPoint

extension AccountsState {
    /// Moves `amount` from one holder to another.
    ///
    /// - Parameter amount: not negative, and checked by the caller against what may leave `source`;
    ///   only an account may go below zero by it.
    /// - Precondition: both holders exist in one compartment.
    public mutating func transfer(_ amount: Amount, from source: Holder, to target: Holder) {
        precondition(!amount.isNegative, "Invariant: a transfer moves forward, not \(amount.units)")
        precondition(
            compartment(of: source) == compartment(of: target),
            "Invariant: money does not leave its compartment")
        change(source, by: -amount)
        change(target, by: amount)
    }

    /// A transfer over the edge of the ledger, or between owners: it is no profit and no loss, so
    /// the anchors of the day's profit move along.
    public mutating func moveCapital(_ amount: Amount, from source: Holder, to target: Holder) {
        transfer(amount, from: source, to: target)
        if case .account(let identifier) = source {
            accounts[Int(identifier.number)].anchors.move(by: -amount)
        }
        if case .account(let identifier) = target {
            accounts[Int(identifier.number)].anchors.move(by: amount)
        }
    }

    /// Charges a trading fee, or pays a rebate: the insurance fund gets its share of a fee until it
    /// is full, rounded down, the venue the rest.
    public mutating func chargeFee(_ fee: Amount, to identifier: AccountIdentifier) {
        let home = accounts[Int(identifier.number)].compartment
        guard !fee.isNegative else {
            transfer(-fee, from: .fees(home), to: .account(identifier))
            return
        }
        transfer(fee, from: .account(identifier), to: .fees(home))
    }

    /// Passes a part of what a trade earned to the insurance fund until that is full.
    ///
    /// - Parameter earned: the fees of the trade less its rebates; not negative.
    /// - Returns: what it passed on.
    @discardableResult
    public mutating func fillInsurance(
        from earned: Amount, in home: CompartmentIdentifier
    ) -> Amount {
        let compartment = catalogue.compartments[Int(home.number)]
        let missing = compartment.insuranceTarget - funds[Int(home.number)].insurance
        guard missing.isPositive else { return .zero }
        // earned < 2⁶³ and the share ≤ 1: the product fits 128 bits.
        let part = Int128(earned.units) * Int128(compartment.insuranceShare.units)
        let share = Amount(microunits: Int64(part / Int128(Ratio.one.units)))
        transfer(min(share, missing), from: .fees(home), to: .insurance(home))
        return min(share, missing)
    }

    private func compartment(of holder: Holder) -> CompartmentIdentifier {
        switch holder {
        case .account(let identifier): accounts[Int(identifier.number)].compartment
        case .insurance(let home), .fees(let home), .vault(let home): home
        }
    }

    /// Books one side. The vault is an asset, the others are debts of the venue: they grow
    /// together.
    private mutating func change(_ holder: Holder, by amount: Amount) {
        switch holder {
        case .account(let identifier):
            touch(identifier)
            addCash(amount, at: Int(identifier.number))
        case .insurance(let home):
            funds[Int(home.number)].insurance += amount
            precondition(
                !funds[Int(home.number)].insurance.isNegative,
                "Invariant: the insurance fund pays only what it holds")
        case .fees(let home):
            funds[Int(home.number)].fees += amount
        case .vault(let home):
            funds[Int(home.number)].vault -= amount
            precondition(
                !funds[Int(home.number)].vault.isNegative,
                "Invariant: the vault pays only what it holds")
        }
    }
}
