/// What the caps of a block allow in each market, in units of its underlying: derived when prices
/// have been observed, read by every order and every fill of the block. A market is an underlying
/// in a compartment.

import Canonical
import Catalogue
import FixedPoint

/// The caps of one market at this block's index, in 10⁻⁹ units of the underlying.
struct CapRoom: Sendable, BitwiseCopyable {
    let compartment: CompartmentIdentifier
    /// What may be open.
    var cap: Int128 = 0
    /// What one owner may have, all his accounts together.
    var owner: Int128 = 0
    /// What is open: longs of all derivatives.
    var interest: Int128 = 0

    /// What may still be opened.
    var room: Int128 { max(0, cap - interest) }
}

/// The caps of all markets.
struct CapTable: Sendable {
    /// Where a market of an instrument stands, and what a lot of it counts.
    struct Place: Sendable, BitwiseCopyable {
        let market: Int32
        /// In 10⁻⁹ units.
        let lotSize: Int64

        /// Spot, and everything where genesis states no economics.
        static let none = Place(market: -1, lotSize: 0)
    }

    /// By underlying, then by compartment; the second in the order of `MarketEconomics.caps`.
    private(set) var rooms: [CapRoom] = []
    /// By underlying: where its markets begin; one more at the end.
    private var starts: [Int] = [0]
    /// By instrument.
    private var places: [Place] = []

    /// Whether there is a place for so many instruments and markets, and no more.
    func fits(instruments: Int, markets: Int) -> Bool {
        places.count == instruments && rooms.count == markets
    }

    /// Adds the markets of the next underlying.
    mutating func append(_ compartments: [CompartmentIdentifier]) {
        for compartment in compartments { rooms.append(CapRoom(compartment: compartment)) }
        starts.append(rooms.count)
    }

    /// Adds the next instrument.
    mutating func append(_ instrument: Instrument) {
        let market =
            instrument.kind == .spot
            ? nil : self.market(of: instrument.underlying, in: instrument.compartment)
        guard let market else { return places.append(.none) }
        places.append(Place(market: Int32(market), lotSize: instrument.lotSize))
    }

    /// Sets what a market and an owner may have; nothing is open yet.
    mutating func set(_ market: Int, cap: Int128, owner: Int128) {
        rooms[market].cap = cap
        rooms[market].owner = owner
        rooms[market].interest = 0
    }

    /// The place of a market in `rooms`; nil where there is none.
    func market(
        of underlying: UnderlyingIdentifier, in compartment: CompartmentIdentifier
    ) -> Int? {
        let place = Int(underlying.number)
        guard place + 1 < starts.count else { return nil }
        for market in starts[place]..<starts[place + 1]
        where rooms[market].compartment == compartment {
            return market
        }
        return nil
    }

    /// Where an instrument's market stands; nil where nothing is capped.
    func place(of instrument: Int) -> Place? {
        guard instrument < places.count, places[instrument].market >= 0 else { return nil }
        return places[instrument]
    }

    /// Counts lots that were opened or closed.
    mutating func grow(by lots: Quantity, of instrument: Int) {
        guard lots != .zero, let place = place(of: instrument) else { return }
        rooms[Int(place.market)].interest += Int128(lots.units) * Int128(place.lotSize)
    }

    /// The lots of an instrument that its market has room for; the end of the range where nothing
    /// is capped. Rounded down.
    func lots(of instrument: Int) -> Quantity {
        guard let place = place(of: instrument) else { return .max }
        return Quantity(
            lots: Int64(clamping: rooms[Int(place.market)].room / Int128(place.lotSize)))
    }
}
