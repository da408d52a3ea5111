/// What every quantity of the engine has in common: it is a whole number of one stated unit, and
/// two kinds never mix by accident. Two families of arithmetic are offered. `adding`, `subtracting`
/// and `multiplied` refuse on overflow and are meant for anything a user can influence; the
/// operators trap and are meant for values whose sum is bounded by the limits that genesis
/// validation proves (Catalogue, "Bounds"). Source: DESIGN 3, STYLE rules 4 and 5.

/// A calculation left the range of its type, or divided by zero. Never a trap (STYLE rule 5).
@frozen
public enum ArithmeticFault: UInt16, Error, Equatable, Sendable {
    /// The exact result does not fit the type of the result.
    case overflow = 1
    /// The divisor was zero.
    case divisionByZero = 2
}

/// A signed 64-bit count of one unit.
public protocol IntegerQuantity: Comparable, Sendable {
    /// The count, in the unit that the type states.
    var units: Int64 { get }
    /// The quantity of `units` units.
    init(units: Int64)
}

extension IntegerQuantity {
    /// Nothing of it.
    @inlinable
    public static var zero: Self { Self(units: 0) }

    /// The largest value of the type.
    @inlinable
    public static var max: Self { Self(units: .max) }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.units < right.units }

    /// The sum, exact.
    ///
    /// - Throws: `ArithmeticFault.overflow` when it does not fit 64 bits.
    @inlinable
    public func adding(_ other: Self) throws(ArithmeticFault) -> Self {
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        guard !overflow else { throw .overflow }
        return Self(units: sum)
    }

    /// The difference, exact.
    ///
    /// - Throws: `ArithmeticFault.overflow` when it does not fit 64 bits.
    @inlinable
    public func subtracting(_ other: Self) throws(ArithmeticFault) -> Self {
        let (difference, overflow) = units.subtractingReportingOverflow(other.units)
        guard !overflow else { throw .overflow }
        return Self(units: difference)
    }

    /// The sum of two values that genesis bounds keep in range; traps otherwise.
    @inlinable
    public static func + (left: Self, right: Self) -> Self {
        Self(units: left.units + right.units)
    }

    /// The difference of two values that genesis bounds keep in range; traps otherwise.
    @inlinable
    public static func - (left: Self, right: Self) -> Self {
        Self(units: left.units - right.units)
    }

    /// The negative; traps for the one value that has none.
    @inlinable
    public static prefix func - (value: Self) -> Self { Self(units: -value.units) }

    /// Adds in place; traps when out of range.
    @inlinable
    public static func += (left: inout Self, right: Self) {
        left = left + right
    }

    /// Subtracts in place; traps when out of range.
    @inlinable
    public static func -= (left: inout Self, right: Self) {
        left = left - right
    }

    /// The distance from zero; traps for the one value that has none.
    @inlinable
    public var magnitude: Self { Self(units: abs(units)) }

    /// Whether this is below zero.
    @inlinable
    public var isNegative: Bool { units < 0 }

    /// Whether this is above zero.
    @inlinable
    public var isPositive: Bool { units > 0 }

    /// -1, 0 or 1.
    @inlinable
    public var sign: Int64 { units.signum() }

    /// This quantity times `numerator / denominator`, rounded once, in the named direction.
    ///
    /// - Throws: `ArithmeticFault.divisionByZero`; `ArithmeticFault.overflow` when the result does
    ///   not fit 64 bits (the product itself cannot overflow).
    @inlinable
    public func multiplied(
        by numerator: Int64, dividedBy denominator: Int64, rounding: Rounding
    ) throws(ArithmeticFault) -> Self {
        Self(
            units: try divide(
                Int128(units) * Int128(numerator), by: Int128(denominator), rounding: rounding))
    }

    /// This quantity times a ratio, rounded once, in the named direction.
    ///
    /// - Throws: `ArithmeticFault.overflow` when the result does not fit 64 bits.
    @inlinable
    public func multiplied(
        by ratio: Ratio, rounding: Rounding
    ) throws(ArithmeticFault) -> Self {
        try multiplied(by: ratio.units, dividedBy: Ratio.one.units, rounding: rounding)
    }

    /// The nearest value inside `lower ... upper`.
    ///
    /// - Precondition: `lower <= upper`.
    @inlinable
    public func clamped(_ lower: Self, _ upper: Self) -> Self {
        precondition(lower <= upper, "Invariant: the lower bound is at most the upper bound")
        return Swift.min(Swift.max(self, lower), upper)
    }
}
