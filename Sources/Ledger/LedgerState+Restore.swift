/// The machine from its leaves alone: everything derived is made again, and the root must come out
/// as it was.

import Accounts
public import Canonical
import Catalogue
import Cryptography
import FixedPoint
import Markets
import Oracle
import Risk

/// Why leaves do not make a state.
public enum RestoreFault: Error, Equatable, Sendable {
    /// The value of this leaf is not what its key promises.
    case malformed(LeafKey, DecodingFault)
    /// A leaf that must exist does not, or accounts are not numbered without gaps.
    case missing(LeafKey)
    /// The leaf names something that the genesis does not have, or stands twice.
    case unexpected(LeafKey)
    /// The leaves hash to another root than the one that was asked for.
    case wrongRoot(expected: Digest, found: Digest)
}

/// What leaves say, before it is put in its place.
private struct LeafContents {
    var funds: [CompartmentFunds]
    var totals: [InstrumentTotals]
    var accounts: [(account: AccountIdentifier, value: Account)] = []
    var orders: [Order] = []
    var protections: [(account: AccountIdentifier, value: [MakerProtection])] = []
    /// How many of the leaves are of those whose number genesis fixes.
    var fixed = 0

    init(funds: [CompartmentFunds], totals: [InstrumentTotals]) {
        self.funds = funds
        self.totals = totals
    }
}

extension LedgerState {
    /// Takes over the state that the leaves hold; only a state before the first block may.
    ///
    /// - Parameters:
    ///   - leaves: in any order.
    ///   - root: what they must hash to.
    /// - Throws: `RestoreFault`; the state is of no use then.
    mutating func restore(_ leaves: [Leaf], root: Digest) throws(RestoreFault) {
        // The tree takes no empty value, and no leaf has one.
        for leaf in leaves where leaf.value.isEmpty {
            throw .malformed(leaf.key, DecodingFault(.truncated, at: 0))
        }
        let found = LedgerState.root(of: leaves)
        guard found == root else { throw .wrongRoot(expected: root, found: found) }
        try restoreListings(leaves)
        // Expiries have leaves of their own.
        surfaces = genesis.openingSurfaces
        var read = LeafContents(funds: accounts.funds, totals: accounts.totals)
        for leaf in leaves {
            do throws(DecodingFault) {
                var decoder = CanonicalDecoder(leaf.value)
                try take(leaf.key, from: &decoder, into: &read)
                try decoder.finish()
            } catch {
                throw .malformed(leaf.key, error)
            }
        }
        guard read.fixed == fixedKeys.count + catalogue.instruments.count else {
            throw .missing(.chain)
        }
        accounts.restore(funds: read.funds, totals: read.totals)
        try retireSettled()
        try checkCurves()
        try restoreAccounts(read.accounts)
        try restoreProtections(read.protections)
        try restoreOrders(read.orders)
        try restoreRisk()
        try restoreTree(root: root)
    }

    /// Whether the expiries of all live instruments have a leaf.
    private func checkCurves() throws(RestoreFault) {
        for (place, expiries) in catalogue.expiries.enumerated() {
            for expiry in expiries where !surfaces[place].isOpen(expiry) {
                throw .missing(.curve(UnderlyingIdentifier(UInt16(place)), expiry: expiry))
            }
        }
    }

    /// A leaf that stands twice in another's place leaves one unsaid: its own leaves must have the
    /// root that was asked for.
    private mutating func restoreTree(root: Digest) throws(RestoreFault) {
        tree = SparseMerkleTree()
        tree.update(leaves().map { $0.change })
        guard tree.root == root else { throw .wrongRoot(expected: root, found: tree.root) }
    }

    /// Decodes a leaf: prices, phases and counters go to their places at once.
    private mutating func take(
        _ key: LeafKey, from decoder: inout CanonicalDecoder, into read: inout LeafContents
    ) throws(DecodingFault) {
        switch key {
        case .account(let identifier):
            return read.accounts.append((identifier, try decoder.value()))
        case .order(let identifier):
            let order: Order = try decoder.value()
            guard order.identifier == identifier else { throw DecodingFault(.outOfRange, at: 0) }
            return read.orders.append(order)
        case .protections(let identifier):
            let list: [MakerProtection] = try decoder.list(limit: Bounds.underlyings)
            return read.protections.append((identifier, list))
        case .curve(let underlying, let expiry):
            guard Int(underlying.number) < surfaces.count else {
                throw DecodingFault(.outOfRange, at: 0)
            }
            return try surfaces[Int(underlying.number)].restore(expiry, from: &decoder)
        case .chain: facts = try decoder.value()
        case .instrument(let identifier):
            let place = Int(identifier.number)
            guard place < phases.count else { throw DecodingFault(.outOfRange, at: 0) }
            let instrument: Instrument = try decoder.value()
            guard instrument == catalogue.instruments[place] else {
                throw DecodingFault(.outOfRange, at: 0)
            }
            phases[place] = try decoder.value()
            try prices[place].decodeState(from: &decoder)
            read.totals[place] = try decoder.value()
        case .underlying(let identifier):
            let place = Int(identifier.number)
            guard place < feeds.count else { throw DecodingFault(.outOfRange, at: 0) }
            try feeds[place].decodeState(from: &decoder)
            let settlement = genesis.oracles[place].settlement
            for _ in 0..<(try decoder.listCount(limit: Bounds.instruments)) {
                let average = try SettlementAverage(parameters: settlement, from: &decoder)
                guard settlements[place].last.map({ $0.expiry < average.expiry }) ?? true else {
                    throw DecodingFault(.outOfOrder, at: 0)
                }
                settlements[place].append(average)
            }
        case .compartment(let identifier):
            let place = Int(identifier.number)
            guard place < read.funds.count else { throw DecodingFault(.outOfRange, at: 0) }
            read.funds[place] = try decoder.value()
        }
        read.fixed += 1
    }

    private static func root(of leaves: [Leaf]) -> Digest {
        var tree = SparseMerkleTree()
        tree.update(leaves.map { $0.change })
        return tree.root
    }

    private mutating func restoreAccounts(
        _ restored: [(account: AccountIdentifier, value: Account)]
    ) throws(RestoreFault) {
        for (place, entry) in restored.sorted(by: { $0.account < $1.account }).enumerated() {
            let identifier = AccountIdentifier(UInt32(place))
            guard entry.account == identifier else { throw .missing(.account(identifier)) }
            let account = entry.value
            guard catalogue.compartment(account.compartment) != nil,
                Int(account.feeTier) < catalogue.feeTiers.count,
                account.positions.allSatisfy({ isSound($0) })
            else { throw .unexpected(.account(identifier)) }
            accounts.restore(account)
            makeListsForAccount()
            if account.liquidationStart != nil { liquidating.append(identifier) }
            if account.conversionStart != nil { converting.append(identifier) }
        }
        do {
            try accounts.closeBooks()
        } catch {
            throw .unexpected(.chain)
        }
        accounts.clearTouched()
    }

    /// Whether a position is of a live instrument, and paid for as its kind is.
    private mutating func isSound(_ position: Position) -> Bool {
        guard let instrument = catalogue.instrument(position.instrument) else { return false }
        if case .settled = phases[Int(position.instrument.number)] { return false }
        return instrument.isPaidAtFill == position.isPaid
    }

    private mutating func restoreProtections(
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

    private mutating func restoreOrders(_ orders: [Order]) throws(RestoreFault) {
        var last: UInt64 = 0
        for order in orders.sorted(by: { $0.priority < $1.priority }) {
            guard order.priority > last, order.priority < facts.nextPriority,
                isSound(order), isPlaceable(order)
            else { throw .unexpected(.order(order.identifier)) }
            last = order.priority
            let slot = books.restore(order)
            guard books.order(slot) == order else { throw .unexpected(.order(order.identifier)) }
        }
        for order in orders where order.special.pair.number != 0 {
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
            books.slot(of: order.identifier, of: order.account) == nil
        else { return false }
        let name = order.clientIdentifier
        return (name.number == 0 || books.slot(named: name, of: order.account) == nil)
            && (!order.isResting
                || crossed(order.side, order.price, in: order.instrument) == nil)
    }

    /// Values every priced instrument, then puts in positions and orders.
    private mutating func restoreRisk() throws(RestoreFault) {
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
