/// What a provider takes: its totals and its encoding; the ranges are tested as refusals of the
/// ledger.

import Canonical
import FixedPoint
import Liquidation
import Testing

@Suite struct BackstopLimitsTests {
    private let limits = BackstopLimits(
        markets: [1, 4].map {
            BackstopMarket(
                underlying: UnderlyingIdentifier($0), notional: Amount(microunits: 7),
                loss: Amount(microunits: Int64($0)))
        }, sliceShare: .one, leastDiscount: .zero, marginLeft: .zero)

    @Test func `a market that is not named is not taken`() {
        #expect(limits.market(of: UnderlyingIdentifier(4))?.loss == Amount(microunits: 4))
        #expect(limits.market(of: UnderlyingIdentifier(2)) == nil)
        #expect(limits.totalLoss == Amount(microunits: 5))
        #expect(limits.areInRange(underlyings: 5) && !limits.areInRange(underlyings: 4))
    }

    @Test func `limits come back from their encoding`() throws {
        #expect(try BackstopLimits(canonicalBytes: limits.canonicalBytes) == limits)
    }
}
