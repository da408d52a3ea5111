import FixedPoint
import Testing

/// Every direction against the definition, on a grid that crosses zero on both sides.
@Test func divisionRoundsAsItsDirectionSays() throws {
    for numerator in Int64(-25)...25 {
        for denominator in Int64(-7)...7 where denominator != 0 {
            let exact = (Int128(numerator), Int128(denominator))
            let down = try divide(exact.0, by: exact.1, rounding: .down)
            let up = try divide(exact.0, by: exact.1, rounding: .up)
            let inner = try divide(exact.0, by: exact.1, rounding: .towardZero)
            let outer = try divide(exact.0, by: exact.1, rounding: .awayFromZero)
            // Multiply back instead of dividing again, so that the check has no rounding of its
            // own.
            let flip: Int64 = denominator < 0 ? -1 : 1
            #expect(down * denominator * flip <= numerator * flip)
            #expect((down + 1) * denominator * flip > numerator * flip)
            #expect(up - down == (numerator % denominator == 0 ? 0 : 1))
            #expect(inner == numerator / denominator)
            #expect(abs(outer) == max(abs(up), abs(down)))
        }
    }
}

@Test func divisionByZeroAndOverflowAreRefused() {
    #expect(throws: ArithmeticFault.divisionByZero) { try divide(1, by: 0, rounding: .down) }
    #expect(throws: ArithmeticFault.overflow) {
        try divide(Int128(Int64.max) + 1, by: 1, rounding: .down)
    }
    #expect(throws: ArithmeticFault.overflow) { try divide(.min, by: -1, rounding: .down) }
    #expect(throws: ArithmeticFault.overflow) {
        try divide(Int128(Int64.max) * 2 + 1, by: 2, rounding: .up)
    }
}

@Test func divisionReachesBothEndsOfTheRange() throws {
    #expect(try divide(Int128(Int64.max), by: 1, rounding: .up) == .max)
    #expect(try divide(Int128(Int64.min), by: 1, rounding: .down) == .min)
    #expect(try divide(Int128(Int64.max) * 2 + 1, by: 2, rounding: .down) == .max)
}
