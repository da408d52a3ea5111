/// What trading costs. A tier belongs to an account; the operator moves accounts between tiers.

public import Canonical
public import FixedPoint

/// Maker and taker fees as shares of the notional; a negative maker fee is a rebate.
public struct FeeTier: Equatable, Sendable {
    public let maker: Ratio
    public let taker: Ratio

    public init(maker: Ratio, taker: Ratio) {
        self.maker = maker
        self.taker = taker
    }

    /// The fee on some lots, rounded up on each lot: a fee never costs the venue, a rebate never
    /// costs it more than it says, and the parts of a split fill cost exactly what the whole does.
    ///
    /// - Parameters:
    ///   - lotNotional: what one lot is worth at the fill's price.
    ///   - lots: how many; not negative.
    /// - Throws: `ArithmeticFault.overflow` outside the bounds of the catalogue.
    @inlinable
    public func fee(
        lotNotional: Amount, lots: Int64, isMaker: Bool
    ) throws(ArithmeticFault) -> Amount {
        let perLot = try lotNotional.multiplied(by: isMaker ? maker : taker, rounding: .up)
        return Amount(microunits: try narrowed(Int128(perLot.units) * Int128(lots)))
    }
}

extension FeeTier: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(maker)
        encoder.append(taker)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        maker = try decoder.quantity()
        taker = try decoder.quantity()
    }
}
