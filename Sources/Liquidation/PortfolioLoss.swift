/// The price at which a portfolio would be worth nothing, position by position (`facts/risk.md`,
/// formulas): `p_i = mark_i − E·w_i/q_i`, `w_i = |q_i·Δ_i[s*]| / Σ`. A position carries as much of
/// the loss as it had a part in the scenario that the account was margined for. The division is by
/// the whole position, however much of it is closed: else a part would carry the loss of all.

import Catalogue
public import FixedPoint
import Risk

public enum PortfolioLoss {
    /// What each position carries of a loss.
    ///
    /// - Parameters:
    ///   - loss: not negative.
    ///   - positions: of one account.
    /// - Returns: in the order given, together the loss; nothing without positions.
    public static func parts(of loss: Amount, over positions: [ClosingCandidate]) -> [Amount] {
        var weights = scenarioWeights(of: positions)
        if weights.allSatisfy({ $0 == 0 }) { weights = positions.map { abs($0.worth) } }
        if weights.allSatisfy({ $0 == 0 }) { weights = positions.map { _ in 1 } }
        return Proportion.parts(
            of: loss.units, among: weights.map { Portion(weight: $0, cap: .max) }
        ).map { Amount(microunits: $0) }
    }

    /// The worth of one lot at which the account would have nothing left, in 2^-fractionBits µ.
    ///
    /// - Parameters:
    ///   - equity: of the account at the mark; negative for one that is bankrupt, whose long then
    ///     would have to be sold above the mark.
    ///   - place: which of the positions.
    public static func bankruptcyValue(
        of place: Int, in positions: [ClosingCandidate], equity: Amount
    ) -> Int64 {
        let magnitude = equity.isNegative ? -equity : equity
        let part = Int128(parts(of: magnitude, over: positions)[place].units)
        let position = positions[place]
        let perLot =
            (part << Int128(position.risk.fractionBits))
            / Int128(position.quantity.magnitude.units)
        let sign = Int128(position.quantity.sign) * (equity.isNegative ? -1 : 1)
        return Int64(clamping: Int128(position.risk.markValue) - sign * perLot)
    }

    /// By position: how much it loses in the worst maintenance scenario of its underlying, or
    /// gains, in µ.
    private static func scenarioWeights(of positions: [ClosingCandidate]) -> [Int64] {
        var weights = [Int64](repeating: 0, count: positions.count)
        for (place, position) in positions.enumerated() {
            let underlying = position.risk.instrument.underlying
            let peers = positions.filter { $0.risk.instrument.underlying == underlying }
            let (vector, lane) = worstLane(of: peers)
            let deltas = position.risk.maintenanceDelta
            guard vector < deltas.count else { continue }
            let change = Int128(deltas[vector][lane]) * Int128(position.quantity.units)
            let whole = change.magnitude >> UInt128(position.risk.fractionBits)
            weights[place] = Int64(clamping: whole)
        }
        return weights
    }

    /// Where positions of one underlying lose most together; the first of equals.
    private static func worstLane(
        of positions: [ClosingCandidate]
    ) -> (vector: Int, lane: Int) {
        var worst = (vector: 0, lane: 0)
        var lowest = Int128.max
        let vectors = positions.map { $0.risk.maintenanceDelta.count }.max() ?? 0
        for vector in 0..<vectors {
            for lane in 0..<Lanes.scalarCount {
                var sum: Int128 = 0
                for position in positions where vector < position.risk.maintenanceDelta.count {
                    sum +=
                        Int128(position.risk.maintenanceDelta[vector][lane])
                        * Int128(position.quantity.units)
                }
                if sum < lowest { (worst, lowest) = ((vector, lane), sum) }
            }
        }
        return worst
    }
}
