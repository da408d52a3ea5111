/// Who trades in a run: accounts with a role, money, and habits that the seed draws. Positions are
/// sized so that each stands a drawn distance from its liquidation.

import Canonical
import FixedPoint

/// What an account is there for.
enum StressRole: String, CaseIterable, Sendable {
    /// Quotes the perpetuals, and leaves when prices run.
    case maker
    /// Quotes the options.
    case optionMaker
    /// Takes what stands off the outside price, and carries it there.
    case arbitrageur
    /// Bought or sold with borrowed money.
    case long, short
    /// Holds the other side of what is borrowed for, without leverage.
    case holder
    /// Holds with little leverage, and sells everything when frightened.
    case panicker
    /// Has sold puts and calls.
    case writer
    /// Has bought them.
    case hedger
    /// Stands behind the compartment: takes slices at auction, and sells them on.
    case provider
}

/// One account.
struct StressAgent: Sendable {
    let role: StressRole
    /// Micro-dollars.
    let cash: Int64
    /// What it holds as the storm begins: micro-dollars of the bitcoin perpetual, or of ether under
    /// each option; negative is short.
    let target: Int64
    /// The adverse move at which it acts or is liquidated, in 10⁻⁶ of the opening.
    let threshold: Int64
    /// Whether it closes by itself before that.
    let hasStop: Bool
}

struct StressPopulation {
    private static let million: Int64 = 1_000_000
    /// Three firms on each of four levels.
    private static let makers = 12
    private static let optionMakers = 2
    private static let arbitrageurs = 2
    private static let longs = 110
    private static let shorts = 70
    private static let panickers = 14
    private static let holders = 10
    private static let writers = 6
    private static let hedgers = 3
    private static let providers = 4
    /// Shares of the open interest that leveraged longs and shorts hold, in 10⁻².
    private static let longShare: Int64 = 85
    private static let shortShare: Int64 = 55
    /// Of the leveraged, in 10⁻²: those near the edge, and those with a stop.
    private static let eager: Int64 = 40
    private static let stops: Int64 = 20
    /// Maintenance margin and what an opening needs beyond it, in 10⁻⁶ of the notional.
    private static let maintenance: Int64 = 60_000
    /// Distances of the eager from liquidation, in 10⁻⁶.
    private static let edge: ClosedRange<Int64> = 37_000...80_000
    /// The farthest distance of anyone, in 10⁻⁶.
    private static let farthest: Int64 = 300_000
    /// u^(1/k) at sixteenths of u, in 10⁻⁶, for k = 2.5: liquidated volume grows with the move to
    /// this power (`docs/stress.md`, fitted by `rampart-lab stress --calibrate`).
    private static let distances: [Int64] = [
        0, 329_877, 435_275, 511_926, 574_349, 627_962, 675_500, 718_481, 757_858, 794_331, 828_599,
        860_797, 891_318, 920_307, 948_005, 974_515, 1_000_000,
    ]
    /// Sizes of positions against each other.
    private static let sizes: [Int64] = [1, 1, 1, 2, 2, 3, 3, 5, 8, 13]

    let agents: [StressAgent]

    init(seed: UInt64, leverage: StressLeverage) {
        var random = SimulationGenerator(seed: seed, stream: 23)
        var agents: [StressAgent] = []
        func add(
            _ role: StressRole, cash: Int64, target: Int64 = 0, threshold: Int64 = 0,
            hasStop: Bool = false
        ) {
            agents.append(
                StressAgent(
                    role: role, cash: cash * StressPopulation.million, target: target,
                    threshold: threshold, hasStop: hasStop))
        }
        for _ in 0..<StressPopulation.makers {
            add(.maker, cash: 2_000_000, threshold: random.integer(in: 12_000...60_000))
        }
        for _ in 0..<StressPopulation.optionMakers {
            add(.optionMaker, cash: 3_000_000, threshold: random.integer(in: 30_000...90_000))
        }
        for _ in 0..<StressPopulation.arbitrageurs { add(.arbitrageur, cash: 4_000_000) }
        for (role, count, share) in [
            (StressRole.long, StressPopulation.longs, StressPopulation.longShare),
            (.short, StressPopulation.shorts, -StressPopulation.shortShare),
        ] {
            agents += StressPopulation.leveraged(
                role, count, total: StressPlan.interest / 100 * share, leverage, &random)
        }
        let rest = StressPlan.interest / 100
        agents += StressPopulation.frightened(
            total: rest * (100 - StressPopulation.longShare), &random)
        for _ in 0..<StressPopulation.holders {
            let share = rest * (100 - StressPopulation.shortShare)
            let target = -share / Int64(StressPopulation.holders)
            add(.holder, cash: -target / StressPopulation.million, target: target)
        }
        for _ in 0..<StressPopulation.writers {
            let target = -random.integer(in: 200_000...800_000) * StressPopulation.million
            // Half to four fifths of the notional under one option stands behind two of them.
            let cash = -target / StressPopulation.million * random.integer(in: 50...80) / 100
            add(
                .writer, cash: cash, target: target,
                threshold: random.integer(in: 60_000...200_000),
                hasStop: random.integer(in: 0...1) == 0)
        }
        for _ in 0..<StressPopulation.hedgers { add(.hedger, cash: 3_000_000) }
        for _ in 0..<StressPopulation.providers {
            add(
                .provider, cash: random.integer(in: 400_000...1_200_000),
                threshold: random.integer(in: 100_000...400_000))
        }
        self.agents = agents
    }

    private static func leveraged(
        _ role: StressRole, _ count: Int, total: Int64, _ leverage: StressLeverage,
        _ random: inout SimulationGenerator
    ) -> [StressAgent] {
        let weights = (0..<count).map { _ in
            sizes[Int(random.integer(in: 0...Int64(sizes.count - 1)))]
        }
        let sum = weights.reduce(0, +)
        return weights.map { weight in
            let target = total / sum * weight
            let isEager = leverage == .eager && random.integer(in: 0...99) < eager
            let distance =
                isEager ? random.integer(in: edge) : max(edge.lowerBound, drawn(&random))
            let sign: Int64 = target > 0 ? -1 : 1
            // Equity at the opening after which a move of `distance` leaves the maintenance margin.
            let equity =
                distance + maintenance + sign * maintenance * distance / million
            let notional = abs(target)
            return StressAgent(
                role: role,
                // A thousandth for fees.
                cash: Int64(Int128(notional) * Int128(equity) / Int128(million)) + notional / 1_000,
                target: target, threshold: distance, hasStop: random.integer(in: 0...99) < stops)
        }
    }

    private static func frightened(
        total: Int64, _ random: inout SimulationGenerator
    ) -> [StressAgent] {
        (0..<panickers).map { _ in
            let target = total / Int64(panickers)
            return StressAgent(
                role: .panicker, cash: target * random.integer(in: 40...90) / 100, target: target,
                threshold: random.integer(in: 50_000...250_000), hasStop: false)
        }
    }

    /// A distance from liquidation as the data have it.
    private static func drawn(_ random: inout SimulationGenerator) -> Int64 {
        let place = random.integer(in: 0...(million - 1)) * Int64(distances.count - 1)
        let (low, high) = (distances[Int(place / million)], distances[Int(place / million) + 1])
        let share = low + (high - low) * (place % million) / million
        return farthest / 1_000 * share / 1_000
    }

    /// Micro-dollars of leveraged positions that a move of the course alone would liquidate.
    func exposed(to move: Int64) -> Int64 {
        let role: StressRole = move < 0 ? .long : .short
        return agents.filter { $0.role == role && $0.threshold <= abs(move) }
            .reduce(0) { $0 + abs($1.target) }
    }
}
