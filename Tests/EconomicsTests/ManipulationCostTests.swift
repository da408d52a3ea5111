/// The formulas against numbers worked by hand, a twin in floating point, and their own promise: at
/// the owner's limit no move earns a third of what it costs.

import Economics
import FixedPoint
import TestKit
import Testing

struct ManipulationCostTests {
    @Test func `the cost of moving bitcoin is what a pencil makes it`() {
        // a = 25 · 0.2 · $50M · (1 + 30 s / 600 s) = $262.5M.
        let cost = ManipulationCost(depth: .dollars(50_000_000), .bitcoin)
        #expect(cost.coefficient == .dollars(262_500_000))
        // C(1 %) = $26,250; C(2 %) = $105,000; C(10 %) = $2,625,000.
        #expect(cost.cost(of: Ratio(basisPoints: 100)) == .dollars(26_250))
        #expect(cost.cost(of: Ratio(basisPoints: 200)) == .dollars(105_000))
        #expect(cost.cost(of: Ratio(basisPoints: -200)) == .dollars(105_000))
        #expect(cost.cost(of: Ratio(basisPoints: 1_000)) == .dollars(2_625_000))
        // N ≤ 4 · $262.5M · 0.002 / 3 = $700,000, worst at 0.4 %.
        #expect(cost.ownerLimit == .dollars(700_000))
        #expect(cost.worstMove == Ratio(basisPoints: 40))
        // $700,000 · (0.4 % − 0.2 %) = $1,400, and moving it there costs three times as much.
        #expect(cost.profit(of: .dollars(700_000), by: cost.worstMove) == .dollars(1_400))
        #expect(cost.cost(of: cost.worstMove) == .dollars(4_200))
    }

    @Test func `a longer window costs more`() {
        var parameters = EconomicParameters.bitcoin
        parameters.window = .seconds(1_800)
        // 1 + 30 min / 10 min = 4.
        let cost = ManipulationCost(depth: .dollars(50_000_000), parameters)
        #expect(cost.coefficient == .dollars(1_000_000_000))
    }

    @Test func `what trading costs is no profit`() {
        let cost = ManipulationCost(depth: .dollars(50_000_000), .bitcoin)
        let notional = Amount.dollars(1_000_000)
        #expect(cost.profit(of: notional, by: Ratio(basisPoints: 20)) == .zero)
        let beyond = Ratio(basisPoints: 20) + Ratio(units: 1)
        // A thousandth of a dollar.
        #expect(cost.profit(of: notional, by: beyond) == Amount(microunits: 1_000))
        #expect(cost.profit(of: -notional, by: .one) == .zero)
    }

    @Test func `without depth every move is free and nobody may have anything`() {
        for depth in [Amount.zero, .dollars(-1)] {
            let cost = ManipulationCost(depth: depth, .bitcoin)
            #expect(cost.coefficient == .zero)
            #expect(cost.cost(of: .one) == .zero)
            #expect(cost.ownerLimit == .zero)
        }
    }

    @Test func `what leaves the range stops at its end`() {
        var parameters = EconomicParameters.bitcoin
        parameters.depthShare = .one
        parameters.replenishment = Duration(nanoseconds: 1)
        parameters.window = .day
        parameters.tradingCost = .one
        let cost = ManipulationCost(depth: .max, parameters)
        #expect(cost.coefficient == .max)
        #expect(cost.cost(of: .max) == .max)
        #expect(cost.cost(of: Ratio(units: .min)) == .max)
        #expect(cost.ownerLimit == .max)
        #expect(cost.profit(of: .max, by: .max) == .max)
    }

    /// Any depth, factors and window.
    static func random(_ random: inout SeededGenerator) -> (Amount, EconomicParameters) {
        var parameters = EconomicParameters.bitcoin
        parameters.depthShare = Ratio(
            units: .random(in: 10_000_000...1_000_000_000, using: &random))
        parameters.replenishment = .seconds(.random(in: 10...3_600, using: &random))
        parameters.window = .seconds(.random(in: 0...3_600, using: &random))
        parameters.safety = Ratio(
            units: .random(in: 1_000_000_000...10_000_000_000, using: &random))
        parameters.tradingCost = Ratio(units: .random(in: 100_000...50_000_000, using: &random))
        return (.dollars(.random(in: 1_000...1_000_000_000, using: &random)), parameters)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `integers agree with floating point`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (depth, parameters) = ManipulationCostTests.random(&random)
        let share = { (ratio: Ratio) in Double(ratio.units) / 1e9 }
        let wait =
            Double(parameters.window.nanoseconds) / Double(parameters.replenishment.nanoseconds)
        let a = 25 * share(parameters.depthShare) * Double(depth.units) * (1 + wait)
        let limit = 4 * a * share(parameters.tradingCost) / share(parameters.safety)
        let move = Ratio(units: .random(in: 0...1_000_000_000, using: &random))
        let cost = ManipulationCost(depth: depth, parameters)
        func isNear(_ left: Amount, _ right: Double) -> Bool {
            abs(Double(left.units) - right) <= 4 + right * 1e-9
        }
        #expect(isNear(cost.coefficient, a))
        #expect(isNear(cost.ownerLimit, limit))
        #expect(isNear(cost.cost(of: move), a * share(move) * share(move)))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `at the limit no move earns a k-th of what it costs, and a little above one does`(
        seed: UInt64
    ) {
        var random = SeededGenerator(seed: seed)
        let (depth, parameters) = ManipulationCostTests.random(&random)
        let cost = ManipulationCost(depth: depth, parameters)
        func earns(_ notional: Amount, _ move: Ratio) -> Bool {
            // k·profit > cost, beyond the rounding of each.
            let profit = Int128(cost.profit(of: notional, by: move).units - 2)
            let loss = (Int128(cost.cost(of: move).units) + 2) * 1_000_000_000
            return Int128(parameters.safety.units) * profit > loss
        }
        var move: Int64 = 1_000_000
        while move <= 1_000_000_000 {
            #expect(!earns(cost.ownerLimit, Ratio(units: move)), "at \(move)")
            move += .random(in: 1...2_000_000, using: &random)
        }
        #expect(!earns(cost.ownerLimit, cost.worstMove))
        let beyond = Amount(units: cost.ownerLimit.units + cost.ownerLimit.units / 100 + 1_000)
        if cost.cost(of: cost.worstMove) > .dollars(1) {
            #expect(earns(beyond, cost.worstMove))
        }
    }
}
