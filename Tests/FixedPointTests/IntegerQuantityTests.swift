import FixedPoint
import Testing

@Test func sumsAndDifferencesRefuseJustPastTheRange() throws {
    #expect(try Amount(microunits: .max - 1).adding(Amount(microunits: 1)) == .max)
    #expect(throws: ArithmeticFault.overflow) { try Amount.max.adding(Amount(microunits: 1)) }
    #expect(
        try Quantity(lots: .min + 1).subtracting(Quantity(lots: 1)) == Quantity(lots: .min))
    #expect(throws: ArithmeticFault.overflow) {
        try Quantity(lots: .min).subtracting(Quantity(lots: 1))
    }
}

@Test func ratiosScaleWithOneRounding() throws {
    let amount = Amount(microunits: 1_000_001)
    let half = Ratio(billionths: 500_000_000)
    #expect(try amount.multiplied(by: half, rounding: .down) == Amount(microunits: 500_000))
    #expect(try amount.multiplied(by: half, rounding: .up) == Amount(microunits: 500_001))
    #expect(try (-amount).multiplied(by: half, rounding: .down) == Amount(microunits: -500_001))
    #expect(
        try (-amount).multiplied(by: half, rounding: .towardZero) == Amount(microunits: -500_000))
    #expect(Ratio(basisPoints: 10_000) == .one)
}

@Test func ratioOfTwoAmountsNamesItsRounding() throws {
    let third = try Ratio(Amount(microunits: 1), of: Amount(microunits: 3), rounding: .down)
    #expect(third == Ratio(billionths: 333_333_333))
    #expect(throws: ArithmeticFault.divisionByZero) {
        try Ratio(Amount(microunits: 1), of: .zero, rounding: .down)
    }
}

@Test func clampKeepsBothBounds() {
    let low = Ratio(billionths: -5)
    let high = Ratio(billionths: 5)
    #expect(Ratio(billionths: -6).clamped(low, high) == low)
    #expect(Ratio(billionths: 6).clamped(low, high) == high)
    #expect(Ratio(billionths: 5).clamped(low, high) == high)
    #expect(Ratio(billionths: 4).clamped(low, high) == Ratio(billionths: 4))
}

@Test func operatorsTrapRatherThanWrap() async {
    await #expect(processExitsWith: .failure) {
        let most = Amount.max
        _ = most + most
    }
}

@Test func elapsedTimeIsNeverNegativeAndTheEndOfTimeHolds() {
    let early = Timestamp(nanoseconds: 5)
    let late = Timestamp(nanoseconds: 9)
    #expect(late.elapsed(since: early) == Duration(nanoseconds: 4))
    #expect(early.elapsed(since: late) == .zero)
    #expect(late.advanced(by: Duration(nanoseconds: .max)).nanoseconds == .max)
    #expect(Timestamp(nanoseconds: 7_199_999_999_999).count(of: .hour) == 1)
}
