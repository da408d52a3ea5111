/// What it costs to move an index, and what an owner could earn by it (`facts/risk.md`,
/// "Formulas"). To push the cheapest weighted majority of sources by x means to trade through
/// `D₂·x / 2 %` of each side and to lose half of x on it, again and again as the books fill: `C(x)
/// = a·x²` with `a = 25·κ·D₂·(1 + T/τ)`. An owner of N earns `N·(x − c)`. Over all x the first
/// stays `k` times above the second where `N ≤ 4·a·c/k`; the worst x is 2c.
///
/// The attacker is taken to be cheap and lucky: costs and limits are rounded down, profits up, and
/// what leaves the range stops at its end.

public import FixedPoint

/// The price of an attack on one index.
public struct ManipulationCost: Equatable, Sendable {
    /// a: the cost of a move of 100 %, in µ; not negative.
    public let coefficient: Amount
    private let parameters: EconomicParameters

    /// 25: half of a move is lost on average, and D₂ is the depth for a fiftieth.
    private static let depthFactor: Int128 = 25
    /// 4: from `x² / (x − c)` at its least.
    private static let limitFactor: Int128 = 4
    /// The unit of ratios.
    private static let one = Int128(Ratio.one.units)

    /// - Parameter depth: D₂, what it takes to move the cheapest weighted majority of sources by
    ///   2 %, in µ.
    public init(depth: Amount, _ parameters: EconomicParameters) {
        self.parameters = parameters
        let steady =
            ManipulationCost.depthFactor * Int128(max(.zero, depth).units)
            * Int128(parameters.depthShare.units) / ManipulationCost.one
        let time = Int128(parameters.replenishment.nanoseconds)
        // The first factor is below 2⁶⁸ and times below 2⁴⁷: the product is below 2¹¹⁶.
        let held = steady * (time + Int128(parameters.window.nanoseconds)) / time
        coefficient = Amount(microunits: Int64(clamping: held))
    }

    /// C(x): what it costs to move the index by a share of itself and hold it for the window.
    ///
    /// - Parameter move: the distance; its sign does not matter.
    public func cost(of move: Ratio) -> Amount {
        let distance = Int128(move.units.magnitude)
        let linear = Int128(coefficient.units) * distance / ManipulationCost.one
        // `linear` is below 2⁹⁷ and the distance below 2⁶⁴; it is cut first, so that it fits.
        let cut = min(linear, Int128(Int64.max))
        return Amount(microunits: Int64(clamping: cut * distance / ManipulationCost.one))
    }

    /// N·(x − c): what an owner of a notional earns by a move, at least nothing.
    public func profit(of notional: Amount, by move: Ratio) -> Amount {
        let distance = Int128(move.units.magnitude) - Int128(parameters.tradingCost.units)
        guard distance > 0, notional.isPositive else { return .zero }
        let exact = Int128(notional.units) * distance
        let rounded = (exact + ManipulationCost.one - 1) / ManipulationCost.one
        return Amount(microunits: Int64(clamping: rounded))
    }

    /// 4·a·c/k: the notional up to which no move earns an owner a k-th of what it costs.
    public var ownerLimit: Amount {
        let exact =
            ManipulationCost.limitFactor * Int128(coefficient.units)
            * Int128(parameters.tradingCost.units) / Int128(parameters.safety.units)
        return Amount(microunits: Int64(clamping: exact))
    }

    /// 2c: where the cost is least above the profit.
    public var worstMove: Ratio { parameters.tradingCost + parameters.tradingCost }

    /// The moves for which cost and profit are published: 1, 2, 5 and 10 %.
    public static let publishedMoves: [Ratio] = [100, 200, 500, 1_000].map {
        Ratio(basisPoints: $0)
    }
}
