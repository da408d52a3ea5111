/// The distributions against SciPy 1.17 (`chi2.sf`, `binom.sf`).
import Testing

@testable import Simulation

private func isNear(_ value: Double, _ wanted: Double, within: Double = 1e-12) -> Bool {
    abs(value - wanted) <= within * max(1e-9, abs(wanted))
}

@Test(arguments: [
    (0.5, 0.479_500_122_186_953_37, 0.778_800_783_071_404_9),
    (3.841_458_820_694_124, 0.05, 0.146_500_064_486_084_3),
    (5.991_464_547_107_979, 0.014_375_262_424_643_724, 0.05),
    (6.634_896_601_021_217, 0.01, 0.036_245_200_715_169_575),
    (20, 7.744_216_431_044_088e-06, 4.539_992_976_248_486e-05),
])
func chiSquareIsThatOfSciPy(_ value: Double, _ one: Double, _ two: Double) {
    #expect(isNear(ChiSquare.oneDegree.survival(value), one))
    #expect(isNear(ChiSquare.twoDegrees.survival(value), two))
}

@Test func chiSquareOfNothingIsCertain() {
    #expect(ChiSquare.oneDegree.survival(0) == 1 && ChiSquare.twoDegrees.survival(0) == 1)
    // Rounding may leave a likelihood ratio a little below zero.
    #expect(ChiSquare.oneDegree.survival(-1e-12) == 1)
}

@Test(arguments: [
    (250, 0.01, 7, 0.013_701_447_855_203_663), (2_000, 0.01, 30, 0.021_256_171_404_065_31),
    (100, 0.01, 1, 0.633_967_658_726_770_5), (26_000, 0.002, 100, 2.174_453_829_662_186e-09),
    (26_000, 0.01, 351, 4.020_532_220_869_99e-08),
])
func theBinomialTailIsThatOfSciPy(
    _ trials: Int, _ probability: Double, _ least: Int, _ wanted: Double
) {
    let tail = Binomial(trials: trials, probability: probability).atLeast(least)
    #expect(isNear(tail, wanted, within: 1e-9), "\(tail)")
}

@Test func theBinomialIsWholeAndItsTailEnds() {
    let binomial = Binomial(trials: 26_000, probability: 0.05)
    #expect(abs(binomial.masses.reduce(0, +) - 1) < 1e-9)
    #expect(binomial.masses.count == 26_001)
    #expect(binomial.atLeast(0) == 1 && binomial.atLeast(26_001) == 0)
}
