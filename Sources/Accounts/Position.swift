/// A position keeps its quantity and its cost, never an average price (DESIGN 3): what is not
/// divided cannot be rounded. Realising a part divides the cost once, against the holder, and what
/// the rounding leaves stays in the cost of the rest. Funding is owed by index: the position
/// remembers the index at which it last settled.

public import Canonical
public import FixedPoint

/// One account's holding of one instrument.
public struct Position: Equatable, Sendable {
    public let instrument: InstrumentIdentifier
    /// Lots held; negative is short. Never zero in a stored position.
    public private(set) var quantity: Quantity
    /// What the lots cost, signed as the quantity.
    public private(set) var cost: Amount
    /// The instrument's funding index when this position last settled, in 2⁻²⁴ µ per lot.
    public private(set) var fundingIndex: Int64

    /// Whether what it cost has been paid, as of options and spot: the cost is a record then, and
    /// the position counts with its whole worth. Else the cost is still owed.
    public let isPaid: Bool

    /// A position that holds nothing yet.
    public init(instrument: InstrumentIdentifier, fundingIndex: Int64, isPaid: Bool = false) {
        self.instrument = instrument
        self.isPaid = isPaid
        quantity = .zero
        cost = .zero
        self.fundingIndex = fundingIndex
    }

    /// Adds lots that were bought (positive) or sold (negative).
    ///
    /// - Parameters:
    ///   - lots: signed; on the position's side, or no more than the position on the other.
    ///   - notional: what they cost, signed as `lots`.
    /// - Returns: the profit that this realises, rounded down: never more than was earned.
    /// - Precondition: `lots` does not carry the position through zero; funding is settled.
    mutating func add(lots: Quantity, notional: Amount) -> Amount {
        guard quantity.sign * lots.sign < 0 else {
            quantity += lots
            cost += notional
            return .zero
        }
        precondition(
            lots.magnitude <= quantity.magnitude, "Invariant: a reduction stops at zero")
        return -notional - release(lots.magnitude)
    }

    /// Takes lots off without a trade, and their share of the cost with them.
    ///
    /// - Parameter lots: positive; at most the position.
    /// - Returns: the cost that left, rounded up, so that what is left earns no less later.
    mutating func release(_ lots: Quantity) -> Amount {
        // released / cost = lots / quantity. The quotient is at most the cost itself, so it fits.
        let released = proven { () throws(ArithmeticFault) in
            try divide(
                Int128(cost.units) &* Int128(lots.units),
                by: Int128(quantity.magnitude.units), rounding: .up)
        }
        let releasedCost = Amount(microunits: released)
        quantity -= Quantity(lots: quantity.sign * lots.units)
        cost -= releasedCost
        return releasedCost
    }

    /// What is left when lots have gone without a trade.
    ///
    /// - Parameter lots: positive; at most the position.
    public func without(_ lots: Quantity) -> Position {
        var rest = self
        _ = rest.release(lots)
        return rest
    }

    /// The same holding under another number.
    func renumbered(_ instrument: InstrumentIdentifier) -> Position {
        var result = Position(
            instrument: instrument, fundingIndex: fundingIndex, isPaid: isPaid)
        result.quantity = quantity
        result.cost = cost
        return result
    }

    /// Takes note that everything owed up to `index` has been paid.
    mutating func settleFunding(at index: Int64) { fundingIndex = index }

    /// What the position owes in funding up to `index`, in 2⁻²⁴ µ; negative is owed to it. Exact.
    @inlinable
    public func fundingOwed(at index: Int64) -> Int128 {
        // 64 bits times 65 bits.
        Int128(quantity.units) &* (Int128(index) &- Int128(fundingIndex))
    }

    /// The same in whole micro-units, rounded up: against the holder.
    @inlinable
    public func fundingOwedRoundedUp(at index: Int64) -> Amount {
        index == fundingIndex ? .zero : Amount(microunits: Funding.wholeUp(fundingOwed(at: index)))
    }

    /// The cost that is still owed: none where it was paid at the fill.
    @inlinable
    public var owedCost: Amount { isPaid ? .zero : cost }

    /// What the position adds to cash in equity, funding excluded: its worth, less the cost that is
    /// still owed.
    ///
    /// - Parameters: as of `unrealisedProfit`.
    /// - Returns: rounded down: against the holder.
    @inlinable
    public func equity(lotValue: Int64, fractionBits: Int64) -> Amount {
        Amount(microunits: (quantity.units * lotValue) &>> fractionBits) - owedCost
    }

    /// What the position is worth beyond its cost, paid or not, funding excluded.
    ///
    /// - Parameters:
    ///   - lotValue: the worth of one lot in 2^-fractionBits µ.
    ///   - fractionBits: of the underlying.
    /// - Returns: rounded down: against the holder.
    @inlinable
    public func unrealisedProfit(lotValue: Int64, fractionBits: Int64) -> Amount {
        Amount(microunits: (quantity.units * lotValue) &>> fractionBits) - cost
    }
}

extension Position: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(instrument)
        encoder.append(quantity)
        encoder.append(cost)
        encoder.append(fundingIndex)
        encoder.append(isPaid)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        instrument = try decoder.value()
        let start = decoder.offset
        quantity = try decoder.quantity()
        guard quantity != .zero else { throw DecodingFault(.outOfRange, at: start) }
        cost = try decoder.quantity()
        fundingIndex = try decoder.int64()
        isPaid = try decoder.boolean()
    }
}
