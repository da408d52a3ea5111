/// Listing and retiring while the venue runs: what is refused, what is counted, what a rule wants.
import Canonical
import Catalogue
import CatalogueKit
import FixedPoint
import Testing

private typealias Fixture = CatalogueFixture

private let underlying = UnderlyingIdentifier(0)

private func terms(
    position: Int64 = 1_000, tick: Int64 = 100_000, lot: Int64 = 100_000,
    maximumPrice: Int64 = 10_000_000
) -> ContractTerms {
    Fixture.instrument(
        tick: tick, lot: lot, maximumPrice: maximumPrice, order: min(1_000, position),
        position: position
    ).terms
}

private func pair(day: UInt64 = 1, strike: Int64 = 50_000_000_000) -> DatedContract {
    .pair(expiry: Fixture.expiry(day: day), strike: IndexPrice(micros: strike))
}

private func instruments(
    _ contract: DatedContract, _ terms: ContractTerms = terms()
) -> [Instrument] {
    terms.instruments(of: contract, on: underlying, named: Fixture.symbol("BTC")) ?? []
}

@Test func aPairIsListedBehindAllOthersAndNamedByItsTerms() throws {
    var catalogue = try Fixture.catalogue()
    try catalogue.list(instruments(pair()))
    #expect(catalogue.live.map(\.number) == [0, 1, 2, 3, 4])
    #expect(
        catalogue.instruments[3...].map { String(decoding: $0.symbol.characters, as: UTF8.self) }
            == ["BTC-16JUN25-50000-C", "BTC-16JUN25-50000-P"])
    #expect(catalogue.expiries == [[Fixture.expiry(day: 1)], []])
    #expect(catalogue.lists(pair(), on: underlying, in: CompartmentIdentifier(0)))
    #expect(!catalogue.lists(pair(day: 2), on: underlying, in: CompartmentIdentifier(0)))
    #expect(!catalogue.lists(pair(), on: underlying, in: CompartmentIdentifier(1)))
}

@Test func whatIsRefusedLeavesNoTrace() throws {
    var catalogue = try Fixture.catalogue()
    try catalogue.list(instruments(pair()))
    let before = catalogue
    let rows: [([Instrument], CatalogueFault.Field, CatalogueFault.Reason)] = [
        (instruments(pair()), .symbol, .duplicate),
        (instruments(pair(strike: 0)), .strike, .outOfRange),
        (instruments(pair(strike: .min)), .strike, .outOfRange),
        (instruments(pair(strike: 1_000_000_000_001)), .strike, .outOfRange),
        (instruments(pair(day: 2), terms(tick: 0)), .tickSize, .outOfRange),
        (instruments(pair(day: 2), terms(maximumPrice: 9_999_999)), .maximumPrice, .gridTooShort),
        (
            instruments(pair(day: 2), terms(position: 5_620_000)), .positionLimit,
            .notionalTooLarge
        ),
    ]
    for (new, field, reason) in rows {
        let fault = #expect(throws: CatalogueFault.self) { try catalogue.list(new) }
        #expect(fault?.field == field && fault?.reason == reason)
        #expect(catalogue == before)
    }
}

@Test func whatIsRetiredMakesRoomAndGivesItsIdentifierToNobody() throws {
    var catalogue = try Fixture.catalogue()
    // Positions of three million lots of $100: the perpetuals hold a million and 10,000 of $100.
    let large = terms(position: 2_200_000)
    try catalogue.list(instruments(pair(), large))
    #expect(throws: CatalogueFault.self) { try catalogue.list(instruments(pair(day: 2), large)) }
    catalogue.retire(InstrumentIdentifier(3))
    #expect(catalogue.expiries[0] == [Fixture.expiry(day: 1)])
    catalogue.retire(InstrumentIdentifier(4))
    #expect(catalogue.live.map(\.number) == [0, 1, 2] && catalogue.expiries[0].isEmpty)
    try catalogue.list(instruments(pair(day: 2), large))
    #expect(catalogue.live.map(\.number) == [0, 1, 2, 5, 6])
}

@Test func noMoreAreLiveThanMayBe() throws {
    let perpetuals = (0..<4_095).map {
        Fixture.instrument("I\($0)", order: 1, position: 1, interest: 1)
    }
    var catalogue = try Fixture.catalogue(instruments: perpetuals)
    let fault = #expect(throws: CatalogueFault.self) { try catalogue.list(instruments(pair())) }
    #expect(fault?.field == .count && fault?.reason == .outOfRange)
    try catalogue.list(instruments(.future(expiry: Fixture.expiry(day: 1))))
}

@Test func identifiersAreGivenOnce() throws {
    var catalogue = try Fixture.catalogue()
    let future = instruments(.future(expiry: Fixture.expiry(day: 1)))[0]
    for _ in 3..<65_535 { try catalogue.restore(future) }
    try catalogue.keep { $0.number < 3 }
    let fault = #expect(throws: CatalogueFault.self) { try catalogue.list(instruments(pair())) }
    #expect(fault?.field == .count && fault?.reason == .exhausted)
    try catalogue.list([future])
    #expect(catalogue.live.map(\.number) == [0, 1, 2, 65_535])
    #expect(throws: CatalogueFault.self) { try catalogue.restore(future) }
}

@Test func whatIsPutBackIsLiveOnlyIfItWasKept() throws {
    var catalogue = try Fixture.catalogue()
    for instrument in instruments(pair()) { try catalogue.restore(instrument) }
    try catalogue.keep { $0.number != 3 }
    #expect(catalogue.live.map(\.number) == [0, 1, 2, 4])
    for instrument in instruments(pair(day: 2), terms(position: 5_620_000)) {
        try catalogue.restore(instrument)
    }
    #expect(throws: CatalogueFault.self) { try catalogue.keep { _ in true } }
    try catalogue.keep { $0.number < 5 }
}

private func rule(
    step: Int64 = 5_000_000_000, side: UInt8 = 2,
    calendar: ExpiryCalendar = ExpiryCalendar(days: 2, weeks: 0, months: 0, quarters: 0),
    terms: ContractTerms = terms(), underlying: UInt16 = 0
) -> ListingRule {
    ListingRule(
        underlying: UnderlyingIdentifier(underlying),
        futures: ListingRule.Futures(
            calendar: ExpiryCalendar(days: 1, weeks: 0, months: 0, quarters: 0), terms: terms),
        options: ListingRule.Options(
            calendar: calendar, terms: terms, strikeStep: IndexPrice(micros: step),
            strikesEachSide: side))
}

@Test func aRuleWantsStrikesRoundTheIndexByExpiryAndStrike() {
    let rule = rule()
    let now = Fixture.expiry(day: 0)
    let highest = IndexPrice(micros: 1_000_000_000_000)
    let wanted = rule.contracts(
        after: now, index: IndexPrice(micros: 52_499_999_999), highest: highest)
    let strikes = [40, 45, 50, 55, 60].map { IndexPrice(micros: $0 * 1_000_000_000) }
    let days: [UInt64] = [1, 2]
    var expected: [DatedContract] = []
    for day in days {
        if day == 1 { expected.append(.future(expiry: Fixture.expiry(day: day))) }
        expected += strikes.map { .pair(expiry: Fixture.expiry(day: day), strike: $0) }
    }
    #expect(wanted == expected)
    #expect(rule.center(at: IndexPrice(micros: 52_499_999_999)) == 10)
    #expect(rule.center(at: IndexPrice(micros: 52_500_000_000)) == 11)
    // At the lower end no strike is zero, at the upper none above the highest index.
    let low = rule.contracts(after: now, index: IndexPrice(micros: 1), highest: highest)
    #expect(low.compactMap(\.strike?.units) == [5, 10, 5, 10].map { $0 * 1_000_000_000 })
    let high = rule.contracts(after: now, index: highest, highest: highest)
    #expect(high.compactMap(\.strike?.units).max() == 1_000_000_000_000)
}

@Test func onlyWhatIsNotThereIsMissing() throws {
    var catalogue = try Fixture.catalogue()
    try catalogue.list(instruments(pair(day: 2, strike: 50_000_000_000)))
    try catalogue.list(instruments(.future(expiry: Fixture.expiry(day: 1))))
    let wanted = rule().contracts(
        after: Fixture.expiry(day: 0), index: IndexPrice(micros: 50_000_000_000),
        highest: IndexPrice(micros: 1_000_000_000_000))
    let missing = catalogue.missing(wanted, on: underlying)
    #expect(missing.count == wanted.count - 2)
    #expect(!missing.contains(pair(day: 2)) && missing.contains(pair(day: 1)))
    #expect(!missing.contains(.future(expiry: Fixture.expiry(day: 1))))
}

private struct RuleRow: Sendable {
    let rules: [ListingRule]
    var field: CatalogueFault.Field?
    var reason = CatalogueFault.Reason.outOfRange
    var index = 0
}

private func days(_ count: UInt8) -> ExpiryCalendar {
    ExpiryCalendar(days: count, weeks: 0, months: 0, quarters: 0)
}

@Test(arguments: [
    RuleRow(rules: [rule()]), RuleRow(rules: []),
    RuleRow(rules: [rule(), rule(underlying: 2)], field: .underlying, reason: .unknown, index: 1),
    RuleRow(rules: [rule(), rule()], field: .underlying, reason: .duplicate, index: 1),
    RuleRow(rules: [rule(), rule(), rule()], field: .count, index: 3),
    RuleRow(rules: [rule(calendar: days(0))], field: .calendar),
    RuleRow(rules: [rule(calendar: days(12))]),
    RuleRow(rules: [rule(calendar: days(13))], field: .calendar),
    RuleRow(rules: [rule(step: 0)], field: .strikeStep),
    RuleRow(rules: [rule(step: 1)]), RuleRow(rules: [rule(step: 1_000_000_000_000)]),
    RuleRow(rules: [rule(step: 1_000_000_000_001)], field: .strikeStep),
    RuleRow(rules: [rule(side: 0)]), RuleRow(rules: [rule(side: 100)]),
    RuleRow(rules: [rule(side: 101)], field: .strikesEachSide),
    RuleRow(rules: [rule(terms: terms(lot: 0))], field: .lotSize),
    RuleRow(
        rules: [rule(terms: terms(position: 5_630_000))], field: .positionLimit,
        reason: .notionalTooLarge),
])
private func aListingRuleIsRefusedForTheNamedReasonOnly(row: RuleRow) throws {
    var fault: CatalogueFault?
    do throws(CatalogueFault) {
        let catalogue = try Catalogue(
            compartments: Fixture.compartments, underlyings: Fixture.underlyings,
            instruments: Fixture.instruments, feeTiers: Fixture.feeTiers, listingRules: row.rules)
        #expect((try? Catalogue(canonicalBytes: catalogue.canonicalBytes)) == catalogue)
    } catch {
        fault = error
    }
    #expect(fault == row.field.map { CatalogueFault(.listingRules, row.index, $0, row.reason) })
}

@Test func aNameThatIsTooLongIsNone() {
    let name = Fixture.symbol("ABCDEFGHIJKLMNOPQRS")
    let fits = DatedContract.future(expiry: Fixture.expiry(day: 1))
    #expect(terms().instruments(of: fits, on: underlying, named: name)?.count == 1)
    #expect(terms().instruments(of: pair(), on: underlying, named: name) == nil)
}

@Test(arguments: [pair(), .future(expiry: Fixture.expiry(day: 4))])
private func aContractSurvivesItsEncoding(contract: DatedContract) throws {
    #expect(try DatedContract(canonicalBytes: contract.canonicalBytes) == contract)
    #expect(try ContractTerms(canonicalBytes: terms().canonicalBytes) == terms())
    #expect(throws: DecodingFault.self) { try DatedContract(canonicalBytes: [2]) }
}
