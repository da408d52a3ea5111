/// How an order trades as it comes: with the best of the other side first, at the maker's price,
/// until it is filled, its limit is reached, or something tells it to stop.

import Canonical
import Catalogue
import FixedPoint
@testable import Ledger
import Markets

extension ReferenceVenue {
    /// Trades the order of a number, which is on its way, and rests or closes what is left.
    mutating func trade(_ number: UInt64, rests: Bool) {
        taking = number
        stop = nil
        if let taker = order(number), !isAuction(taker.market) {
            while stop == nil, let taker = order(number), taker.lots > 0,
                let maker = best(taker.side.opposite, in: taker.market), taker.accepts(maker.price)
            {
                meet(taker, maker)
            }
        }
        taking = nil
        guard let order = order(number) else { return }
        if order.flags.timeInForce == .fillOrKill, order.lots > 0 {
            broken = "fill-or-kill order \(number) has \(order.lots) lots left"
        }
        if order.lots == 0 {
            close(number, .filled)
        } else if stop != nil || !rests {
            close(number, stop ?? .notFilled)
        } else {
            change(number) { $0.state = .resting }
            rest(number, price: order.price, lots: order.lots)
            events.append(.orderRested(place(of: number)))
        }
    }

    private mutating func meet(_ taker: ReferenceOrder, _ maker: ReferenceOrder) {
        if isSameOwner(taker.account, maker.account) {
            let mode = taker.flags.selfTrade
            let spares = mistake == .cancelBothSparesMaker && mode == .cancelBoth
            if mode != .cancelTaker, !spares { close(maker.number, .selfTrade) }
            if mode != .cancelMaker { stop = .selfTrade }
            return
        }
        if maker.flags.reduceOnly, reducible(maker) == 0 {
            return close(maker.number, .nothingToReduce)
        }
        if taker.flags.reduceOnly, reducible(taker) == 0 {
            stop = .nothingToReduce
            return
        }
        let lots = tradable(taker, maker)
        guard lots > 0 else {
            stop = .openInterestLimit
            return
        }
        fill(taker, maker, lots: lots, price: maker.price, isAuction: false)
    }

    /// The lots by which an order could make its account's position smaller.
    func reducible(_ order: ReferenceOrder) -> Int64 {
        max(0, -position(order.account, order.market) * order.side.sign)
    }

    /// How many lots two orders may trade: what both show, what those that only reduce can reduce,
    /// and what keeps the open interest inside its limit.
    func tradable(_ taker: ReferenceOrder, _ maker: ReferenceOrder) -> Int64 {
        // An incoming order has all its lots on the way, a resting one what it shows.
        var lots = min(taker.state == .trading ? taker.lots : taker.shown, maker.shown)
        for order in [taker, maker] where order.flags.reduceOnly {
            lots = min(lots, reducible(order))
        }
        let market = taker.market
        let limit = markets[market].terms.openInterestLimit.lots
        let (buyer, seller) =
            taker.side == .buy ? (taker.account, maker.account) : (maker.account, taker.account)
        let (long, short) = (position(buyer, market), position(seller, market))
        let others = openInterest(market) - max(0, long) - max(0, short)
        while lots > 0, others + max(0, long + lots) + max(0, short - lots) > limit { lots -= 1 }
        return lots
    }

    /// Two orders trade: positions, the event, and what hangs on the two orders.
    mutating func fill(
        _ taker: ReferenceOrder, _ maker: ReferenceOrder, lots: Int64, price: Int64,
        isAuction: Bool
    ) {
        let market = taker.market
        members[taker.account].positions[market] += taker.side.sign * lots
        members[maker.account].positions[market] -= taker.side.sign * lots
        let notional = price * markets[market].terms.tickValue * lots
        let trade = Trade(
            instrument: InstrumentIdentifier(UInt16(market)),
            makerOrder: OrderIdentifier(maker.number), takerOrder: OrderIdentifier(taker.number),
            maker: AccountIdentifier(UInt32(maker.account)),
            taker: AccountIdentifier(UInt32(taker.account)), takerSide: taker.side,
            price: Price(ticks: price), quantity: Quantity(lots: lots),
            notional: Amount(microunits: notional),
            makerFee: fee(of: maker, price, lots, isMaker: !isAuction),
            takerFee: fee(of: taker, price, lots, isMaker: false))
        events.append(isAuction ? .auctionTraded(trade) : .traded(trade))
        takeOff(lots, maker)
        // In an auction both stand in the book, and both leave their places before protection is
        // asked; an incoming order's pair is released last.
        if isAuction { takeOff(lots, taker) } else { change(taker.number) { $0.lots -= lots } }
        countProtection(maker, notional)
        countProtection(taker, notional)
        if !isAuction { releasePair(of: taker.number) }
    }

    /// Takes traded lots off a resting order: it shrinks, shows its next slice, or is filled. Its
    /// pair leaves.
    private mutating func takeOff(_ lots: Int64, _ order: ReferenceOrder) {
        change(order.number) { order in
            order.lots -= lots
            order.shown -= lots
        }
        if order.lots == lots { return close(order.number, .filled) }
        if order.shown == lots {
            let left = order.lots - lots
            if mistake == .sliceKeepsPlace {
                change(order.number) { $0.shown = min($0.display, left) }
            } else {
                rest(order.number, price: order.price, lots: left)
            }
            events.append(.orderRefreshed(place(of: order.number)))
        }
        if mistake != .pairOutlivesTrade { releasePair(of: order.number) }
    }

    /// A share of one lot's notional, rounded up, times the lots.
    private func fee(
        of order: ReferenceOrder, _ price: Int64, _ lots: Int64, isMaker: Bool
    ) -> Amount {
        let tier = tiers[members[order.account].tier]
        let rate = Int128((isMaker ? tier.maker : tier.taker).units)
        let exact = Int128(price * markets[order.market].terms.tickValue) * rate
        let one = Int128(1_000_000_000)
        // Truncation rounds a negative share up already.
        let perLot = exact > 0 ? (exact + one - 1) / one : exact / one
        return Amount(microunits: Int64(perLot) * lots)
    }

    /// Whether a fill-or-kill order can be filled at once and whole. What may go away while it
    /// trades is not counted: makers that only reduce, makers that are paired, and of protected
    /// makers all that could trip their protection. An own order in the way ends one that gives way
    /// to it.
    func isFillable(_ order: ReferenceOrder, price limit: Int64) -> Bool {
        let (side, market) = (order.side, order.market)
        let room = markets[market].terms.openInterestLimit.lots - openInterest(market)
        if order.lots > room { return false }
        if order.flags.reduceOnly, order.lots > reducible(order) { return false }
        let makers = queue(side.opposite, in: market)
        var left = order.lots
        var paid: Int64 = 0
        // By account, the notional of the protected orders passed by.
        var used = [Int64](repeating: 0, count: members.count)
        // Level by level: what does not show trades after everything at its price that does.
        let prices = Set(makers.map(\.price)).sorted { side == .buy ? $0 < $1 : $0 > $1 }
        for price in prices where left > 0 && (side == .buy ? price <= limit : price >= limit) {
            let perLot = price * markets[market].terms.tickValue
            var hidden: Int64 = 0
            for maker in makers where maker.price == price && left > 0 {
                if isSameOwner(maker.account, order.account) {
                    if order.flags.selfTrade != .cancelMaker { return false }
                    continue
                }
                var lots = maker.lots
                if maker.flags.isProtected,
                    let room = protectionRoom(of: maker.account, in: market)
                {
                    lots = min(lots, max(0, room - 1 - used[maker.account]) / perLot)
                    used[maker.account] += maker.lots * perLot
                }
                if maker.pair != 0 { continue }
                if maker.flags.reduceOnly, mistake != .fillOrKillCountsReducers { continue }
                lots = min(lots, left)
                paid += lots * perLot
                left -= min(lots, maker.shown)
                hidden += max(0, lots - maker.shown)
            }
            left -= min(left, hidden)
        }
        if order.flags.isProtected, let room = protectionRoom(of: order.account, in: market),
            paid >= room
        {
            return false
        }
        return left == 0
    }
}
