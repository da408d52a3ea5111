/// The chain that the private side is tested on, whose keys are real: BTC at $50,000, a lot of
/// 0.001 and a tick of $0.50; its perpetual, a call and a put, and spot of it.

import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

@testable import Custody

/// Keys from small numbers.
enum PlainKeys {
    static func key(_ number: UInt8) -> SigningKey {
        SigningKey(seed: [UInt8](repeating: number, count: SigningKey.seedSize))
    }

    static let custodian: UInt8 = 200
    static let operatorNumber: UInt8 = 201
    static let publishers: [UInt8] = [210, 211, 212]
}

enum AccountGenesis {
    static let million: Int64 = 1_000_000
    static let bitcoin = InstrumentIdentifier(0)
    static let option = InstrumentIdentifier(1)
    static let put = InstrumentIdentifier(2)
    static let spot = InstrumentIdentifier(3)
    /// 2025-06-15 12:30.
    static let start = Timestamp(nanoseconds: 1_749_990_600 * 1_000_000_000)
    /// 08:00 of the day after.
    static let expiry = Timestamp(nanoseconds: 1_750_060_800 * 1_000_000_000)
    static let orderLimit: UInt16 = 200

    static func genesis() throws -> Genesis {
        try Genesis(
            name: CatalogueFixture.symbol("account"), time: start,
            custodian: PlainKeys.key(PlainKeys.custodian).publicKey,
            operator: PlainKeys.key(PlainKeys.operatorNumber).publicKey,
            publishers: PlainKeys.publishers.map {
                Publisher(key: PlainKeys.key($0).publicKey, weight: 1)
            },
            catalogue: catalogue(), oracles: [oracle],
            margins: [
                .rampart(move: Ratio(basisPoints: 600), orderFloor: Ratio(basisPoints: 100))
            ], perpetuals: [perpetual], liquidation: .standard, pricingStep: .seconds(1),
            orderLimit: orderLimit)
    }

    private static func catalogue() throws -> Catalogue {
        let series = { (right: OptionRight) in
            OptionSeries(
                expiry: expiry, strike: IndexPrice(micros: 50_000 * million), right: right)
        }
        return try Catalogue(
            compartments: [CatalogueFixture.compartment("MAIN")],
            underlyings: [
                Underlying(
                    symbol: CatalogueFixture.symbol("BTC"),
                    quoteCurrency: CatalogueFixture.symbol("USD"), fractionBits: 8,
                    maximumIndexPrice: IndexPrice(micros: 400_000 * million),
                    listingPrice: IndexPrice(micros: 400_000 * million))
            ],
            instruments: [
                instrument("BTC-PERP", .perpetual),
                instrument("BTC-16JUN25-50000-C", .option(series(.call))),
                instrument("BTC-16JUN25-50000-P", .option(series(.put))),
                instrument("BTC-SPOT", .spot),
            ],
            feeTiers: [FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))])
    }

    private static func instrument(_ name: String, _ kind: InstrumentKind) -> Instrument {
        Instrument(
            symbol: CatalogueFixture.symbol(name), underlying: UnderlyingIdentifier(0),
            compartment: CompartmentIdentifier(0), tickSize: IndexPrice(micros: 500_000),
            lotSize: million, maximumPrice: Price(ticks: 800_000),
            maximumOrderQuantity: Quantity(lots: 10_000), positionLimit: Quantity(lots: 40_000),
            openInterestLimit: Quantity(lots: 600_000), priceBand: Ratio(basisPoints: 200),
            kind: kind)
    }

    private static let oracle = OracleParameters(
        quorum: Ratio(basisPoints: 6_000), liquidationAge: .seconds(5),
        reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
        stableHourlyMove: Ratio(basisPoints: 2_000),
        settlement: SettlementParameters(
            window: .seconds(60), coverage: Ratio(basisPoints: 8_000),
            observationWeight: .seconds(15)))

    private static let perpetual = PerpetualParameters(
        premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 20_000 * million), interest: Ratio(basisPoints: 1),
        interestClamp: Ratio(basisPoints: 5), fundingCap: Ratio(basisPoints: 75))
}
