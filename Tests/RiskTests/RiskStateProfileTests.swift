/// Margin scenario by scenario and charge by charge: the parts are the whole.
import Accounts
import Canonical
import CatalogueKit
import FixedPoint
import Markets
import TestKit
import Testing

@testable import Risk

@Test func scenariosAndChargesSumToTheBreakdown() {
    var random = SeededGenerator(seed: 4)
    var venue = RiskVenue(accounts: 3)
    for step in 0..<300 {
        let place = Int.random(in: 0..<3, using: &random)
        let account = Int.random(in: 0..<3, using: &random)
        if step % 10 == 0 {
            let base = [60_000_000_000, 3_000_000_000, 60_000_000_000][place]
            let mark = base + base / 100 * Int.random(in: -20...20, using: &random)
            venue.reprice(
                place, mark: mark, stable: mark - mark / 50,
                fundingRate: .random(in: -300_000...300_000, using: &random))
        }
        let price = venue.price(place, reach: 100, using: &random)
        let lots = Int64.random(in: 1...400, using: &random)
        if step % 2 == 0 {
            venue.place(account, place, step % 4 == 0 ? .buy : .sell, price: price, lots: lots)
        } else {
            venue.trade(buyer: account, seller: (account + 1) % 3, place, price: price, lots: lots)
        }
        let identifier = venue.identifier(account)
        for (kind, margin) in [
            (RuleKind.initial, venue.initial(account)),
            (.maintenance, venue.maintenance(account)),
        ] {
            let losses = venue.risk.scenarioProfiles(of: identifier, under: kind).map(\.loss)
            #expect(losses.reduce(.zero, +) == margin.scenarioLoss)
            let parts = venue.risk.chargeParts(of: identifier, under: kind)
            #expect(parts.map(\.amount).reduce(.zero, +) == margin.charges)
            #expect(parts.allSatisfy { $0.amount.isPositive })
        }
    }
}

@Test func aProfileNamesTheWorstScenario() {
    var venue = RiskVenue(accounts: 2)
    venue.trade(buyer: 0, seller: 1, 0, price: 600_000, lots: 100)
    let long = venue.risk.scenarioProfiles(of: venue.identifier(0), under: .maintenance)
    let short = venue.risk.scenarioProfiles(of: venue.identifier(1), under: .maintenance)
    #expect(long.count == 1 && short.count == 1)
    // −M, −2M at half weight and −3M at a third cost the same: the first of equal ones.
    #expect(long[0].worst == 0)
    #expect(long[0].scenarios[0].move == Ratio(basisPoints: -600))
    #expect(short[0].scenarios[8].counted == -short[0].loss)
    let tail = long[0].scenarios[9]
    #expect(tail.weight == Ratio(basisPoints: 5_000))
    let difference = tail.profit.map { ($0 - tail.counted - tail.counted).magnitude }
    #expect(difference.map { $0 <= Amount(microunits: 2) } == true)
}

@Test func whoHoldsNothingHasNoProfile() {
    let venue = RiskVenue(accounts: 1)
    #expect(venue.risk.scenarioProfiles(of: venue.identifier(0), under: .initial).isEmpty)
    #expect(venue.risk.chargeParts(of: venue.identifier(0), under: .initial).isEmpty)
}
