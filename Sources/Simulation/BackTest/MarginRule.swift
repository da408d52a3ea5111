/// A rule that sets margins, as a back-test asks it: the engine's own, one that is set once and
/// left, and one that is reviewed like the scan ranges of a SPAN clearing house.
///
/// All three obey the same floor and cap, and all ask the same factor more for a new
/// position, so that what differs between them is how they follow the market.

import Documents

/// The moves that a rule asks margin for, as shares of the price.
struct RuleMoves: Equatable, Sendable {
    /// For new positions, before the factor of the initial rule.
    let initial: Double
    /// For positions that are held.
    let maintenance: Double
}

/// A rule that learns from one close after another.
protocol MarginRule {
    var name: String { get }
    /// In force for the time after the last close; nil while too little is known.
    var moves: RuleMoves? { get }
    /// Takes the close at `place` of a series, in order of place.
    mutating func observe(_ place: Int, of series: BackTestSeries)
}

/// What binds every rule of a back-test.
package struct MarginBounds: Equatable, Sendable {
    /// Shares of the price.
    package let floor: Double
    package let cap: Double
    /// Steps of the series that a position is held against its will.
    package let horizon: Int

    package init(floor: Double, cap: Double, horizon: Int) {
        self.floor = floor
        self.cap = cap
        self.horizon = horizon
    }

    func clamped(_ move: Double) -> Double { min(max(move, floor), cap) }
}

/// Set once from what is known when the venue opens, and never changed: expected shortfall of the
/// closes of the warm-up.
struct FixedRule: MarginRule {
    let name = "fixed"
    let bounds: MarginBounds
    /// Closes after which it is set.
    let warmUp: Int
    private var known: [Double] = []
    private(set) var moves: RuleMoves?

    init(bounds: MarginBounds, warmUp: Int) {
        self.bounds = bounds
        self.warmUp = warmUp
    }

    mutating func observe(_ place: Int, of series: BackTestSeries) {
        guard moves == nil else { return }
        if let change = series.change(bounds.horizon, to: place) { known.append(abs(change)) }
        guard place >= warmUp, !known.isEmpty else { return }
        let sorted = known.sorted(by: >)
        let beyond = max(1, Int(Double(sorted.count) * BackTest.promised))
        let move = bounds.clamped(sorted.prefix(beyond).reduce(0, +) / Double(beyond))
        moves = RuleMoves(initial: move, maintenance: move)
    }
}

/// Scan ranges of the kind that SPAN clearing houses review: every thirty days the largest, over
/// the last 30, 90, 180 and 365 days, of the moves that 99 % of them stay below.
struct ReviewedRule: MarginRule {
    let name = "SPAN-style"
    private static let lookbacks: [UInt64] = [30, 90, 180, 365]
    private static let daysBetweenReviews: UInt64 = 30

    let bounds: MarginBounds
    let warmUp: Int
    private var known: [(time: UInt64, size: Double)] = []
    private var reviewed: UInt64?
    private(set) var moves: RuleMoves?

    init(bounds: MarginBounds, warmUp: Int) {
        self.bounds = bounds
        self.warmUp = warmUp
    }

    mutating func observe(_ place: Int, of series: BackTestSeries) {
        let now = series.times[place]
        if let change = series.change(bounds.horizon, to: place) {
            known.append((now, abs(change)))
        }
        guard place >= warmUp, !known.isEmpty else { return }
        if let reviewed, now - reviewed < Self.daysBetweenReviews * TimeText.day { return }
        reviewed = now
        let ranges = Self.lookbacks.map { days in
            let first = known.firstIndex { $0.time + days * TimeText.day > now } ?? known.count
            let sizes = known[first...].map(\.size).sorted()
            return MarginRecord.quantile(sizes, beyond: BackTest.promised)
        }
        let move = bounds.clamped(ranges.max() ?? 0)
        moves = RuleMoves(initial: move, maintenance: move)
    }
}
