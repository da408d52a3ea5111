/// Dividing a whole among many in proportion to their weights, nobody above their cap: what a cap
/// keeps back is divided again among the others (water-filling). Exact in 128 bits and above; what
/// rounding leaves goes along the list, so that many small parts together get what one large part
/// of their weight would get. Splitting an account therefore changes nothing.

/// One part of a whole.
struct Portion {
    /// Not negative.
    var weight: Int64
    /// The most that it takes; not negative.
    var cap: Int64
}

enum Proportion {
    /// What each takes of a whole.
    ///
    /// The caps are met in the order in which a rising level meets them, `cap / weight`; the rest
    /// is `⌈whole·c_k / W⌉ − ⌈whole·c_(k-1) / W⌉` with the running weight c.
    ///
    /// - Parameter whole: not negative.
    /// - Returns: in the order given; together the whole, or all caps of those who have a weight.
    ///   O(n log n).
    static func parts(of whole: Int64, among portions: [Portion]) -> [Int64] {
        var parts = [Int64](repeating: 0, count: portions.count)
        var open = portions.indices.filter { portions[$0].weight > 0 && portions[$0].cap > 0 }
        open.sort { left, right in
            let (one, other) = (portions[left], portions[right])
            let first = Int128(one.cap) * Int128(other.weight)
            let second = Int128(other.cap) * Int128(one.weight)
            return first != second ? first < second : left < right
        }
        var left = UInt128(whole)
        var total: UInt128 = 0
        for place in open { total += UInt128(portions[place].weight) }
        var full = 0
        while full < open.count {
            let portion = portions[open[full]]
            let (cap, weight) = (UInt128(portion.cap), UInt128(portion.weight))
            guard isNoMore(cap, times: total, than: left, times: weight) else { break }
            parts[open[full]] = portion.cap
            left -= cap
            total -= weight
            full += 1
        }
        guard left > 0, full < open.count else { return parts }
        var running: UInt128 = 0
        var given: UInt128 = 0
        for place in open[full...].sorted() {
            running += UInt128(portions[place].weight)
            let upTo = quotientRoundedUp(left, times: running, by: total)
            parts[place] = Int64(upTo - given)
            given = upTo
        }
        return parts
    }

    /// Whether `a·b ≤ c·d`.
    private static func isNoMore(
        _ a: UInt128, times b: UInt128, than c: UInt128, times d: UInt128
    ) -> Bool {
        let left = a.multipliedFullWidth(by: b)
        let right = c.multipliedFullWidth(by: d)
        return left.high != right.high ? left.high < right.high : left.low <= right.low
    }

    /// `⌈a·b / c⌉`.
    ///
    /// - Precondition: b ≤ c, so that the quotient is at most `a`.
    private static func quotientRoundedUp(
        _ a: UInt128, times b: UInt128, by c: UInt128
    ) -> UInt128 {
        let (quotient, remainder) = c.dividingFullWidth(a.multipliedFullWidth(by: b))
        return remainder == 0 ? quotient : quotient + 1
    }
}
