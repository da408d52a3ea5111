/// Step 4 of the waterfall: closing against the other side what book and auction did not take. All
/// lots close at the mark; where the account has nothing left and the fund may pay no more, those
/// who close against it pay the difference to its bankruptcy price (`LedgerState+LossCover`).
///
///     deleverage ──▶ closeAgainstOthers ─▶ plan, each account ─▶ close, each market
///     (a step ends)                        owner and fund pay     each other, then pro rata

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Has an account closed against the other side when all liquidations have taken their step: at
    /// the mark what is needed to reach the exit level, all of it where there is no equity.
    mutating func deleverage(_ identifier: AccountIdentifier) { deleveraging.append(identifier) }

    /// Closes all that this block has to, everyone once for all of it; without the defence account
    /// by account, each against the best of the queue.
    mutating func closeAgainstOthers() {
        guard !deleveraging.isEmpty else { return }
        var all: [AccountIdentifier] = []
        swap(&all, &deleveraging)
        all.sort()
        if genesis.safeguards.isOn(.fairDeleveraging) {
            close(all)
        } else {
            for identifier in all { close([identifier]) }
        }
    }

    private mutating func close(_ identifiers: [AccountIdentifier]) {
        var batch = DeleveragingBatch()
        let totals = forcedTotals(of: identifiers)
        for (place, identifier) in identifiers.enumerated() {
            plan(identifier, totals[place], into: &batch)
        }
        let holders = holders(of: batch.instruments)
        var affected: [AccountIdentifier] = []
        for (place, instrument) in batch.instruments.enumerated() {
            touchInstrument(instrument)
            affected += close(batch.parts[place], in: instrument, against: holders[place])
        }
        // A position that shrank may have hedged open orders.
        affected.sort()
        for place in affected.indices
        where place == 0 || affected[place] != affected[place - 1] {
            cancelUnbacked(affected[place])
        }
    }

    /// Decides what an account closes and what it lacks for it. Its margin counts the lots as
    /// closed from here on; at the mark its equity stays as it is.
    private mutating func plan(
        _ identifier: AccountIdentifier, _ totals: ForcedTotals,
        into batch: inout DeleveragingBatch
    ) {
        // An asset is owed by nobody, so nobody could close against it.
        let candidates = closingCandidates(of: identifier).filter { !isSpot($0.instrument) }
        let equity = maintenanceMargin(of: identifier).equity
        let isBankrupt = equity.isNegative
        var losses = [Amount](repeating: .zero, count: candidates.count)
        if isBankrupt {
            var totals = totals
            for candidate in candidates {
                totals.notional += markNotional(
                    candidate.quantity, of: Int(candidate.instrument.number))
            }
            let left = payShortfall(-equity, of: identifier, totals)
            losses = PortfolioLoss.parts(of: left, over: candidates)
        }
        for (place, candidate) in candidates.enumerated() {
            var lots = candidate.quantity.magnitude
            if !isBankrupt {
                let margin = maintenanceMargin(of: identifier)
                lots = liquidationRule.lotsToClose(
                    of: candidate, requirement: margin.requirement, equity: margin.equity)
            }
            guard lots.isPositive else { break }
            let signed = Quantity(lots: candidate.quantity.sign * lots.units)
            risk.changePosition(of: identifier, in: candidate.instrument, by: -signed)
            batch.add(
                ForcedPart(account: identifier, lots: signed, loss: losses[place]),
                in: candidate.instrument)
        }
    }

    /// Closes the parts of one market: first against each other, which costs nobody anything, then
    /// against those who hold the other side.
    ///
    /// - Returns: whose positions shrank without their doing.
    private mutating func close(
        _ parts: [ForcedPart], in instrument: InstrumentIdentifier,
        against holders: [AccountIdentifier]
    ) -> [AccountIdentifier] {
        var longs = parts.filter { $0.lots.isPositive }[...]
        var shorts = parts.filter { $0.lots.isNegative }[...]
        while let long = longs.first, let short = shorts.first {
            let lots = min(long.lots, short.lots.magnitude)
            book(
                long, against: standing(of: short.account, in: instrument), lots: lots,
                instrument, kind: .mutual, rank: 0, demand: lots)
            longs[longs.startIndex].take(lots)
            shorts[shorts.startIndex].take(lots)
            if longs.first?.lots == .zero { longs.removeFirst() }
            if shorts.first?.lots == .zero { shorts.removeFirst() }
        }
        return close(rest: Array(longs + shorts), in: instrument, against: holders)
    }

    /// Closes parts of one side against those who hold the other.
    private mutating func close(
        rest parts: [ForcedPart], in instrument: InstrumentIdentifier,
        against holders: [AccountIdentifier]
    ) -> [AccountIdentifier] {
        guard let side = parts.first?.lots.sign else { return [] }
        let demand = parts.reduce(Quantity.zero) { $0 + $1.lots.magnitude }
        let isFair = genesis.safeguards.isOn(.fairDeleveraging)
        let ranked = Deleveraging.ranking(
            of: counterparties(holders, ofSide: -side, in: instrument, isFair: isFair))
        let closings =
            isFair
            ? Deleveraging.allocation(of: demand, among: ranked)
            : Deleveraging.queue(of: demand, among: ranked)
        var open = parts[...]
        for closing in closings {
            var left = closing.lots
            while left.isPositive, let part = open.first {
                let lots = min(left, part.lots.magnitude)
                book(
                    part, against: ranked[closing.rank], lots: lots, instrument,
                    kind: isFair ? .proportion : .queue, rank: closing.rank, demand: demand)
                open[open.startIndex].lots -= Quantity(lots: side * lots.units)
                if open.first?.lots == .zero { open.removeFirst() }
                left -= lots
            }
            risk.changePosition(
                of: closing.account, in: instrument,
                by: Quantity(lots: side * closing.lots.units))
        }
        askCounterparties(closings, to: parts, in: instrument, isFair: isFair)
        return closings.map { $0.account }
    }

    /// Books lots of two accounts against each other, at the mark.
    private mutating func book(
        _ part: ForcedPart, against other: Counterparty, lots: Quantity,
        _ instrument: InstrumentIdentifier, kind: DeleverageKind, rank: Int, demand: Quantity
    ) {
        let isLong = part.lots.isPositive
        let notional = markNotional(lots, of: Int(instrument.number))
        accounts.closeAgainst(
            long: isLong ? part.account : other.account,
            short: isLong ? other.account : part.account, instrument: instrument, lots: lots,
            notional: notional, hour: hour)
        emit(
            .deleveraged(
                Deleverage(
                    account: part.account, counterparty: other.account, instrument: instrument,
                    quantity: lots, notional: notional, kind: kind, rank: UInt32(rank),
                    profit: other.profit, equity: other.equity,
                    grossNotional: other.grossNotional, held: other.lots, demand: demand)))
    }
}
