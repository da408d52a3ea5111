/// The unit of the funding index, and how whole micro-units come out of it.

import FixedPoint

/// Funding indices count 2⁻²⁴ micro-units per lot, so that one second of the smallest rate on a lot
/// of one dollar is not rounded away.
public enum Funding {
    /// Fraction bits of a funding index. At the largest funding cap (4 % per 8 h) and the dearest
    /// lot that `Bounds` admits, the index lasts for more than ten years of one direction.
    @inlinable
    public static var fractionBits: Int128 { 24 }

    /// 2⁻²⁴ µ in whole micro-units, rounded up.
    ///
    /// - Precondition: the result fits 64 bits, which `Bounds` proves for every position.
    @inlinable
    public static func wholeUp(_ value: Int128) -> Int64 {
        // No value comes near the end of 128 bits.
        Int64((value &+ ((1 << fractionBits) - 1)) &>> fractionBits)
    }
}
