/// A venue made for one file: one perpetual on the file's grid, and accounts so rich and limits so
/// wide that nothing but the book decides what happens. Margin, fees and prices are all there and
/// all checked; they are only never scarce.

import Documents
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

/// Makes the genesis of a replayed file.
enum OrderFlowGenesis {
    /// Orders may reach this far through the mark: the widest that the engine allows.
    private static let priceBand = Ratio(basisPoints: 9_900)
    /// The price move that margin covers: 1 %.
    private static let move = Ratio(basisPoints: 100)
    /// Files have quiet hours; their last price is still theirs.
    private static let patience = Duration(nanoseconds: 7 * TimeText.day)

    /// - Parameters:
    ///   - start: the time of the first message, in nanoseconds since 1970.
    ///   - markets: how many perpetuals there are, all alike, each on an underlying of its own.
    /// - Throws: `InputFault` where the grid does not fit the bounds of the engine.
    static func genesis(
        _ grid: OrderFlowGrid, file: String, start: UInt64, keys: LabKeys,
        markets: Int = 1
    ) throws(InputFault) -> Genesis {
        let highest = Price(ticks: grid.highestTicks)
        let limit = Quantity(lots: grid.positionLimit)
        let instruments = (0..<markets).map { market in
            Instrument(
                symbol: LabGenesis.symbol(market == 0 ? "FLOW-PERP" : "FLOW-PERP-\(market)"),
                underlying: UnderlyingIdentifier(UInt16(market)),
                compartment: CompartmentIdentifier(0), tickSize: grid.tickSize,
                lotSize: grid.lotSize, maximumPrice: highest, maximumOrderQuantity: limit,
                positionLimit: limit,
                // As wide as the bounds are: 2⁴⁸ − 1 lots.
                openInterestLimit: Quantity(lots: max(grid.positionLimit, (1 << 48) - 1)),
                priceBand: priceBand)
        }
        let highestIndex = IndexPrice(micros: grid.highestTicks * grid.tickSize.units)
        let underlyings = (0..<markets).map { market in
            Underlying(
                symbol: LabGenesis.symbol(market == 0 ? "FLOW" : "FLOW-\(market)"),
                quoteCurrency: LabGenesis.symbol("USD"), fractionBits: Bounds.fractionBits,
                maximumIndexPrice: highestIndex, listingPrice: highestIndex)
        }
        do {
            let catalogue = try Catalogue(
                compartments: [compartment], underlyings: underlyings, instruments: instruments,
                feeTiers: [FeeTier(maker: .zero, taker: Ratio(basisPoints: 1))])
            return try Genesis(
                name: LabGenesis.symbol("rampart-flow"),
                time: Timestamp(nanoseconds: start - min(start, TimeText.second)),
                custodian: keys.custodianKey, operator: keys.operatorKey,
                publishers: [Publisher(key: keys.publisherKey(0), weight: 1)],
                catalogue: catalogue, oracles: underlyings.map { _ in oracle },
                margins: underlyings.map { _ in .rampart(move: move) },
                perpetuals: instruments.map { _ in perpetual }, liquidation: .standard,
                pricingStep: .seconds(1),
                orderLimit: .max)
        } catch let fault as CatalogueFault {
            throw InputFault(
                file: file, line: nil,
                reason: "cannot be listed: \(fault.field.rawValue) \(fault.reason.rawValue)")
        } catch {
            throw InputFault(file: file, line: nil, reason: "cannot be listed: \(error)")
        }
    }

    private static let compartment = Compartment(
        symbol: LabGenesis.symbol("MAIN"), asset: LabGenesis.symbol("USD"),
        vaultLimit: Bounds.vaultCapacity, insuranceShare: .zero, insuranceTarget: .zero,
        insuranceDailyShare: .zero, insuranceAccountShare: .zero)

    private static let oracle = OracleParameters(
        quorum: .one, liquidationAge: patience, reduceOnlyAge: patience, haltAge: patience,
        stableHourlyMove: .one)

    private static let perpetual = PerpetualParameters(
        premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 1_000_000), interest: .zero, interestClamp: .zero,
        fundingCap: Ratio(basisPoints: 75))
}
