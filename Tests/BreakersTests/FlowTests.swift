/// What one owner sends: the rate on both sides of its limit, each suspicion on both sides of its
/// own, and the measures of a market.

import Breakers
import Canonical
import FixedPoint
import TestKit
import Testing

struct FlowTests {
    private let parameters = FlowParameters.standard
    private let start = Timestamp(nanoseconds: 1_200_000_000_000)

    private func time(milliseconds: UInt64) -> Timestamp {
        start.advanced(by: Duration(nanoseconds: milliseconds * 1_000_000))
    }

    @Test func `fifty orders pass at once, then ten a second`() {
        var flow = AccountFlow()
        for _ in 0..<50 {
            #expect(flow.admitsOrder(parameters, at: start))
            _ = flow.countOrder(parameters, at: start)
        }
        #expect(!flow.admitsOrder(parameters, at: start))
        #expect(!flow.admitsOrder(parameters, at: time(milliseconds: 99)))
        #expect(flow.admitsOrder(parameters, at: time(milliseconds: 100)))
        _ = flow.countOrder(parameters, at: time(milliseconds: 100))
        #expect(!flow.admitsOrder(parameters, at: time(milliseconds: 199)))
        #expect(flow.admitsOrder(parameters, at: time(milliseconds: 200)))
    }

    @Test func `cancels come twice as often, and more than that cost orders`() {
        var flow = AccountFlow()
        for _ in 0..<100 { _ = flow.countCancel(parameters, at: start) }
        #expect(flow.admitsOrder(parameters, at: start))
        for _ in 0..<50 { _ = flow.countCancel(parameters, at: start) }
        #expect(!flow.admitsOrder(parameters, at: start))
        // However many more, a silent owner is free again after the burst has passed.
        for _ in 0..<1_000 { _ = flow.countCancel(parameters, at: start) }
        #expect(!flow.admitsOrder(parameters, at: time(milliseconds: 99)))
        #expect(flow.admitsOrder(parameters, at: time(milliseconds: 100)))
    }

    /// Orders at a rate that is allowed, `fills` of them filled in a way that is no ring.
    private func flow(orders: Int, fills: Int) -> AccountFlow {
        var flow = AccountFlow()
        for place in 0..<orders {
            let now = time(milliseconds: UInt64(place) * 100)
            _ = flow.countOrder(parameters, at: now)
            guard place < fills else { continue }
            _ = flow.countFill(
                Amount(microunits: 1), isBuyer: place % 2 == 0, isTaker: true,
                with: UInt32(place), parameters, at: now)
        }
        return flow
    }

    @Test func `two hundred orders for each fill are too many`() {
        #expect(flow(orders: 199, fills: 0).suspected.isEmpty)
        #expect(flow(orders: 200, fills: 0).suspected == [.orderToTrade])
        #expect(flow(orders: 399, fills: 1).suspected.isEmpty)
        #expect(flow(orders: 400, fills: 1).suspected == [.orderToTrade])
    }

    @Test func `who takes from one side only is seen`() {
        func suspected(buys: Int, sells: Int) -> [Suspicion] {
            var flow = AccountFlow()
            for place in 0..<(buys + sells) {
                _ = flow.countFill(
                    Amount(microunits: 100), isBuyer: place < buys, isTaker: true,
                    with: UInt32(place), parameters, at: start)
            }
            return flow.suspected
        }
        #expect(suspected(buys: 99, sells: 0).isEmpty)
        #expect(suspected(buys: 100, sells: 0) == [.oneSided])
        #expect(suspected(buys: 94, sells: 6).isEmpty)
        #expect(suspected(buys: 95, sells: 5) == [.oneSided])
    }

    @Test func `who meets himself twenty times is seen`() {
        var flow = AccountFlow()
        for count in 1...20 {
            let changed = flow.countSelfTrade(parameters, at: start)
            #expect(changed == (count == 20))
        }
        #expect(flow.suspected == [.selfTrade])
    }

    @Test func `two who trade round and round are seen, and who trades with many is not`() {
        func suspected(partners: Int, isRound: Bool) -> [Suspicion] {
            var flow = AccountFlow()
            for place in 0..<200 {
                _ = flow.countFill(
                    Amount(microunits: 100), isBuyer: !isRound || place % 2 == 0,
                    isTaker: false, with: UInt32(place % partners), parameters, at: start)
            }
            return flow.suspected
        }
        #expect(suspected(partners: 1, isRound: true) == [.ringTrade])
        #expect(suspected(partners: 1, isRound: false).isEmpty)
        #expect(suspected(partners: 2, isRound: true).isEmpty)
    }

    @Test func `bursts that leave nothing are stuffing`() {
        var flow = AccountFlow()
        for second in 0..<5 as Range<UInt64> {
            #expect(flow.suspected.isEmpty)
            for _ in 0..<30 {
                let now = time(milliseconds: second * 1_000)
                _ = flow.countOrder(parameters, at: now)
                _ = flow.countCancel(parameters, at: now)
            }
        }
        #expect(flow.suspected == [.stuffing])
    }

    @Test func `a suspicion halves the rate while it lasts`() {
        var flow = AccountFlow()
        for _ in 0..<20 { _ = flow.countSelfTrade(parameters, at: start) }
        var count = 0
        while flow.admitsOrder(parameters, at: start) {
            _ = flow.countOrder(parameters, at: start)
            count += 1
        }
        #expect(count == 25)
        #expect(!flow.admitsOrder(parameters, at: time(milliseconds: 199)))
        #expect(flow.admitsOrder(parameters, at: time(milliseconds: 200)))
        // Two minutes later it is forgotten.
        let later = time(milliseconds: 120_000)
        count = 0
        while flow.admitsOrder(parameters, at: later) {
            _ = flow.countOrder(parameters, at: later)
            count += 1
        }
        #expect(count == 50)
    }

    @Test func `a flow reads as it was written, and refuses what no flow is`() throws {
        let flow = flow(orders: 250, fills: 100)
        let bytes = flow.canonicalBytes
        #expect(try AccountFlow(canonicalBytes: bytes) == flow)
        var wrong = bytes
        wrong[bytes.count - 1] = 1 << 5
        #expect(throws: DecodingFault.self) { try AccountFlow(canonicalBytes: wrong) }
        #expect(throws: DecodingFault.self) {
            try AccountFlow(canonicalBytes: Array(bytes.dropLast()))
        }
    }

    @Test func `toxicity rises to one for one-sided takers, and falls again`() throws {
        var market = MarketFlow()
        let bucket = Amount(microunits: 1_000)
        #expect(market.isIdle && market.imbalance(at: start) == .zero)
        for _ in 0..<400 {
            market.count(Amount(microunits: 1_000), isBuy: true, bucket: bucket, at: start)
        }
        #expect(market.toxicity > Ratio(basisPoints: 9_990) && market.toxicity <= .one)
        #expect(market.imbalance(at: start) == .one)
        for place in 0..<800 {
            market.count(
                Amount(microunits: 500), isBuy: place % 2 == 0, bucket: bucket, at: start)
        }
        #expect(market.toxicity < Ratio(basisPoints: 10))
        #expect(try MarketFlow(canonicalBytes: market.canonicalBytes) == market)
        #expect(market.fits(bucket: bucket))
        // A trade of many buckets fills them one by one, and no more than a bounded number.
        market.count(.max, isBuy: false, bucket: Amount(microunits: 1), at: start)
        #expect(market.toxicity > Ratio(basisPoints: 9_990))
        #expect(market.imbalance(at: start) < .zero)
        #expect(market.imbalance(at: start.advanced(by: .seconds(180))) == .zero)
    }
}
