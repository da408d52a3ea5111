/// The state machine of a breaker: rows of readings with the level after each, and its invariants
/// under random readings.

import Breakers
import Canonical
import FixedPoint
import TestKit
import Testing

struct BreakerTests {
    private static let terms = HoldTerms(cooling: .seconds(300), expiry: .seconds(900))

    /// What is measured at a second, against a threshold of 80 and a clearing value of 40.
    private struct Step: Sendable {
        let second: UInt64
        let measured: Int64?
        let change: BreakerChange?
        let level: MarketLevel
    }

    private struct Row: Sendable {
        let name: String
        let trigger: BreakerTrigger
        let steps: [Step]
    }

    private static let rows: [Row] = [
        Row(
            name: "one below the threshold is nothing", trigger: .minuteMove,
            steps: [
                Step(second: 0, measured: 79, change: nil, level: .normal),
                Step(second: 1, measured: nil, change: nil, level: .normal),
            ]),
        Row(
            name: "at the threshold it trips at once", trigger: .minuteMove,
            steps: [Step(second: 0, measured: 80, change: .tripped, level: .auctionOnly)]),
        Row(
            name: "clear for the cooling time it ends", trigger: .fiveMinuteMove,
            steps: [
                Step(second: 0, measured: 80, change: .tripped, level: .auctionOnly),
                Step(second: 10, measured: 39, change: nil, level: .auctionOnly),
                Step(second: 309, measured: 0, change: nil, level: .auctionOnly),
                Step(second: 310, measured: 0, change: .cooled, level: .normal),
            ]),
        Row(
            name: "between the two values it does not cool", trigger: .sourceDivergence,
            steps: [
                Step(second: 0, measured: 90, change: .tripped, level: .auctionOnly),
                Step(second: 10, measured: 39, change: nil, level: .auctionOnly),
                Step(second: 200, measured: 40, change: nil, level: .auctionOnly),
                Step(second: 310, measured: 39, change: nil, level: .auctionOnly),
                Step(second: 609, measured: 39, change: nil, level: .auctionOnly),
                Step(second: 610, measured: 39, change: .cooled, level: .normal),
            ]),
        Row(
            name: "unrenewed it expires", trigger: .bookDivergence,
            steps: [
                Step(second: 0, measured: 80, change: .tripped, level: .auctionOnly),
                Step(second: 899, measured: 79, change: nil, level: .auctionOnly),
                Step(second: 900, measured: 79, change: .expired, level: .normal),
            ]),
        Row(
            name: "renewed it does not", trigger: .liquidations,
            steps: [
                Step(second: 0, measured: 80, change: .tripped, level: .auctionOnly),
                Step(second: 800, measured: 80, change: nil, level: .auctionOnly),
                Step(second: 1_699, measured: 79, change: nil, level: .auctionOnly),
                Step(second: 1_700, measured: 79, change: .expired, level: .normal),
            ]),
        Row(
            name: "what cannot be told neither cools nor renews", trigger: .minuteMove,
            steps: [
                Step(second: 0, measured: 80, change: .tripped, level: .auctionOnly),
                Step(second: 10, measured: 0, change: nil, level: .auctionOnly),
                Step(second: 400, measured: nil, change: nil, level: .auctionOnly),
                Step(second: 401, measured: 0, change: .cooled, level: .normal),
            ]),
        Row(
            name: "a stale index leaves orders that reduce", trigger: .staleIndex,
            steps: [Step(second: 0, measured: 80, change: .tripped, level: .reduceOnly)]),
        Row(
            name: "a dead index leaves none", trigger: .deadIndex,
            steps: [Step(second: 0, measured: 80, change: .tripped, level: .halted)]),
        Row(
            name: "a fund that empties leaves orders that reduce", trigger: .drawdown,
            steps: [Step(second: 0, measured: 80, change: .tripped, level: .reduceOnly)]),
    ]

    private static func reading(_ trigger: BreakerTrigger, _ measured: Int64?) -> BreakerReading {
        BreakerReading(trigger, measured: measured, threshold: 80, clearing: 40)
    }

    @Test(arguments: rows)
    private func `a trigger raises at once and lets go late`(_ row: Row) throws {
        var breaker = Breaker()
        let start = Timestamp(nanoseconds: 1_000_000_000_000)
        for step in row.steps {
            let now = start.advanced(by: .seconds(step.second))
            var change = breaker.take(
                Self.reading(row.trigger, step.measured), Self.terms, at: now)
            if breaker.removeExpired(at: now) != nil { change = .expired }
            #expect(change == step.change, "\(row.name) at \(step.second)")
            #expect(breaker.level == step.level, "\(row.name) at \(step.second)")
            #expect(try Breaker(canonicalBytes: breaker.canonicalBytes) == breaker)
        }
    }

    @Test func `the highest of several holds counts, and each goes by itself`() {
        var breaker = Breaker()
        let start = Timestamp(nanoseconds: 1_000_000_000_000)
        _ = breaker.take(Self.reading(.deadIndex, 80), Self.terms, at: start)
        _ = breaker.take(Self.reading(.minuteMove, 80), Self.terms, at: start)
        _ = breaker.take(Self.reading(.staleIndex, 80), Self.terms, at: start)
        #expect(breaker.level == .halted)
        #expect(breaker.holds.map(\.trigger) == [.minuteMove, .staleIndex, .deadIndex])
        let short = HoldTerms(cooling: .zero, expiry: .seconds(900))
        for (trigger, left) in [
            (BreakerTrigger.deadIndex, MarketLevel.reduceOnly), (.staleIndex, .auctionOnly),
        ] {
            _ = breaker.take(Self.reading(trigger, 0), short, at: start.advanced(by: .seconds(1)))
            let change = breaker.take(
                Self.reading(trigger, 0), short, at: start.advanced(by: .seconds(1)))
            #expect(change == .cooled)
            #expect(breaker.level == left)
        }
    }

    @Test func `a guardian only raises, and only for later`() {
        var breaker = Breaker()
        let end = Timestamp(nanoseconds: 1_000)
        let later = Timestamp(nanoseconds: 2_000)
        let rows: [(level: MarketLevel, until: Timestamp, isRaised: Bool, after: MarketLevel)] = [
            (.reduceOnly, end, true, .reduceOnly), (.reduceOnly, end, false, .reduceOnly),
            (.auctionOnly, end, false, .reduceOnly), (.auctionOnly, later, true, .reduceOnly),
            (.halted, end, true, .halted),
        ]
        for row in rows {
            let isRaised = breaker.raise(to: row.level, until: row.until)
            #expect(isRaised == row.isRaised)
            #expect(breaker.level == row.after)
        }
        let early = breaker.removeExpired(at: end)
        #expect(early == nil)
        let ended = breaker.removeExpired(at: later)
        #expect(ended?.trigger == .guardian)
        #expect(breaker.isIdle)
    }

    @Test func `a level is never below what a live trigger demands, whatever comes`() {
        var random = SeededGenerator(seed: 6_001)
        for _ in 0..<200 {
            var breaker = Breaker()
            var now = Timestamp(nanoseconds: 1_000_000_000_000)
            for _ in 0..<200 {
                now = now.advanced(by: .seconds(UInt64.random(in: 1...120, using: &random)))
                var least = MarketLevel.normal
                for trigger in BreakerTrigger.allCases where trigger != .guardian {
                    guard Bool.random(using: &random) else { continue }
                    let measured = Int64.random(in: 0...100, using: &random)
                    let reading = Self.reading(trigger, measured)
                    _ = breaker.take(reading, Self.terms, at: now)
                    if reading.isTripped { least = max(least, trigger.level) }
                }
                while breaker.removeExpired(at: now) != nil {}
                #expect(breaker.level >= least)
                for hold in breaker.holds {
                    #expect(hold.until > now)
                    #expect(hold.until <= now.advanced(by: Self.terms.expiry))
                }
            }
        }
    }

    @Test func `what is no state of a breaker is refused`() throws {
        var breaker = Breaker()
        _ = breaker.take(Self.reading(.staleIndex, 80), Self.terms, at: .epoch)
        var bytes = breaker.canonicalBytes
        // The level of a trigger is its own.
        bytes[5] = MarketLevel.halted.rawValue
        #expect(throws: DecodingFault.self) { try Breaker(canonicalBytes: bytes) }
        bytes[5] = 4
        #expect(throws: DecodingFault.self) { try Breaker(canonicalBytes: bytes) }
        var twice = CanonicalEncoder()
        twice.append([breaker.holds[0], breaker.holds[0]])
        #expect(throws: DecodingFault.self) { try Breaker(canonicalBytes: twice.bytes) }
    }
}
