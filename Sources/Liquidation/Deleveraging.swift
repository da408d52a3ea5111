/// Step 4 of the waterfall: who closes against an account that the book did not, and who pays what
/// its equity and the insurance fund do not. The other side is ranked by the day's profit times
/// leverage; a loss never exceeds that profit and never pushes an account below its initial margin
/// (DESIGN 6; `facts/risk.md`, attacks 3 and 10).

public import Canonical
public import FixedPoint

/// An account on the other side.
public struct Counterparty: Equatable, Sendable {
    public let account: AccountIdentifier
    /// Lots that it can close against; positive.
    public let lots: Quantity
    /// Equity since the last UTC day began, less what it was then.
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

    /// The day's profit times leverage; zero without profit.
    var score: Int128 {
        Int128(max(.zero, profit).units) * Int128(grossNotional.units)
            / Int128(max(1, equity.units))
    }
}

/// What an account can be asked to pay.
public struct Payer: Equatable, Sendable {
    public let account: AccountIdentifier
    /// The measure by which the loss is shared; not negative.
    public let share: Int64
    /// The most that it pays: the smaller of the day's profit and what it has above initial margin.
    public let limit: Amount

    public init(account: AccountIdentifier, share: Int64, limit: Amount) {
        self.account = account
        self.share = share
        self.limit = limit
    }
}

public enum Deleveraging {
    /// The other side in the order in which it closes: highest score first, then by account.
    public static func ranking(of counterparties: [Counterparty]) -> [Counterparty] {
        counterparties.sorted { left, right in
            let scores = (left.score, right.score)
            return scores.0 != scores.1 ? scores.0 > scores.1 : left.account < right.account
        }
    }

    /// How many lots each of the ranked accounts closes.
    ///
    /// - Returns: in the order of the ranking; together `lots`, or all that there are.
    public static func allocation(
        of lots: Quantity, among ranked: [Counterparty]
    ) -> [(account: AccountIdentifier, lots: Quantity)] {
        var left = lots
        var result: [(account: AccountIdentifier, lots: Quantity)] = []
        for counterparty in ranked where left.isPositive {
            let part = min(left, counterparty.lots)
            guard part.isPositive else { continue }
            result.append((counterparty.account, part))
            left -= part
        }
        return result
    }

    /// Shares a loss in proportion, nobody above their limit; what a limit keeps back is shared
    /// again among the others. Rounded up for each, in the order given, until the loss is covered.
    ///
    /// - Returns: what each pays, in the order given, and what nobody could be asked for.
    public static func sharing(
        of loss: Amount, among payers: [Payer]
    ) -> (payments: [(account: AccountIdentifier, amount: Amount)], uncovered: Amount) {
        var paid = [Int64](repeating: 0, count: payers.count)
        var left = loss.units
        // Every round either covers the loss or brings at least one payer to its limit.
        for _ in 0...payers.count where left > 0 {
            var total: Int128 = 0
            for (place, payer) in payers.enumerated() where paid[place] < payer.limit.units {
                total += Int128(payer.share)
            }
            guard total > 0 else { break }
            let round = Int128(left)
            for (place, payer) in payers.enumerated()
            where paid[place] < payer.limit.units && left > 0 {
                let exact = (round * Int128(payer.share) + total - 1) / total
                let part = min(Int64(exact), payer.limit.units - paid[place], left)
                paid[place] += part
                left -= part
            }
        }
        var payments: [(account: AccountIdentifier, amount: Amount)] = []
        for (place, payer) in payers.enumerated() where paid[place] > 0 {
            payments.append((payer.account, Amount(microunits: paid[place])))
        }
        return (payments, Amount(microunits: left))
    }
}
