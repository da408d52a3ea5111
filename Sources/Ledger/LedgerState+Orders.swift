/// Placing: what is refused, and why, before anything changes. What happens after is in
/// `LedgerState+Matching`; orders that wait for a price go on in `LedgerState+Triggers`.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Admits an order, matches it, and rests what is left if it may rest.
    mutating func place(
        _ request: OrderRequest, for account: AccountIdentifier, _ stamp: NonceStamp
    ) throws(Refusal) -> OrderIdentifier {
        try checkTerms(request, for: account)
        try checkNames(request, for: account, stamp)
        guard request.trigger == nil else { return try wait(request, for: account, stamp) }
        let isMarket = request.limit == nil || !request.timeInForce.rests
        if isMarket, !phases[Int(request.instrument.number)].isContinuous { throw .inAuction }
        var limit = try checkPrice(
            request.limit, side: request.side, reduceOnly: request.reduceOnly, request.instrument)
        limit = try agentPrice(
            limit, isMarket: request.limit == nil, OrderFlags(request.side, agent: stamp.signer),
            of: account, in: request.instrument)
        if request.postOnly, let best = crossed(request.side, limit, in: request.instrument) {
            guard request.slides else { throw .wouldTake }
            limit = Price(ticks: best.ticks - request.side.sign)
            guard limit.isPositive,
                limit <= catalogue.instruments[Int(request.instrument.number)].maximumPrice
            else { throw .wouldTake }
        }
        try checkLimits(
            account, request.instrument, side: request.side, adding: request.quantity,
            reduceOnly: request.reduceOnly, mayTake: !request.postOnly)
        try checkCash(
            of: account, in: request.instrument, side: request.side,
            reduceOnly: request.reduceOnly, from: .none,
            to: OrderSize(price: limit, lots: request.quantity))
        var order = record(of: request, for: account, limit: limit, stamp)
        try checkLossLimit(of: order)
        try checkFillable(order)
        guard back(order, from: .none) else { throw .insufficientMargin }
        // From here it must succeed.
        attachSpecialTerms(of: request, to: &order)
        accept(order, trigger: nil)
        let stop = match(&order)
        finish(order, slot: nil, stop: stop, rests: request.timeInForce.rests && !isMarket)
        return order.identifier
    }

    /// An order on its way, by a request.
    mutating func record(
        of request: OrderRequest, for account: AccountIdentifier, limit: Price,
        _ stamp: NonceStamp
    ) -> OrderRecord {
        OrderRecord(
            identifier: OrderIdentifier(facts.nextOrder), account: account,
            instrument: request.instrument, clientIdentifier: request.clientIdentifier,
            flags: OrderFlags(
                request.side, reduceOnly: request.reduceOnly, isProtected: request.isProtected,
                selfTrade: request.selfTrade, timeInForce: request.timeInForce,
                agent: stamp.signer),
            price: limit, remaining: request.quantity)
    }

    /// Keeps the terms that few orders have, and joins the pair.
    mutating func attachSpecialTerms(of request: OrderRequest, to order: inout OrderRecord) {
        guard
            request.display != nil || request.expiry != nil || request.trigger != nil
                || request.pair.number != 0 || !request.label.isEmpty
        else { return }
        var terms = SpecialTerms()
        terms.display = request.display ?? .zero
        terms.expiry = request.expiry ?? .epoch
        terms.trigger = request.trigger
        terms.label = request.label
        if request.pair.number != 0,
            let partner = books.slot(named: request.pair, of: order.account)
        {
            terms.pair = books[partner].identifier
            books.setPair(order.identifier, of: partner)
            touch(books[partner])
        }
        books.setSpecialTerms(terms, of: &order)
    }

    /// The refusals that need neither price nor other orders.
    private mutating func checkTerms(
        _ request: OrderRequest, for account: AccountIdentifier
    ) throws(Refusal) {
        guard Int(request.instrument.number) < catalogue.instruments.count else {
            throw .unknownInstrument
        }
        let place = Int(request.instrument.number)
        try checkOpen(request.instrument)
        try checkLevel(of: request.instrument, account, reduceOnly: request.reduceOnly)
        guard catalogue.instruments[place].compartment == accounts.compartment(of: account) else {
            throw .wrongCompartment
        }
        guard accounts.liquidationStart(of: account) == nil else { throw .inLiquidation }
        try checkBackstopOrder(of: account, reduceOnly: request.reduceOnly)
        guard request.quantity.isPositive,
            request.quantity <= catalogue.instruments[place].maximumOrderQuantity
        else { throw .quantityOutOfRange }
        let highest = catalogue.instruments[place].maximumPrice
        if let limit = request.limit {
            guard limit.isPositive, limit <= highest else { throw .priceOutOfRange }
        }
        if let trigger = request.trigger {
            guard trigger.price.isPositive, trigger.price <= highest else {
                throw .priceOutOfRange
            }
        }
        if isConflicting(request) { throw .conflictingTerms }
        if let expiry = request.expiry, expiry <= facts.time { throw .expiryPassed }
        if let display = request.display {
            guard display.isPositive, display < request.quantity,
                hasFewSlices(request.quantity, display: display)
            else { throw .displayOutOfRange }
        }
    }

    /// That an instrument takes orders at all.
    mutating func checkOpen(_ instrument: InstrumentIdentifier) throws(Refusal) {
        switch phases[Int(instrument.number)] {
        case .continuous, .auction: break
        case .halted:
            throw breakers.markets[Int(instrument.number)].holdsBook
                ? .marketHalted : .instrumentHalted
        case .expired: throw .instrumentExpired
        case .settled: throw .instrumentSettled
        }
    }

    /// Most slices that an iceberg trades in: each is a turn of the matching loop that a taker
    /// causes and the maker does not pay for. Ours.
    static let mostSlices: Int64 = 100

    /// Whether so many lots trade in no more slices than they may; a display of zero shows all.
    mutating func hasFewSlices(_ lots: Quantity, display: Quantity) -> Bool {
        display == .zero || display.units >= (lots.units - 1) / LedgerState.mostSlices + 1
    }

    /// Whether two terms exclude each other.
    private mutating func isConflicting(_ request: OrderRequest) -> Bool {
        let mayRest = request.timeInForce.rests && request.limit != nil
        if request.postOnly, !mayRest || request.trigger != nil { return true }
        if request.slides, !request.postOnly { return true }
        if (request.timeInForce == .goodTillTime) != (request.expiry != nil) { return true }
        if request.timeInForce == .goodTillTime, request.limit == nil, request.trigger == nil {
            return true
        }
        if request.display != nil, !mayRest { return true }
        return request.pair.number != 0 && !mayRest && request.trigger == nil
    }

    /// The refusals that look at the account's other orders.
    private mutating func checkNames(
        _ request: OrderRequest, for account: AccountIdentifier, _ stamp: NonceStamp
    ) throws(Refusal) {
        if request.clientIdentifier.number != 0,
            books.slot(named: request.clientIdentifier, of: account) != nil
        {
            throw .duplicateClientOrder
        }
        guard stamp.nonce >= keys.massCancel(of: account, stamp.signer),
            !fences.voids(request, of: account, stamp)
        else { throw .cancelledBefore }
        guard books.openOrderCount(of: account) < Int(genesis.orderLimit) else {
            throw .tooManyOrders
        }
        if request.pair.number != 0 {
            guard let partner = books.slot(named: request.pair, of: account),
                books[partner].instrument == request.instrument,
                books.specialTerms(of: books[partner]).pair.number == 0
            else { throw .unknownPair }
        }
        if request.isProtected { try checkProtection(of: account, in: request.instrument) }
    }

    /// The limit, or the band price of a market order, inside the price band.
    mutating func checkPrice(
        _ limit: Price?, side: Side, reduceOnly: Bool, _ instrument: InstrumentIdentifier
    ) throws(Refusal) -> Price {
        let bounds = marketBounds[Int(instrument.number)]
        guard reduceOnly ? bounds.mayReduce : bounds.mayTrade else { throw .priceTooOld }
        let bound = side == .buy ? bounds.highestBuy : bounds.lowestSell
        guard let limit else { return bound }
        guard side.accepts(limit, limit: bound) else { throw .outsidePriceBand }
        return limit
    }

    /// Position limit, that orders which reduce do so, and that those which do not stay inside the
    /// caps.
    mutating func checkLimits(
        _ account: AccountIdentifier, _ instrument: InstrumentIdentifier, side: Side,
        adding lots: Quantity, reduceOnly: Bool, mayTake: Bool
    ) throws(Refusal) {
        guard isMargined else { return }
        let exposure = risk.exposure(of: account, in: instrument)
        if reduceOnly, exposure.position.sign * side.sign >= 0 { throw .notReducing }
        // Of an asset no more is offered than is held, whatever fills first.
        if side == .sell, isSpot(instrument), lots > exposure.position - exposure.sells {
            throw .notCovered
        }
        let reach =
            side == .buy
            ? exposure.position + exposure.buys + lots
            : -exposure.position + exposure.sells + lots
        guard reach <= catalogue.instruments[Int(instrument.number)].positionLimit else {
            throw .positionLimit
        }
        if !reduceOnly, !economics.isEmpty {
            try checkCaps(of: account, exposure, side: side, adding: lots, mayTake: mayTake)
        }
    }

    /// That a fill-or-kill order can be filled.
    mutating func checkFillable(_ order: OrderRecord) throws(Refusal) {
        guard order.flags.timeInForce == .fillOrKill else { return }
        let held = accounts.quantity(of: order.account, in: order.instrument).magnitude
        if order.reduceOnly, order.shown > held { throw .notFillable }
        guard isFillable(order) else { throw .notFillable }
    }

    /// Tells risk of a new or changed order if initial margin then backs it; or, where it does not,
    /// if the order belongs to those that reduce, together no more than the position (DESIGN 5).
    ///
    /// - Parameters:
    ///   - order: as it shall be, with all its lots showing.
    ///   - old: what risk counts of it so far.
    /// - Returns: whether it is backed; if not, risk is as it was.
    mutating func back(_ order: OrderRecord, from old: OrderSize) -> Bool {
        guard isMargined else { return true }
        let change = self.change(
            of: order, from: old, to: OrderSize(price: order.price, lots: order.shown))
        let reach = rampReach(of: order)
        let health = risk.apply(change, in: accounts)
        if !health.isNegative, isRampBacked(order, grownFrom: reach, health: health),
            order.reduceOnly || isDoublyBacked(order.account, in: order.instrument)
        {
            commit(change)
            return true
        }
        if order.reduceOnly, order.flags.timeInForce != .fillOrKill {
            let exposure = risk.exposure(of: order.account, in: order.instrument)
            let reducing = order.side == .buy ? exposure.reducingBuys : exposure.reducingSells
            if reducing <= exposure.position.magnitude {
                commit(change)
                return true
            }
        }
        risk.apply(change.reversed)
        return false
    }

    /// An order's change of price and size, as risk takes it.
    mutating func change(
        of order: OrderRecord, from old: OrderSize, to new: OrderSize
    ) -> OrderChange {
        OrderChange(
            account: order.account, instrument: order.instrument, side: order.side,
            reduceOnly: order.reduceOnly, tier: tier(of: order.account), from: old, to: new)
    }

    /// Tells risk that an order's lots change.
    mutating func changeRisk(of order: OrderRecord, from old: Quantity, to new: Quantity) {
        guard isMargined else { return }
        let change = change(
            of: order, from: OrderSize(price: order.price, lots: old),
            to: OrderSize(price: order.price, lots: new))
        risk.apply(change)
        commit(change)
    }

    /// Whether an instrument is an asset that is held, never owed.
    func isSpot(_ instrument: InstrumentIdentifier) -> Bool {
        catalogue.instruments[Int(instrument.number)].kind == .spot
    }

    /// The other side's best price if a price of a side would trade with it.
    mutating func crossed(_ side: Side, _ limit: Price, in instrument: InstrumentIdentifier)
        -> Price?
    {
        guard phases[Int(instrument.number)].isContinuous,
            let best = books.bestPrice(side.opposite, in: instrument),
            side.accepts(best, limit: limit)
        else { return nil }
        return best
    }
}
