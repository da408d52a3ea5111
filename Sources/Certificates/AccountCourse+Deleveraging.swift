/// Step 4 of the waterfall, closing against the other side, from both sides. What an account may
/// have closed is decided once, when it is first found due; whoever closes against it is ranked by
/// figures of his own. How the lots were divided among all of them is not in one certificate.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Risk

/// What an account may have closed against the other side in the block.
struct ForcedPlan {
    /// Lots that are left, by the account's own instruments.
    var lots: [(instrument: InstrumentIdentifier, left: Quantity)] = []
    /// What the owner's other accounts and the fund have paid.
    var byOwner = Amount.zero
    var byFund = Amount.zero
    /// What is still missing, once that was said.
    var left: Amount?
}

/// The figures by which an account was ranked in a market, and what was closed against it there.
struct ToldStanding {
    let instrument: InstrumentIdentifier
    let profit: Amount
    let equity: Amount
    let grossNotional: Amount
    let held: Quantity
    var closed = Quantity.zero
}

extension AccountCourse {
    /// Closing the account's position against another's, at the mark, when it may wait no longer.
    mutating func deleverage(_ event: Deleverage) throws(StepFault) {
        try beginForced()
        try takePlanned(event)
        try exchange(event)
    }

    /// Being closed against: the figures by which the account was ranked are its own.
    mutating func close(_ event: Deleverage) throws(StepFault) {
        let told = ToldStanding(
            instrument: event.instrument, profit: event.profit, equity: event.equity,
            grossNotional: event.grossNotional, held: event.held)
        if event.kind == .mutual {
            try beginForced()
            try check(told, isQueue: false)
            try takePlanned(event)
            return try exchange(event)
        }
        prepareForced()
        // One ranking of a market may close against several.
        var place = standings.lastIndex { $0.isSame(as: told) }
        if place == nil || event.quantity > told.held - standings[place ?? 0].closed {
            try check(told, isQueue: event.kind == .queue)
            place = standings.count
            standings.append(told)
        }
        guard event.demand >= event.quantity else { throw .demand }
        try exchange(event)
        standings[place ?? 0].closed += event.quantity
    }

    /// That the figures of a ranking are the account's.
    private func check(_ told: ToldStanding, isQueue: Bool) throws(StepFault) {
        let entry = try self.entry(told.instrument)
        guard margin.equity == told.equity else { throw .equity }
        guard accounts.quantity(of: AccountCourse.own, in: entry.own).magnitude == told.held
        else { throw .position }
        guard grossNotional == told.grossNotional else { throw .notional }
        guard isQueue ? openProfit(of: entry.own) == told.profit : isProfit(told.profit) else {
            throw .profit
        }
    }

    /// Decides what may be closed, if that has not been.
    mutating func beginForced() throws(StepFault) {
        guard forced == nil else { return }
        if let prepared {
            forced = prepared
        } else {
            forced = try forcedPlan()
        }
    }

    /// Decides what may be closed before another one's closing reaches the account: all that a
    /// block closes is decided first. Who need not be closed now has no plan.
    mutating func prepareForced() {
        guard liquidationStart != nil, forced == nil, prepared == nil,
            genesis.safeguards.isOn(.fairDeleveraging)
        else { return }
        do throws(StepFault) {
            prepared = try forcedPlan()
        } catch {
            prepared = nil
        }
    }

    /// The whole account without equity, else what it takes to reach the exit level, position by
    /// position.
    private mutating func forcedPlan() throws(StepFault) -> ForcedPlan {
        guard let start = liquidationStart else { throw .notInLiquidation }
        var plan = ForcedPlan()
        let equity = margin.equity
        if !isClosed {
            guard
                equity < floor(margin)
                    || time.elapsed(since: start) >= rule.bandTime
            else { throw .tooEarly }
        }
        let positions = accounts[AccountCourse.own].positions
        let candidates = rule.ranking(
            of: positions.map {
                ClosingCandidate(
                    risk: risk.instruments[Int($0.instrument.number)], instrument: $0.instrument,
                    quantity: $0.quantity)
            }
        ).filter { $0.risk.instrument.kind != .spot }
        for candidate in candidates {
            var lots = candidate.quantity.magnitude
            if !equity.isNegative {
                let margin = margin
                lots = rule.lotsToClose(
                    of: candidate, requirement: margin.requirement, equity: margin.equity)
            }
            guard lots.isPositive else { break }
            plan.lots.append((candidate.instrument, lots))
            change(candidate.instrument, by: -candidate.quantity.sign * lots.units)
        }
        // Lanes are sums, so the second change takes the first back exactly.
        for part in plan.lots {
            let held = accounts.quantity(of: AccountCourse.own, in: part.instrument)
            change(part.instrument, by: held.sign * part.left.units)
        }
        return plan
    }

    private mutating func change(_ instrument: InstrumentIdentifier, by lots: Int64) {
        risk.changePosition(of: AccountCourse.own, in: instrument, by: Quantity(lots: lots))
    }

    /// The equity below which slices are auctioned, and nothing waits.
    func floor(_ margin: MarginBreakdown) -> Amount {
        share(rule.auctionLevel, of: margin.requirement, rounding: .up)
    }

    /// Takes lots off what may be closed.
    private mutating func takePlanned(_ event: Deleverage) throws(StepFault) {
        let own = try entry(event.instrument).own
        guard let place = forced?.lots.firstIndex(where: { $0.instrument == own }),
            let left = forced?.lots[place].left, event.quantity <= left
        else { throw .tooManyLots }
        forced?.lots[place].left = left - event.quantity
    }

    private mutating func exchange(_ event: Deleverage) throws(StepFault) {
        try exchange(event.quantity, of: event.instrument, notional: event.notional)
        closed += event.notional
    }

    /// Closes lots of a position at the mark.
    mutating func exchange(
        _ quantity: Quantity, of instrument: InstrumentIdentifier, notional: Amount
    ) throws(StepFault) {
        let entry = try self.entry(instrument)
        let held = accounts.quantity(of: AccountCourse.own, in: entry.own)
        guard quantity.isPositive, quantity <= held.magnitude else { throw .position }
        guard notional == markNotional(quantity, of: entry) else { throw .notional }
        let lots = Quantity(lots: -held.sign * quantity.units)
        accounts.book(
            AccountCourse.own, instrument: entry.own, lots: lots,
            notional: Amount(microunits: -held.sign * notional.units),
            hour: time.count(of: .hour))
        risk.changePosition(of: AccountCourse.own, in: entry.own, by: lots)
    }

    // What an account is ranked by.

    /// What all positions are worth at the mark, longs and shorts added.
    var grossNotional: Amount {
        var total = Amount.zero
        for position in accounts[AccountCourse.own].positions {
            let value = risk.instruments[Int(position.instrument.number)]
            total += Amount(
                microunits: (value.markValue * position.quantity.magnitude.units)
                    >> value.fractionBits)
        }
        return total
    }

    /// Whether an event names the profit of the day. In the first block of a day only the least
    /// that it is follows from a certificate.
    func isProfit(_ told: Amount) -> Bool {
        let profit = accounts[AccountCourse.own].anchors.profit(equity: margin.equity)
        return isNewDay ? told >= profit : told == profit
    }

    /// What a position has gained since it was opened.
    private func openProfit(of own: InstrumentIdentifier) -> Amount {
        let value = risk.instruments[Int(own.number)]
        for position in accounts[AccountCourse.own].positions where position.instrument == own {
            return position.unrealisedProfit(
                lotValue: value.markValue, fractionBits: value.fractionBits)
        }
        return .zero
    }
}

extension ToldStanding {
    /// Whether two events name the same ranking.
    func isSame(as other: ToldStanding) -> Bool {
        instrument == other.instrument && profit == other.profit && equity == other.equity
            && grossNotional == other.grossNotional && held == other.held
    }
}
