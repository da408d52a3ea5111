/// The chain that histories are tested on: BTC at $50,000; a perpetual, a future and a pair of
/// options for the next day, and spot. A lot is 0.001 BTC, a tick $0.50.

import Canonical
import Catalogue
import CatalogueKit
import Cryptography
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

enum HistoryGenesis {
    static let million: Int64 = 1_000_000
    static let perpetual = InstrumentIdentifier(0)
    static let future = InstrumentIdentifier(1)
    static let call = InstrumentIdentifier(2)
    static let put = InstrumentIdentifier(3)
    static let spot = InstrumentIdentifier(4)
    /// 2025-06-15 12:30.
    static let start = Timestamp(nanoseconds: 1_749_990_600 * 1_000_000_000)
    /// 08:00 of the day after.
    static let expiry = Timestamp(nanoseconds: 1_750_060_800 * 1_000_000_000)

    /// - Parameter name: of another chain, which differs in nothing else.
    static func genesis(_ name: String = "test") throws -> Genesis {
        var liquidation = LiquidationParameters.standard
        liquidation.depthShare = .zero
        liquidation.optionDepthShare = .zero
        return try Genesis(
            name: CatalogueFixture.symbol(name), time: start, custodian: key("custodian"),
            operator: key("operator"),
            publishers: (0..<3).map { Publisher(key: key("publisher \($0)"), weight: 1) },
            catalogue: catalogue(), oracles: [oracle],
            margins: [
                .rampart(move: Ratio(basisPoints: 600), orderFloor: Ratio(basisPoints: 100))
            ], perpetuals: [perpetualRule], liquidation: liquidation, pricingStep: .seconds(1),
            orderLimit: 200, safeguards: .open)
    }

    static func key(_ name: String) -> PublicKey {
        PublicKey(SHA256.digest(Array(name.utf8)).storage)
    }

    private static func catalogue() throws -> Catalogue {
        let series = { (right: OptionRight) in
            InstrumentKind.option(
                OptionSeries(
                    expiry: expiry, strike: IndexPrice(micros: 50_000 * million), right: right))
        }
        let kinds: [(String, InstrumentKind)] = [
            ("BTC-PERP", .perpetual), ("BTC-16JUN25", .future(expiry: expiry)),
            ("BTC-16JUN25-50000-C", series(.call)), ("BTC-16JUN25-50000-P", series(.put)),
            ("BTC-SPOT", .spot),
        ]
        return try Catalogue(
            compartments: [
                Compartment(
                    symbol: CatalogueFixture.symbol("MAIN"),
                    asset: CatalogueFixture.symbol("USDC"),
                    vaultLimit: Amount(microunits: 1_000_000_000 * million),
                    insuranceShare: Ratio(basisPoints: 2_000),
                    insuranceTarget: Amount(microunits: 1_000_000 * million),
                    insuranceDailyShare: Ratio(basisPoints: 5_000),
                    insuranceAccountShare: Ratio(basisPoints: 50),
                    debt: DebtTerms(
                        accountLimit: Amount(microunits: 1_000_000 * million), vaultShare: .one,
                        interest: Ratio(basisPoints: 1_000)))
            ],
            underlyings: [
                Underlying(
                    symbol: CatalogueFixture.symbol("BTC"),
                    quoteCurrency: CatalogueFixture.symbol("USD"), fractionBits: 8,
                    maximumIndexPrice: IndexPrice(micros: 400_000 * million),
                    listingPrice: IndexPrice(micros: 400_000 * million))
            ], instruments: kinds.map { instrument($0, $1) },
            feeTiers: [FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))])
    }

    private static func instrument(_ name: String, _ kind: InstrumentKind) -> Instrument {
        Instrument(
            symbol: CatalogueFixture.symbol(name), underlying: UnderlyingIdentifier(0),
            compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: 500_000),
            lotSize: million, maximumPrice: Price(ticks: 800_000),
            maximumOrderQuantity: Quantity(lots: 10_000),
            positionLimit: Quantity(lots: 40_000), openInterestLimit: Quantity(lots: 600_000),
            priceBand: Ratio(basisPoints: 200), kind: kind)
    }

    private static let oracle = OracleParameters(
        quorum: Ratio(basisPoints: 6_000), liquidationAge: .seconds(5),
        reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
        stableHourlyMove: Ratio(basisPoints: 2_000),
        settlement: SettlementParameters(
            window: .seconds(300), coverage: Ratio(basisPoints: 8_000),
            observationWeight: .seconds(30)))

    private static let perpetualRule = PerpetualParameters(
        premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 20_000 * million), interest: Ratio(basisPoints: 1),
        interestClamp: Ratio(basisPoints: 5), fundingCap: Ratio(basisPoints: 75))
}
