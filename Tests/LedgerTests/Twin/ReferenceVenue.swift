/// The obvious venue: one array of open orders, filtered and searched anew for every question, and
/// the rules of orders as the documentation of `Command`, `Event` and `OrderTerms` states them. It
/// has no slots, levels, trees or running sums, and it knows no margin: where accounts are too rich
/// for margin to matter, the ledger must do what this does, event for event.
///
/// Prices are not its business: it takes index and mark from the ledger's own events, and judges by
/// itself how old they are.

import Canonical
import Catalogue
import Cryptography
import FixedPoint
@testable import Ledger
import Markets
import Oracle

struct ReferenceVenue {
    /// Ages up to which an index may be traded on, and reduced on, in nanoseconds.
    let tradeAge: UInt64
    let reduceAge: UInt64
    let orderCap: Int
    let shortestAuction: UInt64
    let tiers: [FeeTier]
    var markets: [ReferenceMarket]
    var members: [ReferenceMember] = []
    /// Ascending by number.
    var orders: [ReferenceOrder] = []
    /// By underlying: the published index in micro-dollars, and when it was observed.
    var indexes: [(price: Int64, time: UInt64)]
    var now: UInt64
    var nextOrder: UInt64 = 1
    var nextPriority: UInt64 = 1
    var custodianNonce: UInt64 = 0
    var operatorNonce: UInt64 = 0
    /// Of this block.
    var fences: [ReferenceFence] = []
    var events: [Event] = []
    /// The number of the order that is trading just now, and why it must stop.
    var taking: UInt64?
    var stop: CloseReason?
    /// A promise that was broken, in words: what no comparison of two implementations of one rule
    /// could show.
    var broken: String?
    var mistake: ReferenceMistake?

    init(_ genesis: Genesis) {
        let catalogue = genesis.catalogue
        tradeAge = genesis.oracles[0].reduceOnlyAge.nanoseconds
        reduceAge = genesis.oracles[0].haltAge.nanoseconds
        orderCap = Int(genesis.orderLimit)
        shortestAuction = genesis.pricingStep.nanoseconds
        tiers = catalogue.feeTiers
        now = genesis.time.nanoseconds
        let opening = genesis.openingAuction.nanoseconds
        let end = opening == 0 ? nil : now + opening
        markets = catalogue.instruments.map { instrument in
            ReferenceMarket(
                terms: instrument, underlying: Int(instrument.underlying.number),
                home: Int(instrument.compartment.number), auctionEnd: end)
        }
        indexes = catalogue.underlyings.map { _ in (0, 0) }
    }

    // Questions.

    func order(_ number: UInt64) -> ReferenceOrder? { orders.first { $0.number == number } }

    func order(_ number: UInt64, of account: Int) -> ReferenceOrder? {
        order(number).flatMap { $0.account == account ? $0 : nil }
    }

    func order(named name: UInt64, of account: Int) -> ReferenceOrder? {
        orders.first { $0.account == account && $0.name == name && name != 0 }
    }

    /// The resting orders of a side, the one that trades first at the front.
    func queue(_ side: Side, in market: Int) -> [ReferenceOrder] {
        orders.filter { $0.market == market && $0.side == side && $0.state == .resting }
            .sorted { $0.isBefore($1) }
    }

    /// The first of a queue.
    func best(_ side: Side, in market: Int) -> ReferenceOrder? {
        orders.lazy.filter { $0.market == market && $0.side == side && $0.state == .resting }
            .min { $0.isBefore($1) }
    }

    func isAuction(_ market: Int) -> Bool { markets[market].auctionEnd != nil }

    func mayTrade(_ market: Int) -> Bool { isFresh(market, tradeAge) }

    func isFresh(_ market: Int, _ age: UInt64) -> Bool {
        let index = indexes[markets[market].underlying]
        return index.price > 0 && now - index.time <= age
    }

    func position(_ account: Int, _ market: Int) -> Int64 { members[account].positions[market] }

    /// The sum of all long positions.
    func openInterest(_ market: Int) -> Int64 {
        members.reduce(0) { $0 + max(0, $1.positions[market]) }
    }

    func isSameOwner(_ left: Int, _ right: Int) -> Bool {
        members[left].owner == members[right].owner
    }

    // Changes.

    mutating func change(_ number: UInt64, _ body: (inout ReferenceOrder) -> Void) {
        guard let place = orders.firstIndex(where: { $0.number == number }) else { return }
        body(&orders[place])
    }

    mutating func takePriority() -> UInt64 {
        nextPriority += 1
        return nextPriority - 1
    }

    /// An order leaves, and takes along the one that it is paired with. One that is trading just
    /// now leaves when it has come to a stop.
    mutating func close(_ number: UInt64, _ reason: CloseReason) {
        guard let order = order(number) else { return }
        guard number != taking else {
            stop = stop ?? reason
            return
        }
        orders.removeAll { $0.number == number }
        events.append(
            .orderClosed(
                OrderIdentifier(number), remaining: Quantity(lots: order.lots), reason))
        closePartner(order.pair)
    }

    /// One cancels the other: what an order is paired with leaves.
    mutating func releasePair(of number: UInt64) {
        guard let order = order(number) else { return }
        change(number) { $0.pair = 0 }
        closePartner(order.pair)
    }

    private mutating func closePartner(_ number: UInt64) {
        change(number) { $0.pair = 0 }
        close(number, .pairedOrder)
    }

    /// Closes the orders that fit, oldest first.
    mutating func closeAll(_ reason: CloseReason, where fits: (ReferenceOrder) -> Bool) {
        for candidate in orders.filter(fits) {
            // An earlier one may have taken it along.
            if let order = order(candidate.number), fits(order) { close(order.number, reason) }
        }
    }

    /// Puts an order behind all others at its price, as much of it in sight as it shows.
    mutating func rest(_ number: UInt64, price: Int64, lots: Int64) {
        let priority = takePriority()
        change(number) { order in
            order.price = price
            order.lots = lots
            order.priority = priority
            let hides = order.display > 0 && order.state != .waiting
            order.shown = hides ? min(order.display, lots) : lots
        }
    }

    /// Where an order stands, for its event.
    func place(of number: UInt64) -> OrderRest {
        guard let order = order(number) else { preconditionFailure("order \(number) is open") }
        return OrderRest(
            order: OrderIdentifier(number), price: Price(ticks: order.price),
            remaining: Quantity(lots: order.lots), shown: Quantity(lots: order.shown),
            priority: order.priority)
    }
}
