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
    /// The agent's slot, in `0 … 32`: its four low bits stand above everything else, its two high
    /// ones below the modes.
    @usableFromInline static let agentLowShift: UInt16 = 12
    @usableFromInline static let agentHighShift: UInt16 = 6
    @usableFromInline static let agentBits: UInt16 = 0b1111_0000_1100_0000
    /// The highest slot that an agent can have.
    private static let highestAgent: UInt8 = 32

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
            UInt8(bits >> OrderFlags.agentLowShift)
                | UInt8(bits >> OrderFlags.agentHighShift & 3) << 4
        }
        set {
            bits =
                bits & ~OrderFlags.agentBits
                | UInt16(newValue & 15) << OrderFlags.agentLowShift
                | UInt16(newValue >> 4 & 3) << OrderFlags.agentHighShift
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
        guard agent <= OrderFlags.highestAgent,
            SelfTradePrevention(rawValue: UInt8(bits >> OrderFlags.selfTradeShift & 3)) != nil
        else { throw DecodingFault(.outOfRange, at: start) }
    }
}
