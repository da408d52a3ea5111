/// The market outside the venue: a course that nobody here changes, and on top of it what the
/// venue's own traders do to it. Makers and arbitrageurs sell outside what they took on inside, and
/// the thinner the market, the more that moves it: so forced sales come back as a lower index.
/// The size of the impact and its decay are ours; the depth that is left in a crash is measured.

import FixedPoint

/// Prices outside, by underlying, and the depth behind them.
struct StressWorld: Sendable {
    private static let million: Int64 = 1_000_000
    /// What the whole depth moves the price by, in 10⁻⁶.
    private static let depthMove: Int64 = 20_000
    /// Of an impact, the part that stays, in thousandths.
    private static let lasting: Int64 = 333
    /// Steps over which the rest goes: τ = 10 min (`facts/risk.md`, replenishment).
    private static let replenishment: Int64 = 10 * StressPath.stepsPerMinute
    /// Steps over which traders carry outside what they hold inside.
    private static let carrying: Int64 = 6
    /// Moves within a minute, in 10⁻⁶, from which on depth is pulled, and where least is left.
    private static let calmMove: Int64 = 3_000
    private static let wildMove: Int64 = 15_000
    /// Steps in which all of the depth would come back.
    private static let recovery: Int64 = 20 * StressPath.stepsPerMinute

    private let path: StressPath
    private let openings: [Int64]
    /// How the underlyings follow the course, in thousandths.
    private let betas: [Int64]
    private let fixedDepth: Int64?
    private(set) var step = -1
    /// By underlying, in 10⁻⁶ of the price, what stays and what goes, in 10⁻⁹.
    private var lasting: [Int64]
    private var passing: [Int64]
    /// By underlying: micro-dollars held inside that were not carried outside yet.
    private var pending: [Int64]
    /// 10⁻⁶ of usual depth.
    private(set) var depth: Int64

    init(_ path: StressPath, openings: [Int64], betas: [Int64], depth: Int64?) {
        self.path = path
        self.openings = openings
        self.betas = betas
        fixedDepth = depth
        self.depth = depth ?? StressWorld.million
        lasting = openings.map { _ in 0 }
        passing = lasting
        pending = lasting
    }

    var steps: Int { path.levels.count }

    /// Goes on to the next step, and lets what traders carry move the prices.
    mutating func advance() {
        step += 1
        follow()
        for place in openings.indices {
            let carried = pending[place] / StressWorld.carrying
            pending[place] -= carried
            let behind = Int128(StressPlan.outsideDepth) * Int128(depth)
            let move = Int64(
                clamping: Int128(carried) * Int128(StressWorld.depthMove) * 1_000
                    * Int128(StressWorld.million) / behind)
            lasting[place] -= move * StressWorld.lasting / 1_000
            passing[place] -= move - move * StressWorld.lasting / 1_000
            passing[place] -= passing[place] / StressWorld.replenishment
        }
    }

    /// Depth falls with the largest move of the last minute at once, and comes back slowly.
    private mutating func follow() {
        guard fixedDepth == nil else { return }
        let wide = StressWorld.wildMove - StressWorld.calmMove
        let beyond = min(wide, max(0, minuteMove - StressWorld.calmMove))
        let room = StressWorld.million - StressPlan.thinDepth
        let left = StressWorld.million - room * beyond / wide
        depth = min(left, depth + room / StressWorld.recovery)
    }

    /// How far the course moved within the last minute, in 10⁻⁶.
    var minuteMove: Int64 {
        let first = max(0, step - Int(StressPath.stepsPerMinute))
        let levels = path.levels[first...max(first, min(step, path.levels.count - 1))]
        guard let low = levels.min(), let high = levels.max() else { return 0 }
        return (high - low) * StressWorld.million / max(1, low)
    }

    /// Micro-dollars that makers and arbitrageurs took on inside since the last step; negative is
    /// sold.
    mutating func take(_ notional: Int64, of underlying: Int) { pending[underlying] += notional }

    /// The price without the venue, in micro-dollars.
    func course(of underlying: Int) -> Int64 {
        let level = path.levels[max(0, min(step, path.levels.count - 1))]
        let moved = (level - StressWorld.million) * betas[underlying] / 1_000
        return scaled(
            openings[underlying], max(StressWorld.million / 50, StressWorld.million + moved))
    }

    /// The price with it.
    func price(of underlying: Int) -> Int64 {
        let impact = (lasting[underlying] + passing[underlying]) / 1_000
        let most = StressWorld.million / 2
        return scaled(
            course(of: underlying), StressWorld.million + max(-most, min(most, impact)))
    }

    /// How far the price stands from the course, in 10⁻⁶ of it.
    func displacement(of underlying: Int) -> Int64 {
        (price(of: underlying) - course(of: underlying)) * StressWorld.million
            / max(1, course(of: underlying))
    }

    /// Micro-dollars that move the price by 2 % now.
    var outsideDepth: Int64 { scaled(StressPlan.outsideDepth, depth) }

    private func scaled(_ value: Int64, _ millionths: Int64) -> Int64 {
        Int64(clamping: Int128(value) * Int128(millionths) / Int128(StressWorld.million))
    }
}
