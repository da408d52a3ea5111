/// Step 2 of the waterfall, closing on the book: orders with their fills and fee. That another
/// order would have freed more for its cost is not checked; that this one helps, and how far and at
/// what price it may go, is.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Markets
import Risk

extension AccountCourse {
    /// An order that the engine placed: it closes, or hedges options with a perpetual; no more lots
    /// than it takes to reach the exit level; at a limit inside the band, and not so bad that
    /// health would fall.
    mutating func place(_ order: OrderAcceptance) throws(StepFault) {
        guard let start = liquidationStart else { throw .notInLiquidation }
        let entry = try self.entry(order.instrument)
        let positions = stepPositions ?? accounts[AccountCourse.own].positions
        stepPositions = positions
        let candidate = ClosingCandidate(
            risk: risk.instruments[Int(entry.own.number)], instrument: entry.own,
            quantity: order.reduceOnly
                ? positions.first { $0.instrument == entry.own }?.quantity ?? .zero
                : hedge(with: entry, positions))
        guard candidate.quantity.sign * order.side.sign < 0 else { throw .addsRisk }
        let margin = margin
        guard order.quantity.isPositive,
            order.quantity <= wantedLots(of: candidate, margin)
        else { throw .tooManyLots }
        let freed =
            margin.requirement - self.margin(after: order.quantity, of: candidate).requirement
        let bearable = rule.bearableCost(of: candidate, freed: freed, lots: order.quantity)
        let isBanded = genesis.safeguards.isOn(.closingBand)
        guard bearable >= 0 || entry.instrument.kind == .spot || !isBanded else { throw .addsRisk }
        let widest = rule.closingOrder(
            for: candidate, lots: order.quantity, equity: margin.equity,
            elapsed: time.elapsed(since: start), bearable: max(0, bearable)
        ).limit
        guard !isBanded || (order.side == .sell ? order.limit >= widest : order.limit <= widest)
        else { throw .outsideBand }
        orders.append(
            PlacedOrder(
                order: order.order, instrument: order.instrument, side: order.side,
                limit: order.limit, left: order.quantity, isReducing: order.reduceOnly,
                isLiquidation: true))
    }

    /// How many lots it takes to reach the exit level, at most all of them.
    private func wantedLots(of candidate: ClosingCandidate, _ margin: MarginBreakdown) -> Quantity {
        let first = rule.lotsToClose(
            of: candidate, requirement: margin.requirement, equity: margin.equity)
        return rule.fewestLots(from: first, most: candidate.quantity.magnitude) { lots in
            rule.missing(self.margin(after: lots, of: candidate))
        }
    }

    /// The margin as it would be had some lots of a candidate traded at the mark.
    private func margin(after lots: Quantity, of candidate: ClosingCandidate) -> MarginBreakdown {
        let signed = Quantity(lots: -candidate.quantity.sign * lots.units)
        let value = candidate.risk
        return risk.maintenanceMargin(
            of: AccountCourse.own, in: accounts,
            adjustment: Adjustment(
                instrument: candidate.instrument, lots: signed,
                cost: Amount(microunits: (value.markValue * signed.units) >> value.fractionBits)))
    }

    /// As many lots of a perpetual as bring delta to zero, inside the position limit, for an
    /// account with options; zero where there is no such hedge.
    private func hedge(
        with entry: InstrumentNumbering.Entry, _ positions: [Position]
    ) -> Quantity {
        let perpetual = entry.instrument
        let home = accounts.compartment(of: AccountCourse.own)
        guard perpetual.kind == .perpetual, perpetual.compartment == home else { return .zero }
        var hasOptions = false
        var held = Quantity.zero
        for position in positions {
            let instrument = risk.instruments[Int(position.instrument.number)].instrument
            if position.instrument == entry.own { held = position.quantity }
            guard case .option = instrument.kind, instrument.underlying == perpetual.underlying
            else { continue }
            hasOptions = true
        }
        let perLot = Int128(risk.instruments[Int(entry.own.number)].deltaWorth)
        guard hasOptions, perLot > 0 else { return .zero }
        let limit = perpetual.positionLimit.units
        let lots = delta(of: positions, in: perpetual.underlying) / perLot
        return Quantity(
            lots: Int64(max(Int128(held.units - limit), min(lots, Int128(held.units + limit)))))
    }

    /// Delta × index of what positions hold of an underlying, in 2^-fractionBits µ.
    func delta(of positions: [Position], in underlying: UnderlyingIdentifier) -> Int128 {
        var sum: Int128 = 0
        for position in positions {
            let value = risk.instruments[Int(position.instrument.number)]
            guard value.instrument.underlying == underlying else { continue }
            sum += Int128(value.deltaWorth) * Int128(position.quantity.units)
        }
        return sum
    }

    /// A trade of the account, with its own closing order or with one of others.
    mutating func book(_ trade: Trade) throws(StepFault) {
        let entry = try self.entry(trade.instrument)
        let isTaker = trade.taker == identifier
        let isCharged = isTaker ? try fill(trade) : false
        guard trade.quantity.isPositive, trade.price.isPositive,
            trade.price <= entry.instrument.maximumPrice
        else { throw .notional }
        let side = isTaker ? trade.takerSide : trade.takerSide.opposite
        let lots = Quantity(lots: side.sign * trade.quantity.magnitude.units)
        try checkRoom(for: lots, in: entry)
        let lotNotional = Amount(microunits: trade.price.ticks * entry.instrument.tickValue)
        guard trade.notional.units == lotNotional.units * trade.quantity.units else {
            throw .notional
        }
        let fee = isTaker ? trade.takerFee : trade.makerFee
        guard fee.units.magnitude <= trade.notional.units.magnitude else { throw .fee }
        accounts.trade(
            AccountCourse.own, instrument: entry.own, lots: lots, lotNotional: lotNotional,
            hour: time.count(of: .hour))
        accounts.credit(-fee, to: AccountCourse.own)
        risk.changePosition(of: AccountCourse.own, in: entry.own, by: lots)
        if isTaker { closed += trade.notional }
        if isCharged { charged += trade.notional }
    }

    /// That a position stays such as arithmetic can hold it, whatever an event says.
    func checkRoom(
        for lots: Quantity, in entry: InstrumentNumbering.Entry
    ) throws(StepFault) {
        let most = entry.instrument.positionLimit.units * AccountCourse.limitRoom
        let held = accounts.quantity(of: AccountCourse.own, in: entry.own)
        guard lots.units.magnitude <= most.magnitude,
            (held + lots).units.magnitude <= most.magnitude
        else { throw .position }
    }

    /// An order may meet the limit from the other side, and a provider's limit is another. Ours.
    private static let limitRoom: Int64 = 8

    /// Takes a trade off the order that the engine placed.
    ///
    /// - Returns: whether liquidation placed it.
    private mutating func fill(_ trade: Trade) throws(StepFault) -> Bool {
        guard
            let place = orders.firstIndex(where: {
                ($0.order ?? trade.takerOrder) == trade.takerOrder
                    && $0.instrument == trade.instrument
            })
        else { throw .unknownOrder }
        let order = orders[place]
        guard trade.takerSide == order.side,
            order.side == .sell ? trade.price >= order.limit : trade.price <= order.limit
        else { throw .beyondLimit }
        guard trade.quantity <= order.left else { throw .tooManyLots }
        if order.isReducing {
            let held = accounts.quantity(
                of: AccountCourse.own, in: try entry(trade.instrument).own)
            guard held.sign * order.side.sign < 0, trade.quantity <= held.magnitude else {
                throw .addsRisk
            }
        }
        orders[place].order = trade.takerOrder
        orders[place].left -= trade.quantity
        return order.isLiquidation
    }

    /// The fee on what was closed on the book.
    mutating func chargeFee(_ amount: Amount) throws(StepFault) {
        let due = rule.closingFee(notional: charged, equity: margin.equity)
        guard amount == due, amount.isPositive else { throw .fee }
        accounts.credit(-amount, to: AccountCourse.own)
        charged = .zero
    }
}
