/// The moving volatility against the same in floating point, from a stablecoin's hour to a crash.

import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Estimation

struct MovingVolatilityTests {
    @Test(arguments: [0.000_02, 0.001, 0.01, 0.2])
    func `it follows its formula within a thousandth`(size: Double) {
        var random = SeededGenerator(seed: 71)
        let memory = Ratio(basisPoints: 9_900)
        var volatility = MovingVolatility(opening: Ratio(billionths: Int64(size * 1e9)))
        var variance = size * size
        for _ in 0..<3_000 {
            let change = size * Double.random(in: -2...2, using: &random)
            volatility.add(Real(bits: Int64(change * 0x1p40)), memory: memory)
            variance = 0.99 * variance + 0.01 * change * change
        }
        let found = volatility.perStep.double
        #expect(abs(found / variance.squareRoot() - 1) < 0.001)
    }

    @Test func `a return counts as no more than 200 %, and nothing is never divided by`() {
        var volatility = MovingVolatility(opening: .one)
        var bounded = volatility
        volatility.add(Real(9), memory: Ratio(basisPoints: 9_000))
        bounded.add(Real(-2), memory: Ratio(basisPoints: 9_000))
        #expect(volatility == bounded)
        for _ in 0..<5_000 { volatility.add(.zero, memory: Ratio(basisPoints: 9_000)) }
        #expect(volatility.variance == .zero)
        #expect(volatility.root > .zero)
    }

    @Test func `it reads as it was written, and no negative variance does`() throws {
        let volatility = MovingVolatility(opening: Ratio(basisPoints: 55))
        #expect(try MovingVolatility(canonicalBytes: volatility.canonicalBytes) == volatility)
        var encoder = CanonicalEncoder()
        encoder.append(Int64(-1))
        #expect(throws: DecodingFault.self) { try MovingVolatility(canonicalBytes: encoder.bytes) }
    }
}

extension Real {
    /// For comparisons with floating point.
    var double: Double { Double(bits) * 0x1p-40 }
}
