/// The impact price against rows by hand and a naive sum over orders.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Markets

private struct ImpactRow: Sendable {
    let name: String
    let side: Side
    let notional: Int64
    let price: Int64?
}

/// Bids: 10 lots at 100, 20 at 90. Asks: 10 at 110, 20 at 120. A tick on a lot is worth 10 µ.
@Test(arguments: [
    ImpactRow(name: "inside the best ask", side: .sell, notional: 5_500, price: 110_000_000),
    ImpactRow(name: "all of the best ask", side: .sell, notional: 11_000, price: 110_000_000),
    // 11,000 µ buy 10 lots, 12,000 buy 10 more: 23,000 / 20 lots / 10 µ = 115 ticks.
    ImpactRow(name: "half of the next", side: .sell, notional: 23_000, price: 115_000_000),
    // 35,000 / 30 lots / 10 µ.
    ImpactRow(name: "all asks", side: .sell, notional: 35_000, price: 116_666_666),
    ImpactRow(name: "more than all asks", side: .sell, notional: 35_001, price: nil),
    ImpactRow(name: "inside the best bid", side: .buy, notional: 5_000, price: 100_000_000),
    ImpactRow(name: "half of the next bid", side: .buy, notional: 19_000, price: 95_000_000),
    ImpactRow(name: "all bids", side: .buy, notional: 28_000, price: 93_333_333),
    ImpactRow(name: "more than all bids", side: .buy, notional: 28_001, price: nil),
])
private func theImpactPriceIsTheAverageOfWhatWouldTrade(_ row: ImpactRow) {
    let book = OneBook()
    _ = book.add(order(1, .buy, price: 100, lots: 10))
    _ = book.add(order(2, .buy, price: 90, lots: 20))
    _ = book.add(order(3, .sell, price: 110, lots: 10))
    _ = book.add(order(4, .sell, price: 120, lots: 20))
    let price = book.impactPrice(
        against: row.side, notional: Amount(microunits: row.notional), tickValue: 10)
    #expect(price == row.price, "\(row.name)")
}

@Test func anEmptySideHasNoImpactPrice() {
    let book = OneBook()
    for side in [Side.buy, .sell] {
        #expect(
            book.impactPrice(against: side, notional: Amount(microunits: 1), tickValue: 1) == nil)
    }
}

@Test func theImpactPriceMatchesASumOverOrders() {
    let seed: UInt64 = 53
    var random = SeededGenerator(seed: seed)
    var thin = 0
    for _ in 0..<2_000 {
        let book = OneBook()
        var naive = NaiveBook()
        for number in 0..<UInt64.random(in: 1...20, using: &random) {
            let resting = order(
                number, .sell, price: .random(in: 100_000...101_000, using: &random),
                lots: .random(in: 1...1_000, using: &random))
            _ = book.add(resting)
            naive.add(resting)
        }
        let notional = Int64.random(in: 1_000_000...10_000_000_000, using: &random)
        // The naive sum, in floating point: money left, lots bought.
        var left = Double(notional)
        var lots = 0.0
        for resting in naive.sorted(.sell) where left > 0 {
            let perLot = Double(resting.price.ticks) * 10
            let part = min(left / perLot, Double(resting.remaining.lots))
            lots += part
            left -= part * perLot
        }
        let price = book.impactPrice(
            against: .sell, notional: Amount(microunits: notional), tickValue: 10)
        guard left < 0.5 else {
            #expect(price == nil, "seed \(seed)")
            thin += 1
            continue
        }
        let expected = Double(notional) / lots / 10
        // A lot is counted to 10⁻⁶; the least notional is one lot, so the price is good to 10⁻⁶.
        let got = price.map { Double($0) / 1_000_000 } ?? 0
        #expect(abs(got - expected) <= expected * 2e-6, "seed \(seed)")
    }
    #expect(thin > 100, "seed \(seed)")
}
