/// What an account holds of an instrument and what its open orders could add.

public import Canonical
public import FixedPoint
public import Markets

/// Position and open orders of one account in one instrument, in lots.
public struct Exposure: Equatable, Sendable, BitwiseCopyable {
    public let instrument: InstrumentIdentifier
    /// The position; negative is short.
    public internal(set) var position = Quantity.zero
    /// The sum of open buys, those that only reduce included.
    public internal(set) var buys = Quantity.zero
    /// The sum of open sells, those that only reduce included.
    public internal(set) var sells = Quantity.zero
    /// The sum of open buys that only reduce.
    public internal(set) var reducingBuys = Quantity.zero
    /// The sum of open sells that only reduce.
    public internal(set) var reducingSells = Quantity.zero

    init(instrument: InstrumentIdentifier) { self.instrument = instrument }

    var hasOrders: Bool { buys != .zero || sells != .zero }

    var isEmpty: Bool { position == .zero && !hasOrders }

    /// The largest position, either way, that fills could lead to.
    public var grossReach: Quantity {
        max((position + buys).magnitude, (position - sells).magnitude)
    }

    /// The same with one more order.
    public func grossReach(adding lots: Quantity, _ side: Side) -> Quantity {
        let high = position + buys + (side == .buy ? lots : .zero)
        let low = position - sells - (side == .sell ? lots : .zero)
        return max(high.magnitude, low.magnitude)
    }

    /// Adds to the sums of one side's open orders.
    mutating func addOrders(_ lots: Quantity, side: Side, reduceOnly: Bool) {
        if side == .buy {
            buys += lots
            if reduceOnly { reducingBuys += lots }
        } else {
            sells += lots
            if reduceOnly { reducingSells += lots }
        }
    }
}

/// Where the derived margin state of one account stands.
struct AccountMargin: Sendable {
    /// What it holds or quotes.
    var underlyings = UnderlyingSet()
    /// The lane row of each underlying, ascending: of `LaneRow`.
    var rows = PooledList()
    /// Ascending by instrument; none is empty.
    var exposures = PooledList()
}
