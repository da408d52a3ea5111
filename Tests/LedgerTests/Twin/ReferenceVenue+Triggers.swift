/// Orders that wait for a price: which fire, in which order, and how each is then judged as a new
/// one.

import Canonical
import Catalogue
import FixedPoint
@testable import Ledger
import Markets

extension ReferenceVenue {
    /// Whether a trigger would fire now. A stop buys when the reference rises to its price and
    /// sells when it falls to it; a take the other way round.
    func isMet(_ trigger: Trigger, _ side: Side, in market: Int) throws(Refusal) -> Bool {
        guard mayTrade(market) else { throw .priceTooOld }
        let price = Int128(
            trigger.reference == .mark
                ? markets[market].mark : indexes[markets[market].underlying].price)
        let at = Int128(trigger.price.ticks) * Int128(markets[market].terms.tickSize.units)
        let waitsForRise =
            (trigger.kind == .stop && side == .buy)
            || (trigger.kind == .take && side == .sell)
        if waitsForRise {
            let slack = Int128(markets[market].terms.tickSize.units) - 1
            return mistake == .triggerRoundsUp ? price + slack >= at : price >= at
        }
        return price <= at
    }

    /// Fires what this block's prices meet, oldest first.
    mutating func fireTriggers() {
        let waiting = orders.filter { order in
            guard let trigger = order.trigger, !isAuction(order.market) else { return false }
            return (try? isMet(trigger, order.side, in: order.market)) ?? false
        }
        for order in waiting where self.order(order.number) != nil { fire(order) }
    }

    private mutating func fire(_ order: ReferenceOrder) {
        releasePair(of: order.number)
        events.append(.orderTriggered(OrderIdentifier(order.number)))
        change(order.number) { order in
            order.trigger = nil
            order.state = .trading
            order.priority = 0
        }
        let isMarket = order.price == 0
        do throws(Refusal) {
            let price = try judgeFired(order, limit: isMarket ? nil : order.price)
            change(order.number) { $0.price = price }
        } catch {
            events.append(.triggerRefused(OrderIdentifier(order.number), error))
            close(order.number, .refusedAtTrigger)
            return
        }
        trade(order.number, rests: order.flags.timeInForce.rests && !isMarket)
    }

    private func judgeFired(_ order: ReferenceOrder, limit: Int64?) throws(Refusal) -> Int64 {
        let price = try judgePrice(
            limit, order.side, in: order.market, reduceOnly: order.flags.reduceOnly)
        try judgeSize(
            by: order.account, order.side, in: order.market, more: order.lots,
            reduceOnly: order.flags.reduceOnly)
        if order.flags.isProtected { try judgeProtection(of: order.account, in: order.market) }
        guard order.flags.timeInForce != .fillOrKill || isFillable(order, price: price) else {
            throw .notFillable
        }
        return price
    }
}
