/// Numbers for prices that follow from a model: shares of a forward, volatilities, Greeks. Binary
/// fixed point, since floating point differs between processors and the core has none (DESIGN 3).
/// Inputs are normalised, so that the range never matters: what would leave it stops at its end.

/// A real number in 2⁻⁴⁰, in ±2²³.
@frozen
public struct Real: Comparable, Sendable, BitwiseCopyable {
    /// The number times 2⁴⁰.
    public let bits: Int64

    @inlinable
    public init(bits: Int64) { self.bits = bits }

    /// Bits behind the point.
    @inlinable
    public static var fractionBits: Int64 { 40 }

    @inlinable
    public static var zero: Real { Real(bits: 0) }

    @inlinable
    public static var one: Real { Real(bits: 1 << 40) }

    /// A whole number.
    ///
    /// - Precondition: within ±2²³.
    @inlinable
    public init(_ whole: Int64) { bits = whole << Real.fractionBits }

    /// A ratio, rounded to the nearest.
    @inlinable
    public init(_ ratio: Ratio) { self.init(ratio.units, over: Ratio.one.units) }

    /// A quotient, rounded to the nearest; at most the end of the range.
    ///
    /// - Precondition: the denominator is positive.
    @inlinable
    public init(_ numerator: Int64, over denominator: Int64) {
        let doubled = (Int128(numerator) << (Int128(Real.fractionBits) + 1)) / Int128(denominator)
        bits = Int64(clamping: (doubled + 1) >> 1)
    }

    @inlinable
    public static func < (left: Real, right: Real) -> Bool { left.bits < right.bits }

    @inlinable
    public static func + (left: Real, right: Real) -> Real {
        let (sum, overflow) = left.bits.addingReportingOverflow(right.bits)
        return Real(bits: overflow ? (left.bits < 0 ? .min : .max) : sum)
    }

    @inlinable
    public static func - (left: Real, right: Real) -> Real {
        let (difference, overflow) = left.bits.subtractingReportingOverflow(right.bits)
        return Real(bits: overflow ? (left.bits < 0 ? .min : .max) : difference)
    }

    @inlinable
    public static prefix func - (value: Real) -> Real { .zero - value }

    /// The product, rounded down.
    @inlinable
    public static func * (left: Real, right: Real) -> Real {
        let (high, low) = left.bits.multipliedFullWidth(by: right.bits)
        let isInRange = high >> (Real.fractionBits - 1) == high >> 63
        guard isInRange else { return Real(bits: high < 0 ? .min : .max) }
        return Real(
            bits: high << (64 - Real.fractionBits)
                | Int64(truncatingIfNeeded: low >> UInt64(Real.fractionBits)))
    }

    /// The quotient, rounded toward zero; of zero, the end of the range on the side of the
    /// numerator.
    @inlinable
    public static func / (left: Real, right: Real) -> Real {
        guard right.bits != 0 else { return Real(bits: left.bits < 0 ? .min : .max) }
        return Real(
            bits: Int64(clamping: (Int128(left.bits) << Int128(fractionBits)) / Int128(right.bits)))
    }

    /// Its size.
    @inlinable
    public var magnitude: Real { bits < 0 ? -self : self }

    /// The square root, rounded down; zero of what is negative.
    public func squareRoot() -> Real {
        guard bits > 0 else { return .zero }
        let value = UInt128(bits) << UInt128(Real.fractionBits)
        // The highest 64 bits or one less give the root to 31 bits, and one step of Newton's method
        // twice as many.
        let spare = max(0, 64 - value.leadingZeroBitCount + 1) & ~1
        var root =
            UInt128(Real.wholeRoot(UInt64(truncatingIfNeeded: value >> UInt128(spare))))
            << UInt128(spare / 2)
        root = (root + value / root) >> 1
        while root * root > value { root -= 1 }
        return Real(bits: Int64(truncatingIfNeeded: root))
    }

    /// The whole part of a square root, by Newton's method from above.
    private static func wholeRoot(_ value: UInt64) -> UInt64 {
        var root: UInt64 = 1 << UInt64((65 - value.leadingZeroBitCount) / 2)
        while true {
            let next = (root + value / root) >> 1
            if next >= root { return root }
            root = next
        }
    }
}

extension Ratio {
    /// A real number as a ratio, rounded down; at most the end of the range.
    @inlinable
    public init(_ real: Real) {
        let scaled = Int128(real.bits) * Int128(Ratio.one.units)
        self.init(units: Int64(clamping: scaled >> Int128(Real.fractionBits)))
    }
}
