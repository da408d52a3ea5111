/// The price tree against a sorted array, for every depth that it can have.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Markets

@Test func thePathIsAsLongAsTheHighestPriceNeeds() {
    for (highest, depth) in [
        (1, 1), (63, 1), (64, 2), (4_095, 2), (4_096, 3), (800_000, 4), (1 << 60 - 1, 10),
        (1 << 60, 11), (.max, 11),
    ] as [(Int64, Int)] {
        #expect(PriceIndex.depth(upTo: Price(ticks: highest)) == depth)
    }
}

/// One tree and the prices that it should hold, ascending.
private struct TwinIndex: ~Copyable {
    var index = PriceIndex()
    let root: Int32
    let depth: Int
    let highest: Int64
    var prices: [Int64] = []
    /// The level of each price.
    var levels: [Int32] = []

    init(highest: Int64) {
        self.highest = highest
        depth = PriceIndex.depth(upTo: Price(ticks: highest))
        root = index.makeNode()
    }

    /// The first place whose price is not below `price`.
    func place(_ price: Int64) -> Int { prices.firstIndex { $0 >= price } ?? prices.count }

    mutating func toggle(_ price: Int64, level: Int32) {
        let place = place(price)
        if place < prices.count, prices[place] == price {
            index.remove(at: Price(ticks: price), root: root, depth: depth)
            prices.remove(at: place)
            levels.remove(at: place)
        } else {
            index.insert(level, at: Price(ticks: price), root: root, depth: depth)
            prices.insert(price, at: place)
            levels.insert(level, at: place)
        }
    }

    func isRight(about price: Int64) -> Bool {
        let place = place(price)
        let expected =
            place < prices.count && prices[place] == price ? levels[place] : OrderRecord.none
        let below = place == 0 ? OrderRecord.none : levels[place - 1]
        let target = Price(ticks: price)
        return index.level(at: target, root: root, depth: depth) == expected
            && index.levelBelow(target, root: root, depth: depth) == below
    }

    /// The ends, the neighbours of what is there, and anything.
    func somePrice(using random: inout SeededGenerator) -> Int64 {
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
            return [1, highest, min(2, highest), highest / 2 + 1].randomElement(using: &random)!
        case 1, 2:
            guard let known = prices.randomElement(using: &random) else { return 1 }
            let step = Int64.random(in: -2...2, using: &random)
            return min(max(known, 3) + min(step, 0), highest - 2) + max(step, 0)
        case 3: return .random(in: 1...min(highest, 200), using: &random)
        default: return .random(in: 1...highest, using: &random)
        }
    }
}

@Test(arguments: 1...11)
func theTreeFindsWhatASortedArrayWould(depth: Int) {
    let highest: Int64 = depth == 11 ? .max : 1 << Int64(6 * depth) - 1
    var random = SeededGenerator(seed: UInt64(60 + depth))
    var twins = TwinIndex(highest: highest)
    #expect(twins.depth == depth)
    for round in 0..<6_000 {
        // Fill, then empty.
        let price = twins.somePrice(using: &random)
        let place = twins.place(price)
        let isThere = place < twins.prices.count && twins.prices[place] == price
        if isThere == (round % 2_000 > 1_200) || round % 5 == 0 {
            twins.toggle(min(max(price, 1), highest), level: Int32(round))
        }
        let asked = min(max(twins.somePrice(using: &random), 1), highest)
        guard twins.isRight(about: asked), twins.isRight(about: highest), twins.isRight(about: 1)
        else {
            Issue.record("depth \(depth), round \(round)")
            return
        }
    }
}

@Test func nodesAreUsedAgain() {
    var twins = TwinIndex(highest: .max)
    var most: Int32 = 0
    for round in 0..<50 as Range<Int64> {
        for price in 1...20 as ClosedRange<Int64> {
            twins.toggle(price << 50 + round * 77, level: Int32(price))
        }
        let probe = twins.index.makeNode()
        if round == 0 { most = probe }
        // One probe a round is taken out for good.
        #expect(probe <= most + Int32(round))
        for price in 1...20 as ClosedRange<Int64> {
            twins.toggle(price << 50 + round * 77, level: 0)
        }
    }
    #expect(twins.prices.isEmpty)
}
