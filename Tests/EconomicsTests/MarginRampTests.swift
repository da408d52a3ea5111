/// The ramp at its corners and between them.

import Economics
import FixedPoint
import Testing

struct MarginRampTests {
    @Test(
        arguments: [
            (0, 100, 0), (50, 100, 0), (51, 100, 20_000_000), (75, 100, 500_000_000),
            (100, 100, 1_000_000_000), (101, 100, 1_000_000_000), (1, 0, 1_000_000_000),
            (1, 1, 1_000_000_000), (0, 0, 0), (0, -5, 0), (3, -5, 1_000_000_000),
        ] as [(Int128, Int128, Int64)])
    func `the share begins at half of the cap and ends at all of it`(
        reach: Int128, cap: Int128, billionths: Int64
    ) {
        #expect(MarginRamp(reach: reach, cap: cap).share == Ratio(units: billionths))
    }

    @Test func `figures of any size give the same share`() {
        for exponent in 0..<100 as Range<Int128> {
            let ramp = MarginRamp(reach: 75 << exponent, cap: 100 << exponent)
            #expect(ramp.share == Ratio(units: 500_000_000), "2^\(exponent)")
        }
        #expect(MarginRamp(reach: .max, cap: .max).share == .one)
    }

    @Test func `margin and charge together run from the base to all`() {
        let base = Ratio(basisPoints: 900)
        let notional = Amount.dollars(1_000_000)
        func charge(_ reach: Int128) -> Amount {
            MarginRamp(reach: reach, cap: 100).charge(on: notional, baseMargin: base)
        }
        #expect(charge(50) == .zero)
        // 91 % of half, and of all.
        #expect(charge(75) == .dollars(455_000))
        #expect(charge(100) == .dollars(910_000))
        #expect(MarginRamp(reach: 100, cap: 100).charge(on: notional, baseMargin: .one) == .zero)
    }

    @Test func `a charge is rounded up`() {
        let ramp = MarginRamp(reach: 51, cap: 100)
        #expect(ramp.charge(on: Amount(units: 1), baseMargin: .zero) == Amount(units: 1))
        #expect(ramp.charge(on: .zero, baseMargin: .zero) == .zero)
        #expect(ramp.charge(on: Amount(units: -7), baseMargin: .zero) == .zero)
        #expect(MarginRamp(reach: 1, cap: 0).charge(on: .max, baseMargin: .zero) == .max)
    }
}
