/// The exponential, the logarithm, the root and the normal distribution against the C library,
/// whose errors are a thousand times smaller than the bounds asked here.

import Glibc
import TestKit
import Testing

@testable import FixedPoint

private let scale = 1_099_511_627_776.0

private func double(_ value: Real) -> Double { Double(value.bits) / scale }

/// The distance in 2⁻⁴⁰; of results above one relative to them.
private func distance(_ value: Real, _ exact: Double) -> Double {
    abs(double(value) - exact) * scale / max(1, abs(exact))
}

private func numbers(_ count: Int, from least: Double, to most: Double, seed: UInt64) -> [Real] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
        let unit = Double(random.next() >> 11) / 9_007_199_254_740_992
        return Real(bits: Int64((least + unit * (most - least)) * scale))
    }
}

@Test func theExponentialIsWithinTwoUnits() {
    for exponent in numbers(300_000, from: -30, to: 15.94, seed: 1) {
        #expect(distance(Real.exp(exponent), Glibc.exp(double(exponent))) < 2)
    }
    #expect(Real.exp(.zero) == .one)
    #expect(Real.exp(Real(16)).bits == .max)
    #expect(Real.exp(Real(bits: .max)).bits == .max)
    #expect(Real.exp(Real(-29)) == .zero)
    #expect(Real.exp(Real(bits: .min)) == .zero)
}

@Test func theLogarithmIsWithinOneUnit() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<300_000 {
        let value = Real(bits: Int64(random.next() >> (1 + random.next() % 62)) | 1)
        #expect(distance(Real.log(value), Glibc.log(double(value))) < 1)
        let other = Int64(random.next() >> (1 + random.next() % 62)) | 1
        let exact = Glibc.log(Double(value.bits)) - Glibc.log(Double(other))
        #expect(distance(Real.log(value.bits, over: other), exact) < 1)
    }
    #expect(Real.log(.one) == .zero)
    #expect(Real.log(.zero).bits == .min)
    #expect(Real.log(-.one).bits == .min)
    #expect(Real.log(.max, over: 1) == -Real.log(1, over: .max))
}

@Test func theRootIsTheLargestNumberWhoseSquareIsNotAbove() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<300_000 {
        let value = Real(bits: Int64(random.next() >> (1 + random.next() % 63)))
        let root = Int128(value.squareRoot().bits)
        let square = Int128(value.bits) << 40
        #expect(root * root <= square && (root + 1) * (root + 1) > square)
    }
    #expect(Real(bits: .max).squareRoot() < Real(2_897))
    #expect(Real(-1).squareRoot() == .zero)
}

@Test func theNormalDistributionIsWithinOneUnit() {
    for value in numbers(300_000, from: -8.5, to: 8.5, seed: 4) {
        let exact = 0.5 * erfc(-double(value) / 2.0.squareRoot())
        #expect(distance(NormalDistribution.cumulative(value), exact) < 1)
        let mirrored = NormalDistribution.cumulative(-value)
        #expect(NormalDistribution.cumulative(value) + mirrored == .one)
        let density = Glibc.exp(-double(value) * double(value) / 2) / (2 * Double.pi).squareRoot()
        #expect(distance(NormalDistribution.density(value), density) < 2)
    }
    #expect(NormalDistribution.cumulative(.zero).bits == 1 << 39)
    #expect(NormalDistribution.cumulative(Real(8)) == .one)
    #expect(NormalDistribution.cumulative(Real(bits: .min)) == .zero)
}

@Test func theDistributionNeverFalls() {
    // Around every seam of the table, unit by unit, and in steps between them.
    var last = Real.zero
    for segment in Int64(-128)..<128 {
        for offset in Int64(-40)..<40 {
            let value = NormalDistribution.cumulative(Real(bits: segment << 36 + offset))
            #expect(value >= last || offset == -40)
            last = value
        }
        for step in Int64(1)..<64 {
            let value = NormalDistribution.cumulative(Real(bits: segment << 36 + step << 30))
            #expect(value >= last)
            last = value
        }
    }
}

@Test func arithmeticStopsAtTheEndsOfTheRange() {
    let (least, most) = (Real(bits: .min), Real(bits: .max))
    #expect(most + .one == most && least - .one == least)
    #expect(most * Real(2) == most && most * Real(-2) == least && least * least == most)
    #expect(Real.one / .zero == most && (-Real.one) / .zero == least)
    #expect(most / Real(bits: 1) == most)
    #expect(Real(.max, over: 1) == most && Real(.min, over: 1) == least)
    #expect(-least == most && least.magnitude == most)
}

@Test func ratiosComeAndGo() {
    for billionths in [Int64(0), 1, 333_333_333, 1_000_000_000, -250_000_000, 8_000_000_000] {
        let ratio = Ratio(billionths: billionths)
        #expect(abs(Ratio(Real(ratio)).units - billionths) <= 1)
    }
    #expect(Real(1, over: 3).bits == 366_503_875_925)
    #expect(Real(2, over: 3).bits == 733_007_751_851)
}
