/// The five kinds of number that the engine calculates with, each with its unit (DESIGN 3). The
/// unit's name labels the initialiser, so that a bare number never becomes money by accident.

/// A balance, a fee, a profit or a notional. Signed: what is owed to the holder is positive. Unit:
/// 10⁻⁶ of the quote asset (micro-USDC).
@frozen
public struct Amount: IntegerQuantity, Equatable {
    public let units: Int64

    @inlinable
    public init(units: Int64) { self.units = units }

    /// The amount of so many microunits.
    @inlinable
    public init(microunits: Int64) { units = microunits }
}

/// What orders and fills carry. Meaningless without its instrument. Unit: ticks of one instrument.
@frozen
public struct Price: IntegerQuantity, Equatable {
    public let units: Int64

    @inlinable
    public init(units: Int64) { self.units = units }

    /// The price of so many ticks.
    @inlinable
    public init(ticks: Int64) { units = ticks }
}

/// Index, mark and stable prices. Never an order price. Unit: 10⁻⁶ quote per whole unit of the
/// underlying.
@frozen
public struct IndexPrice: IntegerQuantity, Equatable {
    public let units: Int64

    @inlinable
    public init(units: Int64) { self.units = units }

    /// The index price of so many micros.
    @inlinable
    public init(micros: Int64) { units = micros }
}

/// Positions and orders. Meaningless without its instrument. Unit: lots of one instrument; a bought
/// quantity is positive, a sold one negative.
@frozen
public struct Quantity: IntegerQuantity, Equatable {
    public let units: Int64

    @inlinable
    public init(units: Int64) { self.units = units }

    /// The quantity of so many lots.
    @inlinable
    public init(lots: Int64) { units = lots }
}

/// Rates, haircuts, price moves and factors. `Ratio.one` is 1. Unit: 10⁻⁹.
@frozen
public struct Ratio: IntegerQuantity, Equatable {
    public let units: Int64

    @inlinable
    public init(units: Int64) { self.units = units }

    /// The ratio of so many billionths.
    @inlinable
    public init(billionths: Int64) { units = billionths }
}

extension Price {
    /// The ticks.
    @inlinable
    public var ticks: Int64 { units }
}

extension Quantity {
    /// The lots.
    @inlinable
    public var lots: Int64 { units }
}

extension Ratio {
    /// The ratio 1.
    @inlinable
    public static var one: Ratio { Ratio(billionths: 1_000_000_000) }

    /// So many hundredths of a percent (10⁻⁴).
    @inlinable
    public init(basisPoints: Int64) { units = basisPoints * 100_000 }

    /// `part / whole`, rounded in the named direction.
    ///
    /// - Throws: `ArithmeticFault.divisionByZero`; `ArithmeticFault.overflow`.
    @inlinable
    public init<Value: IntegerQuantity>(
        _ part: Value, of whole: Value, rounding: Rounding
    ) throws(ArithmeticFault) {
        units = try divide(
            Int128(part.units) * Int128(Ratio.one.units), by: Int128(whole.units),
            rounding: rounding)
    }
}
