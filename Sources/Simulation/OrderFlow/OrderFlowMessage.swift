/// What order-by-order files say, in one language: each format is read into these messages, and
/// only they reach the replay. Prices and sizes are whole numbers of 10⁻⁹, so that nothing is
/// rounded on the way in.

package import Markets

/// An order, or a part of one, as a file names it.
package struct OrderFlowOrder: Equatable, Sendable {
    /// Unique among the resting orders of the file; the two highest bits are the replay's own.
    package var identifier: UInt64
    /// Of the resting order, also in an execution.
    package var side: Side
    /// 10⁻⁹ of the quote currency per unit.
    package var price: Int64
    /// 10⁻⁹ units; what of it is meant is said by the action.
    package var size: Int64

    package init(identifier: UInt64, side: Side, price: Int64, size: Int64) {
        self.identifier = identifier
        self.side = side
        self.price = price
        self.size = size
    }
}

/// The best price of a side and all that is offered at it.
package struct OrderFlowLevel: Equatable, Sendable {
    /// 10⁻⁹ of the quote currency per unit.
    package var price: Int64
    /// 10⁻⁹ units.
    package var size: Int64

    package init(price: Int64, size: Int64) {
        self.price = price
        self.size = size
    }
}

/// The best levels of both sides, as the venue itself published them; nil is an empty side.
package struct OrderFlowBest: Equatable, Sendable {
    package var bid: OrderFlowLevel?
    package var ask: OrderFlowLevel?

    package init(bid: OrderFlowLevel?, ask: OrderFlowLevel?) {
        self.bid = bid
        self.ask = ask
    }
}

/// One thing that a file says happened.
package struct OrderFlowMessage: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        /// A new order of this size.
        case add(OrderFlowOrder)
        /// A resting order lost `size`, and keeps its place.
        case reduce(OrderFlowOrder)
        /// A resting order left, whatever was left of it.
        case remove(OrderFlowOrder)
        /// A resting order has this price and size now.
        case replace(OrderFlowOrder)
        /// `size` of a resting order traded against somebody.
        case execute(OrderFlowOrder)
        /// Everything that rests is void.
        case clear
        /// An order that nobody could see traded: no part of the book.
        case hiddenExecution
        /// Trading stopped or went on.
        case halt
        /// A trade whose effect on the book another message tells, or none does.
        case trade
        /// What an execution before it has already told.
        case confirmation
    }

    /// Nanoseconds since 1970.
    package var time: UInt64
    package var action: Action
    /// Whether the file's book is whole after it: false inside an update of several parts.
    package var endsEvent: Bool
    /// What the venue says its best prices are after it, where it says so.
    package var best: OrderFlowBest?

    package init(
        time: UInt64, action: Action, endsEvent: Bool = true, best: OrderFlowBest? = nil
    ) {
        self.time = time
        self.action = action
        self.endsEvent = endsEvent
        self.best = best
    }
}

extension OrderFlowMessage.Action {
    /// The word for it in reports.
    var name: String {
        switch self {
        case .add: "add"
        case .reduce: "reduce"
        case .remove: "remove"
        case .replace: "replace"
        case .execute: "execute"
        case .clear: "clear"
        case .hiddenExecution: "hidden execution"
        case .halt: "halt"
        case .trade: "trade"
        case .confirmation: "confirmation"
        }
    }

    /// The order that it speaks of, where it speaks of one.
    var order: OrderFlowOrder? {
        switch self {
        case .add(let order), .reduce(let order), .remove(let order), .replace(let order),
            .execute(let order):
            order
        case .clear, .hiddenExecution, .halt, .trade, .confirmation: nil
        }
    }
}

/// All that a file says.
package struct OrderFlow: Equatable, Sendable {
    package enum Format: String, Sendable {
        case lobster = "LOBSTER messages"
        case bitstamp = "Bitstamp order events"
        case marketByOrder = "CME market by order"
        case depthStream = "Binance depth stream"
    }

    /// The path as the user gave it.
    package var file: String
    package var format: Format
    package var messages: [OrderFlowMessage]
    /// Whether the file tells only what happens at the best prices, so that orders may come into
    /// sight and leave it untold: then the venue's own best prices correct the book.
    package var isWindow: Bool

    package init(file: String, format: Format, messages: [OrderFlowMessage], isWindow: Bool) {
        self.file = file
        self.format = format
        self.messages = messages
        self.isWindow = isWindow
    }
}
