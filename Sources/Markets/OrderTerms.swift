/// The terms an order can have beside price and size, in the words of the venues that traders know.

public import Canonical
public import FixedPoint

/// How long an order stays.
@frozen
public enum TimeInForce: UInt8, CaseIterable, Sendable {
    /// Until it is filled or cancelled.
    case goodTillCancelled = 0
    /// What does not fill at once is cancelled.
    case immediateOrCancel = 1
    /// It fills at once and whole, or not at all.
    case fillOrKill = 2
    /// Until it is filled or cancelled, or its expiry comes.
    case goodTillTime = 3

    /// Whether what is not filled at once rests.
    @inlinable
    public var rests: Bool { self == .goodTillCancelled || self == .goodTillTime }
}

/// What happens when an order would trade with another of the same owner. The mode of the order
/// that comes later decides.
@frozen
public enum SelfTradePrevention: UInt8, CaseIterable, Sendable {
    /// The resting order leaves, the incoming one goes on.
    case cancelMaker = 0
    /// The incoming order ends, the resting one stays.
    case cancelTaker = 1
    /// Both leave.
    case cancelBoth = 2
}

/// Which price a trigger watches.
@frozen
public enum TriggerReference: UInt8, CaseIterable, Sendable {
    case mark = 0
    case index = 1
}

/// What a trigger is for.
@frozen
public enum TriggerKind: UInt8, CaseIterable, Sendable {
    /// Fires when the price goes against who waits to sell (falls) or to buy (rises).
    case stop = 0
    /// Fires when the price goes in favour of who waits to sell (rises) or to buy (falls).
    case take = 1
}

/// When a waiting order becomes a new order.
@frozen
public struct Trigger: Equatable, Sendable, BitwiseCopyable {
    public let kind: TriggerKind
    public let reference: TriggerReference
    /// Where it fires, in ticks.
    public let price: Price

    public init(_ kind: TriggerKind, on reference: TriggerReference, at price: Price) {
        self.kind = kind
        self.reference = reference
        self.price = price
    }

    /// Whether it fires when the reference rises to its price; else when it falls to it.
    public func isRising(_ side: Side) -> Bool { (kind == .stop) == (side == .buy) }

    /// Whether it fires at a reference.
    ///
    /// - Parameters:
    ///   - floor, ceiling: the reference in ticks, rounded down and up.
    public func fires(_ side: Side, floor: Price, ceiling: Price) -> Bool {
        isRising(side) ? price <= floor : price >= ceiling
    }
}

/// Terms that few orders have.
@frozen
public struct SpecialTerms: Equatable, Sendable, BitwiseCopyable {
    /// An iceberg shows no more than so many lots at a time; zero shows all.
    public var display = Quantity.zero
    /// Lots of an iceberg that do not show now.
    public var hidden = Quantity.zero
    /// When a good-till-time order lapses; zero is never.
    public var expiry = Timestamp.epoch
    /// What an untriggered order waits for. Nil once it has fired.
    public var trigger: Trigger?
    /// The order that is cancelled when this one trades, fires or leaves; zero is none.
    public var pair = OrderIdentifier(0)
    public var label = Label()

    public init() {}

    /// Whether there is anything special.
    public var isPlain: Bool { self == SpecialTerms() }
}

extension Trigger: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(kind.rawValue)
        encoder.append(reference.rawValue)
        encoder.append(price)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let kind = TriggerKind(rawValue: try decoder.byte()),
            let reference = TriggerReference(rawValue: try decoder.byte())
        else { throw DecodingFault(.unknownTag, at: start) }
        self.kind = kind
        self.reference = reference
        price = try decoder.quantity()
    }
}

extension SpecialTerms: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(display)
        encoder.append(hidden)
        encoder.append(expiry)
        encoder.append(trigger)
        encoder.append(pair)
        encoder.append(label)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        display = try decoder.quantity()
        let start = decoder.offset
        hidden = try decoder.quantity()
        guard !hidden.isNegative, !display.isNegative else {
            throw DecodingFault(.outOfRange, at: start)
        }
        expiry = try decoder.timestamp()
        trigger = try decoder.optional()
        pair = try decoder.value()
        label = try decoder.value()
    }
}

extension TimeInForce: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let value = TimeInForce(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = value
    }
}

extension SelfTradePrevention: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let value = SelfTradePrevention(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = value
    }
}
