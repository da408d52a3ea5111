/// Division with a named rounding direction, over 128-bit numerators. It is the one place of the
/// core where a remainder is dropped.

/// `numerator / denominator`, rounded in the named direction.
///
/// - Throws: `ArithmeticFault.divisionByZero`; `ArithmeticFault.overflow` when the quotient does
///   not fit 64 bits.
@inlinable
public func divide(
    _ numerator: Int128, by denominator: Int128, rounding: Rounding
) throws(ArithmeticFault) -> Int64 {
    guard denominator != 0 else { throw .divisionByZero }
    // Most numerators fit 64 bits, where the processor divides several times faster.
    if let narrow = Int64(exactly: numerator), let divisor = Int64(exactly: denominator),
        divisor > 0
    {
        return divide(narrow, by: divisor, rounding: rounding)
    }
    let (wide, overflow) = numerator.dividedReportingOverflow(by: denominator)
    guard !overflow else { throw .overflow }
    var quotient = wide
    let remainder = numerator - wide * denominator
    if remainder != 0 {
        let negative = (remainder < 0) != (denominator < 0)
        switch rounding {
        case .down: if negative { quotient -= 1 }
        case .up: if !negative { quotient += 1 }
        case .towardZero: break
        case .awayFromZero: quotient += negative ? -1 : 1
        }
    }
    guard let result = Int64(exactly: quotient) else { throw .overflow }
    return result
}

/// `numerator / denominator` in 64 bits, for a positive denominator; the quotient cannot overflow.
@usableFromInline
func divide(_ numerator: Int64, by denominator: Int64, rounding: Rounding) -> Int64 {
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    guard remainder != 0 else { return quotient }
    return switch rounding {
    case .down: remainder < 0 ? quotient - 1 : quotient
    case .up: remainder > 0 ? quotient + 1 : quotient
    case .towardZero: quotient
    case .awayFromZero: remainder < 0 ? quotient - 1 : quotient + 1
    }
}

/// A 128-bit value as 64 bits.
///
/// - Throws: `ArithmeticFault.overflow` when it does not fit.
@inlinable
public func narrowed(_ value: Int128) throws(ArithmeticFault) -> Int64 {
    guard let result = Int64(exactly: value) else { throw .overflow }
    return result
}

/// Runs a calculation that genesis bounds keep in range. If it does not stay there, that is a bug
/// of ours and no answer to input, so it stops the program.
@inlinable
public func proven<Value>(_ calculation: () throws(ArithmeticFault) -> Value) -> Value {
    do {
        return try calculation()
    } catch {
        preconditionFailure("Invariant: the bounds of the catalogue keep this in range")
    }
}
