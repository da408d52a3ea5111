/// Whether a fill-or-kill order can be filled at once and whole, told without trying: what could
/// leave while it trades is not counted, so that it is refused rather than filled in part (decision
/// 0006).

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets

extension LedgerState {
    /// Whether the book holds enough for an order. Not counted are makers that only reduce, since
    /// how much of them can fill depends on what fills before; makers that are paired, since they
    /// leave with the other order; of protected makers all that could trip their protection; and of
    /// agents' what could pass their daily loss. An own order in the way ends one that gives way to
    /// it.
    mutating func isFillable(_ order: OrderRecord) -> Bool {
        let place = Int(order.instrument.number)
        guard order.shown <= interestRoom(of: place) else { return false }
        var left = order.shown
        // What does not show trades after everything at its price that does, own orders included.
        var (level, hidden) = (Price.zero, Quantity.zero)
        var notional = Amount.zero
        var counted: [ProtectedFills] = []
        var agents: [AgentRoom] = []
        var cursor = books.best(order.side.opposite, in: order.instrument)
        while left.isPositive, let slot = cursor {
            let maker = books[slot]
            guard order.side.accepts(maker.price, limit: order.price) else { break }
            if maker.price != level {
                left -= hidden
                (level, hidden) = (maker.price, .zero)
                guard left.isPositive else { break }
            }
            if isSameOwner(maker.account, order.account) {
                if order.flags.selfTrade != .cancelMaker { return false }
            } else {
                let safe = min(safeLots(of: maker, &counted), safeLots(of: maker, &agents))
                if !maker.reduceOnly, books.specialTerms(of: maker).pair.number == 0 {
                    let lots = min(left, safe)
                    let perLot = lotNotional(of: maker.instrument, at: maker.price)
                    notional += Amount(microunits: perLot.units * lots.units)
                    let shown = min(lots, maker.shown)
                    left -= shown
                    hidden += lots - shown
                }
            }
            cursor = books.next(after: slot)
        }
        if order.flags.isProtected,
            let room = protectionRoom(of: order.account, in: order.instrument), notional >= room
        {
            return false
        }
        return left <= hidden
    }

    /// How many lots of a maker can trade before they and what stands before them trip its
    /// protection.
    private mutating func safeLots(of maker: OrderRecord, _ counted: inout [ProtectedFills])
        -> Quantity
    {
        let lots = books.remaining(maker)
        guard maker.flags.isProtected,
            let room = protectionRoom(of: maker.account, in: maker.instrument)
        else { return lots }
        var place = 0
        while place < counted.count, counted[place].account != maker.account { place += 1 }
        if place == counted.count {
            counted.append(ProtectedFills(account: maker.account, room: room))
        }
        let perLot = lotNotional(of: maker.instrument, at: maker.price)
        let safe = min(lots.units, (counted[place].room.units - 1) / perLot.units)
        // All of it may trade, and leave nothing to those behind.
        let notional = Amount(microunits: perLot.units * lots.units)
        counted[place].room = max(Amount(microunits: 1), counted[place].room - notional)
        return Quantity(lots: safe)
    }
}

/// What fills may still count for one account before its protection trips.
private struct ProtectedFills {
    let account: AccountIdentifier
    /// Positive.
    var room: Amount
}
