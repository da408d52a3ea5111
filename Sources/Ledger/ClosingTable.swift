/// What forced closing has taken of the books lately, by instrument. A market in which nothing was
/// ever closed by force has no leaf.

import Canonical
import Liquidation

/// The windows of all markets.
struct ClosingTable {
    private var rows: [MarketClosing]
    /// Derived: the sides that this block has counted, as twice the place, one more for buys.
    private var counted: [Int] = []
    private var touched: TouchedPlaces

    init(count: Int) {
        rows = [MarketClosing](repeating: MarketClosing(), count: count)
        touched = TouchedPlaces(count: count)
    }

    /// Takes in one more market.
    mutating func makeRoom() {
        rows.append(MarketClosing())
        touched.makeRoom()
    }

    var count: Int { rows.count }

    /// Markets that have a leaf.
    var leafCount: Int { rows.count { !$0.isIdle } }

    subscript(place: Int) -> MarketClosing { rows[place] }

    /// The window of a side of a book; nil before the first.
    func window(of place: Int, sells: Bool) -> ClosingWindow? {
        sells ? rows[place].sells : rows[place].buys
    }

    mutating func setWindow(_ window: ClosingWindow, of place: Int, sells: Bool) {
        if sells { rows[place].sells = window } else { rows[place].buys = window }
        touched.touch(place)
    }

    /// Whether a side of a book has not been counted in this block; it has from now on.
    mutating func takeCount(of place: Int, sells: Bool) -> Bool {
        let side = 2 * place + (sells ? 0 : 1)
        guard !counted.contains(side) else { return false }
        counted.append(side)
        return true
    }

    /// Forgets a market that is retired.
    mutating func retire(_ place: Int) {
        guard !rows[place].isIdle else { return }
        rows[place] = MarketClosing()
        touched.touch(place)
    }

    /// Puts a market in its place.
    mutating func restore(_ row: MarketClosing, to place: Int) { rows[place] = row }

    /// The keys of leaves that the block has changed, and forgets them.
    mutating func takeTouched() -> [LeafKey] {
        let keys = touched.list.map { LeafKey.closing(InstrumentIdentifier(UInt16($0))) }
        touched.clear()
        counted.removeAll(keepingCapacity: true)
        return keys
    }

    /// The keys of all markets, whether or not they have a leaf.
    var keys: [LeafKey] { rows.indices.map { .closing(InstrumentIdentifier(UInt16($0))) } }
}
