/// What the insurance fund may pay: no more than it holds, than its daily share, and than the share
/// of the account's closed notional (DESIGN 6; `facts/risk.md`, attack 3).

public import Canonical
import Catalogue
public import FixedPoint

extension AccountsState {
    /// What the fund may pay for an account whose closed positions were worth `notional`.
    ///
    /// - Parameters:
    ///   - shortfall: what is missing; not negative.
    ///   - notional: of all that is closed for the account; not negative.
    ///   - day: days since 1970.
    ///   - isCapped: false pays as long as the fund holds anything.
    public func insuranceCover(
        shortfall: Amount, notional: Amount, in home: CompartmentIdentifier, day: UInt64,
        isCapped: Bool = true
    ) -> Amount {
        let fund = funds[Int(home.number)]
        guard isCapped else { return max(.zero, min(shortfall, fund.insurance)) }
        let compartment = catalogue.compartments[Int(home.number)]
        let isToday = fund.insuranceDay == day
        let atStart = isToday ? fund.insuranceAtDayStart : fund.insurance
        let paid = isToday ? fund.insurancePaidToday : .zero
        let daily = AccountsState.share(compartment.insuranceDailyShare, of: atStart) - paid
        let perAccount = AccountsState.share(compartment.insuranceAccountShare, of: notional)
        return max(.zero, min(shortfall, fund.insurance, daily, perAccount))
    }

    /// Pays from the fund into an account, and counts it against the day.
    ///
    /// - Parameter amount: at most `insuranceCover`.
    public mutating func payInsurance(
        _ amount: Amount, to identifier: AccountIdentifier, day: UInt64
    ) {
        let home = self[identifier].compartment
        let place = Int(home.number)
        if funds[place].insuranceDay != day {
            funds[place].insuranceDay = day
            funds[place].insuranceAtDayStart = funds[place].insurance
            funds[place].insurancePaidToday = .zero
        }
        funds[place].insurancePaidToday += amount
        transfer(amount, from: .insurance(home), to: .account(identifier))
    }

    /// A share of an amount, rounded down: the fund pays less rather than more.
    private static func share(_ ratio: Ratio, of amount: Amount) -> Amount {
        // A share is at most 1, so the result is at most the amount.
        Amount(
            microunits: Int64(
                Int128(amount.units) * Int128(ratio.units) / Int128(Ratio.one.units)))
    }
}
