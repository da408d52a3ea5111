/// What the page, the JSON file and the console say of options, and what is kept when they expire.

import Canonical
import Catalogue
import FixedPoint
import Foundation
import Ledger
import Markets
import TestKit
import Testing

@testable import Simulation

/// One expiry, in which two contracts trade, lived through at $51,000.
private func settled() throws -> OptionVenue {
    var venue = try OptionVenue(expiries: [OptionVenue.near])
    let names = ["BTC-16JUN25-50000-C", "BTC-16JUN25-50000-P", "BTC-16JUN25"]
    let ticks: [Int64] = [1_400, 1_400, 100_000]
    for (place, name) in names.enumerated() {
        try venue.apply(
            at: OptionVenue.start.advanced(by: .seconds(UInt64(3 + place))),
            orders: [
                venue.order(0, name, .sell, ticks: ticks[place], lots: 20),
                venue.order(1, name, .buy, ticks: ticks[place], lots: 20),
            ])
    }
    let opening = OptionVenue.near.nanoseconds - 62_000_000_000
    for second in stride(from: UInt64(0), through: 66, by: 2) {
        try venue.apply(
            at: Timestamp(nanoseconds: opening + second * 1_000_000_000), dollars: 51_000)
    }
    return venue
}

private func page(_ chains: [OptionChain], _ settlements: [ExpirySettlement] = []) -> String {
    var sample = SampleReplay.make()
    sample.summary.chains = chains
    sample.summary.settlements = settlements
    return ReplayPage(summary: sample.summary, series: sample.series).html()
}

private func live() throws -> OptionChain {
    let venue = try OptionVenue(expiries: [OptionVenue.near, OptionVenue.far])
    return try #require(OptionChain(ledger: venue.ledger, underlying: UnderlyingIdentifier(0)))
}

@Test func aSettlementIsAddedUpFromItsPositions() throws {
    let venue = try settled()
    let rows = venue.recorder.settlements
    try #require(rows.count == 1)
    #expect(rows[0].underlying == "BTC" && rows[0].expiry == OptionVenue.near.nanoseconds)
    #expect(rows[0].price == 51_000_000_000 && rows[0].series == 7)
    #expect(rows[0].exercised == 1 && rows[0].assigned == 1)
    #expect(rows[0].lapsed == 2 && rows[0].delivered == 2)
    // A hundredth and another, at $1,000 each for one.
    #expect(rows[0].payout == 20_000_000)
    #expect(rows[0].optionNotional == 2 * 1_020_000_000)
    #expect(rows[0].futureNotional == 1_020_000_000)
}

@Test func whereAllHasExpiredTheChainBeforeItIsShown() throws {
    let venue = try settled()
    #expect(OptionChain.all(of: venue.ledger).isEmpty)
    let chains = venue.recorder.chains(at: venue.ledger)
    try #require(chains.count == 1)
    #expect(chains[0].time < OptionVenue.near.nanoseconds)
    #expect(chains[0].index == 51_000_000_000)
    #expect(chains[0].expiries[0].fixedShare > 900_000)
    #expect(chains[0].expiries[0].openInterest == 40_000_000)
}

@Test func whereOptionsAreLeftTheChainIsThatOfTheEnd() throws {
    var venue = try OptionVenue(expiries: [OptionVenue.near, OptionVenue.far])
    for second in [UInt64(0), 30, 60, 61] {
        try venue.apply(
            at: Timestamp(
                nanoseconds: OptionVenue.near.nanoseconds - 60_000_000_000
                    + second * 1_000_000_000))
    }
    let chains = venue.recorder.chains(at: venue.ledger)
    #expect(chains == OptionChain.all(of: venue.ledger))
    #expect(chains.first?.expiries.map(\.time) == [OptionVenue.far.nanoseconds])
}

@Test func thePageShowsEveryStrikeOfEveryExpiry() throws {
    let venue = try settled()
    let text = page([try live(), try live()], venue.recorder.settlements)
    let reader = try read(text)
    #expect(reader.elements["details"] == 4)
    #expect(reader.classes["at"] == 4)
    #expect(reader.elements["figure"] == 2 * 5 + 3 + 2 * 3)
    #expect(Set(reader.identifiers).count == reader.identifiers.count)
    #expect(reader.references.allSatisfy(reader.identifiers.contains))
    for shown in [
        "<th scope=\"row\" class=\"side\">48,000</th>", "forward 50,025.00", "50.0 %",
        "<b>23 Jun 08:00</b>", "<h3>Smile</h3>", "<h3>Settlements</h3>", "BTC, 16 Jun 08:00",
        "51,000.00", "$20.00",
    ] {
        #expect(text.contains(shown), "\(shown)")
    }
}

@Test func withoutOptionsNothingIsDrawnOfThem() throws {
    let text = page([])
    #expect(!text.contains("Options and futures") && !text.contains("<details"))
    #expect(try read(text).elements["figure"] == 2 * 5 + 3)
    #expect(!ReplayConsole.report(SampleReplay.summary()).contains("options"))
    #expect(SampleReplay.summary().json.contains("\"optionChains\": [],"))
}

@Test func theFileHoldsTheSameChain() throws {
    var summary = SampleReplay.summary()
    let chain = try live()
    summary.chains = [chain]
    summary.settlements = try settled().recorder.settlements
    let object = try #require(
        try JSONSerialization.jsonObject(with: Data(summary.json.utf8)) as? [String: Any])
    let chains = try #require(object["optionChains"] as? [[String: Any]])
    let expiries = try #require(chains[0]["expiries"] as? [[String: Any]])
    let options = try #require(expiries[1]["options"] as? [[String: Any]])
    #expect(
        options.map { $0["right"] as? String } == ["call", "put", "call", "put", "call", "put"])
    let call = try #require(chain.expiries[1].strikes[2].call)
    #expect(options[4]["name"] as? String == call.name)
    #expect(options[4]["mark"] as? Double == Double(call.mark) / 1e6)
    #expect(options[4]["gamma"] as? Double == Double(call.gamma) / 1e12)
    let settlements = try #require(object["settlements"] as? [[String: Any]])
    #expect(settlements.map { $0["payout"] as? Double } == [20])
}

@Test func theConsoleSaysWhatIsListed() throws {
    var summary = SampleReplay.summary()
    summary.chains = [try live()]
    let lines = ReplayConsole.report(summary).split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix("options BTC") })
    #expect(
        line.hasSuffix(
            "12 series, $0 open; 16 Jun 08:00 forward 50,000.00, volatility 50.0 %"))
    #expect(lines.allSatisfy { $0.count <= 100 })
}
