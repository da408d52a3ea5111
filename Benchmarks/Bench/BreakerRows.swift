/// All circuit breakers over one second of a busy venue: 100,000 order events of 5,000 owners, a
/// tenth of them trades, on 1,000 instruments of 50 underlyings in ten blocks; every event is
/// judged and counted, every block looks at every index and every market. Against token buckets in
/// C++, which is what a gateway without any of it would do.

import Breakers
import Canonical
import FixedPoint
import Yardstick

enum BreakerRows {
    private static let events = 100_000
    private static let owners = 5_000
    private static let instruments = 1_000
    private static let underlyings = 50
    private static let blocks = 10
    private static let rounds = 9
    /// Nanoseconds of an event: 5 % of a core at 100,000 a second.
    private static let budget = 500.0

    /// What is watched.
    private struct Watch {
        var flows = [AccountFlow](repeating: AccountFlow(), count: owners)
        var markets = [Breaker](repeating: Breaker(), count: instruments)
        var trading = [MarketFlow](repeating: MarketFlow(), count: instruments)
        var forced = [SlidingSum](
            repeating: SlidingSum(width: .seconds(30), buckets: 10), count: instruments)
        var indexes = [Breaker](repeating: Breaker(), count: underlyings)
        var windows = [MoveWindow](repeating: MoveWindow(), count: underlyings)
        /// So that nothing is left out.
        var count = 0

        /// A tenth of a second: its events, then what a block looks at.
        mutating func block(_ number: Int, at now: Timestamp) {
            let rates = FlowParameters.standard
            for event in (number * events / blocks)..<((number + 1) * events / blocks) {
                let owner = Int(
                    (UInt32(truncatingIfNeeded: event) &* 2_654_435_761) % UInt32(owners))
                if flows[owner].admitsOrder(rates, at: now) {
                    if event % 2 == 0 {
                        if flows[owner].countOrder(rates, at: now) { count += 1 }
                    } else if flows[owner].countCancel(rates, at: now) {
                        count += 1
                    }
                }
                guard event % 10 == 0 else { continue }
                trade(event, owner, rates, at: now)
            }
            look(at: now, number)
        }

        private mutating func trade(
            _ event: Int, _ owner: Int, _ rates: FlowParameters, at now: Timestamp
        ) {
            let other = (owner + 1 + event / 10 % 97) % owners
            let notional = Amount(microunits: Int64(1 + event % 977) * 10_000_000)
            let isBuy = event % 3 == 0
            trading[event / 10 % instruments].count(
                notional, isBuy: isBuy, bucket: BreakerParameters.standard.toxicityBucket, at: now)
            if flows[owner].countFill(
                notional, isBuyer: isBuy, isTaker: true, with: UInt32(other), rates, at: now)
            {
                count += 1
            }
            if flows[other].countFill(
                notional, isBuyer: !isBuy, isTaker: false, with: UInt32(owner), rates, at: now)
            {
                count += 1
            }
        }

        private mutating func look(at now: Timestamp, _ number: Int) {
            let parameters = BreakerParameters.standard
            for place in 0..<underlyings {
                let index = IndexPrice(micros: 50_000_000_000 + Int64(place + number) * 1_000_000)
                windows[place].record(index, at: now)
                let moves = windows[place].moves(of: index)
                for (trigger, measured) in [
                    (BreakerTrigger.minuteMove, moves.minute), (.fiveMinuteMove, moves.fiveMinutes),
                ] {
                    let reading = parameters.reading(
                        trigger, measured.units, threshold: parameters.minuteMove.units)
                    if indexes[place].take(reading, parameters.terms(of: trigger), at: now) != nil {
                        count += 1
                    }
                }
            }
            for place in 0..<instruments {
                let reading = parameters.reading(
                    .liquidations, forced[place].total(at: now),
                    threshold: parameters.liquidationFloor.units)
                if markets[place].take(reading, parameters.terms(of: .liquidations), at: now)
                    != nil
                {
                    count += 1
                }
            }
        }
    }

    static func all() -> [Result] {
        var watch = Watch()
        var second: UInt64 = 1_700_000_000
        var admitted: Int64 = 0
        let times = Measurement.pair(
            rounds: rounds,
            subject: {
                second += 1
                for number in 0..<blocks {
                    let passed = Duration(
                        nanoseconds: UInt64(number) * 1_000_000_000 / UInt64(blocks))
                    watch.block(
                        number,
                        at: Timestamp(nanoseconds: second * 1_000_000_000).advanced(by: passed))
                }
            },
            yardstick: {
                admitted += yardstick_buckets(UInt32(events), UInt32(owners))
            })
        precondition(
            watch.count >= 0 && admitted > 0, "Invariant: both have looked at the events")
        return [
            .measured(
                .time(
                    "breakers.events", unit: "ns", scale: 1, pieces: Double(events), times,
                    against: "C++ token buckets", target: .atMost(budget),
                    note:
                        "an order event with all breakers: 100,000 a second of 5,000 owners, "
                        + "1,000 instruments, 50 indexes, ten blocks"))
        ]
    }
}
