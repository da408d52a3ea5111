/// Genesis files: what `rampart-lab genesis` prints is read back to the same genesis, and every
/// fault names its line.

import Catalogue
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
    Row(find: "\"move\": 0.06", put: "\"move\": 0.5", reason: "out of range"),
    Row(find: "\"preset\": \"rampart\"", put: "\"preset\": \"none\"", reason: "not 'rampart'"),
    Row(find: "\"quorum\": 0.666666666", put: "\"quorum\": 0.5", reason: "out of range"),
    Row(find: "\"weight\": 1", put: "\"weight\": 0", reason: "not in 1"),
    Row(find: "\"exitLevel\": 1.2", put: "\"exitLevel\": 0.9", reason: "out of range"),
    Row(find: "\"underlying\": \"BTC/USD\"", put: "\"underlying\": \"X\"", reason: "not define"),
    Row(find: "\"pricingStepSeconds\": 1", put: "\"pricingStepSeconds\": 0", reason: "range"),
    Row(
        find: "\"openingAuctionSeconds\": 0", put: "\"openingAuctionSeconds\": 86401",
        reason: "not in 0"),
    Row(find: "\"openingAuctionSeconds\": 0,", put: "", reason: "is missing"),
    Row(find: "\"custodian\": \"", put: "\"custodian\": \"zz", reason: "64 hexadecimal"),
    Row(find: "\"name\": \"rampart-lab\",", put: "", reason: "is missing"),
    Row(find: "\"orderLimit\": 200,", put: "\"orderLimit\": 200 7,", reason: "expected"),
]

@Test(arguments: rows)
private func eachFaultNamesItsLineAndReason(row: Row) throws {
    let good = try printed()
    let place = try #require(good.range(of: row.find), "the row fits the printed file")
    let bad = good.replacingCharacters(in: place, with: row.put)
    let fault = #expect(throws: ReplayFault.self) { try GenesisDocument.genesis(file(bad)) }
    #expect(fault?.file == "genesis.json")
    #expect(fault?.reason.contains(row.reason) == true, "\(fault?.description ?? "no fault")")
    #expect((fault?.line ?? 0) >= 1)
}

@Test func theLineOfAFaultIsWhereItStands() throws {
    let good = try printed()
    let place = try #require(good.range(of: "\"priceBand\": 0.02"))
    let line = good[..<place.lowerBound].filter { $0 == "\n" }.count + 1
    let bad = good.replacingCharacters(in: place, with: "\"priceBand\": true")
    let fault = #expect(throws: ReplayFault.self) { try GenesisDocument.genesis(file(bad)) }
    #expect(fault?.line == line)
}

@Test(arguments: [
    "", "{", "[]", "{\"name\": }", "{\"name\": \"a\", \"name\": \"b\"}", "nul", "{} {}",
    "{\"name\": \"\u{1}\"}", "{\"name\": 01}", "\u{FEFF}{}", "{\"name\": \"\\ud800\"}",
])
func textThatIsNotAGenesisIsRefused(text: String) {
    #expect(throws: ReplayFault.self) { try GenesisDocument.genesis(file(text)) }
}

@Test func pricesThatTheGenesisDoesNotListAreRefusedByName() throws {
    let only = Array(BuiltInDay.histories().prefix(1))
    let genesis = file(try LabGenesis.text(for: only))
    let inputs = ReplayInputs(histories: BuiltInDay.histories(), genesis: genesis, seed: 1)
    let fault = #expect(throws: ReplayFault.self) { try Replay.run(inputs) { _ in } }
    #expect(fault?.reason.contains("ETH/USD") == true)
    let missing = ReplayInputs(
        histories: only, genesis: file(try printed()), seed: 1)
    #expect(throws: ReplayFault.self) { try Replay.run(missing) { _ in } }
}
