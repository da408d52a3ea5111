/// How far the quote balances of a compartment may go below zero, and what that costs (DESIGN 4):
/// an account that holds other collateral may owe the quote asset within two limits, its own and
/// that of all together, and pays interest while it does.

public import Canonical
public import FixedPoint

/// The rule for debts of one compartment.
public struct DebtTerms: Equatable, Sendable {
    /// The most that one account may owe by its own orders and withdrawals. An account that owes
    /// more, by losses, funding or interest, has its spot collateral converted.
    public let accountLimit: Amount
    /// The most that all accounts may owe together, what open orders could add included, as a share
    /// of what the vault holds, in `0 ... 1`: the rest stays there for those who withdraw.
    public let vaultShare: Ratio
    /// What a debt costs in a year of 365 days, as a share of it, in `0 ... 1`.
    public let interest: Ratio

    public init(accountLimit: Amount, vaultShare: Ratio, interest: Ratio) {
        self.accountLimit = accountLimit
        self.vaultShare = vaultShare
        self.interest = interest
    }

    /// Nobody borrows: orders and withdrawals stop at a balance of zero.
    public static let none = DebtTerms(accountLimit: .zero, vaultShare: .zero, interest: .zero)

    /// Minutes in a year of 365 days, over which the interest is spread.
    private static let minutesOfYear: Int128 = 525_600

    /// The interest on a debt for some minutes, rounded up: against the debtor.
    ///
    /// - Parameters:
    ///   - debt: not negative.
    ///   - most: what is charged at most; not negative.
    public func interest(on debt: Amount, minutes: UInt64, most: Amount) -> Amount {
        // Below 2⁶³, 2³⁰ and 2²⁹ (nanoseconds in 64 bits are fewer minutes), so it fits 128 bits.
        let exact = Int128(debt.units) * Int128(interest.units) * Int128(minutes)
        let whole = DebtTerms.minutesOfYear * Int128(Ratio.one.units)
        return Amount(microunits: Int64(min((exact + whole - 1) / whole, Int128(most.units))))
    }

    /// The most that all accounts may owe together while the vault holds so much; rounded down.
    public func cap(vault: Amount) -> Amount {
        // The share is at most 1, so the result is at most the vault.
        Amount(
            microunits: Int64(
                Int128(vault.units) * Int128(vaultShare.units) / Int128(Ratio.one.units)))
    }

    /// The debt at which a conversion ends: half of the limit, so that the next price does not
    /// start another.
    public var conversionTarget: Amount { Amount(microunits: accountLimit.units / 2) }
}

extension DebtTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(accountLimit)
        encoder.append(vaultShare)
        encoder.append(interest)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        accountLimit = try decoder.quantity()
        vaultShare = try decoder.quantity()
        interest = try decoder.quantity()
    }
}
