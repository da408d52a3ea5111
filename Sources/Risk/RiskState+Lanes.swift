/// What changes the margin state of an account: positions, orders, new prices. O(lanes) for a
/// position or an order. The lane arithmetic wraps; `Bounds` proves that nothing overflows.

public import Accounts
public import Canonical
public import Catalogue
public import FixedPoint
public import Markets

extension RiskState {
    /// Adds lots to a position.
    public mutating func changePosition(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier, by change: Quantity
    ) {
        let slot = openExposure(account, instrument)
        let margin = accounts[Int(account.number)]
        let place = Int(instrument.number)
        let reach = exposurePool[margin.exposures, slot].grossReach
        exposurePool[margin.exposures, slot].position += change
        addReach(exposurePool[margin.exposures, slot].grossReach - reach, of: place, to: margin)
        if lots[place].isPriced {
            table.addPosition(
                deltas, instrument: place, to: row(margin, lots[place].underlying),
                lots: change.units)
        }
        closeIfEmpty(account, slot)
    }

    /// Takes an order in, out, or to another size at its price.
    ///
    /// - Parameters:
    ///   - old, new: lots before and after; not negative.
    ///   - tier: of the account.
    public mutating func changeOrder(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier, side: Side,
        price: Price, reduceOnly: Bool, from old: Quantity, to new: Quantity, tier: FeeTier
    ) {
        apply(
            OrderChange(
                account: account, instrument: instrument, side: side, reduceOnly: reduceOnly,
                tier: tier, from: OrderSize(price: price, lots: old),
                to: OrderSize(price: price, lots: new)))
    }

    /// Changes an order: one pass over the lanes.
    public mutating func apply(_ change: OrderChange) { _ = move(change) }

    /// Changes an order, and says what is left of initial margin after it. Where that is not
    /// enough, applying the reversed change takes everything back exactly.
    ///
    /// - Returns: the initial health of the account after the change.
    public mutating func apply(
        _ change: OrderChange, in balances: borrowing AccountsState
    ) -> Amount {
        let worst = move(change)
        let place = Int(change.account.number)
        return Amount(
            microunits: worths(place, balances, wants: .initial).initial
                + initialLoss(
                    place, of: lots[Int(change.instrument.number)].underlying, knownAs: worst))
    }

    /// Changes an order in the exposure and in O.
    ///
    /// - Returns: the lowest lane of L initial plus O of its underlying; at most zero.
    private mutating func move(_ change: OrderChange) -> Int64 {
        let slot = openExposure(change.account, change.instrument)
        let margin = accounts[Int(change.account.number)]
        let place = Int(change.instrument.number)
        let reach = exposurePool[margin.exposures, slot].grossReach
        exposurePool[margin.exposures, slot].addOrders(
            change.new.lots - change.old.lots, side: change.side, reduceOnly: change.reduceOnly)
        addReach(exposurePool[margin.exposures, slot].grossReach - reach, of: place, to: margin)
        let rank = margin.underlyings.rank(of: lots[place].underlying)
        table.openOrders(&rowPool[margin.rows, rank])
        let row = rowPool[margin.rows, rank]
        let worst: Int64
        if lots[place].isPriced {
            worst = table.changeOrder(
                deltas, instrument: place, in: row,
                from: lots[place].part(of: change.old, change.side, change.tier),
                to: lots[place].part(of: change.new, change.side, change.tier))
        } else {
            worst = table.worstInitial(row)
        }
        closeIfEmpty(change.account, slot)
        return worst
    }

    /// Counts lots that an account's exposure to an instrument could come to.
    @inline(__always)
    private mutating func addReach(_ change: Quantity, of place: Int, to margin: AccountMargin) {
        guard change != .zero else { return }
        let rank = margin.underlyings.rank(of: lots[place].underlying)
        rowPool[margin.rows, rank].reach += Int128(change.units) * Int128(lots[place].reachSize)
    }

    /// What an account's positions and open orders in the derivatives of an underlying could come
    /// to, each instrument at the worse of all buys and all sells filled, longs and shorts added;
    /// in 10⁻⁹ units of the underlying.
    public func reach(
        of account: AccountIdentifier, in underlying: UnderlyingIdentifier
    ) -> Int128 {
        let margin = accounts[Int(account.number)]
        return margin.underlyings.contains(underlying) ? row(margin, underlying).reach : 0
    }

    /// The first account from one on that holds or quotes any of some underlyings.
    public func firstExposed(
        to underlyings: UnderlyingSet, from first: AccountIdentifier
    ) -> AccountIdentifier? {
        var place = Int(first.number)
        while place < accounts.count {
            if !accounts[place].underlyings.intersection(underlyings).isEmpty {
                return AccountIdentifier(UInt32(place))
            }
            place += 1
        }
        return nil
    }

    /// Makes the lanes of an account again, of those of some underlyings that it is exposed to:
    /// after a repricing, or a change of its fee tier. One pass over its positions and orders.
    ///
    /// - Parameters:
    ///   - tier: of the account.
    ///   - orders: how many open orders it has.
    ///   - order: one of them, by its place; nil to leave it out, because it is of none of the
    ///     underlyings.
    /// - Returns: what is left of both margins afterwards.
    @inlinable
    @discardableResult
    public mutating func rebuild(
        _ account: AccountIdentifier, in underlyings: UnderlyingSet,
        balances: borrowing AccountsState, tier: FeeTier, orders: Int,
        order: (Int) -> RestingOrder?
    ) -> Healths {
        rebuildPositions(of: account, in: underlyings)
        for place in 0..<orders {
            if let order = order(place) { addOrder(order, of: account, tier: tier) }
        }
        return healths(of: account, in: balances)
    }

    /// L of some underlyings from the positions, and O of no orders.
    @usableFromInline
    mutating func rebuildPositions(of account: AccountIdentifier, in underlyings: UnderlyingSet) {
        let margin = accounts[Int(account.number)]
        for underlying in margin.underlyings.intersection(underlyings) {
            // What is not priced yet has Δ of zero.
            table.rebuild(
                row(margin, underlying), of: underlying, from: margin.exposures, in: exposurePool,
                lots, deltas)
        }
    }

    /// Adds to O the part of an order that the exposures count already.
    @usableFromInline
    mutating func addOrder(
        _ order: RestingOrder, of account: AccountIdentifier, tier: FeeTier
    ) {
        let place = Int(order.instrument.number)
        guard lots[place].isPriced else { return }
        table.addOrder(
            deltas, instrument: place,
            in: row(accounts[Int(account.number)], lots[place].underlying),
            lots[place].part(of: order.size, order.side, tier))
    }

    /// The place of an account's exposure to an instrument, made where there is none, and with it
    /// the lanes of its underlying.
    private mutating func openExposure(
        _ account: AccountIdentifier, _ instrument: InstrumentIdentifier
    ) -> Int {
        let place = Int(account.number)
        let (slot, found) = exposurePlace(instrument, in: accounts[place].exposures)
        if found { return slot }
        exposurePool.insert(
            Exposure(instrument: instrument), at: slot, in: &accounts[place].exposures)
        let underlying = lots[Int(instrument.number)].underlying
        if !accounts[place].underlyings.contains(underlying) {
            rowPool.insert(
                table.allocate(), at: accounts[place].underlyings.rank(of: underlying),
                in: &accounts[place].rows)
            accounts[place].underlyings.insert(underlying)
        }
        return slot
    }

    /// Gives back O of an underlying after its last order, an exposure of nothing, and the lanes of
    /// its underlying if it was the last of it.
    private mutating func closeIfEmpty(_ account: AccountIdentifier, _ slot: Int) {
        let place = Int(account.number)
        let list = accounts[place].exposures
        let exposure = exposurePool[list, slot]
        guard !exposure.hasOrders else { return }
        let underlying = lots[Int(exposure.instrument.number)].underlying
        var isLast = true
        var othersHaveOrders = false
        for other in 0..<list.count where other != slot {
            let instrument = exposurePool[list, other].instrument
            guard lots[Int(instrument.number)].underlying == underlying else { continue }
            isLast = false
            if exposurePool[list, other].hasOrders { othersHaveOrders = true }
        }
        let rank = accounts[place].underlyings.rank(of: underlying)
        if !othersHaveOrders { table.closeOrders(&rowPool[accounts[place].rows, rank]) }
        guard exposure.isEmpty else { return }
        exposurePool.remove(at: slot, from: &accounts[place].exposures)
        guard isLast else { return }
        table.release(rowPool[accounts[place].rows, rank])
        rowPool.remove(at: rank, from: &accounts[place].rows)
        accounts[place].underlyings.remove(underlying)
    }
}
