/// What can be traded, quoted and settled in the compartment's collateral: a kind of contract, its
/// grid of prices and sizes, and its limits.

public import Canonical
public import FixedPoint

/// One listed contract.
public struct Instrument: Equatable, Sendable {
    /// Its name, such as `BTC-PERP` or `BTC-27MAR26-100000-C`.
    public let symbol: Symbol
    /// What its value follows.
    public let underlying: UnderlyingIdentifier
    /// Where its positions and their collateral live.
    public let compartment: CompartmentIdentifier
    public let kind: InstrumentKind
    /// One tick, in 10⁻⁶ quote per whole unit.
    public let tickSize: IndexPrice
    /// One lot, in 10⁻⁹ whole units of the underlying.
    public let lotSize: Int64
    /// The highest order price.
    public let maximumPrice: Price
    /// The largest quantity of one order.
    public let maximumOrderQuantity: Quantity
    /// The largest position of one account, its open orders on that side included.
    public let positionLimit: Quantity
    /// The largest sum of all long positions.
    public let openInterestLimit: Quantity
    /// How far through the mark an order's limit may reach, as a share of the mark; for an option
    /// at least a share of the index too.
    public let priceBand: Ratio
    /// What one tick on one lot is worth, in micro-units of the quote asset. Follows from the two
    /// sizes: whole and positive once the catalogue has been validated, so that notional is exact
    /// (DESIGN 3).
    public let tickValue: Int64

    public init(
        symbol: Symbol, underlying: UnderlyingIdentifier, compartment: CompartmentIdentifier,
        tickSize: IndexPrice, lotSize: Int64, maximumPrice: Price, maximumOrderQuantity: Quantity,
        positionLimit: Quantity, openInterestLimit: Quantity, priceBand: Ratio,
        kind: InstrumentKind = .perpetual
    ) {
        self.symbol = symbol
        self.underlying = underlying
        self.compartment = compartment
        self.kind = kind
        self.tickSize = tickSize
        self.lotSize = lotSize
        self.maximumPrice = maximumPrice
        self.maximumOrderQuantity = maximumOrderQuantity
        self.positionLimit = positionLimit
        self.openInterestLimit = openInterestLimit
        self.priceBand = priceBand
        tickValue = Self.tickValue(tickSize, lotSize)
    }

    /// When it settles; nil where it never does.
    @inlinable
    public var expiry: Timestamp? { kind.expiry }

    /// Whether the price moves as cash at the fill: options and spot.
    @inlinable
    public var isPaidAtFill: Bool { kind.isPaidAtFill }

    private static func tickValue(_ tickSize: IndexPrice, _ lotSize: Int64) -> Int64 {
        Int64(truncatingIfNeeded: Int128(tickSize.units) * Int128(lotSize) / Int128(lotScale))
    }

    /// Nano-units in one unit: the scale of `lotSize`.
    public static let lotScale: Int64 = 1_000_000_000

    /// Price × quantity in the quote asset; signed as the quantity. Exact.
    ///
    /// - Throws: `ArithmeticFault.overflow` outside the instrument's bounds.
    @inlinable
    public func notional(
        price: Price, quantity: Quantity
    ) throws(ArithmeticFault) -> Amount {
        let perLot = Int128(price.ticks) * Int128(tickValue)
        return Amount(microunits: try narrowed(perLot * Int128(quantity.lots)))
    }

    /// The worth of one lot at a reference price, in 2^-fractionBits micro-units, rounded down.
    ///
    /// - Throws: `ArithmeticFault.overflow` outside the underlying's bounds.
    @inlinable
    public func lotValue(
        at price: IndexPrice, fractionBits: Int64
    ) throws(ArithmeticFault) -> Int64 {
        let (wide, overflow) = (Int128(price.units) * Int128(lotSize))
            .multipliedReportingOverflow(by: 1 << Int128(fractionBits))
        guard !overflow else { throw .overflow }
        return try divide(wide, by: 1_000_000_000, rounding: .down)
    }

    /// A reference price on the tick grid.
    ///
    /// - Throws: `ArithmeticFault.overflow`.
    @inlinable
    public func ticks(
        at price: IndexPrice, rounding: Rounding
    ) throws(ArithmeticFault) -> Price {
        Price(
            ticks: try divide(Int128(price.units), by: Int128(tickSize.units), rounding: rounding))
    }

    /// An order price as a reference price. Exact.
    ///
    /// - Throws: `ArithmeticFault.overflow`.
    @inlinable
    public func indexPrice(of price: Price) throws(ArithmeticFault) -> IndexPrice {
        IndexPrice(micros: try narrowed(Int128(price.ticks) * Int128(tickSize.units)))
    }
}

extension Instrument: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(symbol)
        encoder.append(underlying)
        encoder.append(compartment)
        encoder.append(kind)
        encoder.append(tickSize)
        encoder.append(lotSize)
        encoder.append(maximumPrice)
        encoder.append(maximumOrderQuantity)
        encoder.append(positionLimit)
        encoder.append(openInterestLimit)
        encoder.append(priceBand)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        symbol = try decoder.value()
        underlying = try decoder.value()
        compartment = try decoder.value()
        kind = try decoder.value()
        tickSize = try decoder.quantity()
        lotSize = try decoder.int64()
        maximumPrice = try decoder.quantity()
        maximumOrderQuantity = try decoder.quantity()
        positionLimit = try decoder.quantity()
        openInterestLimit = try decoder.quantity()
        priceBand = try decoder.quantity()
        tickValue = Self.tickValue(tickSize, lotSize)
    }
}
