/// What rests in a book.

public import Canonical
public import FixedPoint

/// Which way an order trades.
@frozen
public enum Side: UInt8, Sendable {
    case buy = 0
    case sell = 1

    /// 1 for a buy, -1 for a sell.
    @inlinable
    public var sign: Int64 { self == .buy ? 1 : -1 }

    /// The side that it trades with.
    @inlinable
    public var opposite: Side { self == .buy ? .sell : .buy }

    /// Whether `price` is at least as good for this side's counterparty as `limit`: a buy at
    /// `limit` accepts a price at or below it, a sell one at or above it.
    @inlinable
    public func accepts(_ price: Price, limit: Price) -> Bool {
        self == .buy ? price <= limit : price >= limit
    }
}

/// A resting order.
public struct Order: Equatable, Sendable {
    public let identifier: OrderIdentifier
    public let account: AccountIdentifier
    public let instrument: InstrumentIdentifier
    /// The client's own name for it; 0 is none.
    public let clientIdentifier: ClientOrderIdentifier
    public let side: Side
    /// Whether it may only reduce the account's position.
    public let reduceOnly: Bool
    /// Its limit.
    public internal(set) var price: Price
    /// Lots not yet filled; positive.
    public internal(set) var remaining: Quantity
    /// Time priority: at one price, the lower number fills first. Unique on the venue.
    public internal(set) var priority: UInt64

    public init(
        identifier: OrderIdentifier, account: AccountIdentifier,
        instrument: InstrumentIdentifier, clientIdentifier: ClientOrderIdentifier, side: Side,
        reduceOnly: Bool, price: Price, remaining: Quantity, priority: UInt64
    ) {
        self.identifier = identifier
        self.account = account
        self.instrument = instrument
        self.clientIdentifier = clientIdentifier
        self.side = side
        self.reduceOnly = reduceOnly
        self.price = price
        self.remaining = remaining
        self.priority = priority
    }
}

extension Side: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let side = Side(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = side
    }
}

extension Order: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(identifier)
        encoder.append(account)
        encoder.append(instrument)
        encoder.append(clientIdentifier)
        encoder.append(side)
        encoder.append(reduceOnly)
        encoder.append(price)
        encoder.append(remaining)
        encoder.append(priority)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        identifier = try decoder.value()
        account = try decoder.value()
        instrument = try decoder.value()
        clientIdentifier = try decoder.value()
        side = try decoder.value()
        reduceOnly = try decoder.boolean()
        price = try decoder.quantity()
        let start = decoder.offset
        remaining = try decoder.quantity()
        guard remaining.isPositive else { throw DecodingFault(.outOfRange, at: start) }
        priority = try decoder.uint64()
    }
}
