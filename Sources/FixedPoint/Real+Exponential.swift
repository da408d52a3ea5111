/// The exponential and the logarithm: the argument is reduced to a 64th of a power of two, which a
/// table holds, and what is left is a polynomial of a few terms. Within 2⁻⁴⁰, and of results above
/// one within 2⁻³⁹ of them (`RealTests`).

extension Real {
    /// e to the power of a number; above ln 2²³ the end of the range.
    public static func exp(_ exponent: Real) -> Real {
        guard exponent < largestExponent else { return Real(bits: .max) }
        guard exponent > leastExponent else { return .zero }
        // In 64ths of a power of two.
        let powers = exponent.times(ExponentialTable.powersPerUnit)
        let whole = powers >> fractionBits
        let fraction = UInt64(truncatingIfNeeded: powers) << UInt64(64 - fractionBits)
        let variable = Int64(bitPattern: fraction ^ 1 << 63)
        let table = ExponentialTable.remainder
        var rest = table[table.count - 1]
        for place in stride(from: table.count - 2, through: 0, by: -1) {
            rest = table[place] + rest.multipliedFullWidth(by: variable).high << 1
        }
        // Both in 2⁻⁶², so that the upper half of the product is in 2⁻⁶⁰.
        let product = ExponentialTable.powers[Int(whole & 63)]
            .multipliedFullWidth(by: UInt64(rest)).high
        let shift = 20 - whole >> 6
        guard shift > 0 else { return Real(bits: Int64(product << UInt64(-shift))) }
        return Real(bits: Int64((product + 1 << UInt64(shift - 1)) >> UInt64(shift)))
    }

    /// The natural logarithm; of what is not positive, the lower end of the range.
    public static func log(_ value: Real) -> Real {
        guard value.bits > 0 else { return Real(bits: .min) }
        let whole = wideLog(UInt64(value.bits)) - Int128(fractionBits) * wideLogOfTwo
        return Real(bits: rounded(whole))
    }

    /// The natural logarithm of a quotient, without the rounding of the quotient.
    ///
    /// - Precondition: both are positive.
    public static func log(_ numerator: Int64, over denominator: Int64) -> Real {
        Real(bits: rounded(wideLog(UInt64(numerator)) - wideLog(UInt64(denominator))))
    }

    /// ln of a positive whole number, in 2⁻⁶⁰.
    private static func wideLog(_ value: UInt64) -> Int128 {
        let zeros = value.leadingZeroBitCount
        // In [1, 2), in 2⁻⁶³.
        let mantissa = value << UInt64(zeros)
        let place = Int(mantissa >> 57 & 63)
        // Times the inverse of the middle of its 64th: one, and less than a hundredth, in 2⁻⁷⁹.
        let (high, low) = mantissa.multipliedFullWidth(by: ExponentialTable.inverses[place])
        let excess = Int64(bitPattern: (high &- 1 << 15) << 47 | low >> 17)
        return Int128(63 - zeros) * wideLogOfTwo + Int128(ExponentialTable.logarithms[place])
            + Int128(logOfOnePlus(excess) >> 2)
    }

    /// `ln(1 + r)` for |r| below a hundredth, by its series; both in 2⁻⁶².
    private static func logOfOnePlus(_ excess: Int64) -> Int64 {
        var sum: Int64 = 0
        for term in stride(from: Int64(seriesTerms), through: 1, by: -1) {
            let coefficient = (1 << 62) / term
            sum =
                (term & 1 == 1 ? coefficient : -coefficient)
                + sum.multipliedFullWidth(by: excess).high << 2
        }
        return sum.multipliedFullWidth(by: excess).high << 2
    }

    /// The tenth term is below 2⁻⁶².
    private static var seriesTerms: Int64 { 9 }

    private static var wideLogOfTwo: Int128 { Int128(ExponentialTable.logarithmOfTwo) }

    /// 2⁻⁶⁰ in 2⁻⁴⁰.
    private static func rounded(_ wide: Int128) -> Int64 {
        Int64((wide + 1 << 19) >> 20)
    }

    /// The product with a number in 2⁻⁴⁰ that may be as large as 2⁷.
    private func times(_ factor: Int64) -> Int64 {
        Int64(truncatingIfNeeded: (Int128(bits) * Int128(factor)) >> Int128(Real.fractionBits))
    }

    /// ln 2²³, rounded down.
    private static var largestExponent: Real { Real(bits: 17_528_837_850_073) }
    /// Below it e to the power rounds to zero: ln 2⁻⁴¹.
    private static var leastExponent: Real { Real(bits: -31_247_058_776_219) }
}
