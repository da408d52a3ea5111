/// The chain that the gateway is tested on: BTC at $50,000 and ETH at $2,500; perpetuals of both, a
/// second perpetual of BTC in another compartment, a future, a pair of options and spot of BTC for
/// the next day. A lot of BTC is 0.001, a tick $0.50.

import Breakers
import Canonical
import Catalogue
import CatalogueKit
import Economics
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

enum GatewayGenesis {
    static let million: Int64 = 1_000_000
    static let bitcoin = InstrumentIdentifier(0)
    static let ether = InstrumentIdentifier(1)
    static let sideBitcoin = InstrumentIdentifier(2)
    static let future = InstrumentIdentifier(3)
    static let call = InstrumentIdentifier(4)
    static let put = InstrumentIdentifier(5)
    static let spot = InstrumentIdentifier(6)
    /// 2025-06-15 12:30.
    static let start = Timestamp(nanoseconds: 1_749_990_600 * 1_000_000_000)
    /// 08:00 of the day after.
    static let expiry = Timestamp(nanoseconds: 1_750_060_800 * 1_000_000_000)

    static func genesis(
        economics: [EconomicParameters] = [], breakers: [BreakerParameters] = []
    ) throws -> Genesis {
        var safeguards = Safeguards.open
        safeguards.economics = economics
        safeguards.breakers = breakers
        safeguards.vaults = breakers.isEmpty ? nil : .standard
        return try Genesis(
            name: symbol("test"), time: start, custodian: TrustedKeys.custodian,
            operator: TrustedKeys.operator,
            publishers: (0..<3).map { Publisher(key: TrustedKeys.publisher($0), weight: 1) },
            catalogue: catalogue(), oracles: [oracle, oracle],
            margins: [
                .rampart(move: Ratio(basisPoints: 600), orderFloor: Ratio(basisPoints: 100)),
                .rampart(move: Ratio(basisPoints: 800), orderFloor: Ratio(basisPoints: 100)),
            ], perpetuals: [perpetual, perpetual, perpetual], liquidation: .standard,
            pricingStep: .seconds(1), orderLimit: 200, safeguards: safeguards)
    }

    static func symbol(_ text: String) -> Symbol { CatalogueFixture.symbol(text) }

    private static func catalogue() throws -> Catalogue {
        let series = { (right: OptionRight) in
            InstrumentKind.option(
                OptionSeries(
                    expiry: expiry, strike: IndexPrice(micros: 50_000 * million), right: right))
        }
        return try Catalogue(
            compartments: [
                CatalogueFixture.compartment("MAIN"), CatalogueFixture.compartment("SIDE"),
            ],
            underlyings: [underlying("BTC", 400_000), underlying("ETH", 20_000)],
            instruments: [
                instrument("BTC-PERP"),
                instrument("ETH-PERP", underlying: 1, tick: 50_000, lot: 10 * million),
                instrument("BTC-SIDE", compartment: 1),
                instrument("BTC-16JUN25", kind: .future(expiry: expiry)),
                instrument("BTC-16JUN25-50000-C", kind: series(.call)),
                instrument("BTC-16JUN25-50000-P", kind: series(.put)),
                instrument("BTC-SPOT", kind: .spot),
            ],
            feeTiers: [FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))])
    }

    private static func underlying(_ name: String, _ highest: Int64) -> Underlying {
        Underlying(
            symbol: symbol(name), quoteCurrency: symbol("USD"), fractionBits: 8,
            maximumIndexPrice: IndexPrice(micros: highest * million),
            listingPrice: IndexPrice(micros: highest * million))
    }

    private static func instrument(
        _ name: String, underlying: UInt16 = 0, compartment: UInt16 = 0, tick: Int64 = 500_000,
        lot: Int64 = million, kind: InstrumentKind = .perpetual
    ) -> Instrument {
        Instrument(
            symbol: symbol(name), underlying: UnderlyingIdentifier(underlying),
            compartment: CompartmentIdentifier(compartment), tickSize: IndexPrice(micros: tick),
            lotSize: lot, maximumPrice: Price(ticks: 800_000),
            maximumOrderQuantity: Quantity(lots: 10_000),
            positionLimit: Quantity(lots: 40_000),
            openInterestLimit: Quantity(lots: 600_000), priceBand: Ratio(basisPoints: 200),
            kind: kind)
    }

    private static let oracle = OracleParameters(
        quorum: Ratio(basisPoints: 6_000), liquidationAge: .seconds(5),
        reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
        stableHourlyMove: Ratio(basisPoints: 2_000))

    private static let perpetual = PerpetualParameters(
        premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 20_000 * million), interest: Ratio(basisPoints: 1),
        interestClamp: Ratio(basisPoints: 5), fundingCap: Ratio(basisPoints: 75))
}
