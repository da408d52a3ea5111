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
        var restored: [(account: AccountIdentifier, value: Account)] = []
        var orders: [Order] = []
        var guarded: [(account: AccountIdentifier, value: [MakerProtection])] = []
        var funds = accounts.funds
        var totals = accounts.totals
        var fixed = 0
        for leaf in leaves {
            do throws(DecodingFault) {
                var decoder = CanonicalDecoder(leaf.value)
                switch leaf.key {
                case .chain: facts = try decoder.value()
                case .account(let identifier):
                    restored.append((identifier, try decoder.value()))
                case .order(let identifier):
                    let order: Order = try decoder.value()
                    guard order.identifier == identifier else {
                        throw DecodingFault(.outOfRange, at: 0)
                    }
                    orders.append(order)
                case .instrument(let identifier):
                    let place = Int(identifier.number)
                    guard place < totals.count else { throw DecodingFault(.outOfRange, at: 0) }
                    try perpetuals[place].decodeState(from: &decoder)
                    totals[place] = try decoder.value()
                    phases[place] = try decoder.value()
                case .underlying(let identifier):
                    let place = Int(identifier.number)
                    guard place < feeds.count else { throw DecodingFault(.outOfRange, at: 0) }
                    try feeds[place].decodeState(from: &decoder)
                case .compartment(let identifier):
                    let place = Int(identifier.number)
                    guard place < funds.count else { throw DecodingFault(.outOfRange, at: 0) }
                    funds[place] = try decoder.value()
                case .protections(let identifier):
                    guarded.append((identifier, try decoder.list(limit: Bounds.underlyings)))
                }
                try decoder.finish()
            } catch {
                throw .malformed(leaf.key, error)
            }
            switch leaf.key {
            case .account, .order, .protections: break
            default: fixed += 1
            }
        }
        guard fixed == fixedKeys.count else { throw .missing(.chain) }
        accounts.restore(funds: funds, totals: totals)
        try restoreAccounts(restored)
        try restoreProtections(guarded)
        try restoreOrders(orders)
        restoreRisk()
        try restoreTree(root: root)
    }

    /// A leaf that stands twice in another's place leaves one unsaid: its own leaves must have the
    /// root that was asked for.
    private mutating func restoreTree(root: Digest) throws(RestoreFault) {
        tree = SparseMerkleTree()
        tree.update(leaves().map { $0.change })
        guard tree.root == root else { throw .wrongRoot(expected: root, found: tree.root) }
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
                account.positions.allSatisfy({ catalogue.instrument($0.instrument) != nil })
            else { throw .unexpected(.account(identifier)) }
            accounts.restore(account)
            risk.openAccount()
            books.openAccount()
            protections.append([])
            askedWithdrawals.append(.zero)
            if account.liquidationStart != nil { liquidating.append(identifier) }
        }
        do {
            try accounts.closeBooks()
        } catch {
            throw .unexpected(.chain)
        }
        accounts.clearTouched()
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
        for order in orders.sorted(by: { $0.priority < $1.priority }) {
            guard let instrument = catalogue.instrument(order.instrument),
                accounts.account(order.account) != nil,
                books.slot(of: order.identifier, of: order.account) == nil,
                order.clientIdentifier.number == 0
                    || books.slot(named: order.clientIdentifier, of: order.account) == nil,
                order.price <= instrument.maximumPrice,
                order.price.isPositive || !order.isResting && order.price == .zero,
                order.special.trigger.map({
                    $0.price.isPositive && $0.price <= instrument.maximumPrice
                }) ?? true,
                !order.isResting
                    || crossed(order.side, order.price, in: order.instrument) == nil
            else { throw .unexpected(.order(order.identifier)) }
            _ = books.restore(order)
        }
    }

    /// Values every priced instrument, then puts in positions and orders.
    private mutating func restoreRisk() {
        for (place, instrument) in catalogue.instruments.enumerated()
        where perpetuals[place].mark.isPositive {
            proven { () throws(ArithmeticFault) in
                try risk.reprice(
                    InstrumentIdentifier(UInt16(place)), mark: perpetuals[place].mark,
                    stable: feeds[Int(instrument.underlying.number)].stable,
                    fundingRate: perpetuals[place].fundingRate)
            }
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
        }
    }
}
