/// The marks of all instruments, made when prices have been observed: of perpetuals from the index
/// and the premium of the book, of everything else from a model price.

import Canonical
package import Catalogue
package import FixedPoint
import Markets
package import Oracle

extension Genesis {
    /// The price state of the instruments that genesis lists, before the first price.
    var openingPrices: [InstrumentPrices] {
        var perpetuals = self.perpetuals.makeIterator()
        return catalogue.instruments.map { instrument in
            if instrument.kind == .perpetual, let parameters = perpetuals.next() {
                return .perpetual(PerpetualPrices(parameters: parameters))
            }
            return modelPrices(of: instrument)
        }
    }

    /// The price state of an instrument with a model price, before the first.
    package func modelPrices(of instrument: Instrument) -> InstrumentPrices {
        let oracle = oracles[Int(instrument.underlying.number)]
        let parameters: ModelParameters =
            switch instrument.kind {
            case .perpetual, .future: oracle.future
            case .option: oracle.option
            case .spot: .spot
            }
        return .model(ModelPrices(parameters: parameters))
    }
}

extension Instrument {
    /// The highest order price as a reference price.
    package var highestPrice: IndexPrice {
        proven { () throws(ArithmeticFault) in try indexPrice(of: maximumPrice) }
    }
}

extension LedgerState {
    /// Makes the mark of one instrument, and says so if it changed.
    mutating func mark(_ place: Int, _ instrument: Instrument, step: Duration?) {
        let index = feeds[Int(instrument.underlying.number)].index
        let fundingRate = prices[place].fundingRate
        let changed: Bool
        switch prices[place] {
        case .perpetual(var perpetual):
            if let step {
                let mid = standingMid(
                    place, instrument, notional: perpetual.parameters.impactNotional)
                perpetual.step(impactMid: mid, index: index, elapsed: step, now: facts.time)
            }
            changed = perpetual.setMark(index: index)
            prices[place] = .perpetual(perpetual)
        case .model(var model):
            if let step {
                let mid = standingMid(
                    place, instrument, notional: model.parameters.impactNotional)
                model.step(mid: mid, elapsed: step)
            }
            changed = model.setModel(
                modelPrice(of: instrument), highest: instrument.highestPrice)
            prices[place] = .model(model)
        }
        if changed || step != nil { touchInstrument(InstrumentIdentifier(UInt16(place))) }
        guard changed || fundingRate != prices[place].fundingRate else { return }
        emit(
            .markChanged(
                InstrumentIdentifier(UInt16(place)), mark: prices[place].mark,
                fundingRate: prices[place].fundingRate))
    }

    /// The mean of the two impact prices; nil where a side of the book is too thin, or the market
    /// does not trade.
    mutating func impactMid(
        _ place: Int, _ instrument: Instrument, notional: Amount
    ) -> IndexPrice? {
        guard let bid = impactTicks(.buy, place, instrument, notional: notional),
            let ask = impactTicks(.sell, place, instrument, notional: notional)
        else { return nil }
        // Both in 10⁻⁶ ticks.
        let mid = (Int128(bid) + Int128(ask)) / 2 * Int128(instrument.tickSize.units) / 1_000_000
        return Int64(exactly: mid).map { IndexPrice(units: $0) }
    }

    /// The price at which a notional would trade against a side, in 10⁻⁶ ticks; nil where the side
    /// is too thin, or the market does not trade.
    mutating func impactTicks(
        _ side: Side, _ place: Int, _ instrument: Instrument, notional: Amount
    ) -> Int64? {
        guard phases[place].isContinuous else { return nil }
        return books.impactPrice(
            against: side, in: InstrumentIdentifier(UInt16(place)), notional: notional,
            tickValue: instrument.tickValue)
    }
}
