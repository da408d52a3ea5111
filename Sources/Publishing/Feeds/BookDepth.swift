/// What an order book says: its best prices, and what it costs to move the price by 2 % each way.
/// The cost is what rests between the middle and 2 % from it; a book that ends before is counted as
/// far as it goes, so the figure is never too high.

import FixedPoint
package import JSON

/// How the levels of a book are written.
package struct BookPaths: Equatable, Sendable {
    package let bids: JSONPointer
    package let asks: JSONPointer
    /// Within a level.
    package let price: JSONPointer
    /// Within a level, in units of the feed.
    package let size: JSONPointer

    package init(bids: JSONPointer, asks: JSONPointer, price: JSONPointer, size: JSONPointer) {
        self.bids = bids
        self.asks = asks
        self.price = price
        self.size = size
    }
}

/// One level, both in 10⁻¹².
private struct BookLevel {
    let price: Int128
    let size: Int128
}

/// Reads books.
package enum BookDepth {
    /// Percent of the move; DESIGN 7.
    private static let move: Int128 = 2
    private static let hundred: Int128 = 100
    /// 10⁻¹² in 10⁻⁹, so that products of all that is traded fit 128 bits.
    private static let picosInNano: Int128 = 1_000
    /// The product of two numbers of 10⁻⁹ in 10⁻⁶.
    private static let nanosSquaredInMicro: Int128 = 1_000_000_000_000

    /// Best bid and ask with the depth of both sides.
    ///
    /// - Parameter unit: how many of the feed's units one of the underlying is.
    /// - Throws: `Finding`, also for a side that is empty.
    package static func quote(
        of root: JSON.Value, _ paths: BookPaths, unit: Int64
    ) throws(Finding) -> Quote {
        let bids = try levels(of: root, paths.bids, paths, "bids")
        let asks = try levels(of: root, paths.asks, paths, "asks")
        guard let bid = bids.map(\.price).max(), let ask = asks.map(\.price).min() else {
            throw .malformed("the book has an empty side")
        }
        guard bid <= ask else { throw .crossed }
        // Twice the middle, so that nothing is rounded.
        let middle = bid + ask
        let below = try cost(
            bids.filter { $0.price * 2 * hundred >= middle * (hundred - move) })
        let above = try cost(
            asks.filter { $0.price * 2 * hundred <= middle * (hundred + move) })
        return Quote(
            last: nil, bid: try ExactNumber.price(picos: bid, unit: unit),
            ask: try ExactNumber.price(picos: ask, unit: unit), depthBelow: below,
            depthAbove: above)
    }

    private static func levels(
        of root: JSON.Value, _ path: JSONPointer, _ paths: BookPaths, _ name: String
    ) throws(Finding) -> [BookLevel] {
        guard let elements = path.value(in: root)?.elements else {
            throw .malformed("no list of \(name)")
        }
        var levels: [BookLevel] = []
        levels.reserveCapacity(elements.count)
        for element in elements {
            guard let price = paths.price.value(in: element),
                let size = paths.size.value(in: element)
            else { throw .malformed("a level of \(name) lacks price or size") }
            let level = BookLevel(
                price: try ExactNumber.picos(price, "a price of \(name)"),
                size: try ExactNumber.picos(size, "a size of \(name)"))
            guard level.price > 0 else { throw .notPositive }
            levels.append(level)
        }
        return levels
    }

    private static func cost(_ levels: [BookLevel]) throws(Finding) -> Amount {
        var sum: Int128 = 0
        for level in levels {
            let (product, overflow) = (level.price / picosInNano).multipliedReportingOverflow(
                by: level.size / picosInNano)
            guard !overflow else { throw .outOfRange }
            sum += product / nanosSquaredInMicro
        }
        guard let units = Int64(exactly: sum) else { throw .outOfRange }
        return Amount(microunits: units)
    }
}
