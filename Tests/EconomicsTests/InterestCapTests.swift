/// What a cap is the least of, and how fast it moves.

import Canonical
import Economics
import FixedPoint
import Testing

private let main = CompartmentIdentifier(0)

struct InterestCapTests {
    private func target(
        depth: Int64 = 50_000_000, fund: Int64 = 1_000_000_000,
        _ change: (inout EconomicParameters) -> Void = { _ in }
    ) -> CapTarget {
        var parameters = EconomicParameters.bitcoin
        change(&parameters)
        return CapTarget(
            ManipulationCost(depth: .dollars(depth), parameters), fund: .dollars(fund), parameters)
    }

    private func follow(
        _ cap: inout InterestCap, _ target: CapTarget, elapsed: Duration
    ) -> Bool {
        cap.follow(target, elapsed: elapsed, .bitcoin)
    }

    @Test func `each limit binds where it is the least`() {
        // An owner's $700,000 are a tenth.
        #expect(target().amount == .dollars(7_000_000))
        #expect(target().cause == .manipulation)
        // $200,000 pay for a gap of 5 % of $4M.
        #expect(target(fund: 200_000).amount == .dollars(4_000_000))
        #expect(target(fund: 200_000).cause == .fund)
        let volume = target { $0.dailyVolume = .dollars(30_000_000) }
        #expect(volume.amount == .dollars(3_000_000))
        #expect(volume.cause == .volume)
        let float = target { $0.float = .dollars(300_000_000) }
        #expect(float.amount == .dollars(6_000_000))
        #expect(float.cause == .float)
        let deep = target(depth: 5_000_000_000, fund: 1_000_000_000)
        #expect(deep.amount == .dollars(100_000_000))
        #expect(deep.cause == .hardLimit)
        let none = target(depth: 0)
        #expect(none.amount == .dollars(1_000_000))
        #expect(none.cause == .leastCap)
        #expect(target(fund: 0).cause == .leastCap)
        #expect(target(fund: -5).cause == .leastCap)
    }

    @Test func `at the cap every owner together stays below the formula`() {
        let parameters = EconomicParameters.smallCoin
        let cost = ManipulationCost(depth: .dollars(200_000), parameters)
        let cap = InterestCap(
            compartment: main, at: CapTarget(cost, fund: .dollars(1_000_000), parameters))
        #expect(cap.ownerLimit(parameters) <= cost.ownerLimit)
        // 4 · 25 · 0.2 · $200,000 · 1.05 · 0.01 / 3 = $14,000, a fifth of $70,000.
        #expect(cost.ownerLimit == .dollars(14_000))
        #expect(cap.amount == .dollars(70_000))
    }

    @Test func `a cap falls by a tenth in an hour and no more`() {
        var cap = InterestCap(compartment: main, at: target())
        let low = target(depth: 1_000)
        #expect(follow(&cap, low, elapsed: .hour))
        #expect(cap.amount == .dollars(6_300_000))
        // More than an hour counts as one.
        #expect(follow(&cap, low, elapsed: .day))
        #expect(cap.amount == .dollars(5_670_000))
    }

    @Test func `in steps of a minute it falls by less than a tenth an hour`() {
        var cap = InterestCap(compartment: main, at: target())
        for _ in 0..<60 { _ = cap.follow(target(depth: 1_000), elapsed: .minute, .bitcoin) }
        #expect(cap.amount > .dollars(6_300_000))
        #expect(cap.amount < .dollars(6_350_000))
    }

    @Test func `it rises by a twentieth an hour and stops where it should stand`() {
        var cap = InterestCap(compartment: main, at: target())
        let high = target(depth: 60_000_000)
        #expect(high.amount == .dollars(8_400_000))
        #expect(follow(&cap, high, elapsed: .hour))
        #expect(cap.amount == .dollars(7_350_000))
        for _ in 0..<10 { _ = cap.follow(high, elapsed: .hour, .bitcoin) }
        #expect(cap.amount == .dollars(8_400_000))
        #expect(!follow(&cap, high, elapsed: .hour))
    }

    @Test func `it stops at the least cap on its way down`() {
        var cap = InterestCap(compartment: main, at: target())
        for _ in 0..<100 { _ = cap.follow(target(depth: 0), elapsed: .hour, .bitcoin) }
        #expect(cap.amount == .dollars(1_000_000))
    }

    @Test func `no time moves nothing`() {
        var cap = InterestCap(compartment: main, at: target())
        #expect(!follow(&cap, target(depth: 0), elapsed: .zero))
        #expect(cap.amount == .dollars(7_000_000))
    }

    @Test func `a cap reads as it was written`() throws {
        let cap = InterestCap(compartment: CompartmentIdentifier(7), at: target())
        #expect(try InterestCap(canonicalBytes: cap.canonicalBytes) == cap)
    }
}
