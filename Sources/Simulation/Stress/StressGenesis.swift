/// The venue of a stress run: Rampart's default parameters (`facts/risk.md`, "Default parameters")
/// for a bitcoin perpetual at up to 11 times leverage, and an ether perpetual with options of one
/// expiry. Blocks stand as far apart as prices may be old when they liquidate.

import Breakers
import Canonical
import Catalogue
import Documents
import Economics
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

/// What is listed, by its place in the catalogue.
enum StressMarket {
    static let bitcoin = 0
    static let ether = 1
    /// A call and its put for each strike, ascending.
    static let options = 2..<8
    /// What writers sell: the put of the lowest strike and the call of the highest.
    static let written = [3, 6]
    static let count = 8

    /// The underlying of an instrument.
    static func underlying(of instrument: Int) -> Int { instrument == bitcoin ? 0 : 1 }
    static func identifier(_ instrument: Int) -> InstrumentIdentifier {
        InstrumentIdentifier(UInt16(instrument))
    }
}

enum StressGenesis {
    private static let million: Int64 = 1_000_000
    /// 2026-03-12 10:00 UTC: any time would do that is far from midnight and from an expiry.
    static let start: UInt64 = 1_773_309_600 * TimeText.second
    /// The Friday of the week after, 08:00 UTC.
    static let expiry = Timestamp(nanoseconds: 1_773_993_600 * TimeText.second)
    /// Micro-dollars at which the underlyings open.
    static let openings = [100_000 * million, 4_000 * million]
    /// How they follow the course of a crash, in thousandths.
    static let betas: [Int64] = [1_000, 1_250]
    /// Strikes in 10⁻² of the opening.
    private static let strikes: [Int64] = [85, 100, 115]
    static let publishers = 5
    /// Dollars: the largest position and the most that is open in the perpetuals, as the hard cap.
    private static let interestLimit: Int64 = 100 * million
    private static let positionLimit: Int64 = 20 * million
    private static let orderLimit: UInt16 = 200

    /// The genesis of a run.
    ///
    /// - Throws: what the engine refuses; nothing, for the values here.
    static func genesis(_ plan: StressPlan) throws -> Genesis {
        let names = ["BTC", "ETH"]
        let histories = zip(names, openings).map { history($0, at: $1) }
        let grids = histories.map(LabGenesis.Grid.init)
        let catalogue = try catalogue(names, grids)
        return try Genesis(
            name: LabGenesis.symbol("rampart-stress"),
            time: Timestamp(nanoseconds: start - UInt64(StressPath.step) * TimeText.second),
            custodian: key(1), operator: key(2),
            publishers: (0..<publishers).map {
                Publisher(key: key(UInt64(1_000 + $0)), weight: 1)
            },
            catalogue: catalogue, oracles: [oracle(nil), oracle(histories[1])],
            margins: [margin(of: histories[0]), LabGenesis.contractMargin(for: histories[1])],
            perpetuals: names.map { _ in perpetual() }, liquidation: .standard,
            pricingStep: .seconds(1), orderLimit: orderLimit, safeguards: safeguards(plan))
    }

    /// A key that nobody holds: nothing in a run is signed.
    static func key(_ number: UInt64) -> PublicKey {
        var bytes = [UInt8](repeating: 0x57, count: 24)
        number.appendLittleEndian(to: &bytes)
        return PublicKey(Bytes32(bytes))
    }

    private static func history(_ name: String, at price: Int64) -> PriceHistory {
        let bar = PriceBar(
            start: start, duration: TimeText.minute, open: price, high: price, low: price,
            close: price, volume: nil)
        return PriceHistory(
            base: name, quote: "USD", unitMultiplier: 1,
            sources: [VenueBars(venue: "course", bars: [bar])])
    }

    private static func catalogue(
        _ names: [String], _ grids: [LabGenesis.Grid]
    ) throws(CatalogueFault) -> Catalogue {
        let bits = [Bounds.fractionBits, LabGenesis.contractBits]
        var instruments = names.indices.map { place in
            instrument(
                names[place] + "-PERP", place, grids[place], limit: positionLimit,
                interest: interestLimit, band: Ratio(basisPoints: place == 0 ? 200 : 250),
                kind: .perpetual)
        }
        for strike in strikes {
            let price = IndexPrice(micros: openings[1] / 100 * strike)
            for right in [OptionRight.call, .put] {
                instruments.append(
                    instrument(
                        "ETH-\(price.units / million)-\(right == .put ? "P" : "C")", 1, grids[1],
                        limit: positionLimit / 4, interest: interestLimit / 4,
                        band: Ratio(basisPoints: 2_000),
                        kind: .option(OptionSeries(expiry: expiry, strike: price, right: right))))
            }
        }
        return try Catalogue(
            compartments: [compartment],
            underlyings: names.indices.map { place in
                Underlying(
                    symbol: LabGenesis.symbol(names[place]),
                    quoteCurrency: LabGenesis.symbol("USD"),
                    fractionBits: bits[place],
                    maximumIndexPrice: IndexPrice(micros: openings[place] * 4),
                    listingPrice: IndexPrice(micros: openings[place]))
            }, instruments: instruments,
            feeTiers: [FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))])
    }

    private static func instrument(
        _ name: String, _ underlying: Int, _ grid: LabGenesis.Grid, limit: Int64, interest: Int64,
        band: Ratio, kind: InstrumentKind
    ) -> Instrument {
        Instrument(
            symbol: LabGenesis.symbol(name), underlying: UnderlyingIdentifier(UInt16(underlying)),
            compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: grid.tick),
            lotSize: grid.lot, maximumPrice: grid.maximumPrice,
            maximumOrderQuantity: grid.lots(limit), positionLimit: grid.lots(limit),
            openInterestLimit: grid.lots(interest), priceBand: band, kind: kind)
    }

    private static var compartment: Compartment {
        Compartment(
            symbol: LabGenesis.symbol("MAIN"), asset: LabGenesis.symbol("USDC"),
            vaultLimit: Bounds.vaultCapacity, insuranceShare: Ratio(basisPoints: 2_000),
            insuranceTarget: Amount(microunits: 5 * million * million),
            insuranceDailyShare: Ratio(basisPoints: 500),
            insuranceAccountShare: Ratio(basisPoints: 50),
            debt: DebtTerms(
                accountLimit: Amount(microunits: 100_000 * million),
                vaultShare: Ratio(basisPoints: 2_500), interest: Ratio(basisPoints: 1_000)))
    }

    private static func oracle(_ history: PriceHistory?) -> OracleParameters {
        OracleParameters(
            quorum: Ratio(billionths: 666_666_666), liquidationAge: .seconds(5),
            reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
            stableHourlyMove: Ratio(basisPoints: 2_000),
            surface: history.map { LabGenesis.contractSurface(for: $0) } ?? .standard,
            aggregation: .major)
    }

    private static func margin(of history: PriceHistory) -> MarginParameters {
        var result = MarginParameters.rampart(move: Ratio(basisPoints: 600))
        result.model = LabGenesis.marginModel(for: history)
        return result
    }

    private static func perpetual() -> PerpetualParameters {
        PerpetualParameters(
            premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
            impactNotional: Amount(microunits: 20_000 * million), interest: Ratio(basisPoints: 1),
            interestClamp: Ratio(basisPoints: 5), fundingCap: Ratio(basisPoints: 75))
    }

    private static func safeguards(_ plan: StressPlan) -> Safeguards {
        var result = Safeguards(
            sources: (0..<publishers).map { place in
                PriceSource(name: LabGenesis.symbol("venue\(place)"), venue: UInt16(place))
            })
        result.off = plan.off
        result.breakers = [.standard, .standard]
        // A few accounts stand for many.
        result.flow = .laboratory
        result.vaults = .standard
        result.backstops = [.standard]
        let limit = Amount(microunits: interestLimit * million)
        result.economics = [900, 1_950].map { base in
            .major(
                baseMargin: Ratio(basisPoints: base), hardLimit: limit, leastCap: limit,
                openingDepth: Amount(microunits: StressPlan.outsideDepth))
        }
        return result
    }
}
