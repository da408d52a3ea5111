/// M as it stands: the sizes of the price move that margin must cover, and what they follow from.

public import Canonical
public import FixedPoint

/// The sizes of the move under the two rules, as shares of the price.
public struct MarginMoves: Equatable, Sendable {
    /// For what an account may come to hold.
    public var initial: Ratio
    /// For what it holds: never above the other.
    public var maintenance: Ratio

    public init(initial: Ratio, maintenance: Ratio) {
        self.initial = initial
        self.maintenance = maintenance
    }

    /// One size for both.
    public init(_ move: Ratio) { self.init(initial: move, maintenance: move) }
}

/// Why M is what it is.
public struct MarginReport: Equatable, Sendable {
    /// Of an hour.
    public var volatility: Ratio
    /// The expected shortfall at 99 % over the horizon, in the worse direction, as the size of a
    /// logarithmic return; and the stressed one. Both rounded up.
    public var shortfall: Ratio
    public var stressed: Ratio
    public var moves: MarginMoves

    public init(volatility: Ratio, shortfall: Ratio, stressed: Ratio, moves: MarginMoves) {
        self.volatility = volatility
        self.shortfall = shortfall
        self.stressed = stressed
        self.moves = moves
    }
}

extension MarginMoves: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(initial)
        encoder.append(maintenance)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        initial = try decoder.quantity()
        maintenance = try decoder.quantity()
        guard maintenance.isPositive, maintenance <= initial, initial <= .one else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}

extension MarginReport: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(volatility)
        encoder.append(shortfall)
        encoder.append(stressed)
        encoder.append(moves)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        volatility = try decoder.quantity()
        shortfall = try decoder.quantity()
        stressed = try decoder.quantity()
        moves = try decoder.value()
    }
}
