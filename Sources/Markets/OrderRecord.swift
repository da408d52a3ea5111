/// What the engine's inner loops see of an order: sixty-four bytes without references, one line of
/// the processor's cache. An incoming order is the same record before it has a place in a book.

public import Canonical
public import FixedPoint

/// Side, owner's wishes and kind of an order, in sixteen bits.
@frozen
public struct OrderFlags: Equatable, Sendable, BitwiseCopyable {
    @usableFromInline var bits: UInt16

    @usableFromInline static let sellBit: UInt16 = 1
    @usableFromInline static let reduceOnlyBit: UInt16 = 1 << 1
    @usableFromInline static let protectedBit: UInt16 = 1 << 2
    @usableFromInline static let quoteBit: UInt16 = 1 << 3
    @usableFromInline static let liquidationBit: UInt16 = 1 << 4
    @usableFromInline static let conversionBit: UInt16 = 1 << 5
    @usableFromInline static let selfTradeShift: UInt16 = 8
    @usableFromInline static let timeInForceShift: UInt16 = 10
    /// Whether it is an agent's order; then its slot less one follows, four bits above everything
    /// else and the fifth below.
    @usableFromInline static let agentBit: UInt16 = 1 << 7
    @usableFromInline static let agentHighBit: UInt16 = 1 << 6
    @usableFromInline static let agentShift: UInt16 = 12
    @usableFromInline static let agentPlaceBits: UInt16 = 0b1111_0000_0100_0000

    /// A plain order of a side, good till cancelled.
    @inlinable
    public init(
        _ side: Side, reduceOnly: Bool = false, isProtected: Bool = false, isQuote: Bool = false,
        isLiquidation: Bool = false, isConversion: Bool = false,
        selfTrade: SelfTradePrevention = .cancelMaker,
        timeInForce: TimeInForce = .goodTillCancelled, agent: UInt8 = 0
    ) {
        bits = UInt16(side.rawValue)
        if reduceOnly { bits |= OrderFlags.reduceOnlyBit }
        if isProtected { bits |= OrderFlags.protectedBit }
        if isQuote { bits |= OrderFlags.quoteBit }
        if isLiquidation { bits |= OrderFlags.liquidationBit }
        if isConversion { bits |= OrderFlags.conversionBit }
        bits |= UInt16(selfTrade.rawValue) << OrderFlags.selfTradeShift
        bits |= UInt16(timeInForce.rawValue) << OrderFlags.timeInForceShift
        self.agent = agent
    }

    @inlinable
    public var side: Side { bits & OrderFlags.sellBit == 0 ? .buy : .sell }

    /// Whether it may only reduce the account's position.
    @inlinable
    public var reduceOnly: Bool { bits & OrderFlags.reduceOnlyBit != 0 }

    /// Whether market-maker protection counts its fills and may cancel it.
    @inlinable
    public var isProtected: Bool { bits & OrderFlags.protectedBit != 0 }

    /// Whether it is one side of a quote.
    @inlinable
    public var isQuote: Bool { bits & OrderFlags.quoteBit != 0 }

    /// Whether the engine sent it for an account below maintenance.
    @inlinable
    public var isLiquidation: Bool { bits & OrderFlags.liquidationBit != 0 }

    /// Whether the engine sent it for an account that owes too much of the quote asset.
    @inlinable
    public var isConversion: Bool { bits & OrderFlags.conversionBit != 0 }

    @inlinable
    public var selfTrade: SelfTradePrevention {
        SelfTradePrevention(rawValue: UInt8(bits >> OrderFlags.selfTradeShift & 3)) ?? .cancelMaker
    }

    @inlinable
    public var timeInForce: TimeInForce {
        TimeInForce(rawValue: UInt8(bits >> OrderFlags.timeInForceShift & 3)) ?? .goodTillCancelled
    }

    /// The slot of the agent whose order it is, in `1 … 32`; 0 is the account's master or the
    /// engine.
    @inlinable
    public var agent: UInt8 {
        get {
            guard bits & OrderFlags.agentBit != 0 else { return 0 }
            let high: UInt8 = bits & OrderFlags.agentHighBit == 0 ? 0 : 16
            return high + UInt8(bits >> OrderFlags.agentShift) + 1
        }
        set {
            bits &= ~(OrderFlags.agentBit | OrderFlags.agentPlaceBits)
            guard newValue != 0 else { return }
            let place = UInt16(newValue - 1)
            bits |= OrderFlags.agentBit | (place & 15) << OrderFlags.agentShift
            if place & 16 != 0 { bits |= OrderFlags.agentHighBit }
        }
    }
}

/// An order on its way, or at its place.
@frozen
public struct OrderRecord: Sendable, BitwiseCopyable {
    public let identifier: OrderIdentifier
    public let clientIdentifier: ClientOrderIdentifier
    /// Time priority; zero on its way.
    public internal(set) var priority: UInt64
    /// Its limit.
    public var price: Price
    /// In a book, the lots that others see; on its way, all lots that are left.
    public var shown: Quantity
    public let account: AccountIdentifier
    /// The level that it stands in; `none` on its way.
    var level: Int32
    var previous: OrderSlot
    var next: OrderSlot
    /// Where its special terms are; `none` has none.
    public internal(set) var special: Int32
    public let instrument: InstrumentIdentifier
    public var flags: OrderFlags

    /// No place.
    @inlinable
    public static var none: Int32 { -1 }

    /// An order on its way.
    public init(
        identifier: OrderIdentifier, account: AccountIdentifier,
        instrument: InstrumentIdentifier, clientIdentifier: ClientOrderIdentifier,
        flags: OrderFlags, price: Price, remaining: Quantity
    ) {
        self.identifier = identifier
        self.clientIdentifier = clientIdentifier
        priority = 0
        self.price = price
        shown = remaining
        self.account = account
        level = OrderRecord.none
        previous = OrderRecord.none
        next = OrderRecord.none
        special = OrderRecord.none
        self.instrument = instrument
        self.flags = flags
    }

    @inlinable
    public var side: Side { flags.side }

    @inlinable
    public var reduceOnly: Bool { flags.reduceOnly }

    /// Whether it has terms that few orders have.
    @inlinable
    public var isSpecial: Bool { special >= 0 }
}

extension OrderFlags: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(bits) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        bits = try decoder.uint16()
        guard bits & OrderFlags.agentBit != 0 || bits & OrderFlags.agentPlaceBits == 0,
            SelfTradePrevention(rawValue: UInt8(bits >> OrderFlags.selfTradeShift & 3)) != nil
        else { throw DecodingFault(.outOfRange, at: start) }
    }
}
