/// The arithmetic of auctions: the discount grows, a slice is enough, parts sum to the whole.

import Canonical
import FixedPoint
import Liquidation
import TestKit
import Testing

@Suite struct BackstopAuctionTests {
    private func bid(_ account: UInt32, _ percent: Int64) -> StandingBid {
        StandingBid(
            account: AccountIdentifier(account), leastDiscount: Ratio(basisPoints: 100 * percent))
    }

    @Test func `the discount grows from ten to ninety percent within a minute`() {
        let rule = LiquidationParameters.standard
        #expect(rule.discount(after: .zero) == Ratio(basisPoints: 1_000))
        #expect(rule.discount(after: .seconds(15)) == Ratio(basisPoints: 3_000))
        #expect(rule.discount(after: .seconds(30)) == Ratio(basisPoints: 5_000))
        #expect(rule.discount(after: .seconds(60)) == Ratio(basisPoints: 9_000))
        #expect(rule.discount(after: .hour) == Ratio(basisPoints: 9_000))
    }

    @Test func `a slice is as large as the exit needs`() {
        // E = 1,500, x·R = 3,600, D = 150: s = 2,100 / 3,450.
        let share = BackstopAuction.share(
            equity: Amount(microunits: 1_500), target: Amount(microunits: 3_600),
            discount: Amount(microunits: 150))
        #expect(share == Ratio(billionths: 608_695_653))
        func part(_ equity: Int64, _ target: Int64, _ discount: Int64) -> Ratio {
            BackstopAuction.share(
                equity: Amount(microunits: equity), target: Amount(microunits: target),
                discount: Amount(microunits: discount))
        }
        #expect(part(3_600, 3_600, 0) == .zero && part(4_000, 3_600, 0) == .zero)
        #expect(part(1_500, 3_600, 1_500) == .one && part(1_500, 3_600, 9_999) == .one)
    }

    @Test func `slices together take what one would, and pay no more`() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let quantity = Quantity(lots: .random(in: -5_000...5_000, using: &random))
            let discount = Amount(microunits: .random(in: 0...1_000_000, using: &random))
            var cuts = (0..<4).map { _ in
                Ratio(billionths: .random(in: 0...1_000_000_000, using: &random))
            }
            cuts.sort()
            let edges = [.zero] + cuts
            var (lots, paid) = (Quantity.zero, Amount.zero)
            for (start, end) in zip(edges, edges.dropFirst()) {
                let part = BackstopAuction.lots(of: quantity, from: start, to: end)
                #expect(part == .zero || part.sign == quantity.sign)
                lots += part
                paid += BackstopAuction.payment(of: discount, from: start, to: end)
            }
            let whole = BackstopAuction.lots(of: quantity, from: .zero, to: edges[4])
            #expect(lots == whole && lots.magnitude <= quantity.magnitude)
            #expect(paid == BackstopAuction.discount(at: edges[4], of: discount))
        }
        let all = Quantity(lots: -7)
        #expect(BackstopAuction.lots(of: all, from: .zero, to: .one) == all)
        #expect(
            BackstopAuction.lots(of: all, from: .zero, to: Ratio(units: 1)) == Quantity(lots: -1))
    }

    @Test func `bids stand by what they ask for, equal ones take turns`() {
        let bids = [bid(4, 20), bid(1, 10), bid(2, 20), bid(3, 30), bid(5, 20)]
        func order(_ rate: Int64, _ turn: UInt64) -> [UInt32] {
            BackstopAuction.queue(
                of: bids, offered: Ratio(basisPoints: 100 * rate), turn: turn
            ).map { $0.account.number }
        }
        #expect(order(9, 0) == [] && order(10, 0) == [1])
        #expect(order(20, 0) == [1, 2, 4, 5] && order(20, 1) == [1, 4, 5, 2])
        #expect(order(29, 5) == [1, 5, 2, 4] && order(30, 3) == [1, 2, 4, 5, 3])
    }

    @Test func `the clearing discount is the last bid's, and at least the first on offer`() {
        let first = Ratio(basisPoints: 1_000)
        #expect(BackstopAuction.clearingDiscount(of: bid(1, 5), first: first) == first)
        #expect(
            BackstopAuction.clearingDiscount(of: bid(1, 22), first: first)
                == Ratio(basisPoints: 2_200))
    }
}
