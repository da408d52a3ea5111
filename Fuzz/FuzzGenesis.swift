/// The venue that the bytes steer: two compartments, two underlyings, three perpetuals, three
/// publishers, and keys that mean nothing, since every signature but one is taken for good.

import Canonical
import Catalogue
import CatalogueKit
import Cryptography
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

/// Takes every signature for good but the one that is all ones, so that both verdicts are met.
struct Gullible: SignatureVerifier {
    static let refused = Signature(r: ones, s: ones)
    static let accepted = Signature(r: Bytes32(), s: Bytes32())

    private static let ones = Bytes32([UInt8](repeating: .max, count: 32))

    func verify(_ statements: [SignedStatement]) -> [Bool] {
        statements.map { $0.signature != .ed25519(Gullible.refused) }
    }
}

enum FuzzGenesis {
    /// Dollars at which a published price starts, by underlying.
    static let openingPrices: [Int64] = [50_000_000_000, 2_500_000_000]

    /// The asset that can be collateral.
    static let spot = InstrumentIdentifier(3)

    static let standard: Genesis = {
        do {
            return try make()
        } catch {
            fail("the genesis of the venue is refused: \(error)")
        }
    }()

    static func key(_ number: Int) -> PublicKey {
        PublicKey(Bytes32([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32)))
    }

    private static func make() throws -> Genesis {
        let perpetual = PerpetualParameters(
            premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
            impactNotional: Amount(microunits: 2_000_000_000), interest: Ratio(basisPoints: 1),
            interestClamp: Ratio(basisPoints: 5), fundingCap: Ratio(basisPoints: 75))
        var aggregation = AggregationParameters.longTail
        aggregation.minimumVenues = 1
        aggregation.venueCap = .one
        let oracle = OracleParameters(
            quorum: Ratio(basisPoints: 6_000), liquidationAge: .seconds(5),
            reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
            stableHourlyMove: Ratio(basisPoints: 2_000), aggregation: aggregation)
        return try Genesis(
            name: CatalogueFixture.symbol("FUZZ"),
            time: Timestamp(nanoseconds: 1_749_990_600 * 1_000_000_000),
            custodian: key(201), operator: key(202),
            publishers: (0..<3).map { Publisher(key: key(210 + $0), weight: 4) },
            catalogue: CatalogueFixture.catalogue(
                compartments: ["MAJORS", "LONGTAIL"].map {
                    CatalogueFixture.compartment(
                        $0,
                        debt: DebtTerms(
                            accountLimit: Amount(microunits: 100_000_000),
                            vaultShare: Ratio(basisPoints: 2_500), interest: .one))
                },
                instruments: [
                    CatalogueFixture.instrument(position: 200_000, interest: 250_000),
                    CatalogueFixture.instrument(
                        "ETH-PERP", underlying: 1, tick: 10_000, lot: 1_000_000),
                    CatalogueFixture.instrument(
                        "BTC-MINI", compartment: 1, tick: 1_000_000, lot: 10_000,
                        maximumPrice: 1_000_000),
                    CatalogueFixture.instrument("BTC-SPOT", position: 100_000, kind: .spot),
                ]),
            oracles: [oracle, oracle],
            margins: [
                .rampart(move: Ratio(basisPoints: 600)), .rampart(move: Ratio(basisPoints: 800)),
            ],
            perpetuals: [perpetual, perpetual, perpetual], liquidation: .standard,
            pricingStep: .seconds(1), orderLimit: 12,
            safeguards: Safeguards(sources: [
                PriceSource(name: CatalogueFixture.symbol("direct"), venue: 1),
                PriceSource(
                    name: CatalogueFixture.symbol("converted"), venue: 2,
                    quote: UnderlyingIdentifier(1)),
            ]))
    }
}
