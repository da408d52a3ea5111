/// How the worth of positions answers to price, volatility and time: the figures of one unit that
/// the ticker shows, times what is held.

import Canonical
import Catalogue
import FixedPoint
import Ledger

/// Sensitivities of a position, or of several.
struct PositionGreeks: Equatable, Sendable {
    /// 10⁻⁹ units of the underlying.
    var delta: Int64 = 0
    /// 10⁻¹² units of delta for one quote.
    var gamma: Int64 = 0
    /// Micro-quote for one volatility point.
    var vega: Int64 = 0
    /// Micro-quote for one day that passes.
    var theta: Int64 = 0

    static func += (left: inout PositionGreeks, right: PositionGreeks) {
        left.delta += right.delta
        left.gamma += right.gamma
        left.vega += right.vega
        left.theta += right.theta
    }

    init() {}

    /// Of some lots of an instrument; nothing where it is not known what they are worth.
    ///
    /// - Parameter lots: signed.
    init(_ lots: Quantity, of instrument: Instrument, _ ledger: Ledger) {
        let size = Int128(lots.lots) * Int128(instrument.lotSize)
        guard instrument.kind.series != nil else {
            delta = Int64(clamping: size)
            return
        }
        guard let figures = ledger.figures(of: instrument) else { return }
        let unit = Int128(Instrument.lotScale)
        delta = Int64(
            clamping: (size * Int128(figures.delta.bits)) >> Int128(Real.fractionBits))
        gamma = Int64(clamping: size * Int128(figures.gammaTrillionths) / unit)
        vega = Int64(clamping: size * Int128(figures.vega.units) / unit)
        theta = Int64(clamping: size * Int128(figures.theta.units) / unit)
    }
}
