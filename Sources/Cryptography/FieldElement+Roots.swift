/// Inverses and square roots modulo 2²⁵⁵ − 19, as powers. Source: RFC 8032, section 5.1.3; the
/// chain of multiplications is Bernstein's.

extension FieldElement {
    /// The constant d = −121665 / 121666 of the curve.
    @inline(__always)
    static var curveConstant: FieldElement {
        FieldElement(
            0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff)
    }

    /// 2 d.
    @inline(__always)
    static var doubledCurveConstant: FieldElement {
        FieldElement(
            0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff)
    }

    /// A square root of −1: 2^((p − 1) / 4).
    @inline(__always)
    static var squareRootOfMinusOne: FieldElement {
        FieldElement(
            0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d)
    }

    /// The powers 2²⁵⁰ − 1 and 11, from which the two exponents below follow.
    private var powers: (high: FieldElement, eleventh: FieldElement) {
        let second = squared
        let ninth = self * second.squared(times: 2)
        let eleventh = second * ninth
        let ones5 = ninth * eleventh.squared
        let ones10 = ones5.squared(times: 5) * ones5
        let ones20 = ones10.squared(times: 10) * ones10
        let ones40 = ones20.squared(times: 20) * ones20
        let ones50 = ones40.squared(times: 10) * ones10
        let ones100 = ones50.squared(times: 50) * ones50
        let ones200 = ones100.squared(times: 100) * ones100
        return (ones200.squared(times: 50) * ones50, eleventh)
    }

    /// The inverse, as the power p − 2; the inverse of 0 is 0.
    var inverse: FieldElement {
        let (high, eleventh) = powers
        return high.squared(times: 5) * eleventh
    }

    /// The power (p − 5) / 8 = 2²⁵² − 3.
    private var rootPower: FieldElement {
        powers.high.squared(times: 2) * self
    }

    /// A square root of `numerator / denominator`, or nil where it has none.
    ///
    /// Zero over anything has the root 0; the denominator is not 0 on this curve.
    static func squareRoot(of numerator: FieldElement, over denominator: FieldElement)
        -> FieldElement?
    {
        let cubed = denominator.squared * denominator
        let seventh = cubed.squared * denominator
        let candidate = numerator * cubed * (numerator * seventh).rootPower
        let check = denominator * candidate.squared
        if check == numerator { return candidate }
        if check == -numerator { return candidate * squareRootOfMinusOne }
        return nil
    }
}
