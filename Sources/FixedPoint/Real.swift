/// A number with 40 fraction bits, for model prices and volatilities over normalised inputs (DESIGN
/// 3): range ±2²³, step 2⁻⁴⁰ ≈ 9·10⁻¹³. Products and quotients run through 128 bits and are rounded
/// down and toward zero; values that leave the range are a bug of the caller.

/// 64-bit two's complement in units of 2⁻⁴⁰.
@frozen
public struct Real: Comparable, Sendable {
    public let bits: Int64

    @inlinable
    public init(bits: Int64) { self.bits = bits }

    /// A ratio, rounded toward zero.
    @inlinable
    public init(ratio: Ratio) {
        bits = Int64((Int128(ratio.units) << 40) / Int128(Ratio.one.units))
    }

    @inlinable public static var zero: Real { Real(bits: 0) }
    @inlinable public static var one: Real { Real(bits: 1 << 40) }

    @inlinable
    public static func < (left: Real, right: Real) -> Bool { left.bits < right.bits }

    @inlinable
    public static func + (left: Real, right: Real) -> Real { Real(bits: left.bits + right.bits) }

    @inlinable
    public static func - (left: Real, right: Real) -> Real { Real(bits: left.bits - right.bits) }

    /// The product, rounded down.
    @inlinable
    public static func * (left: Real, right: Real) -> Real {
        Real(bits: Int64((Int128(left.bits) * Int128(right.bits)) >> 40))
    }

    /// The quotient, rounded toward zero.
    ///
    /// - Precondition: `right` is not zero.
    @inlinable
    public static func / (left: Real, right: Real) -> Real {
        Real(bits: Int64((Int128(left.bits) << 40) / Int128(right.bits)))
    }

    /// The square root, rounded down.
    ///
    /// - Precondition: `value` is not negative.
    public static func squareRoot(_ value: Real) -> Real {
        let target = UInt128(value.bits) << 40
        var root: UInt128 = 0
        var bit: UInt128 = 1 << 51
        while bit > 0 {
            let next = root | bit
            if next * next <= target { root = next }
            bit >>= 1
        }
        return Real(bits: Int64(root))
    }

    /// The natural logarithm of a quotient of positive integers, to 2⁻³⁹.
    ///
    /// - Precondition: both are positive.
    public static func log(numerator: Int64, denominator: Int64) -> Real {
        let high = numerator.leadingZeroBitCount
        let low = denominator.leadingZeroBitCount
        // Both with the leading bit at the same place: the mantissa lies in (½, 2).
        let mantissa = (Int128(numerator << (high - 1)) << 62) / Int128(denominator << (low - 1))
        let one: Int128 = 1 << 62
        // ln m = 2·artanh t with t = (m − 1)/(m + 1), |t| ≤ ⅓.
        let argument = ((mantissa - one) << 62) / (mantissa + one)
        let square = (argument * argument) >> 62
        var power = argument
        var sum: Int128 = 0
        for term in stride(from: 1 as Int128, through: 41, by: 2) {
            sum += power / term
            power = (power * square) >> 62
        }
        // ln 2 in 2⁻⁶².
        let octave: Int128 = 3_196_577_161_300_663_915
        return Real(bits: Int64((2 * sum + Int128(low - high) * octave) >> 22))
    }
}
