/// The grid of a scenario's market: tick, lot and limits that the engine is proven for and that
/// hold all its prices, from a coin that is worth a cent to the same coin a thousand times up.

import Catalogue
import FixedPoint

/// What prices and sizes of one market are counted in.
struct AttackGrid {
    /// A tick is a power of ten and at most this part of the first price.
    private static let ticksPerPrice: Int64 = 20_000
    /// Micro-units of a lot at the first price, at most; and the room that a bound needs so that
    /// the last tick does not cross it.
    private static let lotWorth: Int64 = 10_000_000
    private static let margin: Int64 = 16
    /// Fraction bits for lots that are worth at least $1; more for smaller ones.
    private static let usualBits: Int64 = 2

    /// A genesis file states limits in units with nine decimals.
    private static let mostUnits: Int64 = 9_000_000_000_000_000_000

    /// In micro-units, and in 10⁻⁹ units.
    let tick: Int64
    let lot: Int64
    let fractionBits: Int64
    let highest: Int64
    /// In lots: the largest order, position and open interest.
    let limit: Int64

    /// - Parameter markets: how many share the bounds of the venue.
    init(price: Int64, highest: Int64, markets: Int64) {
        let top = max(highest, price)
        tick = LabGenesis.powerOfTen(atMost: max(1, price / AttackGrid.ticksPerPrice))
        let most = Int128(Bounds.largestLotWorth) * Int128(price) / Int128(top)
        let worth = min(Int128(AttackGrid.lotWorth), max(1, most))
        let scale = Int128(Instrument.lotScale)
        lot = max(
            LabGenesis.powerOfTen(atMost: Int64(clamping: max(1, worth * scale / Int128(price)))),
            max(1, Instrument.lotScale / tick))
        let lotPrice = max(1, Int128(price) * Int128(lot) / scale)
        var bits = AttackGrid.usualBits
        while lotPrice << Int128(bits) < Int128(Bounds.leastLotWorth), bits < Bounds.fractionBits {
            bits += 1
        }
        fractionBits = bits
        self.highest = top
        // The highest price on the grid may lie a tick above.
        let highestLot = max(1, (Int128(top) + Int128(tick)) * Int128(lot) / scale + 1)
        let room = min(
            Int128(Bounds.positionNotional(fractionBits: bits)),
            Int128(Bounds.venueNotional) / Int128(markets))
        let lots = (room - room / Int128(AttackGrid.margin)) / highestLot
        limit = max(1, min(Int64(clamping: lots), AttackGrid.mostUnits / lot))
    }

    /// The highest order price, in ticks.
    var highestTicks: Int64 { highest / tick + 1 }
}
