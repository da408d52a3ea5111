/// The clearing price against a naive enumeration by the rule.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Markets

/// The rule, price by price.
private func naiveClearing(_ orders: [Order], reference: Int64) -> AuctionClearing? {
    let bids = orders.filter { $0.side == .buy }
    let asks = orders.filter { $0.side == .sell }
    func demand(_ price: Int64) -> Int64 {
        bids.filter { $0.price.ticks >= price }.map(\.remaining.lots).reduce(0, +)
    }
    func supply(_ price: Int64) -> Int64 {
        asks.filter { $0.price.ticks <= price }.map(\.remaining.lots).reduce(0, +)
    }
    guard let high = bids.map(\.price.ticks).max(), let low = asks.map(\.price.ticks).min(),
        high >= low
    else { return nil }
    let prices = orders.map(\.price.ticks).filter { (low...high).contains($0) }
    let most = prices.map { min(demand($0), supply($0)) }.max() ?? 0
    let fullest = prices.filter { min(demand($0), supply($0)) == most }
    let least = fullest.map { abs(demand($0) - supply($0)) }.min() ?? 0
    let equal = fullest.filter { abs(demand($0) - supply($0)) == least }
    guard let lowest = equal.min(), let highest = equal.max() else { return nil }
    let price: Int64 =
        equal.allSatisfy { demand($0) > supply($0) }
        ? highest
        : equal.allSatisfy { demand($0) < supply($0) }
            ? lowest : min(max(reference, lowest), highest)
    return AuctionClearing(price: Price(ticks: price), quantity: Quantity(lots: most))
}

@Test func theBookClearsWhereTheRuleSays() {
    let seed: UInt64 = 74
    var random = SeededGenerator(seed: seed)
    var cleared = 0
    for round in 0..<8_000 {
        let book = OneBook()
        var orders: [Order] = []
        let width = Int64.random(in: 1...12, using: &random)
        for number in 1...UInt64.random(in: 1...14, using: &random) {
            var terms = SpecialTerms()
            let lots = Int64.random(in: 1...6, using: &random)
            if lots > 1, Bool.random(using: &random) { terms.display = Quantity(lots: 1) }
            let side: Side = Bool.random(using: &random) ? .buy : .sell
            let price = 100 + Int64.random(in: 0...width, using: &random)
            let new = order(number, side, price: price, lots: lots, special: terms)
            orders.append(new)
            _ = book.add(new)
        }
        let reference = Int64.random(in: 95...120, using: &random)
        let found = book.books.clearing(of: book.market, reference: Price(ticks: reference))
        let expected = naiveClearing(orders, reference: reference)
        #expect(found == expected, "seed \(seed), round \(round)")
        #expect(book.books.isCrossed(book.market) == (expected != nil))
        if let expected {
            cleared += 1
            // No price at all, standing or not, would let more lots trade.
            for ticks in 94...125 as ClosedRange<Int64> {
                let bids = orders.filter { $0.side == .buy && $0.price.ticks >= ticks }
                let asks = orders.filter { $0.side == .sell && $0.price.ticks <= ticks }
                let lots = min(
                    bids.map(\.remaining.lots).reduce(0, +), asks.map(\.remaining.lots).reduce(0, +)
                )
                #expect(lots <= expected.quantity.lots)
                if ticks == expected.price.ticks { #expect(lots == expected.quantity.lots) }
            }
        }
    }
    #expect(cleared > 2_000, "seed \(seed)")
}
