/// A price beside others and beside the last one: both sides of each limit.
import FixedPoint
import Testing

@testable import Publishing

/// What is found at a price, without a jump that was kept to.
private func finding(
    _ price: IndexPrice, others: [IndexPrice] = [], last: IndexPrice? = nil,
    lastAge: UInt64 = benchSecond, limits: PriceLimits = PriceLimits()
) -> Finding? {
    var held: (price: IndexPrice, since: UInt64)?
    return SourceCheck.finding(
        price, others: others, last: last.map { LastPrice(price: $0, time: benchStart - lastAge) },
        limits, held: &held, at: benchStart)
}

@Test func aPriceAloneForTheFirstTimeIsTaken() { #expect(finding(price(100)) == nil) }

@Test func aMoveUpToTheLimitIsTakenAndOneBeyondIsAJump() {
    #expect(finding(price(110), last: price(100)) == nil)
    #expect(finding(cents(11_001), last: price(100)) == .jumped)
    #expect(finding(price(90), last: price(100)) == nil)
    #expect(finding(cents(8_999), last: price(100)) == .jumped)
}

@Test func aJumpThatAMajorityConfirmsIsTaken() {
    #expect(finding(price(80), others: [price(80)], last: price(100)) == nil)
    #expect(finding(price(80), others: [price(100)], last: price(100)) == .jumped)
    #expect(finding(price(80), others: [price(80), price(100)], last: price(100)) == .jumped)
    #expect(
        finding(price(80), others: [price(80), price(81), price(100)], last: price(100)) == nil)
}

@Test func aFeedStandsAloneOnlyAgainstTwo() {
    #expect(finding(price(100), others: [price(130)]) == nil)
    #expect(finding(price(100), others: [price(130), price(131)]) == .apart)
    #expect(finding(price(100), others: [price(130), price(101)]) == nil)
    #expect(finding(price(100), others: [price(130), price(131), price(101)]) == .apart)
}

@Test func agreementIsWithinItsLimit() {
    // Five percent of the other's price.
    #expect(finding(price(105), others: [price(100), price(100)]) == nil)
    #expect(finding(cents(10_501), others: [price(100), price(100)]) == .apart)
}

@Test(arguments: [1, 2, 3, 6, 9])
func aPriceOfAnotherUnitIsNamed(_ power: Int) {
    var scale: Int64 = 1
    for _ in 0..<power { scale *= 10 }
    let low = IndexPrice(micros: 1_000_000)
    let high = IndexPrice(micros: 1_020_000 * scale)
    #expect(finding(high, others: [low, low]) == .unitShift(power))
    #expect(finding(low, others: [high, high]) == .unitShift(-power))
    #expect(finding(high, last: low) == .unitShift(power))
    #expect(finding(low, last: high) == .unitShift(-power))
}

@Test func aPriceThatLiesBetweenPowersIsNoUnit() {
    #expect(SourceCheck.unitShift(price(1_050), price(100)) == 1)
    #expect(SourceCheck.unitShift(price(1_051), price(100)) == nil)
    #expect(SourceCheck.unitShift(price(950), price(100)) == 1)
    #expect(SourceCheck.unitShift(price(949), price(100)) == nil)
    #expect(SourceCheck.unitShift(price(101), price(100)) == nil)
    #expect(SourceCheck.unitShift(IndexPrice(micros: .max), IndexPrice(micros: 9)) == 18)
    #expect(SourceCheck.unitShift(IndexPrice(micros: .max), IndexPrice(micros: 1)) == nil)
}

@Test func aUnitShiftIsNotTakenHoweverLongItIsKeptTo() {
    var held: (price: IndexPrice, since: UInt64)?
    let last = LastPrice(price: price(100), time: benchStart)
    for second in 0..<3_600 {
        let found = SourceCheck.finding(
            price(1_000), others: [], last: last, PriceLimits(), held: &held,
            at: benchStart + UInt64(second) * benchSecond)
        #expect(found == .unitShift(1))
    }
}

@Test func aJumpCountsOnceItIsKeptTo() {
    var held: (price: IndexPrice, since: UInt64)?
    let last = LastPrice(price: price(100), time: benchStart)
    func find(_ units: Int64, after seconds: UInt64) -> Finding? {
        SourceCheck.finding(
            price(units), others: [], last: last, PriceLimits(), held: &held,
            at: benchStart + seconds * benchSecond)
    }
    #expect(find(70, after: 1) == .jumped)
    #expect(find(72, after: 10) == .jumped)
    #expect(find(71, after: 11) == nil)
    // A price elsewhere begins anew.
    #expect(find(50, after: 12) == .jumped)
    #expect(find(50, after: 21) == .jumped)
    #expect(find(50, after: 22) == nil)
    // One that comes back is no jump, and the wait is forgotten.
    #expect(find(99, after: 23) == nil)
    #expect(find(50, after: 24) == .jumped)
}

@Test(arguments: [
    ([IndexPrice](), true), ([price(100)], false), ([price(100), price(70)], true),
])
func aJumpThatAllOthersDenyIsNotTakenHoweverLongItIsKeptTo(
    _ others: [IndexPrice], _ isTaken: Bool
) {
    var held: (price: IndexPrice, since: UInt64)?
    let last = LastPrice(price: price(100), time: benchStart)
    var found: Finding?
    for second in 0..<UInt64(3_600) {
        found = SourceCheck.finding(
            price(70), others: others, last: last, PriceLimits(), held: &held,
            at: benchStart + second * benchSecond)
    }
    #expect((found == nil) == isTaken)
}

@Test func whatWasSentLongAgoSaysNothing() {
    #expect(
        finding(price(50), last: price(100), lastAge: SourceCheck.memory) == .jumped)
    #expect(
        finding(price(50), last: price(100), lastAge: SourceCheck.memory + 1) == nil)
}

@Test func theMedianIsTheMiddle() {
    #expect(SourceCheck.median([price(3)]) == price(3))
    #expect(SourceCheck.median([price(9), price(1), price(2)]) == price(2))
    #expect(
        SourceCheck.median([price(9), price(1), price(2), price(3)])
            == IndexPrice(micros: 2_500_000))
    #expect(
        SourceCheck.median([IndexPrice(micros: .max), IndexPrice(micros: .max)])
            == IndexPrice(micros: .max))
}
