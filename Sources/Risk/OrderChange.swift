/// An order on its way from one price and size to another: the one form in which orders reach the
/// margin, whether they come, go, shrink or are amended. Its reverse takes back exactly what it
/// did.

public import Canonical
public import Catalogue
public import FixedPoint
public import Markets

/// Lots at a limit.
@frozen
public struct OrderSize: Equatable, Sendable {
    public let price: Price
    /// Not negative.
    public let lots: Quantity

    @inlinable
    public init(price: Price, lots: Quantity) {
        self.price = price
        self.lots = lots
    }

    /// No order.
    @inlinable
    public static var none: OrderSize { OrderSize(price: .zero, lots: .zero) }
}

/// An open order, as far as its margin goes.
@frozen
public struct RestingOrder: Sendable {
    public let instrument: InstrumentIdentifier
    public let side: Side
    public let size: OrderSize

    @inlinable
    public init(instrument: InstrumentIdentifier, side: Side, size: OrderSize) {
        self.instrument = instrument
        self.side = side
        self.size = size
    }
}

/// One order before and after a change.
@frozen
public struct OrderChange: Sendable {
    public let account: AccountIdentifier
    public let instrument: InstrumentIdentifier
    public let side: Side
    public let reduceOnly: Bool
    /// The fee tier of the account.
    public let tier: FeeTier
    public let old: OrderSize
    public let new: OrderSize

    @inlinable
    public init(
        account: AccountIdentifier, instrument: InstrumentIdentifier, side: Side, reduceOnly: Bool,
        tier: FeeTier, from old: OrderSize, to new: OrderSize
    ) {
        self.account = account
        self.instrument = instrument
        self.side = side
        self.reduceOnly = reduceOnly
        self.tier = tier
        self.old = old
        self.new = new
    }

    /// What takes this change back.
    @inlinable
    public var reversed: OrderChange {
        OrderChange(
            account: account, instrument: instrument, side: side, reduceOnly: reduceOnly,
            tier: tier, from: new, to: old)
    }
}
