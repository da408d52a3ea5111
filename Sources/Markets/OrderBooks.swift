/// All books of the venue, in price-time priority, and the orders that wait for a trigger. They
/// know orders and places, and nothing of margin or money: the loop that consults them lives in
/// `Ledger`, which walks a book with `best` and `next` and changes it with the verbs below (DESIGN
/// 4, "Matching needs no call upward").
///
///     add ──▶ resting or waiting ──reduce, refresh──▶ resting ──remove──▶ gone
///                    │      ▲
///                 withdraw  requeue          (in flight: trading as an incoming order)
///                    └──▶───┘
///
/// A slot is the place of an order; it stays the same from `add` to `remove`, and is used again
/// after. Everything but walking costs the same however many orders rest, except that an account's
/// own lists are as long as its cap.

public import Canonical
public import FixedPoint

/// The place of an open order.
public typealias OrderSlot = Int32

/// The open orders of the venue.
public struct OrderBooks: ~Copyable {
    private let pinned = Pinned()
    var orders = Slab<OrderRecord>()
    /// The first slot out of use, each of which keeps the next as its next.
    private var free = OrderRecord.none
    private var specials = Slab<SpecialTerms>()
    private var freeSpecials: [Int32] = []
    var levels = PriceLevels()
    private var expiries = ExpiryQueue()
    private var lists = OrderLists()
    /// How many books there are.
    public private(set) var bookCount = 0
    /// How many orders are open.
    public private(set) var count = 0

    /// Empty books.
    ///
    /// - Parameter highestPrices: of each instrument.
    public init(highestPrices: [Price]) {
        for highest in highestPrices { addBook(highest: highest) }
    }

    /// Adds an empty book behind all others, whose prices go up to `highest`.
    public mutating func addBook(highest: Price) {
        bookCount += 1
        levels.addBook(highest: highest)
    }

    /// Gives back what an empty book keeps. It may be used again.
    ///
    /// - Precondition: no order stands in it.
    public mutating func closeBook(_ book: InstrumentIdentifier) {
        precondition(first(in: book) == nil, "Invariant: a book that is closed is empty")
        levels.closeBook(Int32(book.number))
    }

    /// Any order of a book, those that wait for a trigger included; nil where it is empty.
    public func first(in book: InstrumentIdentifier) -> OrderSlot? {
        for kind in 0..<LadderKind.count {
            let level = levels.best(Int32(book.number) &* LadderKind.count &+ kind)
            if level != OrderRecord.none { return levels[level].first }
        }
        return nil
    }

    /// Takes note of a new account.
    public mutating func openAccount() { lists.openAccount() }

    // Reading.

    /// The record in a slot.
    public subscript(slot: OrderSlot) -> OrderRecord { orders[slot] }

    /// The slot that fills first on a side of a book.
    public func best(_ side: Side, in book: InstrumentIdentifier) -> OrderSlot? {
        let level = levels.best(ladder(side, book))
        return level == OrderRecord.none ? nil : levels[level].first
    }

    /// The best price of a side of a book.
    public func bestPrice(_ side: Side, in book: InstrumentIdentifier) -> Price? {
        let level = levels.best(ladder(side, book))
        return level == OrderRecord.none ? nil : levels[level].price
    }

    /// The slot that fills after `slot`, at its price or the next.
    public func next(after slot: OrderSlot) -> OrderSlot? {
        let next = orders[slot].next
        if next != OrderRecord.none { return next }
        let worse = levels[orders[slot].level].worse
        return worse == OrderRecord.none ? nil : levels[worse].first
    }

    /// The special terms of an order.
    public func specialTerms(of record: OrderRecord) -> SpecialTerms {
        record.isSpecial ? specials[record.special] : SpecialTerms()
    }

    /// Whether an open order waits for its trigger.
    public func isWaiting(_ record: OrderRecord) -> Bool {
        record.isSpecial && specials[record.special].trigger != nil
    }

    /// All lots that an open order has left, those that do not show included.
    public func remaining(_ record: OrderRecord) -> Quantity {
        record.isSpecial ? record.shown + specials[record.special].hidden : record.shown
    }

    /// The order in a slot as a whole.
    public func order(_ slot: OrderSlot) -> Order {
        let record = orders[slot]
        return Order(
            identifier: record.identifier, account: record.account,
            instrument: record.instrument, clientIdentifier: record.clientIdentifier,
            flags: record.flags, price: record.price, remaining: remaining(record),
            priority: record.priority, special: specialTerms(of: record))
    }

    /// The lots that others see of the order in a slot.
    public func shown(of slot: OrderSlot) -> Quantity { orders[slot].shown }

    /// The time priority of the order in a slot.
    public func priority(of slot: OrderSlot) -> UInt64 { orders[slot].priority }

    /// Whether the order in a slot is neither in a queue nor waiting, but trading.
    public func isInFlight(_ slot: OrderSlot) -> Bool { orders[slot].level == OrderRecord.none }

    // An account's orders.

    /// The open orders of an account, ascending by number.
    public func openOrders(of account: AccountIdentifier) -> [OpenOrder] {
        lists.openOrders(of: account)
    }

    /// How many orders an account has open.
    public func openOrderCount(of account: AccountIdentifier) -> Int {
        lists.count(of: account)
    }

    /// The open order at a place of an account's list.
    public func openOrder(of account: AccountIdentifier, at place: Int) -> OpenOrder {
        lists[account, place]
    }

    /// The place of the first order of an account's list with a higher number.
    public func openOrderPlace(
        after identifier: OrderIdentifier, of account: AccountIdentifier
    ) -> Int {
        lists.place(of: OrderIdentifier(identifier.number + 1), of: account)
    }

    /// The slot of an account's order; nil where it has none of this number. O(log its orders).
    public func slot(of order: OrderIdentifier, of account: AccountIdentifier) -> OrderSlot? {
        lists.slot(of: order, of: account)
    }

    /// The same, where a look at `hint` may save the search.
    public func slot(
        of order: OrderIdentifier, of account: AccountIdentifier, hint: OrderSlot
    ) -> OrderSlot? {
        if hint >= 0, Int(hint) < orders.count, orders[hint].identifier == order,
            orders[hint].account == account, orders[hint].shown.isPositive
        {
            return hint
        }
        return slot(of: order, of: account)
    }

    /// The slot of an account's order of a client name.
    public func slot(
        named name: ClientOrderIdentifier, of account: AccountIdentifier
    ) -> OrderSlot? {
        lists.slot(named: name, of: account)
    }

    // Changing.

    /// Keeps special terms for an order that is on its way.
    public mutating func setSpecialTerms(_ terms: SpecialTerms, of record: inout OrderRecord) {
        guard record.special == OrderRecord.none else {
            specials[record.special] = terms
            return
        }
        if let place = freeSpecials.popLast() {
            specials[place] = terms
            record.special = place
        } else {
            record.special = specials.append(terms)
        }
    }

    /// Forgets the special terms of an order that will not rest.
    public mutating func dropSpecialTerms(of record: OrderRecord) {
        if record.isSpecial { freeSpecials.append(record.special) }
    }

    /// Joins an open order with another: when one leaves, the ledger closes the other.
    public mutating func setPair(_ pair: OrderIdentifier, of slot: OrderSlot) {
        var record = orders[slot]
        var terms = specialTerms(of: record)
        terms.pair = pair
        setSpecialTerms(terms, of: &record)
        orders[slot].special = record.special
    }

    /// Makes an open order that of another signer of its account: an agent's slot, or 0.
    public mutating func setAgent(_ agent: UInt8, of slot: OrderSlot) {
        guard orders[slot].flags.agent != agent else { return }
        orders[slot].flags.agent = agent
        lists.setFlags(orders[slot].flags, of: orders[slot].identifier, orders[slot].account)
    }

    /// Puts a new order behind all others at its price, or among those that wait for its trigger.
    ///
    /// - Precondition: its priority number is higher than that of every order at its price.
    public mutating func add(_ record: OrderRecord, priority: UInt64) -> OrderSlot {
        let slot: OrderSlot
        if free == OrderRecord.none {
            slot = orders.append(record)
        } else {
            slot = free
            free = orders[slot].next
            orders[slot] = record
        }
        orders[slot].level = OrderRecord.none
        lists.insert(
            OpenOrder(
                identifier: record.identifier, slot: slot, instrument: record.instrument,
                flags: record.flags), name: record.clientIdentifier, of: record.account)
        count += 1
        if record.isSpecial {
            let expiry = specials[record.special].expiry
            if expiry != .epoch {
                expiries.insert(
                    record.identifier, slot: slot, special: record.special, expiry: expiry)
            }
        }
        enqueue(slot, priority: priority)
        return slot
    }

    /// Puts an order back as it was: for restoring from leaves, ascending by priority.
    public mutating func restore(_ order: Order) -> OrderSlot {
        var record = OrderRecord(
            identifier: order.identifier, account: order.account, instrument: order.instrument,
            clientIdentifier: order.clientIdentifier, flags: order.flags, price: order.price,
            remaining: order.remaining)
        if !order.special.isPlain { setSpecialTerms(order.special, of: &record) }
        let slot = add(record, priority: order.priority)
        // The slice that shows may have traded in part.
        let traded = orders[slot].shown - order.shown
        if traded.isPositive {
            reduce(slot, by: traded)
            specials[orders[slot].special].hidden += traded
        }
        return slot
    }

    /// Takes an order out for good.
    public mutating func remove(_ slot: OrderSlot) {
        let record = orders[slot]
        if record.level != OrderRecord.none { levels.dequeue(slot, in: &orders) }
        lists.remove(
            record.identifier, name: record.clientIdentifier, of: record.account)
        count -= 1
        if record.isSpecial {
            if specials[record.special].expiry != .epoch {
                expiries.remove(special: record.special)
            }
            freeSpecials.append(record.special)
        }
        // What shows nothing is no order, whatever else is left in its slot.
        orders[slot].shown = .zero
        orders[slot].next = free
        free = slot
    }

    /// Takes lots off what an order shows; it keeps its place.
    ///
    /// - Precondition: `lots` is positive and less than what shows.
    public mutating func reduce(_ slot: OrderSlot, by lots: Quantity) {
        precondition(
            lots.isPositive && lots < orders[slot].shown,
            "Invariant: a reduced order keeps some of its \(orders[slot].shown.units) lots")
        orders[slot].shown -= lots
        levels.reduce(orders[slot].level, by: lots)
    }

    /// Takes lots off an order, first those that do not show; it keeps its place.
    ///
    /// - Precondition: `lots` is positive and less than what remains.
    public mutating func shrink(_ slot: OrderSlot, by lots: Quantity) {
        var left = lots
        if orders[slot].isSpecial {
            let hidden = min(left, specials[orders[slot].special].hidden)
            specials[orders[slot].special].hidden -= hidden
            left -= hidden
        }
        if left.isPositive { reduce(slot, by: left) }
    }

    /// Shows the next slice of an iceberg whose last has traded, behind all others at its price.
    ///
    /// - Precondition: lots are hidden.
    public mutating func refresh(_ slot: OrderSlot, priority: UInt64) {
        let hidden = specials[orders[slot].special].hidden
        precondition(hidden.isPositive, "Invariant: an iceberg that refreshes has lots hidden")
        levels.dequeue(slot, in: &orders)
        orders[slot].shown = hidden
        enqueue(slot, priority: priority)
    }

    /// Takes an order out of its queue to trade as an incoming order; it stays open.
    ///
    /// - Returns: the order on its way, showing all its lots.
    @discardableResult
    public mutating func withdraw(_ slot: OrderSlot) -> OrderRecord {
        var record = orders[slot]
        levels.dequeue(slot, in: &orders)
        record.level = OrderRecord.none
        record.shown = remaining(record)
        orders[slot].shown = record.shown
        if record.isSpecial {
            specials[record.special].hidden = .zero
            specials[record.special].trigger = nil
        }
        return record
    }

    /// Gives an order another price and size, behind all others at that price.
    ///
    /// - Parameter remaining: all its lots; an iceberg shows no more than its slice.
    public mutating func requeue(
        _ slot: OrderSlot, price: Price, remaining: Quantity, priority: UInt64
    ) {
        if orders[slot].level != OrderRecord.none { levels.dequeue(slot, in: &orders) }
        orders[slot].price = price
        orders[slot].shown = remaining
        enqueue(slot, priority: priority)
    }

    /// Lets an order wait for its trigger at another price.
    public mutating func setTrigger(_ price: Price, of slot: OrderSlot) {
        guard let trigger = specialTerms(of: orders[slot]).trigger else { return }
        levels.dequeue(slot, in: &orders)
        specials[orders[slot].special].trigger = Trigger(
            trigger.kind, on: trigger.reference, at: price)
        enqueue(slot, priority: orders[slot].priority)
    }

    /// An order whose expiry has come; nil where there is none.
    public func expired(at now: Timestamp) -> OrderSlot? { expiries.due(at: now) }

    /// Shows what may be shown of an order whose lots all stand in `shown`, and puts it in its
    /// queue.
    private mutating func enqueue(_ slot: OrderSlot, priority: UInt64) {
        // Field by field: a record is not read as a whole just after a part of it was written.
        orders[slot].priority = priority
        let book = Int32(orders[slot].instrument.number) &* LadderKind.count
        let side = book &+ LadderKind.side(orders[slot].flags.side)
        guard orders[slot].isSpecial else {
            levels.enqueue(slot, at: orders[slot].price, on: side, in: &orders)
            return
        }
        let record = orders[slot]
        let terms = specials[record.special]
        if let trigger = terms.trigger {
            let ladder = LadderKind.trigger(
                trigger.reference, isRising: trigger.isRising(record.side))
            levels.enqueue(slot, at: trigger.price, on: book &+ ladder, in: &orders)
            return
        }
        let slice = terms.display == .zero ? record.shown : min(terms.display, record.shown)
        specials[record.special].hidden = record.shown - slice
        orders[slot].shown = slice
        levels.enqueue(slot, at: record.price, on: side, in: &orders)
    }

    func ladder(_ side: Side, _ book: InstrumentIdentifier) -> Int32 {
        Int32(book.number) &* LadderKind.count &+ LadderKind.side(side)
    }
}
