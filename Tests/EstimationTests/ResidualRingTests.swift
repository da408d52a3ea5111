/// The ring and its tails against a list that is sorted again each time.

import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Estimation

struct ResidualRingTests {
    @Test func `tails are those of the last residuals`() {
        var random = SeededGenerator(seed: 72)
        var ring = ResidualRing(seeded: 500)
        var list: [Double] = []
        for round in 0..<1_500 {
            let residual = Double.random(in: -4...4, using: &random)
            ring.add(Real(bits: Int64(residual * 0x1p40)))
            list.append(residual)
            guard round >= 500, round % 97 == 0 else { continue }
            let last = list.suffix(500).sorted()
            let (lower, upper) = ring.tails(size: 5)
            // A residual is kept within 2⁻¹¹.
            #expect(abs(lower.mean.double + last.prefix(5).reduce(0, +) / 5) < 0.000_5)
            #expect(abs(upper.mean.double - last.suffix(5).reduce(0, +) / 5) < 0.000_5)
            #expect(abs(lower.start.double + last[4]) < 0.000_5)
            #expect(abs(upper.start.double - last[495]) < 0.000_5)
        }
    }

    @Test func `a residual is rounded away from zero and cut at ten`() {
        #expect(ResidualRing.stored(Real(bits: 1)) == 1)
        #expect(ResidualRing.stored(Real(bits: -1)) == -1)
        #expect(ResidualRing.stored(.zero) == 0)
        #expect(ResidualRing.stored(.one) == 2_048)
        #expect(ResidualRing.stored(Real(10)) == 20_480)
        #expect(ResidualRing.stored(Real(11)) == 20_480)
        #expect(ResidualRing.stored(Real(bits: .min)) == -20_480)
    }

    @Test func `it reads as it was written, and nothing out of range does`() throws {
        var ring = ResidualRing(seeded: 500)
        for place in 0..<7 { ring.add(Real(Int64(place - 3))) }
        let bytes = ring.canonicalBytes
        #expect(try ResidualRing(canonicalBytes: bytes) == ring)
        // Its count, its place, a residual.
        for (place, value) in [(0, 0xF3), (2, 0xFF), (5, 0x7F)] as [(Int, UInt8)] {
            var broken = bytes
            broken[place] = value
            if place == 2 { broken[3] = 1 }
            #expect(throws: DecodingFault.self) { try ResidualRing(canonicalBytes: broken) }
        }
    }
}
