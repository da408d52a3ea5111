/// Who trades: positions stand as far from liquidation as they say, and both sides of the market
/// are as large.
import Testing

@testable import Simulation

@Suite struct StressPopulationTests {
    @Test func `the same seed draws the same people`() {
        let cash = { (seed: UInt64) in
            StressPopulation(seed: seed, leverage: .eager).agents.map(\.cash)
        }
        #expect(cash(5) == cash(5))
        #expect(cash(5) != cash(6))
    }

    @Test(arguments: StressLeverage.allCases)
    func `a move to its threshold leaves a position its maintenance margin`(
        leverage: StressLeverage
    ) {
        for agent in StressPopulation(seed: 2, leverage: leverage).agents
        where agent.role == .long || agent.role == .short {
            let notional = Int128(abs(agent.target))
            let sign: Int128 = agent.role == .long ? -1 : 1
            let loss = notional * Int128(agent.threshold) / 1_000_000
            let worth = notional + sign * notional * Int128(agent.threshold) / 1_000_000
            let left = Int128(agent.cash) - loss - worth * 6 / 100
            // What is put aside for fees is left.
            #expect(left >= 0 && left <= notional / 900)
        }
    }

    @Test(arguments: StressLeverage.allCases)
    func `longs and shorts are as large as the open interest`(leverage: StressLeverage) {
        let agents = StressPopulation(seed: 1, leverage: leverage).agents
        let perpetual = agents.filter { $0.role != .writer }
        let bought = perpetual.filter { $0.target > 0 }.reduce(0) { $0 + $1.target }
        let sold = perpetual.filter { $0.target < 0 }.reduce(0) { $0 - $1.target }
        for total in [bought, sold] {
            #expect(total <= StressPlan.interest)
            #expect(total > StressPlan.interest / 100 * 99)
        }
        #expect(StressPlan.fund * 100 <= StressPlan.interest)
    }

    @Test func `some borrow ten times what they have, and few do where data say so`() {
        let count = { (leverage: StressLeverage) in
            StressPopulation(seed: 1, leverage: leverage).agents.count {
                $0.target > 0 && $0.role == .long && $0.target >= $0.cash * 10
            }
        }
        #expect(count(.eager) >= 5)
        #expect(count(.calibrated) < count(.eager))
    }

    @Test func `a larger move exposes more`() {
        let population = StressPopulation(seed: 1, leverage: .calibrated)
        #expect(population.exposed(to: -30_000) == 0)
        #expect(population.exposed(to: -100_000) < population.exposed(to: -200_000))
        #expect(population.exposed(to: 200_000) > 0)
    }
}
