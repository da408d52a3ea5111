/// What a manipulated market can lose at most, whatever its price does. Positions elsewhere are
/// invisible, so this bound comes before every estimate of profit (`facts/risk.md`, "Formulas";
/// DESIGN 7).

public import FixedPoint

/// The loss bound of one market, in µ.
public struct LossBound: Equatable, Sendable {
    /// What the accounts of the losing side have: they lose no more. The worse of the two sides.
    public var losersMargin: Amount
    /// What backstop providers have committed.
    public var backstop: Amount
    /// What the insurance fund may still pay today for the market.
    public var fund: Amount

    public init(losersMargin: Amount, backstop: Amount, fund: Amount) {
        self.losersMargin = losersMargin
        self.backstop = backstop
        self.fund = fund
    }

    /// Beyond this, those who profit pay for each other.
    public var total: Amount {
        Amount(
            microunits: Int64(
                clamping: Int128(losersMargin.units) + Int128(backstop.units)
                    + Int128(fund.units)))
    }
}
