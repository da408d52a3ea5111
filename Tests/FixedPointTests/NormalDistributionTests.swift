/// The tail over the density against the C library; the distribution itself is in `RealTests`.
import Glibc
import TestKit
import Testing

@testable import FixedPoint

private let scale = 1_099_511_627_776.0

private func exact(_ value: Real) -> Double {
    let number = Double(value.bits) / scale
    return erfc(number / 2.0.squareRoot()) / 2 * (2 * Double.pi).squareRoot()
        * exp(number * number / 2)
}

@Test func theTailOverTheDensityIsWithinTwoUnits() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<100_000 {
        let value = Real(bits: 2 << 40 + Int64(random.next() % (11 << 40)))
        let ratio = NormalDistribution.tailRatio(value)
        #expect(abs(Double(ratio.bits) - exact(value) * scale) < 2)
    }
}

@Test func theTailOverTheDensityFallsAndStopsAtTheEndOfItsTable() {
    var last = NormalDistribution.tailRatio(Real(2))
    #expect(abs(Double(last.bits) - exact(Real(2)) * scale) < 2)
    for segment in Int64(1)..<88 {
        for offset in Int64(-2)...2 {
            let value = Real(bits: 2 << 40 + segment << 37 + offset << 24)
            let ratio = NormalDistribution.tailRatio(value)
            #expect(ratio < last)
            last = ratio
        }
    }
    let end = NormalDistribution.tailRatio(Real(13))
    #expect(end == NormalDistribution.tailRatio(Real(bits: 13 << 40 - 1)))
    #expect(end == NormalDistribution.tailRatio(Real(bits: .max)))
    #expect(abs(Double(end.bits) - exact(Real(13)) * scale) < 2)
}
