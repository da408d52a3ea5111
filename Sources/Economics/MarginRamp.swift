/// Initial margin that rises with an owner's own share: `IM₀ + (1 − IM₀)·clamp((OI − ½cap)/½cap, 0,
/// 1)`, with OI what the owner has and the cap what he may have. At the cap he pays in full, so
/// that he who could corner a market has nothing to win from whoever guarantees his losses
/// (`facts/risk.md`, attack 12 and "Formulas").

public import FixedPoint

/// How far an owner stands on the ramp.
public struct MarginRamp: Equatable, Sendable {
    /// In `0 ... 1`.
    public let share: Ratio

    /// - Parameters:
    ///   - reach: what the owner has and could have by open orders, in any unit; not negative.
    ///   - cap: what he may have, in the same unit.
    public init(reach: Int128, cap: Int128) {
        let half = max(0, cap) / 2
        guard reach > half else {
            share = .zero
            return
        }
        guard half > 0, reach < half + half else {
            share = .one
            return
        }
        let one = Int128(Ratio.one.units)
        // Both are cut to 2⁹⁰ together, far more than the ratio shows.
        let shift = Int128(max(0, 128 - half.leadingZeroBitCount - MarginRamp.precision))
        let (part, whole) = ((reach - half) >> shift, half >> shift)
        share = min(.one, Ratio(units: Int64((part * one + whole - 1) / whole)))
    }

    /// Bits of a cap that count. Ours.
    private static let precision = 90

    /// What a notional is charged above its usual initial margin, rounded up.
    public func charge(on notional: Amount, baseMargin: Ratio) -> Amount {
        let one = Int128(Ratio.one.units)
        let rate = Int128((Ratio.one - baseMargin).units) * Int128(share.units)
        let exact = (rate + one - 1) / one * Int128(max(.zero, notional).units)
        return Amount(microunits: Int64(clamping: (exact + one - 1) / one))
    }
}
