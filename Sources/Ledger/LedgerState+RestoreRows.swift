/// The parts of a restored state that stand in rows: accounts, protections, orders, and the risk
/// that follows from them (`LedgerState+Restore`).

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    mutating func restoreAccounts(_ read: LeafContents) throws(RestoreFault) {
        let values = LedgerState.rows(read.accounts)
        let keys = LedgerState.rows(read.keys)
        for place in values.indices {
            let identifier = AccountIdentifier(UInt32(place))
            guard let account = values[place] else { throw .missing(.account(identifier)) }
            guard place < keys.count, let own = keys[place] else {
                throw .missing(.keys(identifier))
            }
            guard catalogue.compartment(account.compartment) != nil,
                Int(account.feeTier) < catalogue.feeTiers.count,
                account.positions.allSatisfy({ isSound($0) })
            else { throw .unexpected(.account(identifier)) }
            accounts.restore(account)
            makeListsForAccount(own)
            if account.liquidationStart != nil { liquidating.append(identifier) }
            if account.conversionStart != nil { converting.append(identifier) }
        }
        guard keys.count == values.count else {
            throw .unexpected(.keys(AccountIdentifier(UInt32(values.count))))
        }
        accounts.restoreOwners()
        linkSiblings()
        self.keys.clearTouched()
        do {
            try accounts.closeBooks()
        } catch {
            throw .unexpected(.chain)
        }
        accounts.clearTouched()
    }

    /// By account, as far as there are as many; nil where one is missing.
    private static func rows<Value>(
        _ entries: [(account: AccountIdentifier, value: Value)]
    ) -> [Value?] {
        var rows = [Value?](repeating: nil, count: entries.count)
        for entry in entries where Int(entry.account.number) < rows.count {
            rows[Int(entry.account.number)] = entry.value
        }
        return rows
    }

    /// Whether a position is of a live instrument, and paid for as its kind is.
    private mutating func isSound(_ position: Position) -> Bool {
        guard let instrument = catalogue.instrument(position.instrument) else { return false }
        if case .settled = phases[Int(position.instrument.number)] { return false }
        return instrument.isPaidAtFill == position.isPaid
    }

    mutating func restoreProtections(
        _ guarded: [(account: AccountIdentifier, value: [MakerProtection])]
    ) throws(RestoreFault) {
        for (identifier, list) in guarded {
            let isAscending = zip(list, list.dropFirst()).allSatisfy {
                $0.underlying < $1.underlying
            }
            guard Int(identifier.number) < protections.count, !list.isEmpty, isAscending,
                protections[Int(identifier.number)].isEmpty,
                list.allSatisfy({ Int($0.underlying.number) < feeds.count })
            else { throw .unexpected(.protections(identifier)) }
            protections[Int(identifier.number)] = list
        }
    }

    mutating func restoreOrders(
        _ orders: [(order: Order, place: Int)], _ leaves: LeafTable
    ) throws(RestoreFault) {
        // Orders are large: what is sorted are their places.
        var places: [(priority: UInt64, place: Int)] = []
        places.reserveCapacity(orders.count)
        for place in orders.indices { places.append((orders[place].order.priority, place)) }
        places.sort { $0.priority < $1.priority }
        var room = ByteStrings()
        var last: UInt64 = 0
        for (priority, place) in places {
            let order = orders[place].order
            guard priority > last, priority < facts.nextPriority, isSound(order),
                isPlaceable(order)
            else { throw .unexpected(.order(order.identifier)) }
            last = priority
            let slot = books.restore(order)
            let isSame = leaves.holds(orders[place].place, room: &room) {
                books.order(slot).encode(into: &$0)
            }
            guard isSame else { throw .unexpected(.order(order.identifier)) }
        }
        for (order, _) in orders where order.special.pair.number != 0 {
            guard order.special.pair != order.identifier,
                let pair = books.slot(of: order.special.pair, of: order.account),
                books[pair].instrument == order.instrument,
                books.specialTerms(of: books[pair]).pair == order.identifier
            else { throw .unexpected(.order(order.identifier)) }
        }
    }

    /// Whether an order's own fields are such as the ledger leaves them.
    private mutating func isSound(_ order: Order) -> Bool {
        guard let instrument = catalogue.instrument(order.instrument),
            !phases[Int(order.instrument.number)].isOver
        else { return false }
        let terms = order.special
        if let trigger = terms.trigger {
            guard trigger.price.isPositive, trigger.price <= instrument.maximumPrice,
                terms.hidden == .zero
            else { return false }
        }
        return order.remaining <= instrument.maximumOrderQuantity
            && order.price <= instrument.maximumPrice
            && (order.price.isPositive || !order.isResting && order.price == .zero)
            && (terms.display.isPositive || terms.hidden == .zero)
    }

    /// Whether an order fits its account and the orders that are there.
    private mutating func isPlaceable(_ order: Order) -> Bool {
        guard accounts.account(order.account) != nil,
            order.identifier.number < facts.nextOrder,
            order.flags.agent == 0 || keys[order.account].search(order.flags.agent).found,
            books.slot(of: order.identifier, of: order.account) == nil
        else { return false }
        let name = order.clientIdentifier
        return (name.number == 0 || books.slot(named: name, of: order.account) == nil)
            && (!order.isResting
                || crossed(order.side, order.price, in: order.instrument) == nil)
    }

    /// Values every priced instrument, then puts in positions and orders.
    mutating func restoreRisk() throws(RestoreFault) {
        for identifier in catalogue.live where prices[Int(identifier.number)].isPriced {
            let place = Int(identifier.number)
            let instrument = catalogue.instruments[place]
            let underlying = Int(instrument.underlying.number)
            let highest = catalogue.underlyings[underlying].maximumIndexPrice
            let stable = feeds[underlying].stable
            // The premium of a perpetual is no more than its clamp, far below the price itself; a
            // mark that a model made stays on the grid.
            let isMarkSound =
                instrument.kind == .perpetual
                ? prices[place].mark <= highest + highest
                : prices[place].mark <= instrument.highestPrice
            guard isMarkSound, stable.isPositive, stable <= highest,
                prices[place].fundingRate <= .one, prices[place].fundingRate >= -Ratio.one
            else { throw .unexpected(.instrument(identifier)) }
        }
        var all = UnderlyingSet()
        for place in feeds.indices { all.insert(UnderlyingIdentifier(UInt16(place))) }
        do {
            try revalue(all)
        } catch {
            throw .unexpected(.chain)
        }
        for place in accounts.accounts.indices {
            let identifier = AccountIdentifier(UInt32(place))
            for position in accounts[identifier].positions {
                risk.changePosition(
                    of: identifier, in: position.instrument, by: position.quantity)
            }
            for open in books.openOrders(of: identifier) {
                let record = books[open.slot]
                guard !books.isWaiting(record) else { continue }
                changeRisk(of: record, from: .zero, to: books.remaining(record))
            }
            guard isCovered(identifier) else { throw .unexpected(.account(identifier)) }
        }
    }
}
