/// A portfolio of the reference in the engine's own types: instruments with a grid that holds every
/// price and quantity, and the quote of each.

import Canonical
import Catalogue
import CatalogueKit
import FixedPoint

@testable import Risk

struct EnginePlan {
    /// One instrument of the plan.
    struct Holding {
        let kind: InstrumentKind
        let underlying: UInt16
        let lots: Int64
        let quote: InstrumentQuote
        /// Lots of open orders.
        var buys: Int64 = 0
        var sells: Int64 = 0

        var reach: Int64 { abs(lots) + buys + sells }
    }

    private(set) var holdings: [Holding] = []
    let market: MarketView
    private let lotSize: Int64
    private let time: Timestamp
    private var highest: Precise

    static func micros(_ value: Precise) -> Int64 { Int64((value * 1_000_000).rounded()) }

    static func ratio(_ value: Precise) -> Ratio {
        Ratio(billionths: Int64((value * 1_000_000_000).rounded()))
    }

    init(_ portfolio: ReferencePortfolio, time: Timestamp) {
        self.time = time
        lotSize = EnginePlan.lotSize(portfolio)
        highest = EnginePlan.highest(portfolio)
        let index = IndexPrice(micros: EnginePlan.micros(portfolio.index))
        market = MarketView(
            index: index, stable: index, peg: EnginePlan.ratio(portfolio.quotePrice),
            indexConfidence: EnginePlan.ratio(portfolio.indexConfidence),
            perpetualConfidence: portfolio.linears.isEmpty
                ? .one : EnginePlan.ratio(portfolio.perpetualConfidence),
            time: time)
        addOptions(portfolio)
        addLinears(portfolio)
        if holdings.isEmpty {
            // A catalogue lists something.
            holdings.append(
                Holding(
                    kind: .perpetual, underlying: 0, lots: 0,
                    quote: .perpetual(mark: index, fundingRate: .zero)))
        }
        for collateral in portfolio.collaterals {
            holdings.append(
                Holding(
                    kind: .spot, underlying: collateral.isUnderlying ? 0 : 1,
                    lots: lots(collateral.quantity),
                    quote: .spot(
                        mark: price(collateral.price),
                        holding: HoldingTerms(
                            initialHaircut: EnginePlan.ratio(collateral.initialHaircut),
                            maintenanceHaircut: EnginePlan.ratio(collateral.maintenanceHaircut),
                            confidence: EnginePlan.ratio(collateral.confidence))),
                    buys: lots(collateral.buys)))
        }
    }

    /// The largest lot, of a hundredth or less, that is worth no more than a thousand at five times
    /// every price, in billionths of a unit.
    static func lotSize(_ portfolio: ReferencePortfolio) -> Int64 {
        var size: Int64 = 10_000_000
        while Precise(size) / 1_000_000_000 * highest(portfolio) > 1_000 { size /= 10 }
        return size
    }

    /// The portfolio with every quantity rounded to whole lots and every price to a millionth; one
    /// that is larger than the engine's bounds a power of ten times smaller, which changes no
    /// share.
    static func inWholeLots(_ portfolio: ReferencePortfolio) -> ReferencePortfolio {
        var scale: Precise = 1
        while portfolio.grossNotional * scale > 1_000_000 { scale /= 10 }
        let lot = Precise(lotSize(portfolio)) / 1_000_000_000
        func quantity(_ value: Precise) -> Precise { (value * scale / lot).rounded() * lot }
        func price(_ value: Precise) -> Precise { (value * 1_000_000).rounded() / 1_000_000 }
        var rounded = portfolio
        rounded.cash = price(portfolio.cash * scale)
        rounded.index = price(portfolio.index)
        for place in portfolio.expiries.indices {
            rounded.expiries[place].forward = price(portfolio.expiries[place].forward)
            rounded.expiries[place].fixedAverage = price(portfolio.expiries[place].fixedAverage)
        }
        for place in portfolio.options.indices {
            rounded.options[place].quantity = quantity(portfolio.options[place].quantity)
        }
        for place in portfolio.linears.indices {
            rounded.linears[place].quantity = quantity(portfolio.linears[place].quantity)
            rounded.linears[place].mark = price(portfolio.linears[place].mark)
            rounded.linears[place].profit = price(portfolio.linears[place].profit * scale)
        }
        for place in portfolio.collaterals.indices {
            rounded.collaterals[place].quantity = quantity(portfolio.collaterals[place].quantity)
            rounded.collaterals[place].price = price(portfolio.collaterals[place].price)
        }
        return rounded
    }

    private static func highest(_ portfolio: ReferencePortfolio) -> Precise {
        var highest = portfolio.index
        for expiry in portfolio.expiries { highest = max(highest, expiry.forward) }
        for option in portfolio.options { highest = max(highest, option.strike) }
        for entry in portfolio.listedStrikes { highest = max(highest, entry.strike) }
        for linear in portfolio.linears { highest = max(highest, linear.mark) }
        for collateral in portfolio.collaterals {
            highest = max(highest, collateral.price)
        }
        return highest * 1.01
    }

    private func price(_ value: Precise) -> IndexPrice {
        IndexPrice(micros: EnginePlan.micros(value))
    }

    private func lots(_ quantity: Precise) -> Int64 {
        Int64((quantity * 1_000_000_000 / Precise(lotSize)).rounded())
    }

    private func moment(_ seconds: Precise) -> Timestamp {
        time.advanced(by: .seconds(UInt64(seconds)))
    }

    private func view(_ portfolio: ReferencePortfolio, _ place: Int) -> ExpiryView {
        let expiry = portfolio.expiries[place]
        return ExpiryView(
            forward: price(expiry.forward), timeLeft: .seconds(UInt64(expiry.seconds)),
            age: .seconds(UInt64(portfolio.surfaceAge)), window: .seconds(UInt64(expiry.window)),
            rate: EnginePlan.ratio(expiry.rate), confidence: EnginePlan.ratio(expiry.confidence),
            fixedShare: EnginePlan.ratio(expiry.fixedShare),
            fixedAverage: price(expiry.fixedAverage))
    }

    private mutating func addOptions(_ portfolio: ReferencePortfolio) {
        var listed: [(expiry: Precise, strike: Precise)] = []
        for option in portfolio.options {
            listed.append((portfolio.expiries[option.expiry].seconds, option.strike))
        }
        listed += portfolio.listedStrikes.map { ($0.seconds, $0.strike) }
        var known: [(expiry: Precise, strike: Precise)] = []
        for entry in listed where !known.contains(where: { $0 == entry }) {
            known.append(entry)
            for isCall in [true, false] { addOption(portfolio, entry, isCall: isCall) }
        }
    }

    private mutating func addOption(
        _ portfolio: ReferencePortfolio, _ entry: (expiry: Precise, strike: Precise), isCall: Bool
    ) {
        let place = portfolio.expiries.firstIndex { $0.seconds == entry.expiry } ?? 0
        let same = portfolio.options.filter {
            portfolio.expiries[$0.expiry].seconds == entry.expiry && $0.strike == entry.strike
        }
        let held = same.filter { $0.isCall == isCall }
        var volatility = same.first?.volatility ?? 1
        if let own = held.first { volatility = own.volatility }
        let series = OptionSeries(
            expiry: moment(entry.expiry), strike: price(entry.strike),
            right: isCall ? .call : .put)
        let value = held.first.map { portfolio.value(of: $0) } ?? 0
        let real = Real(
            bits: Int64((volatility * Precise(Int64(1) << Real.fractionBits)).rounded()))
        holdings.append(
            Holding(
                kind: .option(series), underlying: 0,
                lots: lots(held.reduce(0) { $0 + $1.quantity }),
                quote: .option(
                    mark: price(value), volatility: real, view(portfolio, place)),
                buys: lots(held.first?.buys ?? 0), sells: lots(held.first?.sells ?? 0)))
    }

    private mutating func addLinears(_ portfolio: ReferencePortfolio) {
        for linear in portfolio.linears {
            let mark = price(linear.mark)
            guard let place = linear.expiry else {
                holdings.append(
                    Holding(
                        kind: .perpetual, underlying: 0, lots: lots(linear.quantity),
                        quote: .perpetual(
                            mark: mark, fundingRate: EnginePlan.ratio(portfolio.fundingRate)),
                        buys: lots(linear.buys), sells: lots(linear.sells)))
                continue
            }
            holdings.append(
                Holding(
                    kind: .future(expiry: moment(portfolio.expiries[place].seconds)),
                    underlying: 0, lots: lots(linear.quantity),
                    quote: .future(mark: mark, view(portfolio, place)), buys: lots(linear.buys),
                    sells: lots(linear.sells)))
        }
    }

    /// The catalogue, valued as finely as the bounds allow.
    func catalogue() throws -> Catalogue {
        let top = Int64(highest * 1_000_000) / 10_000 + 1
        let tick = max(Int64(10_000), 1_000_000_000 / lotSize)
        var instruments: [Instrument] = []
        for (place, holding) in holdings.enumerated() {
            // A call and its put have one limit.
            var limit = max(1, holding.reach)
            if let right = holding.kind.series?.right {
                limit = max(limit, holdings[right == .call ? place + 1 : place - 1].reach)
            }
            instruments.append(
                CatalogueFixture.instrument(
                    "I\(place)", underlying: holding.underlying,
                    compartment: UInt16(holding.kind == .spot ? place : 0), tick: tick,
                    lot: lotSize, maximumPrice: top * 10_000 / tick + 1, order: limit,
                    position: limit, interest: limit, kind: holding.kind))
        }
        for bits in stride(from: Bounds.fractionBits, through: 0, by: -1) {
            let underlyings = ["A", "B"].map {
                CatalogueFixture.underlying(
                    $0, fractionBits: bits, maximum: top * 10_000 - 10_000, listing: nil)
            }
            let catalogue = try? Catalogue(
                compartments: (0..<max(1, holdings.count)).map {
                    CatalogueFixture.compartment("C\($0)")
                }, underlyings: underlyings, instruments: instruments,
                feeTiers: CatalogueFixture.feeTiers)
            if let catalogue { return catalogue }
            if bits == 0 {
                return try Catalogue(
                    compartments: (0..<max(1, holdings.count)).map {
                        CatalogueFixture.compartment("C\($0)")
                    }, underlyings: underlyings, instruments: instruments,
                    feeTiers: CatalogueFixture.feeTiers)
            }
        }
        preconditionFailure("Invariant: the loop ends at no bits")
    }
}
