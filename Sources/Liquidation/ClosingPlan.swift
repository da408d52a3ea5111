/// Step 2 of the waterfall for a portfolio: what closing some lots frees, given all other
/// positions, and how many lots that takes. A position's own margin says nothing of that where it
/// hedges another one. Margin is convex in the lots of one instrument (a maximum of linear
/// functions), so that a search by halves finds the fewest lots that are enough, or those that free
/// most.

import Canonical
public import FixedPoint
public import Risk

/// Something that step 2 could do for an account: close a position, or sell or buy the perpetual so
/// that the account's delta shrinks.
public struct ClosingMove: Sendable {
    /// What is closed. Of a hedge the lots that would be, had the account held what it lacks.
    public let candidate: ClosingCandidate
    /// Whether it may open a position: never more than brings the account's delta to zero.
    public let isHedge: Bool

    public init(_ candidate: ClosingCandidate, isHedge: Bool = false) {
        self.candidate = candidate
        self.isHedge = isHedge
    }

    /// The most lots; positive.
    public var most: Quantity { candidate.quantity.magnitude }

    /// Whether it sells.
    public var sells: Bool { candidate.quantity.isPositive }

    /// A few lots by which moves are compared.
    public var probe: Quantity { Quantity(lots: max(1, most.units / ClosingMove.probeShare)) }

    /// By an eighth of a position moves are compared: enough that a µ of rounding says nothing.
    /// Ours.
    private static let probeShare: Int64 = 8
}

/// What a few lots of a move free, and what they would cost on the book now.
public struct ClosingPrice: Equatable, Sendable {
    /// Margin.
    public let freed: Amount
    /// Spread and slippage against the mark, and the fee.
    public let cost: Amount

    public init(freed: Amount, cost: Amount) {
        self.freed = freed
        self.cost = cost
    }

    /// Whether each unit of cost frees more than another's.
    public func isBetter(than other: ClosingPrice) -> Bool {
        Int128(freed.units) * Int128(max(1, other.cost.units))
            > Int128(other.freed.units) * Int128(max(1, cost.units))
    }
}

extension LiquidationParameters {
    /// What equity lacks of the exit level, in 10⁻⁹ µ; at most zero if it has been reached.
    public func missing(_ margin: MarginBreakdown) -> Int128 {
        Int128(margin.requirement.units) * Int128(exitLevel.units)
            - Int128(margin.equity.units) * Int128(Ratio.one.units)
    }

    /// The fewest lots that leave nothing missing, to a sixty-fourth of the most; where none do,
    /// those that leave the least.
    ///
    /// - Parameters:
    ///   - first: that would be enough if nothing else were held: no fewer ever are.
    ///   - most: positive.
    ///   - missing: after closing some lots; convex.
    /// - Returns: zero if closing leaves no less missing than there is.
    public func fewestLots(
        from first: Quantity, most: Quantity, missing: (Quantity) -> Int128
    ) -> Quantity {
        if first < most, missing(first) <= 0 { return first }
        let grain = Quantity(lots: max(1, most.units / LiquidationParameters.grains))
        guard missing(most) <= 0 else { return leastMissing(most: most, grain: grain, missing) }
        var (low, high) = (min(first, most), most)
        while high - low > grain {
            let middle = Quantity(lots: low.units + (high - low).units / 2)
            if missing(middle) <= 0 { high = middle } else { low = middle }
        }
        return high
    }

    /// The lots after which the least is missing, none of them being enough.
    private func leastMissing(
        most: Quantity, grain: Quantity, _ missing: (Quantity) -> Int128
    ) -> Quantity {
        var (low, high) = (Quantity.zero, most)
        if missing(most) < missing(most - grain) { return most }
        while high - low > grain {
            let middle = Quantity(lots: low.units + (high - low).units / 2)
            if missing(min(high, middle + grain)) < missing(middle) {
                low = middle
            } else {
                high = middle
            }
        }
        return missing(high) < missing(.zero) ? high : .zero
    }

    /// How fine the search is. Ours.
    private static let grains: Int64 = 64

    /// What a lot may cost against the mark so that closing it makes health no worse: its part of
    /// what is freed, less the fee; in 2^-fractionBits µ.
    ///
    /// - Parameters:
    ///   - freed: margin, by all the lots.
    ///   - lots: positive.
    public func bearableCost(of candidate: ClosingCandidate, freed: Amount, lots: Quantity) -> Int64
    {
        let risk = candidate.risk
        let perLot = (Int128(freed.units) << Int128(risk.fractionBits)) / Int128(lots.units)
        let share = Int128(risk.markValue) * Int128(fee.units)
        let feePerLot = (share + Int128(Ratio.one.units) - 1) / Int128(Ratio.one.units)
        return Int64(clamping: perLot - feePerLot)
    }
}
