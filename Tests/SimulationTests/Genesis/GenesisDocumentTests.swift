/// Genesis files: what `rampart-lab genesis` prints is read back to the same genesis, and every
/// fault names its line.

import Documents
import Canonical
import Catalogue
import FixedPoint
import Foundation
import Ledger
import Simulation
import Testing

private func file(_ text: String) -> GenesisFile {
    GenesisFile(path: "genesis.json", bytes: Array(text.utf8))
}

private func printed() throws -> String { try LabGenesis.text(for: BuiltInDay.histories()) }

@Test func aPrintedGenesisIsReadBackWhole() throws {
    let genesis = try GenesisDocument.genesis(file(try printed()))
    #expect(genesis.json == (try printed()))
    #expect(genesis.catalogue.instruments.count == 2)
}

/// The printed genesis with a future, a pair of options, spot and a listing rule more.
private func dated() throws -> Genesis {
    let plain = try GenesisDocument.genesis(file(try printed()))
    let model = plain.catalogue.instruments[0]
    let terms = ContractTerms(
        compartment: model.compartment, tickSize: model.tickSize, lotSize: model.lotSize,
        maximumPrice: model.maximumPrice, maximumOrderQuantity: Quantity(lots: 10),
        positionLimit: Quantity(lots: 100), openInterestLimit: Quantity(lots: 1_000),
        priceBand: model.priceBand)
    let day = plain.time.startOfDay.advanced(by: .day).advanced(by: .seconds(8 * 3_600))
    var instruments = plain.catalogue.instruments.map { instrument in
        // Smaller limits, so that all fit together.
        Instrument(
            symbol: instrument.symbol, underlying: instrument.underlying,
            compartment: instrument.compartment, tickSize: instrument.tickSize,
            lotSize: instrument.lotSize, maximumPrice: instrument.maximumPrice,
            maximumOrderQuantity: Quantity(lots: 1), positionLimit: Quantity(lots: 1),
            openInterestLimit: instrument.openInterestLimit, priceBand: instrument.priceBand)
    }
    let contracts: [DatedContract] = [
        .future(expiry: day), .pair(expiry: day, strike: IndexPrice(micros: 1_500_000)),
    ]
    for contract in contracts {
        instruments +=
            terms.instruments(of: contract, on: model.underlying, named: LabGenesis.symbol("BTC"))
            ?? []
    }
    let calendar = ExpiryCalendar(days: 2, weeks: 3, months: 4, quarters: 5)
    let rule = ListingRule(
        underlying: model.underlying,
        futures: ListingRule.Futures(calendar: calendar, terms: terms),
        options: ListingRule.Options(
            calendar: calendar, terms: terms, strikeStep: IndexPrice(micros: 500_000),
            strikesEachSide: 7))
    let catalogue = try Catalogue(
        compartments: plain.catalogue.compartments, underlyings: plain.catalogue.underlyings,
        instruments: instruments, feeTiers: plain.catalogue.feeTiers,
        listingRules: [
            rule, ListingRule(underlying: UnderlyingIdentifier(1), futures: nil, options: nil),
        ])
    return try Genesis(
        name: plain.name, time: plain.time, custodian: plain.custodian, operator: plain.operator,
        publishers: plain.publishers, catalogue: catalogue, oracles: plain.oracles,
        margins: plain.margins, perpetuals: plain.perpetuals, liquidation: plain.liquidation,
        pricingStep: plain.pricingStep, orderLimit: plain.orderLimit,
        safeguards: plain.safeguards)
}

@Test func everyKindOfInstrumentAndARuleAreReadBackWhole() throws {
    let genesis = try dated()
    #expect(try GenesisDocument.genesis(file(genesis.json)) == genesis)
}

private let datedRows = [
    Row(find: "\"kind\": \"future\"", put: "\"kind\": \"forward\"", reason: "is not 'perpetual'"),
    Row(find: "\"kind\": \"future\"", put: "\"kind\": \"spot\"", reason: "not a field"),
    Row(find: "\"kind\": \"perpetual\"", put: "\"kind\": \"future\"", reason: "not a field"),
    Row(find: "\"right\": \"call\"", put: "\"right\": \"put\"", reason: "is not the put"),
    Row(find: "\"right\": \"call\"", put: "\"right\": \"both\"", reason: "'call' or 'put'"),
    Row(find: "\"strike\": 1.500000", put: "\"strike\": 0", reason: "out of range"),
    Row(
        find: "\"strikeStep\": 0.500000", put: "\"strikeStep\": 0",
        reason: "'strikeStep' of listing"),
    Row(find: "\"strikesEachSide\": 7", put: "\"strikesEachSide\": 101", reason: "out of range"),
    Row(find: "\"weeks\": 3", put: "\"weeks\": 13", reason: "not in 0"),
    Row(find: "\"windowSeconds\": 1800", put: "\"windowSeconds\": 1801", reason: "'settlement'"),
    Row(find: "\"coverage\": 0.8", put: "\"coverage\": 0.5", reason: "'settlement'"),
]

@Test(arguments: datedRows)
private func eachFaultOfWhatIsDatedIsNamed(row: Row) throws {
    let good = try dated().json
    let place = try #require(good.range(of: row.find), "the row fits the printed file")
    let bad = good.replacingCharacters(in: place, with: row.put)
    let fault = #expect(throws: InputFault.self) { try GenesisDocument.genesis(file(bad)) }
    #expect(fault?.reason.contains(row.reason) == true, "\(fault?.description ?? "no fault")")
}

@Test func anExpiryThatHasPassedIsNoInstrumentOfAGenesis() throws {
    let genesis = try dated()
    let expiry = try #require(genesis.catalogue.expiries[0].first).nanoseconds / 1_000_000_000
    for wrong in [expiry - 86_400 * 2, expiry + 86_400 * 1_099] {
        let bad = genesis.json.replacingOccurrences(
            of: "\"expiry\": \(expiry)", with: "\"expiry\": \(wrong)")
        let fault = #expect(throws: InputFault.self) { try GenesisDocument.genesis(file(bad)) }
        #expect(fault?.reason.contains("'expiry' of instruments") == true)
    }
}

@Test func aReplayWithThePrintedGenesisHasTheSameRoot() throws {
    let histories = beginning(of: BuiltInDay.histories(), minutes: 3)
    let with = ReplayInputs(histories: histories, genesis: file(try printed()), seed: 1)
    let stated = try Replay.run(with) { _ in }
    // The built-in genesis fits the grid to the prices it sees, so it must see the whole day's.
    let whole = ReplayInputs(
        histories: histories, genesis: file(try LabGenesis.text(for: BuiltInDay.histories())),
        seed: 1)
    #expect(try Replay.run(whole) { _ in }.summary.stateRoot == stated.summary.stateRoot)
}

/// One replacement in a good file, and the fault that it must cause.
private struct Row: CustomTestStringConvertible {
    let find: String
    let put: String
    let reason: String
    var testDescription: String { "\(find) → \(put)" }
}

private let rows = [
    Row(find: "\"BTC-PERP\"", put: "\"BTC PERP\"", reason: "not 1 to 32 of the characters"),
    Row(find: "\"BTC-PERP\"", put: "\"ETH-PERP\"", reason: "stands twice"),
    Row(find: "\"BTC-PERP\"", put: "7", reason: "a number, not a text"),
    Row(find: "\"lotSize\": 0.0001", put: "\"lotSize\": 0", reason: "whole, positive number"),
    Row(find: "\"lotSize\": 0.0001", put: "\"lotSize\": 0.0000000001", reason: "decimals"),
    Row(find: "\"lotSize\": 0.0001", put: "\"lotSize\": -1", reason: "whole, positive number"),
    Row(find: "\"priceBand\": 0.02", put: "\"priceBand\": 1", reason: "out of range"),
    Row(find: "\"priceBand\": 0.02", put: "\"priceband\": 0.02", reason: "not a field"),
    Row(find: "\"taker\": 0.0005", put: "\"taker\": 0.00001", reason: "0.5 basis points"),
    Row(find: "\"move\": 0.12", put: "\"move\": 0.5", reason: "out of range"),
    Row(
        find: "\"preset\": \"rampart-options\"", put: "\"preset\": \"none\"",
        reason: "not 'rampart', 'rampart-"),
    Row(find: "\"quorum\": 0.666666666", put: "\"quorum\": 0.5", reason: "out of range"),
    Row(find: "\"weight\": 1", put: "\"weight\": 0", reason: "not in 1"),
    Row(find: "\"exitLevel\": 1.2", put: "\"exitLevel\": 0.9", reason: "out of range"),
    Row(find: "\"underlying\": \"BTC\"", put: "\"underlying\": \"X\"", reason: "not define"),
    Row(find: "\"pricingStepSeconds\": 1", put: "\"pricingStepSeconds\": 0", reason: "range"),
    Row(
        find: "\"openingAuctionSeconds\": 0", put: "\"openingAuctionSeconds\": 86401",
        reason: "not in 0"),
    Row(find: "\"openingAuctionSeconds\": 0,", put: "", reason: "is missing"),
    Row(find: "\"custodian\": \"", put: "\"custodian\": \"zz", reason: "64 hexadecimal"),
    Row(find: "\"name\": \"rampart-lab\",", put: "", reason: "is missing"),
    Row(find: "\"orderLimit\": 400,", put: "\"orderLimit\": 400 7,", reason: "expected"),
]

@Test(arguments: rows)
private func eachFaultNamesItsLineAndReason(row: Row) throws {
    let good = try printed()
    let place = try #require(good.range(of: row.find), "the row fits the printed file")
    let bad = good.replacingCharacters(in: place, with: row.put)
    let fault = #expect(throws: InputFault.self) { try GenesisDocument.genesis(file(bad)) }
    #expect(fault?.file == "genesis.json")
    #expect(fault?.reason.contains(row.reason) == true, "\(fault?.description ?? "no fault")")
    #expect((fault?.line ?? 0) >= 1)
}

@Test func theLineOfAFaultIsWhereItStands() throws {
    let good = try printed()
    let place = try #require(good.range(of: "\"priceBand\": 0.02"))
    let line = good[..<place.lowerBound].filter { $0 == "\n" }.count + 1
    let bad = good.replacingCharacters(in: place, with: "\"priceBand\": true")
    let fault = #expect(throws: InputFault.self) { try GenesisDocument.genesis(file(bad)) }
    #expect(fault?.line == line)
}

@Test(arguments: [
    "", "{", "[]", "{\"name\": }", "{\"name\": \"a\", \"name\": \"b\"}", "nul", "{} {}",
    "{\"name\": \"\u{1}\"}", "{\"name\": 01}", "\u{FEFF}{}", "{\"name\": \"\\ud800\"}",
])
func textThatIsNotAGenesisIsRefused(text: String) {
    #expect(throws: InputFault.self) { try GenesisDocument.genesis(file(text)) }
}

@Test func pricesThatTheGenesisDoesNotListAreRefusedByName() throws {
    let only = Array(BuiltInDay.histories().prefix(1))
    let genesis = file(try LabGenesis.text(for: only))
    let inputs = ReplayInputs(histories: BuiltInDay.histories(), genesis: genesis, seed: 1)
    let fault = #expect(throws: InputFault.self) { try Replay.run(inputs) { _ in } }
    #expect(fault?.reason.contains("ETH/USD") == true)
    let missing = ReplayInputs(
        histories: only, genesis: file(try printed()), seed: 1)
    #expect(throws: InputFault.self) { try Replay.run(missing) { _ in } }
}
