/// A closed room of money: its own collateral, insurance fund and fee account. A loss stays inside
/// it (DESIGN 2, principle 4).

public import Canonical
public import FixedPoint

/// What a compartment holds and what its funds may do.
public struct Compartment: Equatable, Sendable {
    /// Its name, such as `MAJORS`.
    public let symbol: Symbol
    /// Its one collateral asset, such as `USDC`.
    public let asset: Symbol
    /// The most that its vault may hold; a deposit beyond it is refused.
    public let vaultLimit: Amount
    /// The share of fees that goes to the insurance fund until that is full, in `0 ... 1`.
    public let insuranceShare: Ratio
    /// The insurance fund is full at this amount.
    public let insuranceTarget: Amount
    /// The most that the fund pays in one UTC day, as a share of what it held when the day began.
    public let insuranceDailyShare: Ratio
    /// The most that the fund pays for one account, as a share of the notional it closes.
    public let insuranceAccountShare: Ratio
    /// How far its accounts may go below zero.
    public let debt: DebtTerms

    public init(
        symbol: Symbol, asset: Symbol, vaultLimit: Amount, insuranceShare: Ratio,
        insuranceTarget: Amount, insuranceDailyShare: Ratio, insuranceAccountShare: Ratio,
        debt: DebtTerms = .none
    ) {
        self.symbol = symbol
        self.asset = asset
        self.vaultLimit = vaultLimit
        self.insuranceShare = insuranceShare
        self.insuranceTarget = insuranceTarget
        self.insuranceDailyShare = insuranceDailyShare
        self.insuranceAccountShare = insuranceAccountShare
        self.debt = debt
    }
}

extension Compartment: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(symbol)
        encoder.append(asset)
        encoder.append(vaultLimit)
        encoder.append(insuranceShare)
        encoder.append(insuranceTarget)
        encoder.append(insuranceDailyShare)
        encoder.append(insuranceAccountShare)
        encoder.append(debt)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        symbol = try decoder.value()
        asset = try decoder.value()
        vaultLimit = try decoder.quantity()
        insuranceShare = try decoder.quantity()
        insuranceTarget = try decoder.quantity()
        insuranceDailyShare = try decoder.quantity()
        insuranceAccountShare = try decoder.quantity()
        debt = try decoder.value()
    }
}
