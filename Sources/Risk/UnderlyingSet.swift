/// Sets of underlyings in one word: there are at most 64 (`Bounds.underlyings`), so that asking
/// whether an account is exposed to anything that moved is one operation.

public import Canonical

/// Some underlyings. As a sequence it goes from the lowest number up.
@frozen
public struct UnderlyingSet: Equatable, Sendable, Sequence, IteratorProtocol {
    /// Bit n stands for underlying n.
    @usableFromInline
    var bits: UInt64 = 0

    /// The empty set.
    @inlinable
    public init() {}

    @inlinable
    public var isEmpty: Bool { bits == 0 }

    /// How many.
    @inlinable
    public var count: Int { bits.nonzeroBitCount }

    @inlinable
    public func contains(_ underlying: UnderlyingIdentifier) -> Bool {
        bits & UnderlyingSet.bit(underlying) != 0
    }

    @inlinable
    public mutating func insert(_ underlying: UnderlyingIdentifier) {
        bits |= UnderlyingSet.bit(underlying)
    }

    @inlinable
    public mutating func remove(_ underlying: UnderlyingIdentifier) {
        bits &= ~UnderlyingSet.bit(underlying)
    }

    /// What is in both.
    @inlinable
    public func intersection(_ other: UnderlyingSet) -> UnderlyingSet {
        var result = UnderlyingSet()
        result.bits = bits & other.bits
        return result
    }

    /// How many of lower number are in the set.
    func rank(of underlying: UnderlyingIdentifier) -> Int {
        (bits & (UnderlyingSet.bit(underlying) - 1)).nonzeroBitCount
    }

    @inlinable
    public mutating func next() -> UnderlyingIdentifier? {
        guard bits != 0 else { return nil }
        let number = bits.trailingZeroBitCount
        bits &= bits - 1
        return UnderlyingIdentifier(UInt16(truncatingIfNeeded: number))
    }

    @inlinable
    static func bit(_ underlying: UnderlyingIdentifier) -> UInt64 {
        precondition(underlying.number < 64, "Invariant: an underlying's number is below 64")
        return 1 &<< UInt64(underlying.number)
    }
}
