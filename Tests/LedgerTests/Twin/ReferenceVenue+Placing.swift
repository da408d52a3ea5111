/// What is asked of a new order, in the order in which refusals take precedence, and how it enters.

import Canonical
import Catalogue
import FixedPoint
@testable import Ledger
import Markets

extension ReferenceVenue {
    mutating func place(
        _ request: OrderRequest, by account: Int, nonce: UInt64
    ) throws(Refusal) -> UInt64 {
        try judgeTerms(request, by: account)
        try judgeNames(request, by: account, nonce: nonce)
        let market = Int(request.instrument.number)
        if let trigger = request.trigger {
            if try isMet(trigger, request.side, in: market) { throw .triggerAlreadyMet }
            let number = enter(request, by: account, price: request.limit?.ticks ?? 0)
            let priority = takePriority()
            change(number) { $0.priority = priority }
            return number
        }
        let rests = request.timeInForce.rests && request.limit != nil
        if !rests, isAuction(market) { throw .inAuction }
        var price = try judgePrice(
            request.limit?.ticks, request.side, in: market, reduceOnly: request.reduceOnly)
        if request.postOnly, let meets = firstMet(request.side, price, in: market) {
            guard request.slides else { throw .wouldTake }
            price = request.side == .buy ? meets.price - 1 : meets.price + 1
            guard (1...markets[market].terms.maximumPrice.ticks).contains(price) else {
                throw .wouldTake
            }
        }
        try judgeSize(
            by: account, request.side, in: market, more: request.quantity.lots,
            reduceOnly: request.reduceOnly)
        if request.timeInForce == .fillOrKill {
            let flags = OrderFlags(
                request.side, reduceOnly: request.reduceOnly, isProtected: request.isProtected,
                selfTrade: request.selfTrade)
            let lots = request.quantity.lots
            let order = ReferenceOrder(
                number: 0, account: account, market: market, name: 0, flags: flags,
                state: .trading, price: price, lots: lots, shown: lots)
            guard isFillable(order, price: price) else { throw .notFillable }
        }
        let number = enter(request, by: account, price: price)
        trade(number, rests: rests)
        return number
    }

    /// An admitted order gets its number and is announced.
    private mutating func enter(_ request: OrderRequest, by account: Int, price: Int64) -> UInt64 {
        let number = nextOrder
        nextOrder += 1
        let lots = request.quantity.lots
        let flags = OrderFlags(
            request.side, reduceOnly: request.reduceOnly, isProtected: request.isProtected,
            selfTrade: request.selfTrade, timeInForce: request.timeInForce)
        var order = ReferenceOrder(
            number: number, account: account, market: Int(request.instrument.number),
            name: request.clientIdentifier.number, flags: flags,
            state: request.trigger == nil ? .trading : .waiting, price: price, lots: lots,
            shown: lots)
        order.display = request.display?.lots ?? 0
        order.expiry = request.expiry?.nanoseconds ?? 0
        order.trigger = request.trigger
        order.label = request.label
        if let partner = self.order(named: request.pair.number, of: account) {
            order.pair = partner.number
            change(partner.number) { $0.pair = number }
        }
        orders.append(order)
        announce(order)
        return number
    }

    mutating func announce(_ order: ReferenceOrder) {
        events.append(
            .orderAccepted(
                OrderAcceptance(
                    order: OrderIdentifier(order.number),
                    account: AccountIdentifier(UInt32(order.account)),
                    instrument: InstrumentIdentifier(UInt16(order.market)),
                    clientIdentifier: ClientOrderIdentifier(order.name),
                    limit: Price(ticks: order.price), quantity: Quantity(lots: order.lots),
                    flags: order.flags, trigger: order.trigger)))
    }

    private func judgeTerms(_ request: OrderRequest, by account: Int) throws(Refusal) {
        let market = Int(request.instrument.number)
        guard market < markets.count else { throw .unknownInstrument }
        guard markets[market].home == members[account].home else { throw .wrongCompartment }
        try judgeQuantity(request.quantity.lots, in: market)
        for price in [request.limit, request.trigger?.price] {
            if let price { try judgeRange(price.ticks, in: market) }
        }
        if excludeEachOther(request) { throw .conflictingTerms }
        if let expiry = request.expiry, expiry.nanoseconds <= now { throw .expiryPassed }
        if let display = request.display?.lots {
            guard display < request.quantity.lots, showsEnough(display, of: request.quantity.lots)
            else { throw .displayOutOfRange }
        }
    }

    func judgeQuantity(_ lots: Int64, in market: Int) throws(Refusal) {
        guard lots > 0, lots <= markets[market].terms.maximumOrderQuantity.lots else {
            throw .quantityOutOfRange
        }
    }

    func judgeRange(_ price: Int64, in market: Int) throws(Refusal) {
        guard price > 0, price <= markets[market].terms.maximumPrice.ticks else {
            throw .priceOutOfRange
        }
    }

    /// An iceberg shows at least one lot and a hundredth of its quantity.
    func showsEnough(_ display: Int64, of lots: Int64) -> Bool {
        display >= 1 && Int128(display) * 100 >= Int128(lots)
    }

    private func excludeEachOther(_ request: OrderRequest) -> Bool {
        let isTimed = request.timeInForce == .goodTillTime
        let mayRest = (request.timeInForce == .goodTillCancelled || isTimed) && request.limit != nil
        let waits = request.trigger != nil
        let rules: [Bool] = [
            // What never takes must be able to rest at once.
            request.postOnly && (!mayRest || waits),
            request.slides && !request.postOnly,
            // An expiry, and only that, needs its time in force; and a time to live at all.
            isTimed != (request.expiry != nil),
            isTimed && request.limit == nil && !waits,
            // Slices are for resting orders, pairs for those that stay open.
            request.display != nil && !mayRest,
            request.pair.number != 0 && !mayRest && !waits,
        ]
        return rules.contains(true)
    }

    private func judgeNames(
        _ request: OrderRequest, by account: Int, nonce: UInt64
    ) throws(Refusal) {
        let market = Int(request.instrument.number)
        if order(named: request.clientIdentifier.number, of: account) != nil {
            throw .duplicateClientOrder
        }
        if isVoid(request, by: account, nonce: nonce) { throw .cancelledBefore }
        guard orders.filter({ $0.account == account }).count < orderCap else {
            throw .tooManyOrders
        }
        if request.pair.number != 0 {
            guard let partner = order(named: request.pair.number, of: account),
                partner.market == market, partner.pair == 0
            else { throw .unknownPair }
        }
        if request.isProtected { try judgeProtection(of: account, in: market) }
    }

    /// A price inside the band around the mark; without a limit, the end of the band.
    func judgePrice(
        _ limit: Int64?, _ side: Side, in market: Int, reduceOnly: Bool
    ) throws(Refusal) -> Int64 {
        guard isFresh(market, reduceOnly ? reduceAge : tradeAge) else { throw .priceTooOld }
        let bound = bandEnd(side, in: market)
        guard let limit else { return bound }
        guard side == .buy ? limit <= bound : limit >= bound else { throw .outsidePriceBand }
        return limit
    }

    /// The last tick that is not farther through the mark than the band.
    private func bandEnd(_ side: Side, in market: Int) -> Int64 {
        let terms = markets[market].terms
        let one = Int128(1_000_000_000)
        let band = Int128(terms.priceBand.units)
        let mark = Int128(markets[market].mark)
        let tick = Int128(terms.tickSize.units)
        // mark × (1 ± band) / tick, inwards; every quantity here is positive.
        let ticks =
            side == .buy
            ? mark * (one + band) / (one * tick)
            : (mark * (one - band) + one * tick - 1) / (one * tick)
        return min(max(Int64(ticks), 1), terms.maximumPrice.ticks)
    }

    /// Whether what an account holds and has open on a side stays inside the position limit, and
    /// whether an order that only reduces has something to reduce.
    func judgeSize(
        by account: Int, _ side: Side, in market: Int, more lots: Int64, reduceOnly: Bool
    ) throws(Refusal) {
        let held = position(account, market) * side.sign
        if reduceOnly, held >= 0 { throw .notReducing }
        let open = orders.filter {
            $0.account == account && $0.market == market && $0.side == side
                && $0.state == .resting
        }.reduce(0) { $0 + $1.lots }
        guard held + open + lots <= markets[market].terms.positionLimit.lots else {
            throw .positionLimit
        }
    }

    /// The order of the other side that a price would trade with first; none while orders are
    /// collected.
    ///
    /// - Parameter besides: an order that is about to move out of the way; 0 is none.
    func firstMet(
        _ side: Side, _ price: Int64, in market: Int, besides: UInt64 = 0
    ) -> ReferenceOrder? {
        if isAuction(market) { return nil }
        return queue(side.opposite, in: market).first { maker in
            maker.number != besides && (side == .buy ? maker.price <= price : maker.price >= price)
        }
    }
}
