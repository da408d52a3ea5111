/// A small valid catalogue that the tests of several rooms start from: two compartments, two
/// underlyings, three perpetuals, three fee tiers, the last with a rebate for makers.
public import Canonical
public import Catalogue
public import FixedPoint

/// Parts of a valid catalogue, each with parameters to break it by.
public enum CatalogueFixture {
    public static func symbol(_ text: String) -> Symbol {
        guard let symbol = Symbol(Array(text.utf8)) else {
            preconditionFailure("Invariant: '\(text)' is a symbol")
        }
        return symbol
    }

    public static func compartment(
        _ name: String = "MAJORS", vaultLimit: Int64 = 1_000_000_000_000_000,
        insuranceShare: Int64 = 200_000_000, insuranceTarget: Int64 = 1_000_000_000_000,
        daily: Int64 = 50_000_000, account: Int64 = 5_000_000, debt: DebtTerms = .none
    ) -> Compartment {
        Compartment(
            symbol: symbol(name), asset: symbol("USDC"),
            vaultLimit: Amount(microunits: vaultLimit),
            insuranceShare: Ratio(billionths: insuranceShare),
            insuranceTarget: Amount(microunits: insuranceTarget),
            insuranceDailyShare: Ratio(billionths: daily),
            insuranceAccountShare: Ratio(billionths: account), debt: debt)
    }

    public static func underlying(
        _ name: String = "BTC", fractionBits: Int64 = 8, maximum: Int64 = 1_000_000_000_000,
        listing: Int64? = nil
    ) -> Underlying {
        Underlying(
            symbol: symbol(name), quoteCurrency: symbol("USD"), fractionBits: fractionBits,
            maximumIndexPrice: IndexPrice(micros: maximum),
            listingPrice: IndexPrice(micros: listing ?? maximum))
    }

    /// One tick on one lot is worth ten micro-units, the dearest lot $100.
    public static func instrument(
        _ name: String = "BTC-PERP", underlying: UInt16 = 0, compartment: UInt16 = 0,
        tick: Int64 = 100_000, lot: Int64 = 100_000, maximumPrice: Int64 = 10_000_000,
        order: Int64 = 100_000, position: Int64 = 1_000_000, interest: Int64 = 10_000_000,
        band: Int64 = 20_000_000, kind: InstrumentKind = .perpetual
    ) -> Instrument {
        Instrument(
            symbol: symbol(name), underlying: UnderlyingIdentifier(underlying),
            compartment: CompartmentIdentifier(compartment), tickSize: IndexPrice(micros: tick),
            lotSize: lot, maximumPrice: Price(ticks: maximumPrice),
            maximumOrderQuantity: Quantity(lots: order), positionLimit: Quantity(lots: position),
            openInterestLimit: Quantity(lots: interest), priceBand: Ratio(billionths: band),
            kind: kind)
    }

    /// 08:00 UTC, so many days after 2025-06-15.
    public static func expiry(day: UInt64) -> Timestamp {
        Timestamp(nanoseconds: (20_254 + day) * 86_400_000_000_000 + 28_800_000_000_000)
    }

    /// A call or put on BTC.
    public static func option(
        _ name: String, _ right: OptionRight, day: UInt64 = 1, strike: Int64 = 50_000_000_000,
        maximumPrice: Int64 = 10_000_000, position: Int64 = 1_000
    ) -> Instrument {
        instrument(
            name, maximumPrice: maximumPrice, order: 1_000, position: position,
            kind: .option(
                OptionSeries(
                    expiry: expiry(day: day), strike: IndexPrice(micros: strike), right: right)))
    }

    public static func tier(maker: Int64, taker: Int64) -> FeeTier {
        FeeTier(maker: Ratio(billionths: maker), taker: Ratio(billionths: taker))
    }

    public static let compartments = [compartment(), compartment("LONGTAIL")]

    public static let underlyings = [
        underlying(), underlying("ETH", fractionBits: 6, maximum: 100_000_000_000),
    ]

    public static let instruments = [
        instrument(),
        instrument("ETH-PERP", underlying: 1, tick: 10_000, lot: 1_000_000),
        instrument(
            "BTC-MINI", compartment: 1, tick: 1_000_000, lot: 10_000, maximumPrice: 1_000_000),
    ]

    public static let feeTiers = [
        tier(maker: 100_000, taker: 500_000), tier(maker: 0, taker: 300_000),
        tier(maker: -100_000, taker: 250_000),
    ]

    public static func catalogue(
        compartments: [Compartment] = compartments, underlyings: [Underlying] = underlyings,
        instruments: [Instrument] = instruments, feeTiers: [FeeTier] = feeTiers
    ) throws(CatalogueFault) -> Catalogue {
        try Catalogue(
            compartments: compartments, underlyings: underlyings, instruments: instruments,
            feeTiers: feeTiers)
    }
}
