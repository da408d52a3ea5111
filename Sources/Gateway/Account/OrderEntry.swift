/// One order as its owner sees it, from its admission to its end and for some time after. It
/// follows from the ledger's events, and from the signed request where that says what no event
/// does: label, display, the wish to be post-only.

import Canonical
import FixedPoint
import Ledger
import Markets

/// Where an order is in its life.
enum OrderStatus: Equatable, Sendable {
    /// It waits for its trigger.
    case untriggered
    case open
    case filled
    case cancelled(OrderEnd)
    /// Its trigger fired, and as a new order it was refused.
    case rejected(Refusal?)

    /// Whether it has ended.
    var isFinal: Bool {
        switch self {
        case .untriggered, .open: false
        case .filled, .cancelled, .rejected: true
        }
    }

    /// Deribit's word.
    var word: String {
        switch self {
        case .untriggered: "untriggered"
        case .open: "open"
        case .filled: "filled"
        case .cancelled: "cancelled"
        case .rejected: "rejected"
        }
    }
}

/// An order with what became of it.
struct OrderEntry: Sendable {
    let identifier: OrderIdentifier
    let account: AccountIdentifier
    let instrument: InstrumentIdentifier
    let flags: OrderFlags
    let origin: OrderOrigin
    let created: Timestamp
    var updated: Timestamp
    var status: OrderStatus
    /// Nil for a market order.
    var limit: Price?
    /// All lots, those that have traded included.
    var quantity: Quantity
    var filled = Quantity.zero
    /// Σ ticks × lots of its fills.
    var filledTicks: Int128 = 0
    /// Negative is a rebate.
    var fees = Amount.zero
    /// Of the trigger that it has or had.
    var trigger: Trigger?
    var isTriggered = false
    /// Why it was refused when its trigger fired.
    var refusal: Refusal?
    var isReplaced = false
    var display: Quantity?
    var isPostOnly = false
    var rejectsPostOnly = false
    var label = Label()
    /// Whether it has been known from its beginning.
    var isWhole = true
    /// The number of the change that came last, for those who resume.
    var sequence: UInt64 = 0

    var side: Side { flags.side }

    /// Lots that may still trade, or were left when it ended.
    var remaining: Quantity { quantity - filled }

    /// The average of its fills in units of 10⁻⁶ quote, rounded to the nearest; nil before the
    /// first.
    func averagePrice(tickSize: IndexPrice) -> Int128? {
        guard filled.isPositive else { return nil }
        let lots = Int128(filled.lots)
        return (2 * filledTicks * Int128(tickSize.units) + lots) / (2 * lots)
    }

    /// Deribit's word for its type.
    var type: String {
        switch (trigger?.kind, limit == nil) {
        case (nil, false): "limit"
        case (nil, true): "market"
        case (.stop, false): "stop_limit"
        case (.stop, true): "stop_market"
        case (.take, false): "take_limit"
        case (.take, true): "take_market"
        }
    }

    /// Deribit's word for how long it stays.
    var timeInForce: String {
        switch flags.timeInForce {
        case .goodTillCancelled: "good_til_cancelled"
        case .immediateOrCancel: "immediate_or_cancel"
        case .fillOrKill: "fill_or_kill"
        case .goodTillTime: "good_til_day"
        }
    }
}

extension OrderEntry {
    /// Of an acceptance.
    init(_ acceptance: OrderAcceptance, at time: Timestamp) {
        identifier = acceptance.order
        account = acceptance.account
        instrument = acceptance.instrument
        flags = acceptance.flags
        origin = acceptance.origin
        created = time
        updated = time
        status = acceptance.trigger == nil ? .open : .untriggered
        // Only a market order that waits is admitted without a limit; of one that does not the
        // request says so.
        limit = acceptance.limit == .zero ? nil : acceptance.limit
        quantity = acceptance.quantity
        trigger = acceptance.trigger
    }

    /// Of an order that is open, whose beginning is not known.
    init(_ order: Order, at time: Timestamp) {
        identifier = order.identifier
        account = order.account
        instrument = order.instrument
        flags = order.flags
        origin =
            order.flags.isLiquidation
            ? .liquidation : order.flags.isConversion ? .conversion : .client
        created = time
        updated = time
        status = order.isResting ? .open : .untriggered
        limit = order.price == .zero ? nil : order.price
        quantity = order.remaining
        trigger = order.special.trigger
        display = order.special.display == .zero ? nil : order.special.display
        label = order.special.label
        isWhole = false
    }

    /// Adds what its request says and no event does.
    mutating func complete(with request: OrderRequest) {
        label = request.label
        display = request.display
        isPostOnly = request.postOnly
        rejectsPostOnly = request.postOnly && !request.slides
        if request.limit == nil { limit = nil }
    }
}
