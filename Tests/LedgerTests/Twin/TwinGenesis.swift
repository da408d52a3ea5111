/// The venue that the twins share: two markets on one underlying, one on another, and one in a
/// compartment where nobody has an account; in several characters, so that each limit binds in some
/// of the lives.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

/// What differs between the lives of two twins.
struct TwinCharacter {
    /// Micro-dollars at which the underlyings start, and that they never pass.
    var prices: [Int64] = [100_000_000, 3_000_000]
    var ceilings: [Int64] = [200_000_000, 6_000_000]
    var band = Ratio(basisPoints: 200)
    var positionLimit: Int64 = 2_000
    var openInterestLimit: Int64 = 6_000
    var orderLimit: UInt16 = 60
    var openingAuction = Duration.zero
    /// The accounts belong to so many owners in turn.
    var owners = TwinRun.accounts - 1
    /// Of all orders, the share in percent that only reduces, and that is protected.
    var reducing: Int64 = 15
    var protected: Int64 = 20

    /// The character of a seed: the plain one, or one in which something is scarce.
    init(seed: UInt64) {
        switch seed % 8 {
        case 1: openInterestLimit = 60
        case 2: positionLimit = 60
        case 3: orderLimit = 9
        case 4:
            // A few ticks from nothing, and a few from the highest price.
            prices = [100_000_000, 60_000]
            ceilings = [101_000_000, 90_000]
            band = Ratio(basisPoints: 9_500)
        case 5: (openingAuction, owners) = (.seconds(20), 2)
        case 6: reducing = 50
        case 7: protected = 70
        default: break
        }
        if positionLimit > openInterestLimit { positionLimit = openInterestLimit }
    }
}

enum TwinGenesis {
    /// Of each underlying.
    static let lotSizes: [Int64] = [1_000_000_000, 10_000_000_000]
    static let largestOrder: Int64 = 300

    static func genesis(_ character: TwinCharacter) throws -> Genesis {
        try Genesis(
            name: TestGenesis.symbol("twins"), time: TestGenesis.start,
            custodian: TestKeys.custodian, operator: TestKeys.operator,
            publishers: (0..<3).map { Publisher(key: TestKeys.publisher($0), weight: 1) },
            catalogue: catalogue(character), oracles: [oracle, oracle],
            margins: [margin, margin], perpetuals: [perpetual, perpetual, perpetual, perpetual],
            liquidation: .standard, pricingStep: .seconds(1), orderLimit: character.orderLimit,
            openingAuction: character.openingAuction)
    }

    private static func catalogue(_ character: TwinCharacter) throws -> Catalogue {
        try Catalogue(
            compartments: ["MAIN", "SIDE"].map { name in
                Compartment(
                    symbol: TestGenesis.symbol(name), asset: TestGenesis.symbol("USDC"),
                    vaultLimit: Amount(microunits: 1 << 55),
                    insuranceShare: Ratio(basisPoints: 2_000),
                    insuranceTarget: Amount(microunits: 1 << 50),
                    insuranceDailyShare: Ratio(basisPoints: 5_000),
                    insuranceAccountShare: Ratio(basisPoints: 50),
                    debt: DebtTerms(
                        accountLimit: Amount(microunits: 1 << 55), vaultShare: .one,
                        interest: .zero))
            },
            underlyings: zip(["AAA", "BBB"], character.ceilings).map { name, ceiling in
                Underlying(
                    symbol: TestGenesis.symbol(name), quoteCurrency: TestGenesis.symbol("USD"),
                    fractionBits: 8, maximumIndexPrice: IndexPrice(micros: ceiling),
                    listingPrice: IndexPrice(micros: ceiling))
            },
            instruments: [
                instrument("AAA-ONE", 0, 0, tick: 10_000, character),
                instrument("AAA-TWO", 0, 0, tick: 50_000, character),
                instrument("BBB-ONE", 1, 0, tick: 10_000, character),
                instrument("AAA-SIDE", 0, 1, tick: 10_000, character),
            ],
            feeTiers: [
                FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5)),
                FeeTier(maker: Ratio(billionths: -50_001), taker: Ratio(billionths: 400_003)),
                FeeTier(maker: .zero, taker: Ratio(basisPoints: 3)),
            ])
    }

    private static func instrument(
        _ name: String, _ underlying: Int, _ home: UInt16, tick: Int64,
        _ character: TwinCharacter
    ) -> Instrument {
        Instrument(
            symbol: TestGenesis.symbol(name), underlying: UnderlyingIdentifier(UInt16(underlying)),
            compartment: CompartmentIdentifier(home), tickSize: IndexPrice(micros: tick),
            lotSize: lotSizes[underlying],
            maximumPrice: Price(ticks: character.ceilings[underlying] / tick),
            maximumOrderQuantity: Quantity(lots: min(largestOrder, character.positionLimit)),
            positionLimit: Quantity(lots: character.positionLimit),
            openInterestLimit: Quantity(lots: character.openInterestLimit),
            priceBand: character.band)
    }

    private static let oracle = OracleParameters(
        quorum: Ratio(basisPoints: 6_000), liquidationAge: .seconds(5),
        reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
        stableHourlyMove: Ratio(basisPoints: 2_000))

    private static let margin = MarginParameters.rampart(
        move: Ratio(basisPoints: 600), orderFloor: Ratio(basisPoints: 100))

    private static let perpetual = PerpetualParameters(
        premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 2_000 * TestGenesis.million),
        interest: Ratio(basisPoints: 1), interestClamp: Ratio(basisPoints: 5),
        fundingCap: Ratio(basisPoints: 75))
}
