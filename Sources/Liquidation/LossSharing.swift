/// Who pays what the equity of a bankrupt account and the insurance fund do not: in proportion,
/// nobody beyond his limit, which is the smaller of the day's profit and what he has above initial
/// margin (DESIGN 6; `facts/risk.md`, attacks 3 and 10).

public import Canonical
public import FixedPoint

/// What an account can be asked to pay.
public struct Payer: Equatable, Sendable {
    public let account: AccountIdentifier
    /// The measure by which the loss is shared; not negative.
    public let share: Int64
    /// What it earned in the day.
    public let profit: Amount
    /// What it has above initial margin.
    public let headroom: Amount
    /// The most that it pays; not negative.
    public let limit: Amount

    /// An account that pays no more than its profit, and nothing that its initial margin needs.
    public init(account: AccountIdentifier, share: Int64, profit: Amount, headroom: Amount) {
        let limit = max(.zero, min(profit, headroom))
        self.init(
            account: account, share: share, profit: profit, headroom: headroom, limit: limit)
    }

    /// An account with a limit of its own.
    public init(
        account: AccountIdentifier, share: Int64, profit: Amount, headroom: Amount, limit: Amount
    ) {
        self.account = account
        self.share = share
        self.profit = profit
        self.headroom = headroom
        self.limit = limit
    }
}

/// A sum that an account pays or is owed.
public struct AccountSum: Equatable, Sendable {
    public let account: AccountIdentifier
    public var amount: Amount

    public init(account: AccountIdentifier, amount: Amount) {
        self.account = account
        self.amount = amount
    }
}

/// What one account pays for another.
public struct LossPayment: Equatable, Sendable {
    public let payer: AccountIdentifier
    public let account: AccountIdentifier
    /// Positive.
    public let amount: Amount
}

extension Deleveraging {
    /// Shares a loss in proportion, nobody above their limit; what a limit keeps back is shared
    /// again among the others.
    ///
    /// - Returns: what each pays, in the order given, and what nobody could be asked for.
    public static func sharing(
        of loss: Amount, among payers: [Payer]
    ) -> (payments: [AccountSum], uncovered: Amount) {
        let parts = Proportion.parts(
            of: max(.zero, loss).units,
            among: payers.map { Portion(weight: $0.share, cap: max(.zero, $0.limit).units) })
        var left = loss
        var payments: [AccountSum] = []
        for (place, part) in parts.enumerated() where part > 0 {
            payments.append(
                AccountSum(account: payers[place].account, amount: Amount(microunits: part)))
            left -= Amount(microunits: part)
        }
        return (payments, left)
    }

    /// Leads what payers pay to those who are owed, both in the order given.
    ///
    /// - Returns: as many payments as there are payers and accounts together, at most.
    public static func payments(
        from payers: [AccountSum], to owed: [AccountSum]
    ) -> [LossPayment] {
        var result: [LossPayment] = []
        var owed = owed[...]
        for payer in payers {
            var left = payer.amount
            while left.isPositive, let next = owed.first {
                let part = min(left, next.amount)
                if part.isPositive {
                    result.append(
                        LossPayment(payer: payer.account, account: next.account, amount: part))
                }
                left -= part
                owed[owed.startIndex].amount -= part
                if !owed[owed.startIndex].amount.isPositive { owed.removeFirst() }
            }
        }
        return result
    }
}
