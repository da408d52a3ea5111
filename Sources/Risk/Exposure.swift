/// What an account holds of an instrument and what its open orders could add.

public import Canonical
public import FixedPoint

/// Position and open orders of one account in one instrument, in lots.
public struct Exposure: Equatable, Sendable {
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

    var isEmpty: Bool { position == .zero && buys == .zero && sells == .zero }

    /// The largest position, either way, that fills could lead to.
    public var grossReach: Quantity {
        max((position + buys).magnitude, (position - sells).magnitude)
    }
}

/// The derived margin state of one account.
struct AccountMargin: Sendable {
    /// Ascending by instrument; none is empty.
    var exposures: [Exposure] = []
    /// The lane row of each underlying that it holds or quotes, ascending.
    var rows: [(underlying: UnderlyingIdentifier, row: Int32)] = []

    func exposurePlace(_ instrument: InstrumentIdentifier) -> (place: Int, found: Bool) {
        var place = 0
        while place < exposures.count, exposures[place].instrument < instrument { place += 1 }
        return (place, place < exposures.count && exposures[place].instrument == instrument)
    }

    func rowPlace(_ underlying: UnderlyingIdentifier) -> (place: Int, found: Bool) {
        var place = 0
        while place < rows.count, rows[place].underlying < underlying { place += 1 }
        return (place, place < rows.count && rows[place].underlying == underlying)
    }
}
