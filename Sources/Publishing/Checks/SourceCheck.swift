/// Judges a price beside what others say and beside what was sent last: prices of another unit,
/// jumps that nobody confirms, and feeds that stand alone.
///
/// Two feeds that disagree cannot tell who is wrong, so a feed stands alone only against two others
/// or more. A jump counts once a majority confirms it, or once the feed has kept to it for a while
/// and not all others deny it: a crash goes through, at worst late, a single strange print never.

package import FixedPoint

/// A price of an underlying that was made or sent last.
package struct LastPrice: Equatable, Sendable {
    package let price: IndexPrice
    /// Nanoseconds since 1970.
    package let time: UInt64

    package init(price: IndexPrice, time: UInt64) {
        self.price = price
        self.time = time
    }
}

/// The rules between feeds.
package enum SourceCheck {
    /// What was made so long ago says nothing about the present: an hour. Ours.
    package static let memory: UInt64 = 3_600_000_000_000
    /// Powers of ten that a unit may be off by: from cents to wei.
    private static let mostPower = 18
    /// A price within a twentieth of a power of ten times another is of another unit. Ours.
    private static let unitTolerance: Int128 = 20
    private static let billion: Int128 = 1_000_000_000

    /// What is wrong with a price beside others; nil where nothing is.
    ///
    /// - Parameters:
    ///   - others: prices of the other feeds that are sound by themselves.
    ///   - last: what was made last of the underlying.
    ///   - held: the jump that the feed has kept to, taken on here.
    package static func finding(
        _ price: IndexPrice, others: [IndexPrice], last: LastPrice?, _ limits: PriceLimits,
        held: inout (price: IndexPrice, since: UInt64)?, at now: UInt64
    ) -> Finding? {
        let agreeing = others.count { isNear(price, $0, within: limits.mostApart) }
        if others.count >= 2, agreeing * 2 < others.count {
            held = nil
            return unitShift(price, median(others)).map(Finding.unitShift) ?? .apart
        }
        guard let last, FeedState.age(of: last.time, at: now) <= memory,
            !isNear(price, last.price, within: limits.mostJump), agreeing * 2 <= others.count
        else {
            held = nil
            return nil
        }
        if let power = unitShift(price, last.price) {
            held = nil
            return .unitShift(power)
        }
        let since: UInt64
        if let kept = held, isNear(price, kept.price, within: limits.mostJump) {
            since = kept.since
        } else {
            since = now
            held = (price, now)
        }
        let isKept = FeedState.age(of: since, at: now) >= limits.jumpHold
        return isKept && (others.isEmpty || agreeing > 0) ? nil : .jumped
    }

    /// Whether two prices lie within a share of the second, in 10⁻⁹.
    static func isNear(_ price: IndexPrice, _ other: IndexPrice, within share: Int64) -> Bool {
        let distance = Int128(price.units) - Int128(other.units)
        return distance.magnitude * UInt128(billion)
            <= (Int128(other.units) * Int128(share)).magnitude
    }

    /// The power of ten, other than 0, that lies between two prices; nil where none does.
    static func unitShift(_ price: IndexPrice, _ other: IndexPrice) -> Int? {
        guard price.isPositive, other.isPositive else { return nil }
        let isHigher = price > other
        let high = Int128(max(price, other).units)
        var low = Int128(min(price, other).units)
        for power in 1...mostPower {
            low *= 10
            if (high - low).magnitude * UInt128(unitTolerance) <= low.magnitude {
                return isHigher ? power : -power
            }
            if low > high * 2 { return nil }
        }
        return nil
    }

    /// The middle one, or the mean of the two in the middle, rounded down.
    ///
    /// - Precondition: there is a price.
    static func median(_ prices: [IndexPrice]) -> IndexPrice {
        precondition(!prices.isEmpty, "Invariant: a median has something to be the middle of")
        let sorted = prices.sorted()
        let upper = sorted[sorted.count / 2]
        guard sorted.count.isMultiple(of: 2) else { return upper }
        let lower = sorted[sorted.count / 2 - 1]
        return IndexPrice(micros: lower.units + (upper.units - lower.units) / 2)
    }
}
