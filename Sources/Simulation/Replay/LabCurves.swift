/// The curves that a replay's publishers vote: a smile of a fixed shape, whose level follows what
/// the price has done lately, and a forward with a constant carry. In the fixed point of the
/// engine, so that a replay feeds it the same numbers on every machine.
///
/// Every curve is free of arbitrage by construction. With s = σ_ref·√T and z = ln(K/F)/s,
///
///     w(K, T) = s² · L²(T) · (1 + c·(√(1 + z²) − 1) − r·z)
///     L²(T)   = L∞² + (L₀² − L∞²) / √(1 + T/τ)
///
/// s²·(1 + c·(√(1 + z²) − 1) − r·z) grows with s at a fixed strike as long as r < c < 1, and so
/// does s times the root in L², so that no calendar is for free; the hyperbola is flat enough for
/// Durrleman's condition (docs/surface.md) at every level used here.

import Documents
import Canonical
import FixedPoint
import Oracle

/// One underlying's volatility and carry, as its publishers see them.
struct LabCurves: Sendable {
    /// Curvature c and lean r of the smile: puts cost more than calls.
    private static let curvature = Real(1, over: 4)
    private static let lean = Real(2, over: 25)
    /// The usual level L∞, and the share of it that stays in L₀ when the price stands still.
    private static let usual = Real(9, over: 10)
    private static let calm = Real(6, over: 10)
    /// L₀ at most, in references.
    private static let highest = Real(2)
    /// τ: a shock to the level loses a third of its variance for an expiry so far away.
    private static let memory = Real(7, over: 365)
    /// Forward over index, a year.
    private static let carry = Real(6, over: 100)
    /// Nanoseconds over which the square of the moves is averaged.
    private static let window = Int64(1_800 * TimeText.second)
    /// Nanoseconds between two votes: half of what curves may be old when they liquidate.
    private static let pause = 10 * TimeText.second
    /// Moves count at most this, in references: one jump is not the weather.
    private static let largestMove = Real(6)
    /// Shorter spans between two prices count as this, so that a year of them stays in range.
    private static let shortest = Int64(5 * TimeText.second)
    /// In nanoseconds.
    private static let microsecond: UInt64 = 1_000
    private static let year = Duration.seconds(365 * 86_400)
    /// A publisher's level differs by at most this, in 10⁻⁶; its forward by this, in 10⁻⁶.
    private static let levelNoise: Int64 = 4_000
    private static let forwardNoise: Int64 = 20

    private let underlying: UnderlyingIdentifier
    private let reference: Real
    private let nodes: [Real]
    private var random: SimulationGenerator
    private var last: (price: Int64, time: UInt64)?
    /// Of the moves, a year's, in squares of the reference.
    private var realised = Real(1, over: 5)
    private var lastVote: UInt64 = 0
    /// When this block's votes are cast; nil in a block without.
    private var voting: Timestamp?

    init(
        underlying: UnderlyingIdentifier, parameters: SurfaceParameters,
        seed: UInt64
    ) {
        self.underlying = underlying
        reference = Real(parameters.referenceVolatility)
        nodes = parameters.nodes.map { Real($0) }
        random = SimulationGenerator(seed: seed, stream: ~UInt64(underlying.number))
    }

    /// Takes the price of a block.
    mutating func follow(_ price: Int64?, at time: UInt64) {
        voting = nil
        guard let price else { return }
        if let last, time > last.time { average(from: last, to: (price, time)) }
        last = (price, time)
        guard time - lastVote >= LabCurves.pause else { return }
        lastVote = time
        voting = Timestamp(nanoseconds: time)
    }

    private mutating func average(
        from last: (price: Int64, time: UInt64), to next: (price: Int64, time: UInt64)
    ) {
        let elapsed = Int64(min(next.time - last.time, UInt64(LabCurves.window)))
        let perYear = Real(Int64(LabCurves.year.nanoseconds) / max(elapsed, LabCurves.shortest))
            .squareRoot()
        let move = Real(next.price - last.price, over: last.price).magnitude
        let scaled = min(perYear * move / reference, LabCurves.largestMove)
        let share = Real(elapsed, over: elapsed + LabCurves.window)
        realised = realised + share * (scaled * scaled - realised)
    }

    /// A publisher's curves of some expiries that lie ahead, ascending; none between two votes.
    mutating func votes(
        on expiries: [Timestamp], price: Int64
    ) -> [CurveObservation] {
        guard let now = voting, !expiries.isEmpty else { return [] }
        let level = noise(LabCurves.levelNoise)
        let tilt = noise(LabCurves.forwardNoise)
        return expiries.filter { $0 > now }.map { expiry in
            let years = Real(
                Int64(expiry.elapsed(since: now).nanoseconds / LabCurves.microsecond),
                over: Int64(LabCurves.year.nanoseconds / LabCurves.microsecond))
            let factor = (Real.one + LabCurves.carry * years) * tilt
            return CurveObservation(
                underlying: underlying, expiry: expiry,
                forward: IndexPrice(micros: LabCurves.scaled(price, by: factor)),
                volatilities: volatilities(years, level: level))
        }
    }

    private func volatilities(_ years: Real, level: Real) -> NodeVolatilities {
        let usual = LabCurves.usual * LabCurves.usual
        let share = LabCurves.calm * LabCurves.calm
        let now = min(share + realised, LabCurves.highest * LabCurves.highest)
        let weight = Real.one / (Real.one + years / LabCurves.memory).squareRoot()
        let variance = usual + weight * (now - usual)
        var result = NodeVolatilities(flat: 0)
        for (node, z) in nodes.enumerated() {
            let wings = (Real.one + z * z).squareRoot() - .one
            let shape = Real.one + LabCurves.curvature * wings - LabCurves.lean * z
            let volatility = (variance * shape).squareRoot() * reference * level
            result[node] = UInt32(clamping: LabCurves.scaled(LabGenesis.million, by: volatility))
        }
        return result
    }

    /// One, give or take so many millionths.
    private mutating func noise(_ millionths: Int64) -> Real {
        Real(
            LabGenesis.million + random.integer(in: -millionths...millionths),
            over: LabGenesis.million)
    }

    private static func scaled(_ value: Int64, by factor: Real) -> Int64 {
        Int64(
            clamping: (Int128(value) * Int128(factor.bits)) >> Int128(Real.fractionBits))
    }
}
