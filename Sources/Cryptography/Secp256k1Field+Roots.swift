/// Inverses and square roots modulo p = 2²⁵⁶ − 2³² − 977, as powers. Source: the chain of
/// multiplications is that of libsecp256k1; both exponents begin with 223 ones in binary, a zero
/// and 22 ones.

extension Secp256k1Field {
    /// The powers 2² − 1, 2²² − 1 and 2²²³ − 1, from which the two exponents below follow.
    private var powers: (ones2: Secp256k1Field, ones22: Secp256k1Field, ones223: Secp256k1Field) {
        let ones2 = squared * self
        let ones3 = ones2.squared * self
        let ones6 = ones3.squared(times: 3) * ones3
        let ones9 = ones6.squared(times: 3) * ones3
        let ones11 = ones9.squared(times: 2) * ones2
        let ones22 = ones11.squared(times: 11) * ones11
        let ones44 = ones22.squared(times: 22) * ones22
        let ones88 = ones44.squared(times: 44) * ones44
        let ones176 = ones88.squared(times: 88) * ones88
        let ones220 = ones176.squared(times: 44) * ones44
        return (ones2, ones22, ones220.squared(times: 3) * ones3)
    }

    /// The inverse, as the power p − 2; the inverse of 0 is 0.
    var inverse: Secp256k1Field {
        let (ones2, ones22, ones223) = powers
        let upper = ones223.squared(times: 23) * ones22
        let middle = upper.squared(times: 5) * self
        return (middle.squared(times: 3) * ones2).squared(times: 2) * self
    }

    /// A square root, as the power (p + 1) / 4, or nil where the element has none.
    var squareRoot: Secp256k1Field? {
        let (ones2, ones22, ones223) = powers
        let upper = ones223.squared(times: 23) * ones22
        let root = (upper.squared(times: 6) * ones2).squared(times: 2)
        return root.squared == self ? root : nil
    }
}
