/// Every fault of the catalogue, by the smallest change of a valid one, and beside each limit the
/// value just inside, which is accepted.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Testing

/// The valid catalogue with one list replaced.
struct CatalogueRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var compartments = CatalogueFixture.compartments
    var underlyings = CatalogueFixture.underlyings
    var instruments = CatalogueFixture.instruments
    var feeTiers = CatalogueFixture.feeTiers
    var fault: CatalogueFault?

    private init(_ name: String, _ fault: CatalogueFault?) {
        testDescription = name
        self.fault = fault
    }

    /// The first compartment, or the whole list, replaced.
    static func row(
        _ name: String, _ compartments: [Compartment],
        _ field: CatalogueFault.Field? = nil, _ reason: CatalogueFault.Reason = .outOfRange,
        at index: Int = 0
    ) -> CatalogueRow {
        var row = CatalogueRow(
            name, field.map { CatalogueFault(.compartments, index, $0, reason) })
        row.compartments = compartments
        return row
    }

    static func row(
        _ name: String, _ underlyings: [Underlying],
        _ field: CatalogueFault.Field? = nil, _ reason: CatalogueFault.Reason = .outOfRange,
        at index: Int = 0
    ) -> CatalogueRow {
        var row = CatalogueRow(name, field.map { CatalogueFault(.underlyings, index, $0, reason) })
        row.underlyings = underlyings
        return row
    }

    static func row(
        _ name: String, _ instruments: [Instrument],
        _ field: CatalogueFault.Field? = nil, _ reason: CatalogueFault.Reason = .outOfRange,
        at index: Int = 0
    ) -> CatalogueRow {
        var row = CatalogueRow(name, field.map { CatalogueFault(.instruments, index, $0, reason) })
        row.instruments = instruments
        return row
    }

    static func row(
        _ name: String, _ feeTiers: [FeeTier],
        _ field: CatalogueFault.Field? = nil, _ reason: CatalogueFault.Reason = .outOfRange,
        at index: Int = 0
    ) -> CatalogueRow {
        var row = CatalogueRow(name, field.map { CatalogueFault(.feeTiers, index, $0, reason) })
        row.feeTiers = feeTiers
        return row
    }
}

private typealias Fixture = CatalogueFixture

private func compartments(_ count: Int) -> [Compartment] {
    (0..<count).map { Fixture.compartment("C\($0)") }
}

private func underlyings(_ count: Int) -> [Underlying] {
    (0..<count).map { Fixture.underlying("U\($0)", maximum: 100_000_000_000) }
}

private func instruments(_ count: Int) -> [Instrument] {
    (0..<count).map {
        Fixture.instrument("I\($0)", order: 1, position: 1, interest: 1)
    }
}

private func future(_ expiry: Timestamp) -> Instrument {
    Fixture.instrument(kind: .future(expiry: expiry))
}

private let eight = Fixture.expiry(day: 1)

private func pair(_ call: Instrument, _ put: Instrument) -> [Instrument] { [call, put] }

private let kindRows: [CatalogueRow] = [
    .row("a future", [future(eight)]),
    .row(
        "a future a nanosecond early", [future(Timestamp(nanoseconds: eight.nanoseconds - 1))],
        .expiry, .offTime),
    .row(
        "a future a nanosecond late", [future(Timestamp(nanoseconds: eight.nanoseconds + 1))],
        .expiry, .offTime),
    .row(
        "a future twice",
        [future(eight), Fixture.instrument("B", kind: .future(expiry: eight))], .kind,
        .duplicate, at: 1),
    .row(
        "a future in two compartments",
        [future(eight), Fixture.instrument("B", compartment: 1, kind: .future(expiry: eight))]),
    .row(
        "spot twice", [Fixture.instrument(kind: .spot), Fixture.instrument("B", kind: .spot)],
        .kind, .duplicate, at: 1),
    .row("a pair", [Fixture.option("C", .call), Fixture.option("P", .put)]),
    .row("a call alone", [Fixture.option("C", .call)], .kind, .unpaired),
    .row("a put alone", [Fixture.option("P", .put)], .kind, .unpaired),
    .row(
        "the put first", [Fixture.option("P", .put), Fixture.option("C", .call)], .kind, .unpaired),
    .row(
        "two strikes", [Fixture.option("C", .call), Fixture.option("P", .put, strike: 1)], .kind,
        .unpaired),
    .row(
        "two expiries", [Fixture.option("C", .call), Fixture.option("P", .put, day: 2)], .kind,
        .unpaired),
    .row(
        "two limits", [Fixture.option("C", .call), Fixture.option("P", .put, position: 1_001)],
        .kind, .unpaired),
    .row(
        "no strike",
        [Fixture.option("C", .call, strike: 0), Fixture.option("P", .put, strike: 0)], .strike),
    .row(
        "the lowest strike",
        [Fixture.option("C", .call, strike: 1), Fixture.option("P", .put, strike: 1)]),
    .row(
        "the highest strike",
        [
            Fixture.option("C", .call, strike: 1_000_000_000_000),
            Fixture.option("P", .put, strike: 1_000_000_000_000),
        ]),
    .row(
        "a strike beyond the highest index",
        [
            Fixture.option("C", .call, strike: 1_000_000_000_001),
            Fixture.option("P", .put, strike: 1_000_000_000_001),
        ], .strike),
]

/// One lot of 10⁹ µ at the highest price: with no fraction bits 2⁵³ µ are 9,007,199 lots of it, and
/// with two, 2⁵⁷ quarters are 36,028,797 lots; 2⁵⁶ µ are 72,057,594.
private func wide(_ name: String, _ underlying: Int, _ position: Int64) -> Instrument {
    Fixture.instrument(
        name, underlying: UInt16(underlying), maximumPrice: 100_000_000, order: 1,
        position: position, interest: 1 << 40)
}

private func venue(
    _ name: String, fractionBits: Int64, _ positions: [[Int64]],
    _ reason: CatalogueFault.Reason? = nil, at index: Int = 0
) -> CatalogueRow {
    var instruments: [Instrument] = []
    for (underlying, list) in positions.enumerated() {
        for position in list {
            instruments.append(wide("I\(instruments.count)", underlying, position))
        }
    }
    var row = CatalogueRow.row(
        name, instruments, reason == nil ? nil : .positionLimit, reason ?? .outOfRange, at: index)
    row.underlyings = positions.indices.map {
        Fixture.underlying("U\($0)", fractionBits: fractionBits)
    }
    return row
}

private let most: Int64 = 9_007_199

private let notionalRows: [CatalogueRow] = [
    venue("the largest instrument", fractionBits: 0, [[most]]),
    venue("too large an instrument", fractionBits: 0, [[most + 1]], .notionalTooLarge),
    venue("largest underlying", fractionBits: 2, [[most, most, most, most]]),
    venue(
        "too large an underlying", fractionBits: 2, [[most, most, most, most, 2]],
        .notionalTooLarge, at: 4),
    venue("the last of it", fractionBits: 2, [[most, most, most, most, 1]]),
    venue(
        "the largest venue", fractionBits: 2,
        [[most, most, most, most], [most, most, most, most, 1]]),
    venue(
        "too large a venue", fractionBits: 2,
        [[most, most, most, most], [most, most, most, most], [3]], .venueTooLarge, at: 8),
]

private func tiers(_ count: Int) -> [FeeTier] {
    [FeeTier](repeating: Fixture.tier(maker: 0, taker: 50_000), count: count)
}

private func second(_ compartment: Compartment) -> [Compartment] {
    [Fixture.compartments[0], compartment]
}

private func second(_ underlying: Underlying) -> [Underlying] {
    [Fixture.underlyings[0], underlying]
}

private func debt(limit: Int64 = 0, share: Int64 = 0, interest: Int64 = 0) -> Compartment {
    Fixture.compartment(
        "L",
        debt: DebtTerms(
            accountLimit: Amount(microunits: limit), vaultShare: Ratio(billionths: share),
            interest: Ratio(billionths: interest)))
}

private let compartmentRows: [CatalogueRow] = [
    .row("no compartment", compartments(0), .count),
    .row("256 compartments", compartments(256)),
    .row("257 compartments", compartments(257), .count, at: 257),
    .row("a compartment twice", second(Fixture.compartment()), .symbol, .duplicate, at: 1),
    .row("no vault", second(Fixture.compartment("L", vaultLimit: 0)), .vaultLimit, at: 1),
    .row("least vault", second(Fixture.compartment("L", vaultLimit: 1, insuranceTarget: 1))),
    .row("largest vault", second(Fixture.compartment("L", vaultLimit: 1 << 56))),
    .row(
        "vault too large", second(Fixture.compartment("L", vaultLimit: 1 << 56 + 1)), .vaultLimit,
        at: 1),
    .row(
        "insurance share below zero", second(Fixture.compartment("L", insuranceShare: -1)),
        .insuranceShare, at: 1),
    .row("no insurance share", second(Fixture.compartment("L", insuranceShare: 0))),
    .row("all is insurance", second(Fixture.compartment("L", insuranceShare: 1_000_000_000))),
    .row(
        "more than all is insurance",
        second(Fixture.compartment("L", insuranceShare: 1_000_000_001)), .insuranceShare, at: 1),
    .row(
        "target below zero", second(Fixture.compartment("L", insuranceTarget: -1)),
        .insuranceTarget, at: 1),
    .row(
        "target is the vault",
        second(Fixture.compartment("L", vaultLimit: 5, insuranceTarget: 5))),
    .row(
        "target beyond the vault",
        second(Fixture.compartment("L", vaultLimit: 5, insuranceTarget: 6)), .insuranceTarget,
        at: 1),
    .row("no daily share", second(Fixture.compartment("L", daily: 0))),
    .row(
        "daily share below zero", second(Fixture.compartment("L", daily: -1)),
        .insuranceDailyShare, at: 1),
    .row(
        "daily share above one", second(Fixture.compartment("L", daily: 1_000_000_001)),
        .insuranceDailyShare, at: 1),
    .row("account share one", second(Fixture.compartment("L", account: 1_000_000_000))),
    .row(
        "account share below zero", second(Fixture.compartment("L", account: -1)),
        .insuranceAccountShare, at: 1),
    .row(
        "account share above one", second(Fixture.compartment("L", account: 1_000_000_001)),
        .insuranceAccountShare, at: 1),
    .row("a debt of the whole vault", second(debt(limit: 1_000_000_000_000_000))),
    .row(
        "a debt beyond the vault", second(debt(limit: 1_000_000_000_000_001)), .debtLimit, at: 1),
    .row("a debt below zero", second(debt(limit: -1)), .debtLimit, at: 1),
    .row("the whole vault for debts", second(debt(share: 1_000_000_000))),
    .row("more than the vault for debts", second(debt(share: 1_000_000_001)), .debtShare, at: 1),
    .row("less than nothing for debts", second(debt(share: -1)), .debtShare, at: 1),
    .row("interest of one", second(debt(interest: 1_000_000_000))),
    .row("interest above one", second(debt(interest: 1_000_000_001)), .debtInterest, at: 1),
    .row("interest below zero", second(debt(interest: -1)), .debtInterest, at: 1),
]

private let underlyingRows: [CatalogueRow] = [
    .row("no underlying", underlyings(0), .count),
    .row("64 underlyings", underlyings(64)),
    .row("65 underlyings", underlyings(65), .count, at: 65),
    .row("an underlying twice", second(Fixture.underlying()), .symbol, .duplicate, at: 1),
    .row(
        "no fraction bits",
        second(Fixture.underlying("E", fractionBits: 0, maximum: 100_000_000_000))),
    .row(
        "fraction bits below zero", second(Fixture.underlying("E", fractionBits: -1)),
        .fractionBits, at: 1),
    .row(
        "eight fraction bits",
        second(Fixture.underlying("E", fractionBits: 8, maximum: 100_000_000_000))),
    .row(
        "nine fraction bits", second(Fixture.underlying("E", fractionBits: 9)), .fractionBits, at: 1
    ),
    .row(
        "no highest index", second(Fixture.underlying("E", maximum: 0)), .maximumIndexPrice, at: 1),
    .row(
        "no listing price", second(Fixture.underlying("E", listing: 0)), .listingPrice, at: 1),
    .row(
        "a listing price beyond the highest",
        second(Fixture.underlying("E", maximum: 1_000, listing: 1_001)), .listingPrice, at: 1),
]

private let instrumentRows: [CatalogueRow] = [
    .row("no instrument", instruments(0), .count),
    .row("4096 instruments", instruments(4_096)),
    .row("4097 instruments", instruments(4_097), .count, at: 4_097),
    .row(
        "an instrument twice", [Fixture.instrument(), Fixture.instrument()], .symbol, .duplicate,
        at: 1),
    .row("an unknown underlying", [Fixture.instrument(underlying: 2)], .underlying, .unknown),
    .row("the last underlying", [Fixture.instrument(underlying: 1)]),
    .row("an unknown compartment", [Fixture.instrument(compartment: 2)], .compartment, .unknown),
    .row("the last compartment", [Fixture.instrument(compartment: 1)]),
    .row("no tick", [Fixture.instrument(tick: 0)], .tickSize),
    .row("no lot", [Fixture.instrument(lot: 0)], .lotSize),
    .row(
        "a tick value that is not whole", [Fixture.instrument(lot: 100_001)], .lotSize,
        .tickValueNotWhole),
    .row("no highest price", [Fixture.instrument(maximumPrice: 0)], .maximumPrice),
    .row(
        "a grid below the highest index", [Fixture.instrument(maximumPrice: 9_999_999)],
        .maximumPrice, .gridTooShort),
    .row("no order quantity", [Fixture.instrument(order: 0)], .maximumOrderQuantity),
    .row("an order as large as the limit", [Fixture.instrument(order: 1_000_000)]),
    .row(
        "an order beyond the limit", [Fixture.instrument(order: 1_000_001)],
        .maximumOrderQuantity),
    .row("a limit as large as the interest", [Fixture.instrument(interest: 1_000_000)]),
    .row("a limit beyond the interest", [Fixture.instrument(interest: 999_999)], .positionLimit),
    .row("the largest interest", [Fixture.instrument(interest: 1 << 48 - 1)]),
    .row("too large an interest", [Fixture.instrument(interest: 1 << 48)], .openInterestLimit),
    .row("no band", [Fixture.instrument(band: 0)], .priceBand),
    .row("the widest band", [Fixture.instrument(band: 999_999_999)]),
    .row("too wide a band", [Fixture.instrument(band: 1_000_000_000)], .priceBand),
]

/// One tick on one lot is worth 10 µ, so 107,374,182 ticks are the last below 2³⁰ µ; 2⁴⁹ µ are
/// 562,949 lots of 10⁹ µ.
private let boundRows: [CatalogueRow] = [
    .row("the dearest lot", [Fixture.instrument(maximumPrice: 107_374_182, position: 500_000)]),
    .row(
        "too dear a lot", [Fixture.instrument(maximumPrice: 107_374_183, position: 500_000)],
        .lotSize, .lotTooLarge),
    .row("largest notional", [Fixture.instrument(maximumPrice: 100_000_000, position: 562_949)]),
    .row(
        "too large a notional", [Fixture.instrument(maximumPrice: 100_000_000, position: 562_950)],
        .positionLimit, .notionalTooLarge),
    .row(
        "largest notional together",
        [
            Fixture.instrument(maximumPrice: 100_000_000, position: 500_000),
            Fixture.instrument("B", maximumPrice: 100_000_000, order: 1, position: 62_949),
        ]),
    .row(
        "too large a notional together",
        [
            Fixture.instrument(maximumPrice: 100_000_000, position: 500_000),
            Fixture.instrument("B", maximumPrice: 100_000_000, order: 1, position: 62_950),
        ], .positionLimit, .notionalTooLarge, at: 1),
    .row(
        "fields that no product of three holds",
        [
            Fixture.instrument(
                tick: 9_000_000_000_000_000_000, lot: .max, maximumPrice: .max, order: 1,
                position: 1)
        ], .lotSize, .lotTooLarge),
]

private let feeRows: [CatalogueRow] = [
    .row("no fee tier", tiers(0), .count),
    .row("64 fee tiers", tiers(64)),
    .row("65 fee tiers", tiers(65), .count, at: 65),
    .row("largest fees", [Fixture.tier(maker: 10_000_000, taker: 10_000_000)]),
    .row("too large a maker fee", [Fixture.tier(maker: 10_000_001, taker: 10_000_000)], .maker),
    .row(
        "largest rebate, but it leaves nothing",
        [Fixture.tier(maker: -10_000_000, taker: 10_000_000)],
        .taker, .tradeWithoutFee),
    .row("too large a rebate", [Fixture.tier(maker: -10_000_001, taker: 10_000_000)], .maker),
    .row("too large a taker fee", [Fixture.tier(maker: 0, taker: 10_000_001)], .taker),
    .row("a taker rebate", [Fixture.tier(maker: 1_000_000, taker: -1)], .taker),
    .row("half a basis point", [Fixture.tier(maker: -50_000, taker: 100_000)]),
    .row(
        "less than half a basis point", [Fixture.tier(maker: -50_001, taker: 100_000)], .taker,
        .tradeWithoutFee),
    .row(
        "another tier's rebate leaves less",
        [Fixture.tier(maker: -50_000, taker: 100_000), Fixture.tier(maker: 0, taker: 99_999)],
        .taker, .tradeWithoutFee, at: 1),
]

@Test(
    arguments:
        compartmentRows + underlyingRows + instrumentRows + kindRows + boundRows + notionalRows
        + feeRows)
private func aCatalogueIsRefusedForTheNamedReasonOnly(_ row: CatalogueRow) {
    var fault: CatalogueFault?
    do {
        _ = try Catalogue(
            compartments: row.compartments, underlyings: row.underlyings,
            instruments: row.instruments, feeTiers: row.feeTiers)
    } catch {
        fault = error
    }
    #expect(fault == row.fault)
}

/// An asset of a hundredth of a cent is listed with lots of a dollar: the bound counts what a lot
/// is worth, not what rounding makes of it.
@Test func aCheapAssetIsListedWithLotsOfADollar() throws {
    let cheap = CatalogueFixture.underlying("CHEAP", maximum: 100)
    let instrument = CatalogueFixture.instrument(
        "CHEAP-PERP", tick: 1, lot: 10_000_000_000_000, maximumPrice: 100, order: 1_000,
        position: 1_000_000)
    #expect(instrument.tickValue == 10_000)
    _ = try Catalogue(
        compartments: CatalogueFixture.compartments, underlyings: [cheap],
        instruments: [instrument], feeTiers: CatalogueFixture.feeTiers)
}
