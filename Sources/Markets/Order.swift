/// An order as a whole, the way it is read, stored in its leaf and put back. Inside a book it lives
/// as an `OrderRecord`, and what few orders have apart from that.

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

/// An open order.
public struct Order: Equatable, Sendable {
    public let identifier: OrderIdentifier
    public let account: AccountIdentifier
    public let instrument: InstrumentIdentifier
    /// The client's own name for it; 0 is none.
    public let clientIdentifier: ClientOrderIdentifier
    /// Side, reduce-only and the like.
    public let flags: OrderFlags
    /// Its limit; zero while a market order waits for its trigger.
    public internal(set) var price: Price
    /// Lots not yet filled, those that do not show included; positive.
    public internal(set) var remaining: Quantity
    /// Time priority: at one price, the lower number fills first. Unique on the venue.
    public internal(set) var priority: UInt64
    public internal(set) var special: SpecialTerms

    public init(
        identifier: OrderIdentifier, account: AccountIdentifier,
        instrument: InstrumentIdentifier, clientIdentifier: ClientOrderIdentifier,
        flags: OrderFlags, price: Price, remaining: Quantity, priority: UInt64,
        special: SpecialTerms = SpecialTerms()
    ) {
        self.identifier = identifier
        self.account = account
        self.instrument = instrument
        self.clientIdentifier = clientIdentifier
        self.flags = flags
        self.price = price
        self.remaining = remaining
        self.priority = priority
        self.special = special
    }

    public var side: Side { flags.side }
    /// Whether it may only reduce the account's position.
    public var reduceOnly: Bool { flags.reduceOnly }
    /// Lots that others see.
    public var shown: Quantity { remaining - special.hidden }
    /// Whether it stands in the book; else it waits for its trigger.
    public var isResting: Bool { special.trigger == nil }
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
        encoder.append(flags)
        encoder.append(price)
        encoder.append(remaining)
        encoder.append(priority)
        encoder.append(special.isPlain ? nil : special)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        identifier = try decoder.value()
        account = try decoder.value()
        instrument = try decoder.value()
        clientIdentifier = try decoder.value()
        flags = try decoder.value()
        price = try decoder.quantity()
        let start = decoder.offset
        remaining = try decoder.quantity()
        priority = try decoder.uint64()
        let terms: SpecialTerms? = try decoder.optional()
        special = terms ?? SpecialTerms()
        // One encoding for one order: plain terms are not written, and some lots always show.
        guard terms?.isPlain != true, special.hidden < remaining else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}
