/// The catalogue for a portfolio: an instrument for each position, calls and puts in pairs, with
/// position limits at the positions, and as many fraction bits as the proof of `Bounds` leaves.

import Documents
import Canonical
import Catalogue
import FixedPoint

struct PortfolioListing {
    /// By position.
    private(set) var identifiers: [InstrumentIdentifier] = []
    private let portfolio: Portfolio
    private var underlyings: [Underlying] = []
    private var instruments: [Instrument] = []
    /// By instrument: the position that it is listed for.
    private var reasons: [Int] = []

    /// - Throws: `InputFault` where lots or positions are too small or too large.
    init(_ portfolio: Portfolio) throws(InputFault) {
        self.portfolio = portfolio
        for place in portfolio.positions.indices { list(place) }
        for place in portfolio.underlyings.indices {
            underlyings.append(try underlying(place))
        }
    }

    /// - Throws: `InputFault` for a rule that nothing before has judged.
    func catalogue() throws(InputFault) -> Catalogue {
        do throws(CatalogueFault) {
            return try Catalogue(
                compartments: [PortfolioListing.compartment], underlyings: underlyings,
                instruments: instruments,
                feeTiers: [FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))])
        } catch {
            let line =
                error.list == .instruments && reasons.indices.contains(error.index)
                ? portfolio.positions[reasons[error.index]].line : nil
            throw InputFault(
                file: portfolio.file, line: line,
                reason: "cannot be listed: \(error.field.rawValue) \(error.reason.rawValue)")
        }
    }

    /// Lists the instrument of a position, of an option with the other of its strike.
    private mutating func list(_ place: Int) {
        let position = portfolio.positions[place]
        if let listed = instruments.firstIndex(where: { other in
            other.kind == position.kind && Int(other.underlying.number) == position.underlying
        }) {
            identifiers.append(InstrumentIdentifier(UInt16(listed)))
            return
        }
        let first = instruments.count
        guard let series = position.kind.series else {
            identifiers.append(InstrumentIdentifier(UInt16(first)))
            append(position.kind, place, limit: position.quantity.magnitude)
            return
        }
        let pair = [OptionRight.call, .put].map { right in
            InstrumentKind.option(
                OptionSeries(expiry: series.expiry, strike: series.strike, right: right))
        }
        // Both have the limits of the larger position.
        let held = portfolio.positions.filter { other in
            other.underlying == position.underlying && pair.contains(other.kind)
        }
        let limit = held.reduce(Quantity(lots: 1)) { max($0, $1.quantity.magnitude) }
        identifiers.append(InstrumentIdentifier(UInt16(first + (series.right == .call ? 0 : 1))))
        for kind in pair { append(kind, place, limit: limit) }
    }

    private mutating func append(_ kind: InstrumentKind, _ place: Int, limit: Quantity) {
        let position = portfolio.positions[place]
        let owner = portfolio.underlyings[position.underlying]
        let tick = PortfolioListing.tick(lotSize: owner.lotSize)
        let highest = highestPrice(of: position.underlying).units
        let name = PortfolioName.text(of: kind, on: owner.symbol)
        reasons.append(place)
        instruments.append(
            Instrument(
                symbol: PortfolioListing.symbol(name),
                underlying: UnderlyingIdentifier(UInt16(position.underlying)),
                compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: tick),
                lotSize: owner.lotSize, maximumPrice: Price(ticks: (highest - 1) / tick + 1),
                maximumOrderQuantity: limit, positionLimit: limit, openInterestLimit: limit,
                priceBand: Ratio(basisPoints: 200), kind: kind))
    }

    /// The highest of all prices of an underlying: what is held is worth no more.
    private func highestPrice(of place: Int) -> IndexPrice {
        let owner = portfolio.underlyings[place]
        var highest = max(owner.index, owner.stable)
        for expiry in owner.expiries { highest = max(highest, expiry.forward) }
        for position in portfolio.positions where position.underlying == place {
            highest = max(highest, position.mark ?? .zero, position.kind.series?.strike ?? .zero)
        }
        return highest
    }

    /// The least tick whose worth on a lot is whole micro-units.
    private static func tick(lotSize: Int64) -> Int64 {
        var (large, small) = (Instrument.lotScale, lotSize)
        while small != 0 { (large, small) = (small, large % small) }
        return Instrument.lotScale / large
    }

    private func underlying(_ place: Int) throws(InputFault) -> Underlying {
        let owner = portfolio.underlyings[place]
        func fault(_ reason: String) -> InputFault {
            InputFault(
                file: portfolio.file, line: owner.line, reason: "\(owner.symbol): \(reason)")
        }
        let highest = highestPrice(of: place)
        var (largestLot, sum, largest) = (Int128(0), Int128(0), Int128(0))
        for entry in instruments where Int(entry.underlying.number) == place {
            let worth = Int128(entry.maximumPrice.ticks) * Int128(entry.tickValue)
            largestLot = max(largestLot, worth)
            let notional = worth * Int128(entry.positionLimit.lots)
            largest = max(largest, notional)
            sum += notional
        }
        guard largestLot <= Int128(Bounds.largestLotWorth) else {
            throw fault(
                "a lot is worth more than $1,073 at its highest price; state a smaller 'lot'")
        }
        guard largest <= Int128(Bounds.instrumentNotional),
            sum <= Int128(Bounds.valuationNotional)
        else { throw fault("the positions are too large: more than the engine is proven for") }
        var bits = Bounds.fractionBits
        while sum > Int128(Bounds.valuationNotional >> bits) { bits -= 1 }
        let worth = Int128(owner.index.units) * Int128(owner.lotSize)
        let least = Int128(Bounds.leastLotWorth) * Int128(Instrument.lotScale) >> Int128(bits)
        guard sum == 0 || worth >= least else {
            throw fault(
                "a lot is worth less than $\(JSONFields.text(of: 1_000_000 >> bits, digits: 6)); "
                    + "state a larger 'lot'")
        }
        return Underlying(
            symbol: PortfolioListing.symbol(owner.symbol),
            quoteCurrency: PortfolioListing.symbol("USD"),
            fractionBits: bits, maximumIndexPrice: highest, listingPrice: owner.index)
    }

    private static let compartment = Compartment(
        symbol: symbol("MAIN"), asset: symbol("USDC"), vaultLimit: Bounds.vaultCapacity,
        insuranceShare: .zero, insuranceTarget: .zero, insuranceDailyShare: .zero,
        insuranceAccountShare: .zero)

    private static func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(Array(text.utf8)) else {
            preconditionFailure("Invariant: '\(text)' has been read as a symbol")
        }
        return symbol
    }
}
