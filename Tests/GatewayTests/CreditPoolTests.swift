/// Credits: they fill with time, to the nanosecond, and never beyond the pool.

import FixedPoint
import Testing

@testable import Gateway

@Suite struct CreditPoolTests {
    private let start = Timestamp(nanoseconds: 1_000_000_000_000)
    private let terms = CreditTerms(capacity: 1_000, refill: 100)

    @Test func aPoolPaysUntilItIsEmpty() {
        var pool = CreditPool(terms, now: start)
        #expect(pool.pay(600, terms, now: start) == nil)
        #expect(pool.pay(400, terms, now: start) == nil)
        #expect(pool.pay(1, terms, now: start) == Duration(nanoseconds: 10_000_000))
        #expect(pool.pay(0, terms, now: start) == nil)
    }

    @Test func theTimeToWaitIsExact() {
        var pool = CreditPool(terms, now: start)
        _ = pool.pay(1_000, terms, now: start)
        let wait = pool.pay(333, terms, now: start) ?? .zero
        #expect(wait == Duration(nanoseconds: 3_330_000_000))
        let early = start.advanced(by: Duration(nanoseconds: wait.nanoseconds - 1))
        #expect(pool.pay(333, terms, now: early) == Duration(nanoseconds: 1))
        #expect(pool.pay(333, terms, now: start.advanced(by: wait)) == nil)
    }

    @Test func aPoolNeverHoldsMoreThanItsCapacity() {
        var pool = CreditPool(terms, now: start)
        let late = start.advanced(by: .day)
        #expect(pool.pay(1_000, terms, now: late) == nil)
        #expect(pool.pay(1, terms, now: late) != nil)
        // What costs more than the pool can hold is paid with all of it.
        var whole = CreditPool(terms, now: start)
        #expect(whole.pay(5_000, terms, now: start) == nil)
        #expect(whole.pay(1, terms, now: start) != nil)
    }

    @Test func aClockThatGoesBackGivesNothing() {
        var pool = CreditPool(terms, now: start)
        _ = pool.pay(1_000, terms, now: start)
        #expect(pool.pay(1, terms, now: Timestamp(nanoseconds: 0)) != nil)
        #expect(pool.pay(1, terms, now: start) != nil)
        let frozen = CreditTerms(capacity: 10, refill: 0)
        #expect(pool.pay(10, frozen, now: start) == Duration(nanoseconds: .max))
    }
}
