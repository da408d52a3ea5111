/// Step 4 of the waterfall: who closes against accounts that book and auction did not. Everyone on
/// the other side closes in proportion to a score, the day's profit times leverage, and no more
/// than he holds; only when all who profited are closed are the others asked, in proportion to
/// what they hold (DESIGN 6; `facts/risk.md`, attack 10; docs/decisions/0024).

public import Canonical
public import FixedPoint

/// An account on the other side.
public struct Counterparty: Equatable, Sendable {
    public let account: AccountIdentifier
    /// Lots that it can close against; positive.
    public let lots: Quantity
    /// What it earned in the day, over all that it holds and held (`ProfitAnchors`).
    public let profit: Amount
    public let equity: Amount
    /// Of all its positions at the mark.
    public let grossNotional: Amount

    public init(
        account: AccountIdentifier, lots: Quantity, profit: Amount, equity: Amount,
        grossNotional: Amount
    ) {
        self.account = account
        self.lots = lots
        self.profit = profit
        self.equity = equity
        self.grossNotional = grossNotional
    }

    /// The day's profit times leverage, in µ; zero without profit.
    public var score: Int128 {
        Int128(max(.zero, profit).units) * Int128(grossNotional.units)
            / Int128(max(1, equity.units))
    }
}

/// Lots that one of the other side closes.
public struct CounterClosing: Equatable, Sendable {
    /// Its place in the ranking, from 0.
    public let rank: Int
    public let account: AccountIdentifier
    /// Positive.
    public let lots: Quantity
}

public enum Deleveraging {
    /// The other side by score: highest first, then by account.
    public static func ranking(of counterparties: [Counterparty]) -> [Counterparty] {
        // The score is a division: made once each.
        var keyed = counterparties.indices.map { (score: counterparties[$0].score, place: $0) }
        keyed.sort { left, right in
            left.score != right.score
                ? left.score > right.score
                : counterparties[left.place].account < counterparties[right.place].account
        }
        return keyed.map { counterparties[$0.place] }
    }

    /// How many lots each closes: in proportion to the score, nobody more than he holds; what is
    /// left after all who have one, in proportion to what the others hold.
    ///
    /// - Returns: in the order of the ranking; together `lots`, or all that there are.
    public static func allocation(
        of lots: Quantity, among ranked: [Counterparty]
    ) -> [CounterClosing] {
        let weights = weights(of: ranked)
        var parts = Proportion.parts(
            of: lots.units,
            among: ranked.indices.map {
                Portion(weight: weights[$0], cap: ranked[$0].lots.units)
            })
        let left = lots.units - parts.reduce(0, +)
        if left > 0 {
            let rest = Proportion.parts(
                of: left,
                among: ranked.indices.map { place in
                    let held = weights[place] > 0 ? 0 : ranked[place].lots.units
                    return Portion(weight: held, cap: held)
                })
            for place in rest.indices { parts[place] += rest[place] }
        }
        return closings(parts, among: ranked)
    }

    /// What venues do today, for comparison: whole positions one after another, best first.
    ///
    /// - Returns: in the order of the ranking; together `lots`, or all that there are.
    public static func queue(
        of lots: Quantity, among ranked: [Counterparty]
    ) -> [CounterClosing] {
        var left = lots.units
        return closings(
            ranked.map { counterparty in
                let part = min(left, counterparty.lots.units)
                left -= part
                return part
            }, among: ranked)
    }

    private static func closings(
        _ parts: [Int64], among ranked: [Counterparty]
    ) -> [CounterClosing] {
        parts.indices.compactMap { place in
            parts[place] > 0
                ? CounterClosing(
                    rank: place, account: ranked[place].account,
                    lots: Quantity(lots: parts[place])) : nil
        }
    }

    /// The scores in 62 bits; whoever has one keeps at least 1.
    private static func weights(of ranked: [Counterparty]) -> [Int64] {
        let scores = ranked.map { $0.score }
        let highest = scores.max() ?? 0
        let width = Int128.bitWidth - highest.leadingZeroBitCount
        let shift = max(0, width - weightBits)
        return scores.map { $0 > 0 ? max(1, Int64($0 >> Int128(shift))) : 0 }
    }

    /// So that a weight fits 64 bits, the highest within a factor of two.
    private static let weightBits = 62
}
