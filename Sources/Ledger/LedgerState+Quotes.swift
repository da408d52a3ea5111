/// Quotes: both sides of a market in one command, replaced as a whole or not at all. Many quotes
/// under one signature are a mass quote.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Risk

/// One side of a quote: where it stands, and where it shall.
private struct QuoteSide {
    let side: Side
    let price: Price
    let quantity: Quantity
    /// What the account quotes on this side now.
    let slot: OrderSlot?
}

/// Both sides of a quote.
private struct QuoteSides {
    let bid: QuoteSide
    let ask: QuoteSide

    func areAll(_ test: (QuoteSide) -> Bool) -> Bool { test(bid) && test(ask) }

    func count(where test: (QuoteSide) -> Bool) -> Int {
        (test(bid) ? 1 : 0) + (test(ask) ? 1 : 0)
    }
}

extension LedgerState {
    /// When a quote runs: at once if both sides only shrink or move away, else after all takers.
    mutating func quoteClass(_ request: QuoteRequest, of account: AccountIdentifier) -> CommandClass
    {
        quoteSides(request, of: account).areAll { onlyShrinks($0) } ? .first : .postOnly
    }

    /// Replaces an account's quote in an instrument. If it is refused the old one stays.
    mutating func quote(
        _ request: QuoteRequest, for account: AccountIdentifier, _ stamp: NonceStamp
    ) throws(Refusal) {
        let instrument = request.instrument
        let place = Int(instrument.number)
        guard place < catalogue.instruments.count else { throw .unknownInstrument }
        guard catalogue.instruments[place].compartment == accounts.compartment(of: account) else {
            throw .wrongCompartment
        }
        guard accounts.liquidationStart(of: account) == nil else { throw .inLiquidation }
        let sides = quoteSides(request, of: account)
        try checkRange(sides.bid, in: instrument)
        try checkRange(sides.ask, in: instrument)
        let isPull = sides.areAll { $0.quantity == .zero }
        if sides.areAll({ $0.quantity != .zero }), request.bid >= request.ask {
            throw .conflictingTerms
        }
        if !sides.areAll({ onlyShrinks($0) }) {
            try checkOpen(instrument)
            try checkLevel(of: instrument, account, reduceOnly: false)
            try checkBackstopOrder(of: account, reduceOnly: false)
            guard stamp.nonce >= keys.massCancel(of: account, stamp.signer),
                !fences.voidsQuotes(instrument, of: account, stamp)
            else { throw .cancelledBefore }
            if hasProtection(account, in: instrument) {
                try checkProtection(of: account, in: instrument)
            }
        }
        let added = sides.count { $0.slot == nil && $0.quantity != .zero }
        let pulled = sides.count { $0.slot != nil && $0.quantity == .zero }
        let count = books.openOrderCount(of: account) + added - pulled
        guard count <= Int(genesis.orderLimit) else {
            throw .tooManyOrders
        }
        try check(sides.bid, besides: sides.ask.slot, of: account, in: instrument, stamp.signer)
        try check(sides.ask, besides: sides.bid.slot, of: account, in: instrument, stamp.signer)
        let reach = rampReach(of: account, in: instrument)
        changeRisk(sides, of: account, in: instrument, isForward: true)
        guard
            isPull || !isMargined || sides.areAll({ onlyShrinks($0) })
                || isBacked(account, in: instrument, grownFrom: reach)
                    && isDoublyBacked(account, in: instrument)
        else {
            changeRisk(sides, of: account, in: instrument, isForward: false)
            throw .insufficientMargin
        }
        // From here it must succeed.
        apply(sides.bid, of: account, in: instrument, by: stamp.signer)
        apply(sides.ask, of: account, in: instrument, by: stamp.signer)
    }

    private mutating func checkRange(
        _ side: QuoteSide, in instrument: InstrumentIdentifier
    ) throws(Refusal) {
        let place = Int(instrument.number)
        guard !side.quantity.isNegative,
            side.quantity <= catalogue.instruments[place].maximumOrderQuantity
        else { throw .quantityOutOfRange }
        guard
            side.quantity == .zero
                || side.price.isPositive && side.price <= catalogue.instruments[place].maximumPrice
        else { throw .priceOutOfRange }
    }

    private mutating func quoteSides(
        _ request: QuoteRequest, of account: AccountIdentifier
    ) -> QuoteSides {
        var bid: OrderSlot?
        var ask: OrderSlot?
        for place in 0..<books.openOrderCount(of: account) {
            let order = books.openOrder(of: account, at: place)
            guard order.flags.isQuote, order.instrument == request.instrument else { continue }
            if order.flags.side == .buy { bid = order.slot } else { ask = order.slot }
        }
        return QuoteSides(
            bid: QuoteSide(
                side: .buy, price: request.bid, quantity: request.bidQuantity, slot: bid),
            ask: QuoteSide(
                side: .sell, price: request.ask, quantity: request.askQuantity, slot: ask))
    }

    /// Whether a side asks for nothing that its order does not have.
    private mutating func onlyShrinks(_ side: QuoteSide) -> Bool {
        guard side.quantity != .zero else { return true }
        guard let slot = side.slot else { return false }
        return side.quantity <= books.remaining(books[slot])
            && side.side.accepts(side.price, limit: books[slot].price)
    }

    /// - Parameter other: the account's own order on the other side, which moves with this one.
    private mutating func check(
        _ side: QuoteSide, besides other: OrderSlot?, of account: AccountIdentifier,
        in instrument: InstrumentIdentifier, _ agent: UInt8
    ) throws(Refusal) {
        if onlyShrinks(side) { return }
        _ = try checkPrice(side.price, side: side.side, reduceOnly: false, instrument)
        let order = record(side, of: account, in: instrument, number: 0, by: agent)
        _ = try agentPrice(side.price, isMarket: false, order.flags, of: account, in: instrument)
        if wouldTake(side, besides: other, in: instrument) { throw .wouldTake }
        let old = side.slot.map { books.remaining(books[$0]) } ?? .zero
        try checkLimits(
            account, instrument, side: side.side, adding: side.quantity - old, reduceOnly: false,
            mayTake: false)
        let size = side.slot.map { OrderSize(price: books[$0].price, lots: old) } ?? .none
        try checkCash(
            of: account, in: instrument, side: side.side, reduceOnly: false, from: size,
            to: OrderSize(price: side.price, lots: side.quantity))
        try checkLossLimit(of: order)
    }

    /// Whether a side would trade with anything but the account's own other side.
    private mutating func wouldTake(
        _ side: QuoteSide, besides other: OrderSlot?, in instrument: InstrumentIdentifier
    ) -> Bool {
        guard phases[Int(instrument.number)].isContinuous,
            var best = books.best(side.side.opposite, in: instrument)
        else { return false }
        if best == other {
            guard let next = books.next(after: best) else { return false }
            best = next
        }
        return side.side.accepts(books[best].price, limit: side.price)
    }

    /// The order of a side as the quote wants it.
    private mutating func record(
        _ side: QuoteSide, of account: AccountIdentifier, in instrument: InstrumentIdentifier,
        number: UInt64, by agent: UInt8
    ) -> OrderRecord {
        OrderRecord(
            identifier: OrderIdentifier(number), account: account, instrument: instrument,
            clientIdentifier: ClientOrderIdentifier(0),
            flags: OrderFlags(side.side, isProtected: true, isQuote: true, agent: agent),
            price: side.price,
            remaining: side.quantity)
    }

    /// Tells risk that the old sides leave and the new ones come, or the reverse.
    private mutating func changeRisk(
        _ sides: QuoteSides, of account: AccountIdentifier, in instrument: InstrumentIdentifier,
        isForward: Bool
    ) {
        changeRisk(sides.bid, of: account, in: instrument, isForward: isForward)
        changeRisk(sides.ask, of: account, in: instrument, isForward: isForward)
    }

    private mutating func changeRisk(
        _ side: QuoteSide, of account: AccountIdentifier, in instrument: InstrumentIdentifier,
        isForward: Bool
    ) {
        if let slot = side.slot {
            let lots = books.remaining(books[slot])
            changeRisk(
                of: books[slot], from: isForward ? lots : .zero, to: isForward ? .zero : lots)
        }
        guard side.quantity != .zero else { return }
        changeRisk(
            of: record(side, of: account, in: instrument, number: 0, by: 0),
            from: isForward ? .zero : side.quantity, to: isForward ? side.quantity : .zero)
    }

    /// Changes the book; risk has been told.
    private mutating func apply(
        _ side: QuoteSide, of account: AccountIdentifier, in instrument: InstrumentIdentifier,
        by agent: UInt8
    ) {
        guard let slot = side.slot else {
            guard side.quantity != .zero else { return }
            let order = record(
                side, of: account, in: instrument, number: facts.nextOrder, by: agent)
            accept(order, trigger: nil)
            finish(order, slot: nil, stop: nil, rests: true)
            return
        }
        let order = books[slot]
        touch(order)
        guard side.quantity != .zero else {
            books.remove(slot)
            emit(.orderClosed(order.identifier, remaining: order.shown, .cancelled))
            return
        }
        if side.price != order.price || side.quantity > order.shown {
            books.setAgent(agent, of: slot)
            books.requeue(
                slot, price: side.price, remaining: side.quantity, priority: takePriority())
        } else if side.quantity < order.shown {
            books.shrink(slot, by: order.shown - side.quantity)
        } else {
            return
        }
        emit(.orderAmended(rest(of: books[slot])))
    }
}
