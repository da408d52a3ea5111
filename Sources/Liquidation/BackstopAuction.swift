/// Step 3 of the waterfall: a Dutch auction of slices, each the same share of every position of an
/// account. The discount is a growing share of the equity that remains, and never more, so that
/// nobody wins by letting an account fall and nobody is paid out of the insurance fund
/// (`facts/risk.md`, attack 3 and "Auction discount"). Bids that stand clear at one discount.

public import Canonical
public import FixedPoint

/// A bid that stands.
public struct StandingBid: Equatable, Sendable {
    public let account: AccountIdentifier
    /// As a share of the remaining equity.
    public let leastDiscount: Ratio

    public init(account: AccountIdentifier, leastDiscount: Ratio) {
        self.account = account
        self.leastDiscount = leastDiscount
    }
}

extension LiquidationParameters {
    /// The share of the remaining equity that an auction offers so long after it began.
    public func discount(after elapsed: Duration) -> Ratio {
        guard elapsed < auctionTime else { return lastDiscount }
        let widening = Int128((lastDiscount - firstDiscount).units) * Int128(elapsed.nanoseconds)
        return firstDiscount + Ratio(units: Int64(widening / Int128(auctionTime.nanoseconds)))
    }
}

public enum BackstopAuction {
    /// The share of the notional that the whole portfolio is discounted by at a rate of one where a
    /// laboratory has the cap by equity off: the penalty of auctions that were robbed by it (13 %,
    /// Maker 2020; `facts/incidents.md`). Ours.
    public static let uncappedShare = Ratio(basisPoints: 1_300)

    /// What the whole portfolio is discounted by.
    ///
    /// - Parameters:
    ///   - rate: in `0 ... 1`.
    ///   - base: the remaining equity, not negative.
    /// - Returns: rounded down; at most `base`.
    public static func discount(at rate: Ratio, of base: Amount) -> Amount {
        proven { () throws(ArithmeticFault) in
            try base.multiplied(by: rate, rounding: .down)
        }
    }

    /// The share of the portfolio that must go so that what is left of the account stands at a
    /// multiple of its maintenance margin, if the requirement shrinks with the portfolio:
    /// `E − s·D = x·(1 − s)·R`.
    ///
    /// - Parameters:
    ///   - target: x·R, rounded up.
    ///   - discount: D, of the whole portfolio.
    /// - Returns: rounded up, in `0 ... 1`.
    public static func share(equity: Amount, target: Amount, discount: Amount) -> Ratio {
        guard equity < target else { return .zero }
        guard discount < equity else { return .one }
        let missing = Int128((target - equity).units) * Int128(Ratio.one.units)
        let freed = Int128((target - discount).units)
        return min(.one, Ratio(units: Int64((missing + freed - 1) / freed)))
    }

    /// The lots of a position that a slice between two shares of it takes: slices that follow each
    /// other take together what one slice would, and the first takes at least one lot.
    ///
    /// - Parameter quantity: signed.
    /// - Returns: signed.
    public static func lots(of quantity: Quantity, from start: Ratio, to end: Ratio) -> Quantity {
        Quantity(
            lots: quantity.sign * (reach(quantity, end) - reach(quantity, start)))
    }

    /// A share of a position in lots, rounded up.
    private static func reach(_ quantity: Quantity, _ share: Ratio) -> Int64 {
        let one = Int128(Ratio.one.units)
        return Int64((Int128(quantity.magnitude.units) * Int128(share.units) + one - 1) / one)
    }

    /// What a slice between two shares pays of the discount of the whole portfolio, rounded down so
    /// that all slices together pay no more than it.
    public static func payment(of discount: Amount, from start: Ratio, to end: Ratio) -> Amount {
        BackstopAuction.discount(at: end, of: discount)
            - BackstopAuction.discount(at: start, of: discount)
    }

    /// The bids that an offered discount meets, those that ask for least first; those that ask for
    /// the same take turns from block to block.
    public static func queue(
        of bids: [StandingBid], offered rate: Ratio, turn: UInt64
    ) -> [StandingBid] {
        let met = bids.filter { $0.leastDiscount <= rate }.sorted { left, right in
            left.leastDiscount != right.leastDiscount
                ? left.leastDiscount < right.leastDiscount : left.account < right.account
        }
        var result: [StandingBid] = []
        var start = 0
        while start < met.count {
            var end = start
            while end < met.count, met[end].leastDiscount == met[start].leastDiscount { end += 1 }
            let first = Int(turn % UInt64(end - start))
            result += met[(start + first)..<end]
            result += met[start..<(start + first)]
            start = end
        }
        return result
    }

    /// The one discount at which everything clears: what the last bid that is needed asks for, and
    /// at least what the auction began with.
    public static func clearingDiscount(of last: StandingBid, first: Ratio) -> Ratio {
        max(first, last.leastDiscount)
    }
}
