/// The genesis of the small venue.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Oracle
import Risk

extension CertificateVenue {
    static func genesis(
        _ accountShare: Ratio, _ name: String, _ liquidation: LiquidationParameters,
        _ safeguards: Safeguards
    ) throws -> Genesis {
        let bitcoin = MarginParameters.rampart(
            move: Ratio(basisPoints: 600), orderFloor: Ratio(basisPoints: 100))
        let ether = MarginParameters.rampart(
            move: Ratio(basisPoints: 800), orderFloor: Ratio(basisPoints: 100))
        let oracle = OracleParameters(
            quorum: Ratio(basisPoints: 6_000), liquidationAge: .seconds(5),
            reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
            stableHourlyMove: Ratio(basisPoints: 2_000), settlement: .standard,
            surface: .standard, aggregation: .plain)
        let perpetual = PerpetualParameters(
            premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
            impactNotional: Amount(microunits: 20_000 * million), interest: Ratio(basisPoints: 1),
            interestClamp: Ratio(basisPoints: 5), fundingCap: Ratio(basisPoints: 75))
        return try Genesis(
            name: symbol(name), time: start, custodian: key("custodian"),
            operator: key("operator"),
            publishers: [Publisher(key: key("publisher"), weight: 10)],
            catalogue: try catalogue(accountShare), oracles: [oracle, oracle],
            margins: [bitcoin, ether], perpetuals: [perpetual, perpetual],
            liquidation: liquidation, pricingStep: .seconds(1), orderLimit: 20,
            safeguards: safeguards)
    }

    private static func catalogue(_ accountShare: Ratio) throws -> Catalogue {
        func option(_ right: OptionRight) -> InstrumentKind {
            .option(
                OptionSeries(
                    expiry: expiry, strike: IndexPrice(micros: 50_000 * million), right: right))
        }
        return try Catalogue(
            compartments: [
                Compartment(
                    symbol: symbol("MAIN"), asset: symbol("USDC"),
                    vaultLimit: Amount(microunits: 1_000_000_000 * million),
                    insuranceShare: Ratio(basisPoints: 2_000),
                    insuranceTarget: Amount(microunits: 1_000_000 * million),
                    insuranceDailyShare: Ratio(basisPoints: 5_000),
                    insuranceAccountShare: accountShare,
                    debt: DebtTerms(
                        accountLimit: Amount(microunits: 1_000_000 * million), vaultShare: .one,
                        interest: Ratio(basisPoints: 1_000)))
            ],
            underlyings: [
                underlying("BTC", highest: 400_000), underlying("ETH", highest: 20_000),
            ],
            instruments: [
                instrument("BTC-PERP", 0, tick: 500_000, lot: million),
                instrument("ETH-PERP", 1, tick: 50_000, lot: 10 * million),
                instrument(
                    "BTC-16JUN25-50000-C", 0, tick: 500_000, lot: million, kind: option(.call)),
                instrument(
                    "BTC-16JUN25-50000-P", 0, tick: 500_000, lot: million, kind: option(.put)),
            ],
            feeTiers: [FeeTier(maker: Ratio(basisPoints: 1), taker: Ratio(basisPoints: 5))])
    }

    private static func underlying(_ name: String, highest dollars: Int64) -> Underlying {
        Underlying(
            symbol: symbol(name), quoteCurrency: symbol("USD"), fractionBits: 8,
            maximumIndexPrice: IndexPrice(micros: dollars * million),
            listingPrice: IndexPrice(micros: dollars * million))
    }

    private static func instrument(
        _ name: String, _ underlying: UInt16, tick: Int64, lot: Int64,
        kind: InstrumentKind = .perpetual
    ) -> Instrument {
        let limit: Int64 = kind == .perpetual ? 400_000 : 40_000
        return Instrument(
            symbol: symbol(name), underlying: UnderlyingIdentifier(underlying), compartment: main,
            tickSize: IndexPrice(micros: tick), lotSize: lot, maximumPrice: Price(ticks: 800_000),
            maximumOrderQuantity: Quantity(lots: limit / 4), positionLimit: Quantity(lots: limit),
            openInterestLimit: Quantity(lots: 600_000), priceBand: Ratio(basisPoints: 200),
            kind: kind)
    }

    static func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(Array(text.uppercased().utf8)) else {
            preconditionFailure("'\(text)' is a symbol")
        }
        return symbol
    }
}
