/// What a feed says at one moment, in exact units, and the one price that is made of it.

package import FixedPoint

/// A price with what surrounds it.
package struct Quote: Equatable, Sendable {
    /// The last trade, or what the feed calls its price; nil where only quotes are known.
    package var last: IndexPrice?
    package var bid: IndexPrice?
    package var ask: IndexPrice?
    /// What it costs to move the price down by 2 %, in the quote currency; zero is not stated.
    package var depthBelow: Amount = .zero
    /// The same upwards.
    package var depthAbove: Amount = .zero
    /// The feed's own time, nanoseconds since 1970; nil where it tells none.
    package var time: UInt64?

    package init(
        last: IndexPrice?, bid: IndexPrice? = nil, ask: IndexPrice? = nil,
        depthBelow: Amount = .zero, depthAbove: Amount = .zero, time: UInt64? = nil
    ) {
        self.last = last
        self.bid = bid
        self.ask = ask
        self.depthBelow = depthBelow
        self.depthAbove = depthAbove
        self.time = time
    }

    /// The middle one of last trade, bid and ask, so that a single strange trade moves it no
    /// further than the quotes; their mean where there is no trade, the trade where there are no
    /// quotes. Rounded down.
    ///
    /// - Throws: `malformed` for a quote that says neither, `crossed`, `notPositive`.
    package func price() throws(Finding) -> IndexPrice {
        for part in [last, bid, ask] {
            if let part, !part.isPositive { throw .notPositive }
        }
        switch (last, bid, ask) {
        case (let last, let bid?, let ask?):
            guard bid <= ask else { throw .crossed }
            guard let last else {
                return IndexPrice(micros: bid.units + (ask.units - bid.units) / 2)
            }
            return min(max(last, bid), ask)
        case (let last?, _, _): return last
        default: throw .malformed("neither a price nor both quotes")
        }
    }

    /// Whether two say the same but for their time.
    func isSame(as other: Quote) -> Bool {
        last == other.last && bid == other.bid && ask == other.ask
            && depthBelow == other.depthBelow && depthAbove == other.depthAbove
    }
}
