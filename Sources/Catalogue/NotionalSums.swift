/// The sums behind the overflow proof of `Bounds`: position limit × highest price, over the live
/// instruments of each underlying and of the venue.

import Canonical
import FixedPoint

struct NotionalSums: Equatable, Sendable {
    /// By underlying, in µ.
    private var sums: [Int64]
    private var total: Int64 = 0

    init(underlyings: Int) { sums = [Int64](repeating: 0, count: underlyings) }

    /// Adds an instrument.
    ///
    /// - Returns: why it does not fit, if it does not; nothing is added then.
    mutating func add(
        _ instrument: Instrument, fractionBits: Int64
    ) -> CatalogueFault.Reason? {
        let (wide, isBeyond) = instrument.highestLotWorth.multipliedReportingOverflow(
            by: Int128(instrument.positionLimit.lots))
        guard !isBeyond, wide <= Int128(Bounds.instrumentNotional) else {
            return .notionalTooLarge
        }
        let notional = Int64(wide)
        let place = Int(instrument.underlying.number)
        // Both are below 2⁵⁷.
        guard sums[place] + notional <= Bounds.valuationNotional >> fractionBits else {
            return .notionalTooLarge
        }
        guard total + notional <= Bounds.venueNotional else { return .venueTooLarge }
        sums[place] += notional
        total += notional
        return nil
    }

    /// Takes an instrument that was added out again.
    mutating func remove(_ instrument: Instrument) {
        let notional = Int64(instrument.highestLotWorth) * instrument.positionLimit.lots
        sums[Int(instrument.underlying.number)] -= notional
        total -= notional
    }
}

extension Instrument {
    /// One lot at the highest order price, in µ. Both factors are below 2⁶³.
    var highestLotWorth: Int128 {
        // From the sizes, since `tickValue` may not have fitted before it was validated.
        let tick = Int128(tickSize.units) * Int128(lotSize) / Int128(Instrument.lotScale)
        let (worth, isBeyond) = tick.multipliedReportingOverflow(by: Int128(maximumPrice.ticks))
        return isBeyond ? .max : worth
    }

    /// Whether the other is the call or put of the same series, on the same grid with the same
    /// limits.
    func isPaired(with other: Instrument) -> Bool {
        guard let mine = kind.series, let its = other.kind.series else { return false }
        return mine.expiry == its.expiry && mine.strike == its.strike && mine.right != its.right
            && underlying == other.underlying && compartment == other.compartment
            && tickSize == other.tickSize && lotSize == other.lotSize
            && maximumPrice == other.maximumPrice
            && maximumOrderQuantity == other.maximumOrderQuantity
            && positionLimit == other.positionLimit
            && openInterestLimit == other.openInterestLimit && priceBand == other.priceBand
    }
}
