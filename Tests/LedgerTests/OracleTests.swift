/// The oracle inside the ledger: prices of other currencies, what a clamped or unsure index is good
/// for, and settlement after a halt (`facts/risk.md`, attacks 15 and 16), each defence on and off.

import Canonical
import FixedPoint
import Ledger
import Oracle
import Testing

@Suite struct OracleTests {
    private static let million = TestGenesis.million

    private static func source(
        _ name: String, _ venue: UInt16, quote: UInt16? = nil
    ) -> PriceSource {
        PriceSource(
            name: TestGenesis.symbol(name), venue: venue,
            quote: quote.map { UnderlyingIdentifier($0) })
    }

    private static func options(
        off: [Defence] = [], _ change: (inout AggregationParameters) -> Void = { _ in }
    ) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.safeguards = Safeguards(
            sources: [source("one", 1), source("two", 2), source("three", 3, quote: 1)])
        options.safeguards.off = DefenceSet(off)
        change(&options.aggregation)
        return options
    }

    // MARK: Faults

    /// What the ledger says of the first publisher, which says something odd of BTC, while the
    /// others see it at 50,000.
    private func verdicts(
        _ dollars: Int64, source: UInt16 = 0, rounds: Int = 1, others: Int64 = 50_000
    ) throws -> [Refusal?] {
        var options = Self.options { rules in
            rules.outlierFactor = Ratio(basisPoints: 50_000)
            rules.outlierFloor = Ratio(basisPoints: 100)
            rules.unitTolerance = Ratio(basisPoints: 1_000)
            rules.frozenAge = .seconds(10)
            rules.frozenMove = Ratio(basisPoints: 50)
            rules.bounds = [
                SourceBound(
                    source: SourceIdentifier(0),
                    lowest: IndexPrice(micros: 49_000 * Self.million), highest: .max)
            ]
        }
        options.safeguards.sources = [Self.source("one", 1)]
        let venue = try Venue(options)
        try venue.apply()
        var verdicts: [Refusal?] = []
        for _ in 0..<rounds {
            let now = venue.time.advanced(by: .seconds(6))
            var bundles = [1, 2].map {
                venue.bundle(by: $0, at: now, prices: [(0, others * Self.million)])
            }
            if dollars > 0 {
                let odd = ObservationBundle(
                    publisher: PublisherIdentifier(0), time: now,
                    observations: [
                        Observation(
                            underlying: UnderlyingIdentifier(0),
                            price: IndexPrice(micros: dollars * Self.million),
                            source: SourceIdentifier(source))
                    ], signature: bundles[0].signature)
                bundles.insert(venue.signed(odd), at: 0)
            }
            let outcome = try venue.apply(
                venue.block([], milliseconds: 6_000, observations: bundles))
            for case .priceJudged(PublisherIdentifier(0), UnderlyingIdentifier(0), let refusal)
                in outcome.events
            {
                verdicts.append(refusal)
            }
        }
        return verdicts
    }

    @Test func `every fault of a price has a refusal of its own`() throws {
        #expect(try verdicts(50_000) == [])
        #expect(try verdicts(50_000, source: 1) == [.unknownSource])
        #expect(try verdicts(49_000) == [.priceAtBound])
        #expect(try verdicts(49_001) == [])
        // Five times the floor of 1 % is 2,500.
        #expect(try verdicts(52_500) == [])
        #expect(try verdicts(52_501) == [.priceOutlier])
        #expect(try verdicts(400_000) == [.priceOutlier])
        #expect(try verdicts(50_000, rounds: 4, others: 50_300) == [.priceFrozen])
        // Silence from the first block on: stale after 60 s.
        #expect(try verdicts(0, rounds: 10) == [])
        #expect(try verdicts(0, rounds: 11) == [.priceStale])
    }

    @Test func `a price with too few decimals has the wrong unit`() throws {
        let venue = try Venue(Self.options { $0.unitTolerance = Ratio(basisPoints: 1_000) })
        try venue.apply()
        for (dollars, refusal) in [(Int64(5_000), Refusal.priceUnitShifted), (5_600, nil)]
            as [(Int64, Refusal?)]
        {
            let now = venue.time.advanced(by: .seconds(1))
            let bundle = venue.bundle(by: 1, at: now, prices: [(0, dollars * Self.million)])
            let outcome = try venue.apply(venue.block([], observations: [bundle]))
            let judged = Event.priceJudged(
                PublisherIdentifier(1), UnderlyingIdentifier(0), refusal)
            #expect(outcome.events.contains(judged))
        }
    }

    // MARK: Conversion

    /// The third publisher sees BTC at 20 ETH of 2,500 dollars.
    @Test(arguments: [([], 50_000), ([Defence.conversion], 20)] as [([Defence], Int64)])
    func `a price in another currency is converted by the index of the same block`(
        off: [Defence], dollars: Int64
    ) throws {
        let venue = try Venue(Self.options(off: off))
        let now = venue.time.advanced(by: .seconds(1))
        func say(_ publisher: Int, _ prices: [(UInt16, Int64, UInt16)]) -> ObservationBundle {
            venue.signed(
                ObservationBundle(
                    publisher: PublisherIdentifier(UInt16(publisher)), time: now,
                    observations: prices.map {
                        Observation(
                            underlying: UnderlyingIdentifier($0.0),
                            price: IndexPrice(micros: $0.1 * Self.million),
                            source: SourceIdentifier($0.2))
                    }, signature: Signature(r: Bytes32(), s: Bytes32())))
        }
        // All three speak of ETH in dollars, of BTC in ETH only.
        let bundles = (0..<3).map { say($0, [(0, 20, 2), (1, 2_500, 0)]) }
        try venue.apply(venue.block([], observations: bundles))
        #expect(venue.ledger.feeds[0].index.units == dollars * Self.million)
        #expect(venue.ledger.feeds[1].index.units == 2_500 * Self.million)
        // ETH in ETH is no price of ETH.
        let later = venue.time.advanced(by: .seconds(1))
        var chained = venue.bundle(by: 2, at: later, prices: [(1, Self.million)])
        chained = ObservationBundle(
            publisher: chained.publisher, time: later,
            observations: [
                Observation(
                    underlying: UnderlyingIdentifier(1), price: IndexPrice(micros: Self.million),
                    source: SourceIdentifier(2))
            ], signature: chained.signature)
        let outcome = try venue.apply(
            venue.block([], observations: [venue.signed(chained)]))
        let fault = Event.priceJudged(
            PublisherIdentifier(2), UnderlyingIdentifier(1), .noConversion)
        #expect(outcome.events.contains(fault) == off.isEmpty)
    }

    // MARK: Conditions

    @Test func `nothing leaves on a clamped index, while orders and liquidations go on`() throws {
        for off in [[], [Defence.indexClamp]] {
            var options = Self.options(off: off) { $0.secondMove = Ratio(basisPoints: 50) }
            options.safeguards.sources = [Self.source("one", 1)]
            let venue = try Venue(options)
            let accounts = try venue.openAccounts(2, dollars: 100_000)
            try venue.trade(accounts[0], accounts[1], 100, at: 50_000)
            venue.setPrice(51_000)
            let outcome = try venue.apply(.by(accounts[0], .withdraw(dollars: 1)))
            #expect(outcome.refusals == [off.isEmpty ? .priceTooOld : nil])
            let condition = venue.ledger.feeds[0].condition
            #expect(condition.isClamped == off.isEmpty)
            let changed = Event.indexConditionChanged(UnderlyingIdentifier(0), condition)
            #expect(outcome.events.contains(changed) == off.isEmpty)
            let order = try venue.apply(.by(accounts[0], .buy(1, at: 49_900)))
            #expect(order.refusals == [nil])
            try venue.wait(blocks: 4, seconds: 1)
            #expect(venue.ledger.feeds[0].index.units == 51_000 * Self.million)
            let arrived = try venue.apply(.by(accounts[0], .withdraw(dollars: 1)))
            #expect(arrived.refusals == [nil])
        }
    }

    @Test func `too few venues leave the index where it was, and nothing leaves by it`() throws {
        for off in [[], [Defence.quorum]] {
            var options = Self.options(off: off) { $0.minimumVenues = 2 }
            options.safeguards.sources = [Self.source("one", 1), Self.source("two", 2)]
            let venue = try Venue(options)
            let accounts = try venue.openAccounts(2, dollars: 100_000)
            try venue.trade(accounts[0], accounts[1], 100, at: 50_000)
            let before = venue.ledger.feeds[0].index
            // Publisher 1 alone speaks from the second source; now it falls silent.
            for _ in 0..<7 {
                let now = venue.time.advanced(by: .seconds(10))
                let bundles = [0, 2].map {
                    venue.bundle(by: $0, at: now, prices: [(0, 50_100 * Self.million)])
                }
                try venue.apply(venue.block([], milliseconds: 10_000, observations: bundles))
            }
            let feed = venue.ledger.feeds[0]
            #expect(feed.condition.lacksVenues == off.isEmpty)
            #expect(feed.isValid(for: .liquidate, at: venue.time) == !off.isEmpty)
            #expect(feed.isValid(for: .reduce, at: venue.time))
            #expect((feed.index > before) == true)
        }
    }

    // MARK: Settlement

    /// Attack 16: one observation of 60,000, and then nobody speaks until the expiry.
    @Test(arguments: [[], [Defence.settlementCoverage]] as [[Defence]])
    func `a halt does not give one observation the whole window`(off: [Defence]) throws {
        var options = Self.options(off: off)
        options.safeguards.sources = [Self.source("one", 1)]
        options.isDated = true
        let venue = try Venue(options)
        try venue.apply(secondsBefore: 1_801)
        venue.setPrice(60_000)
        try venue.apply(secondsBefore: 1_800)
        venue.isPublishing = false
        let outcome = try venue.apply(secondsBefore: 0)
        #expect(outcome.isPostponed == off.isEmpty)
        let settled = outcome.events.contains { event in
            if case .instrumentSettled(_, let price, _) = event {
                price.units == 60_000 * Self.million
            } else {
                false
            }
        }
        #expect(settled == !off.isEmpty)
    }

    // MARK: State

    @Test func `what is remembered of every publisher survives a restart`() throws {
        let venue = try Venue(Self.options { $0.unitTolerance = Ratio(basisPoints: 1_000) })
        try venue.apply()
        let now = venue.time.advanced(by: .seconds(1))
        let odd = [(0, 500_000 * Self.million / 10 * 8), (1, 0)] as [(Int, Int64)]
        let bundles = odd.map { venue.bundle(by: $0.0, at: now, prices: [(0, $0.1)]) }
        try venue.apply(venue.block([], observations: bundles))
        #expect(venue.ledger.feeds[0].faults[1] == .zero)
        let copy = try Ledger(
            genesis: venue.ledger.genesis, leaves: venue.ledger.leaves(), root: venue.ledger.root)
        #expect(copy.feeds == venue.ledger.feeds)
        let block = venue.block([], milliseconds: 61_000, observations: [])
        let expected = try venue.apply(block)
        #expect(try copy.apply(block, verifier: TestSignatures()).root == expected.root)
    }

    @Test
    func `an index cannot ask for more venues than there are, nor bound a source that is none`()
        throws
    {
        for (venues, isSound) in [(UInt16(3), true), (4, false)] {
            var options = Self.options { $0.minimumVenues = venues }
            options.safeguards.sources.append(Self.source("four", 3))
            #expect(((try? TestGenesis.genesis(options)) != nil) == isSound)
        }
        for (source, isSound) in [(UInt16(2), true), (3, false)] {
            let options = Self.options {
                $0.bounds = [
                    SourceBound(
                        source: SourceIdentifier(source), lowest: .zero,
                        highest: IndexPrice(units: 7))
                ]
            }
            #expect(((try? TestGenesis.genesis(options)) != nil) == isSound)
        }
    }

    @Test func `the events of prices are read as they were written`() throws {
        let events: [Event] = [
            .priceJudged(PublisherIdentifier(1), UnderlyingIdentifier(2), .priceFrozen),
            .priceJudged(PublisherIdentifier(1), UnderlyingIdentifier(2), nil),
            .indexConditionChanged(UnderlyingIdentifier(2), IndexCondition()),
        ]
        for event in events {
            #expect(try Event(canonicalBytes: event.canonicalBytes) == event)
        }
        for fault in PriceFault.allCases {
            #expect(try PriceFault(canonicalBytes: fault.canonicalBytes) == fault)
        }
    }
}
