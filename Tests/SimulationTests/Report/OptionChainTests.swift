/// The chain against the engine, and against Black-76 in floating point.

import Canonical
import Catalogue
import FixedPoint
import Foundation
import Ledger
import Markets
import Oracle
import Testing

@testable import Simulation

/// A trade and quotes on both sides in the call at the money.
private func traded() throws -> OptionVenue {
    var venue = try OptionVenue(expiries: [OptionVenue.near, OptionVenue.far])
    let call = "BTC-16JUN25-50000-C"
    try venue.apply(
        at: OptionVenue.start.advanced(by: .seconds(3)),
        orders: [
            venue.order(0, call, .sell, ticks: 1_400, lots: 30),
            venue.order(0, call, .buy, ticks: 600, lots: 10),
            venue.order(1, call, .buy, ticks: 1_400, lots: 20),
        ])
    return venue
}

private func chain(_ venue: OptionVenue) throws -> OptionChain {
    try #require(OptionChain(ledger: venue.ledger, underlying: UnderlyingIdentifier(0)))
}

@Test func aChainHoldsWhatTheLedgerSays() throws {
    let venue = try traded()
    let chain = try chain(venue)
    #expect(chain.underlying == "BTC" && chain.quote == "USD")
    #expect(chain.index == 50_000_000_000 && chain.series == 12)
    #expect(chain.time == venue.ledger.time.nanoseconds)
    #expect(chain.expiries.map(\.time) == [OptionVenue.near, OptionVenue.far].map(\.nanoseconds))
    #expect(chain.expiries.map(\.forward) == [50_000_000_000, 50_025_000_000])
    #expect(chain.expiries.map { $0.future?.name } == ["BTC-16JUN25", "BTC-23JUN25"])
    for expiry in chain.expiries {
        #expect(expiry.strikes.map(\.strike) == OptionVenue.strikes.map { $0 * 1_000_000 })
        #expect(expiry.atTheMoney == 500_000 && expiry.fixedShare == 0)
        for line in expiry.strikes.flatMap(\.lines) {
            let place = Int(try venue.instrument(line.name).number)
            #expect(line.mark == venue.ledger.prices[place].mark.units && line.mark > 0)
        }
    }
}

@Test func aChainHoldsTheBestQuotesAndTheOpenInterest() throws {
    let chain = try chain(traded())
    let call = try #require(chain.expiries[0].strikes[1].call)
    #expect(call.name == "BTC-16JUN25-50000-C")
    #expect(call.bid == 300_000_000 && call.ask == 700_000_000)
    // Twenty lots of a thousandth.
    #expect(call.openInterest == 20_000_000 && chain.openInterest == 20_000_000)
    #expect(chain.openNotional == 1_000_000_000)
    let put = try #require(chain.expiries[0].strikes[1].put)
    #expect(put.bid == nil && put.ask == nil && put.openInterest == 0)
    #expect(chain.expiries[1].openInterest == 0)
}

@Test func theGreeksAreThoseOfTheFormula() throws {
    for expiry in try chain(traded()).expiries {
        // A window of a minute has the variance of a third of it.
        let years = (Double(expiry.timeLeft) / 1e9 - 40) / (365 * 86_400)
        let forward = Double(expiry.forward) / 1e6
        for strike in expiry.strikes {
            let (call, put) = (try #require(strike.call), try #require(strike.put))
            let volatility = Double(call.volatility) / 1e6
            let total = volatility * years.squareRoot()
            let upper = log(forward / (Double(strike.strike) / 1e6)) / total + total / 2
            let density = exp(-upper * upper / 2) / (2 * Double.pi).squareRoot()
            let delta = erfc(-upper / 2.0.squareRoot()) / 2
            let vega = forward * density * years.squareRoot() / 100
            let theta = -forward * density * volatility / (2 * years.squareRoot()) / 365
            #expect(abs(Double(call.delta) / 1e6 - delta) < 3e-6)
            #expect(abs(Double(call.gamma) / 1e12 - density / forward / total) < 1e-9)
            #expect(abs(Double(call.vega) / 1e6 - vega) < 1e-3)
            #expect(abs(Double(call.theta) / 1e6 - theta) < 1e-2)
            #expect(abs(call.delta - put.delta - 1_000_000) <= 1)
            #expect(call.gamma == put.gamma && call.vega == put.vega && call.theta == put.theta)
            #expect(call.volatility == put.volatility)
        }
    }
}

@Test func theSmileGoesThroughTheListedVolatilities() throws {
    for expiry in try chain(traded()).expiries {
        #expect(zip(expiry.smile, expiry.smile.dropFirst()).allSatisfy { $0.strike < $1.strike })
        #expect(expiry.smile.first.map { abs($0.volatility - 526_000) <= 1 } == true)
        #expect(expiry.smile.last.map { abs($0.volatility - 512_000) <= 1 } == true)
        let line = try #require(expiry.strikes[0].call)
        let above = try #require(expiry.smile.firstIndex { $0.strike >= 48_000_000_000 })
        let span = expiry.smile[(above - 1)...above].map(\.volatility)
        #expect(try #require(span.min()) - 50 <= line.volatility)
        #expect(try #require(span.max()) + 50 >= line.volatility)
    }
}

@Test func withoutPricesOrOptionsThereIsNoChain() throws {
    let plain = Ledger(
        genesis: try LabGenesis.genesis(
            for: PriceHistory.flat, start: 1_750_000_000 * 1_000_000_000, keys: LabKeys(seed: 1)))
    #expect(OptionChain.all(of: plain).isEmpty)
    let unpriced = Ledger(
        genesis: try OptionVenue(expiries: [OptionVenue.near]).ledger.genesis)
    #expect(OptionChain.all(of: unpriced).isEmpty)
}

extension PriceHistory {
    /// One minute of an asset that has no options anywhere.
    fileprivate static var flat: [PriceHistory] {
        let bar = PriceBar(
            start: 1_750_000_000 * 1_000_000_000, duration: 60_000_000_000, open: 1_000_000,
            high: 1_000_000, low: 1_000_000, close: 1_000_000, volume: nil)
        return [
            PriceHistory(
                base: "XYZ", quote: "USD", unitMultiplier: 1,
                sources: [VenueBars(venue: "a", bars: [bar])])
        ]
    }
}
