/// Amendments: an order that asks for no more keeps its rights, one that asks for more is judged
/// and trades like a new one, and one that waits for its trigger waits on. And quotes, both sides
/// of which are replaced together or not at all.

import Canonical
import FixedPoint
@testable import Ledger
import Markets

/// One side of a quote.
struct ReferenceQuoteSide {
    let side: Side
    let price: Int64
    let lots: Int64
    /// What it takes the place of.
    let old: ReferenceOrder?
    /// Whether it asks for nothing that the old one does not have.
    let isNoMore: Bool
}

extension ReferenceVenue {
    mutating func amend(_ request: AmendRequest, by account: Int) throws(Refusal) {
        guard let order = order(request.order.number, of: account) else { throw .unknownOrder }
        let lots = request.remaining.lots
        try judgeQuantity(lots, in: order.market)
        for price in [request.limit, request.trigger] {
            if let price { try judgeRange(price.ticks, in: order.market) }
        }
        if order.display > 0, !showsEnough(order.display, of: lots) { throw .displayOutOfRange }
        if order.state == .waiting { return try amendWaiting(order, request) }
        guard let price = request.limit?.ticks, request.trigger == nil else {
            throw .conflictingTerms
        }
        if isNoMore(order, price: price, lots: lots) {
            move(order, price: price, lots: lots)
            events.append(.orderAmended(place(of: order.number)))
            return
        }
        _ = try judgePrice(price, order.side, in: order.market, reduceOnly: order.flags.reduceOnly)
        if request.postOnly || order.flags.isQuote,
            firstMet(order.side, price, in: order.market) != nil
        {
            throw .wouldTake
        }
        try judgeSize(
            by: account, order.side, in: order.market, more: lots - order.lots,
            reduceOnly: order.flags.reduceOnly)
        change(order.number) { order in
            order.state = .trading
            order.price = price
            order.lots = lots
            order.shown = lots
            order.priority = 0
        }
        events.append(.orderAmended(place(of: order.number)))
        trade(order.number, rests: true)
    }

    /// Shrinks an order in its place, what does not show first; or puts it behind all others at
    /// another price.
    private mutating func move(_ order: ReferenceOrder, price: Int64, lots: Int64) {
        guard price == order.price else { return rest(order.number, price: price, lots: lots) }
        var shown = min(order.shown, lots)
        if mistake == .shrinkShownFirst { shown = max(1, order.shown - (order.lots - lots)) }
        change(order.number) { order in
            order.lots = lots
            order.shown = shown
        }
    }

    private mutating func amendWaiting(
        _ order: ReferenceOrder, _ request: AmendRequest
    ) throws(Refusal) {
        let isMarket = order.price == 0
        guard isMarket == (request.limit == nil), request.remaining.lots > order.display else {
            throw .conflictingTerms
        }
        var trigger = order.trigger
        if let price = request.trigger, let old = order.trigger {
            let new = Trigger(old.kind, on: old.reference, at: price)
            if try isMet(new, order.side, in: order.market) { throw .triggerAlreadyMet }
            trigger = new
        }
        change(order.number) { $0.trigger = trigger }
        rest(order.number, price: request.limit?.ticks ?? 0, lots: request.remaining.lots)
        events.append(.orderAmended(place(of: order.number)))
    }

    // Quotes.

    func sides(of request: QuoteRequest, by account: Int) -> [ReferenceQuoteSide] {
        let wanted = [
            (Side.buy, request.bid.ticks, request.bidQuantity.lots),
            (Side.sell, request.ask.ticks, request.askQuantity.lots),
        ]
        return wanted.map { side, price, lots in
            let old = orders.first {
                $0.account == account && $0.market == Int(request.instrument.number)
                    && $0.flags.isQuote && $0.side == side
            }
            let isNoMore = old.map { self.isNoMore($0, price: price, lots: lots) } ?? false
            return ReferenceQuoteSide(
                side: side, price: price, lots: lots, old: old, isNoMore: lots == 0 || isNoMore)
        }
    }

    mutating func quote(
        _ request: QuoteRequest, by account: Int, nonce: UInt64
    ) throws(Refusal) {
        let market = Int(request.instrument.number)
        guard market < markets.count else { throw .unknownInstrument }
        guard markets[market].home == members[account].home else { throw .wrongCompartment }
        let sides = sides(of: request, by: account)
        for side in sides where side.lots != 0 {
            try judgeQuantity(side.lots, in: market)
            try judgeRange(side.price, in: market)
        }
        let wanted = sides.filter { $0.lots != 0 }
        if wanted.count == 2, request.bid >= request.ask { throw .conflictingTerms }
        if !wanted.isEmpty {
            if isVoidQuote(in: market, by: account, nonce: nonce) { throw .cancelledBefore }
            if protection(of: account, in: market) != nil {
                try judgeProtection(of: account, in: market)
            }
        }
        let open = orders.filter { $0.account == account }.count
        let new = wanted.filter { $0.old == nil }.count
        let gone = sides.filter { $0.lots == 0 && $0.old != nil }.count
        guard open + new - gone <= orderCap else { throw .tooManyOrders }
        for side in wanted where !side.isNoMore {
            _ = try judgePrice(side.price, side.side, in: market, reduceOnly: false)
            let other = sides.first { $0.side != side.side }?.old?.number
            if firstMet(side.side, side.price, in: market, besides: other ?? 0) != nil {
                throw .wouldTake
            }
            try judgeSize(
                by: account, side.side, in: market, more: side.lots - (side.old?.lots ?? 0),
                reduceOnly: false)
        }
        for side in sides { replace(side, by: account, in: market) }
    }

    private mutating func replace(_ side: ReferenceQuoteSide, by account: Int, in market: Int) {
        guard let old = side.old else {
            guard side.lots != 0 else { return }
            let order = ReferenceOrder(
                number: nextOrder, account: account, market: market, name: 0,
                flags: OrderFlags(side.side, isProtected: true, isQuote: true), state: .resting,
                price: side.price, lots: side.lots, shown: side.lots)
            nextOrder += 1
            orders.append(order)
            announce(order)
            rest(order.number, price: side.price, lots: side.lots)
            events.append(.orderRested(place(of: order.number)))
            return
        }
        if side.lots == 0 { return close(old.number, .cancelled) }
        if side.price == old.price, side.lots == old.lots { return }
        if side.price == old.price, side.lots < old.lots {
            move(old, price: side.price, lots: side.lots)
        } else {
            rest(old.number, price: side.price, lots: side.lots)
        }
        events.append(.orderAmended(place(of: old.number)))
    }
}
