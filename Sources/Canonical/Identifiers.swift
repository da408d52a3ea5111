/// Names of things. Each is its own type and dense: the number is a place in an array, so that
/// the engine needs no hash table. All encode as their integer, lowest byte first.

/// A margin account: its place in the order of opening, from 0.
@frozen
public struct AccountIdentifier: Comparable, CanonicalValue, Sendable {
    public let number: UInt32

    @inlinable
    public init(_ number: UInt32) { self.number = number }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(number) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        number = try decoder.uint32()
    }
}

/// A compartment: its place in the genesis file, from 0.
@frozen
public struct CompartmentIdentifier: Comparable, CanonicalValue, Sendable {
    public let number: UInt16

    @inlinable
    public init(_ number: UInt16) { self.number = number }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(number) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        number = try decoder.uint16()
    }
}

/// An underlying: its place in the genesis file, from 0.
@frozen
public struct UnderlyingIdentifier: Comparable, CanonicalValue, Sendable {
    public let number: UInt16

    @inlinable
    public init(_ number: UInt16) { self.number = number }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(number) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        number = try decoder.uint16()
    }
}

/// A source of prices: its place in the genesis file, from 0.
@frozen
public struct SourceIdentifier: Comparable, CanonicalValue, Sendable {
    public let number: UInt16

    @inlinable
    public init(_ number: UInt16) { self.number = number }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(number) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        number = try decoder.uint16()
    }
}

/// An instrument: its place in the genesis file, from 0.
@frozen
public struct InstrumentIdentifier: Comparable, CanonicalValue, Sendable {
    public let number: UInt16

    @inlinable
    public init(_ number: UInt16) { self.number = number }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(number) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        number = try decoder.uint16()
    }
}

/// A price publisher: its place in the genesis file, from 0.
@frozen
public struct PublisherIdentifier: Comparable, CanonicalValue, Sendable {
    public let number: UInt16

    @inlinable
    public init(_ number: UInt16) { self.number = number }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(number) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        number = try decoder.uint16()
    }
}

/// An order, numbered by the engine from 1 in the order of admission; never used again.
@frozen
public struct OrderIdentifier: Comparable, CanonicalValue, Sendable {
    public let number: UInt64

    @inlinable
    public init(_ number: UInt64) { self.number = number }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(number) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        number = try decoder.uint64()
    }
}

/// A client's own name for an order, unique among the open orders of one account; 0 is no name.
@frozen
public struct ClientOrderIdentifier: Comparable, CanonicalValue, Sendable {
    public let number: UInt64

    @inlinable
    public init(_ number: UInt64) { self.number = number }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }

    @inlinable
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(number) }

    @inlinable
    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        number = try decoder.uint64()
    }
}
