/// The futures and options of one underlying that can be traded now, as a client reads them off the
/// venue's lists.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle
import Risk

/// A contract that can be traded.
struct LiveContract {
    let identifier: InstrumentIdentifier
    let instrument: Instrument
    let expiry: Timestamp
    /// What its model says it is worth, in 10⁻⁶ quote; the book's pull on the mark left out.
    let model: IndexPrice
    /// The strike less the index, in 10⁻⁶ of the index; zero for a future.
    let offset: Int64
    /// Nil for a future.
    let right: OptionRight?

    /// How far it is out of the money, in 10⁻⁶ of the index; negative is in the money.
    var distance: Int64 { right == .put ? -offset : offset }

    /// A price in 10⁻⁶ quote on the grid, at least a tick.
    func price(_ micros: Int64, rounding: Rounding) -> Price {
        let tick = instrument.tickSize.units
        let ticks = micros / tick + (rounding == .up && micros % tick != 0 ? 1 : 0)
        return Price(ticks: ticks).clamped(Price(ticks: 1), instrument.maximumPrice)
    }
}

/// All contracts of one underlying that can be traded.
struct LiveContracts {
    /// Contracts this close to their expiry are left alone, in nanoseconds.
    private static let lastCall = Duration.seconds(120)

    /// By expiry.
    private(set) var futures: [LiveContract] = []
    /// In the order of listing: a put behind its call.
    private(set) var options: [LiveContract] = []
    private let index: Int64

    init(_ view: TraderView) {
        let ledger = view.ledger
        let catalogue = ledger.catalogue
        let (prices, phases) = (ledger.prices, ledger.phases)
        let earliest = ledger.time.advanced(by: LiveContracts.lastCall)
        index = max(1, view.index.units)
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let instrument = catalogue.instruments[place]
            guard instrument.underlying == view.instrument.underlying,
                let expiry = instrument.expiry, expiry > earliest, phases[place].isContinuous,
                case .model(let price) = prices[place], price.isPriced,
                ledger.surfaces[Int(instrument.underlying.number)].curve(expiry) != nil
            else { continue }
            let series = instrument.kind.series
            let away = series.map { Int128($0.strike.units - index) * 1_000_000 / Int128(index) }
            let contract = LiveContract(
                identifier: identifier, instrument: instrument, expiry: expiry, model: price.model,
                offset: Int64(clamping: away ?? 0), right: series?.right)
            if series == nil { futures.append(contract) } else { options.append(contract) }
        }
    }

    /// Lots of an underlying worth so many micro-dollars, at least one and at most one order's.
    func lots(_ contract: LiveContract, worth: Int64) -> Quantity {
        let lot = max(
            1, Int64(clamping: Int128(index) * Int128(contract.instrument.lotSize) / 1_000_000_000))
        return Quantity(lots: max(1, worth / lot)).clamped(
            Quantity(lots: 1), contract.instrument.maximumOrderQuantity)
    }

    /// The options of a right, out of the money by a part of the index in 10⁻⁶, of some expiry.
    func options(
        _ right: OptionRight, distance: ClosedRange<Int64>, expiry: Timestamp? = nil
    ) -> [LiveContract] {
        options.filter { option in
            option.right == right && distance.contains(option.distance)
                && (expiry == nil || option.expiry == expiry)
        }
    }

    /// The option of the same expiry and right whose strike is the next one farther out.
    func next(after option: LiveContract) -> LiveContract? {
        options.filter { other in
            other.right == option.right && other.expiry == option.expiry
                && other.distance > option.distance
        }.min { $0.distance < $1.distance }
    }
}
