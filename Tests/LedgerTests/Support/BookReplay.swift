/// The books rebuilt from the event stream alone, as an outsider would: no look at the ledger but
/// to compare at the end. It also holds that event numbers have no gaps and that every order
/// reaches exactly one final event.

import Canonical
import FixedPoint
import Ledger
import Markets

struct BookReplay {
    /// An order that was accepted and not closed.
    struct Resting {
        let account: AccountIdentifier
        let instrument: InstrumentIdentifier
        let side: Side
        var price: Price
        var remaining: Quantity
        var shown: Quantity
        /// 0 while it does not rest.
        var priority: UInt64
        /// Whether it waits for its trigger.
        var isWaiting: Bool
    }

    private(set) var open: [UInt64: Resting] = [:]
    /// The first rule that the stream broke, in words.
    private(set) var failure: String?
    private var nextEvent: UInt64 = 1
    private var lastOrder: UInt64 = 0

    mutating func apply(_ outcome: BlockOutcome) {
        if outcome.firstEvent != nextEvent {
            fail("block \(outcome.height) starts at event \(outcome.firstEvent), not \(nextEvent)")
        }
        nextEvent = outcome.firstEvent + UInt64(outcome.events.count)
        for event in outcome.events { apply(event) }
        for (number, order) in open where order.priority == 0 && !order.isWaiting {
            fail("order \(number) neither rests nor is closed at the end of its block")
        }
    }

    private mutating func accept(_ new: OrderAcceptance) {
        if new.order.number <= lastOrder { fail("order \(new.order.number) is not new") }
        lastOrder = new.order.number
        open[new.order.number] = Resting(
            account: new.account, instrument: new.instrument, side: new.side, price: new.limit,
            remaining: new.quantity, shown: new.quantity, priority: 0,
            isWaiting: new.trigger != nil)
    }

    private mutating func apply(_ event: Event) {
        switch event {
        case .orderAccepted(let new):
            accept(new)
        case .orderRested(let rest):
            change(rest.order) { order in
                if order.remaining != rest.remaining || order.price != rest.price {
                    return "order \(rest.order.number) rests other than it was left"
                }
                order.priority = rest.priority
                order.shown = rest.shown
                return nil
            }
        case .orderRefreshed(let rest):
            change(rest.order) { order in
                if order.shown != .zero || order.remaining != rest.remaining {
                    return "order \(rest.order.number) shows a new slice before its time"
                }
                order.priority = rest.priority
                order.shown = rest.shown
                return nil
            }
        case .orderAmended(let rest):
            change(rest.order) { order in
                order.price = rest.price
                order.remaining = rest.remaining
                order.shown = rest.shown
                order.priority = rest.priority
                return nil
            }
        case .orderTriggered(let identifier):
            change(identifier) { order in
                defer { order.isWaiting = false }
                order.priority = 0
                return order.isWaiting ? nil : "order \(identifier.number) fires twice"
            }
        case .triggerRefused(let identifier, _):
            change(identifier) { order in
                order.isWaiting ? "order \(identifier.number) is refused before it fires" : nil
            }
        case .traded(let trade), .auctionTraded(let trade):
            for place in [trade.makerOrder, trade.takerOrder] {
                change(place) { order in
                    order.remaining -= trade.quantity
                    order.shown -= trade.quantity
                    return order.shown.isNegative || order.isWaiting
                        ? "order \(place.number) overfilled" : nil
                }
            }
        case .orderClosed(let identifier, let remaining, let reason):
            change(identifier) { order in
                if order.remaining != remaining { return "order \(identifier.number) lost lots" }
                return (remaining == .zero) == (reason == .filled)
                    ? nil : "order \(identifier.number) is filled if nothing remains"
            }
            open[identifier.number] = nil
        default: break
        }
    }

    private mutating func change(
        _ order: OrderIdentifier, _ body: (inout Resting) -> String?
    ) {
        guard var entry = open[order.number] else {
            return fail("event for order \(order.number), which is not open")
        }
        if let broken = body(&entry) { fail(broken) }
        open[order.number] = entry
    }

    private mutating func fail(_ words: String) {
        if failure == nil { failure = words }
    }

    /// Where the ledger's books are not the ones that follow from the events.
    func difference(from ledger: Ledger) -> String? {
        for place in 0..<ledger.books.bookCount {
            let market = InstrumentIdentifier(UInt16(place))
            for side in [Side.buy, .sell] {
                let expected = open.filter { _, order in
                    order.instrument == market && order.side == side && !order.isWaiting
                }.sorted { left, right in
                    left.value.price != right.value.price
                        ? side.accepts(right.value.price, limit: left.value.price)
                        : left.value.priority < right.value.priority
                }
                var cursor = ledger.books.best(side, in: market)
                for (number, order) in expected {
                    guard let slot = cursor else { return "book \(place) lacks order \(number)" }
                    let found = ledger.books.order(slot)
                    guard found.identifier.number == number, found.price == order.price,
                        found.remaining == order.remaining, found.shown == order.shown,
                        found.account == order.account,
                        found.priority == order.priority
                    else {
                        return "book \(place) holds order \(found.identifier.number) where "
                            + "events say \(number)"
                    }
                    cursor = ledger.books.next(after: slot)
                }
                if cursor != nil { return "book \(place) holds more than the events say" }
            }
        }
        return nil
    }
}
