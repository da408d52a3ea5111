/// The bound is the sum of its parts.

import Economics
import FixedPoint
import Testing

struct LossBoundTests {
    @Test func `a bound is the sum of its parts, and stops at the end of the range`() {
        let bound = LossBound(
            losersMargin: .dollars(3), backstop: .dollars(5), fund: .dollars(7))
        #expect(bound.total == .dollars(15))
        let endless = LossBound(losersMargin: .max, backstop: .zero, fund: Amount(units: 1))
        #expect(endless.total == .max)
    }
}
