/// Step 2 of the waterfall: closing on the book, inside a band around the mark and no faster than
/// the throttle lets it. What frees most margin for what it costs goes first, given everything else
/// that the account holds: the leg that hedges another one does not. Delta is hedged with the
/// perpetual before options are sold. No fill of the engine's makes health worse.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Risk

/// A move that the book would take now.
private struct ClosingOffer {
    let move: ClosingMove
    let price: ClosingPrice
    /// What the book shows inside the band, as far as the move reaches.
    let shown: Quantity
    /// What the throttle leaves.
    let room: Quantity
}

extension LedgerState {
    /// The positions of an account by the margin that they free.
    mutating func closingCandidates(of identifier: AccountIdentifier) -> [ClosingCandidate] {
        liquidationRule.ranking(
            of: accounts[identifier].positions.map {
                closingCandidate($0.instrument, $0.quantity)
            })
    }

    func closingCandidate(
        _ instrument: InstrumentIdentifier, _ quantity: Quantity
    ) -> ClosingCandidate {
        ClosingCandidate(
            risk: risk.instruments[Int(instrument.number)], instrument: instrument,
            quantity: quantity)
    }

    /// Closes on the book what is needed to reach the exit level, as far as band and throttle
    /// allow.
    ///
    /// - Returns: whether the throttle kept back what the book would have taken.
    mutating func closeOnBook(_ identifier: AccountIdentifier, elapsed: Duration) -> Bool {
        var moves = closingMoves(of: identifier)
        var isThrottled = false
        var total = Amount.zero
        while !moves.isEmpty {
            let margin = maintenanceMargin(of: identifier)
            guard liquidationRule.missing(margin) > 0 else { break }
            var best: (place: Int, offer: ClosingOffer)?
            for place in moves.indices {
                guard
                    let offer = offer(
                        moves[place], of: identifier, margin, elapsed: elapsed, &isThrottled)
                else { continue }
                if let leader = best?.offer, !isBetter(offer, than: leader) { continue }
                best = (place, offer)
            }
            guard let best else { break }
            moves.remove(at: best.place)
            total += take(
                best.offer, of: identifier, margin, elapsed: elapsed, &isThrottled)
        }
        chargeClosing(of: identifier, notional: total)
        return isThrottled
    }

    private func isBetter(_ offer: ClosingOffer, than other: ClosingOffer) -> Bool {
        guard offer.move.isHedge == other.move.isHedge else { return offer.move.isHedge }
        return offer.price.isBetter(than: other.price)
    }

    /// What the book would do with a move now; nil if nothing, or if it would free no margin.
    private mutating func offer(
        _ move: ClosingMove, of identifier: AccountIdentifier, _ margin: MarginBreakdown,
        elapsed: Duration, _ isThrottled: inout Bool
    ) -> ClosingOffer? {
        let instrument = move.candidate.instrument
        let side: Side = move.sells ? .sell : .buy
        // A market that collects orders takes none that must trade at once.
        guard phases[Int(instrument.number)].isContinuous,
            let front = books.bestPrice(side.opposite, in: instrument)
        else { return nil }
        let limit = banded(
            liquidationRule.closingOrder(
                for: move.candidate, lots: move.most, equity: margin.equity, elapsed: elapsed)
        ).limit
        guard side.accepts(front, limit: limit) else { return nil }
        let room = closingRoom(in: instrument, sells: move.sells)
        guard room.isPositive else {
            isThrottled = true
            return nil
        }
        let depth = shownDepth(
            in: instrument, sells: move.sells, limit: limit, most: move.most,
            probe: min(move.probe, room))
        let freed = freed(by: depth.counted, of: move, for: identifier, margin)
        guard freed.isPositive else { return nil }
        let notional = notional(of: move.candidate, depth.counted)
        let fee = liquidationRule.closingFee(notional: notional, equity: margin.equity)
        return ClosingOffer(
            move: move,
            price: ClosingPrice(
                freed: freed,
                cost: Amount(microunits: Int64(clamping: max(0, depth.cost))) + fee),
            shown: depth.lots, room: room)
    }

    /// Trades as much of an offer as is needed.
    ///
    /// - Returns: the notional that traded.
    private mutating func take(
        _ offer: ClosingOffer, of identifier: AccountIdentifier, _ margin: MarginBreakdown,
        elapsed: Duration, _ isThrottled: inout Bool
    ) -> Amount {
        let move = offer.move
        let rule = liquidationRule
        let first = rule.lotsToClose(
            of: move.candidate, requirement: margin.requirement, equity: margin.equity)
        let wanted = rule.fewestLots(from: first, most: move.most) { lots in
            rule.missing(self.margin(of: identifier, after: lots, of: move))
        }
        guard wanted.isPositive else { return .zero }
        if wanted > offer.room, offer.shown > offer.room { isThrottled = true }
        let lots = min(wanted, offer.room)
        let bearable = rule.bearableCost(
            of: move.candidate, freed: freed(by: lots, of: move, for: identifier, margin),
            lots: lots)
        let isForced = isSpot(move.candidate.instrument) || !genesis.safeguards.isOn(.closingBand)
        guard bearable >= 0 || isForced else { return .zero }
        let plan = banded(
            rule.closingOrder(
                for: move.candidate, lots: lots, equity: margin.equity, elapsed: elapsed,
                bearable: max(0, bearable)))
        let traded = trade(plan, for: identifier, isHedge: move.isHedge)
        countClosing(traded.lots, in: plan.instrument, sells: plan.sells)
        return traded.notional
    }

    /// The margin of an account as it would be had some lots of a move traded at the mark.
    private func margin(
        of identifier: AccountIdentifier, after lots: Quantity, of move: ClosingMove
    ) -> MarginBreakdown {
        let signed = Quantity(lots: move.sells ? -lots.units : lots.units)
        let risk = move.candidate.risk
        return maintenanceMargin(
            of: identifier,
            adjustment: Adjustment(
                instrument: move.candidate.instrument, lots: signed,
                cost: Amount(microunits: (risk.markValue * signed.units) >> risk.fractionBits)))
    }

    /// The maintenance margin that some lots of a move free.
    private func freed(
        by lots: Quantity, of move: ClosingMove, for identifier: AccountIdentifier,
        _ margin: MarginBreakdown
    ) -> Amount {
        margin.requirement
            - self.margin(of: identifier, after: lots, of: move).requirement
    }

    private func notional(of candidate: ClosingCandidate, _ lots: Quantity) -> Amount {
        Amount(
            microunits: (candidate.risk.markValue * lots.units) >> candidate.risk.fractionBits)
    }

    /// The fee on what was closed, to the insurance fund.
    private mutating func chargeClosing(of identifier: AccountIdentifier, notional: Amount) {
        guard notional.isPositive else { return }
        let equity = maintenanceMargin(of: identifier).equity
        let fee = liquidationRule.closingFee(notional: notional, equity: equity)
        if fee.isPositive { chargeLiquidationFee(fee, of: identifier) }
    }

    /// Sends a closing order as immediate-or-cancel.
    ///
    /// - Returns: what traded.
    private mutating func trade(
        _ plan: ClosingOrder, for identifier: AccountIdentifier, isHedge: Bool
    ) -> (notional: Amount, lots: Quantity) {
        var order = OrderRecord(
            identifier: OrderIdentifier(facts.nextOrder), account: identifier,
            instrument: plan.instrument, clientIdentifier: ClientOrderIdentifier(0),
            flags: OrderFlags(
                plan.sells ? .sell : .buy, reduceOnly: !isHedge, isLiquidation: true,
                timeInForce: .immediateOrCancel),
            price: plan.limit, remaining: plan.lots)
        let first = events.count
        accept(order, trigger: nil)
        let stop = match(&order)
        finish(order, slot: nil, stop: stop, rests: false)
        var notional = Amount.zero
        var lots = Quantity.zero
        for case .traded(let trade) in events[first...] {
            notional += trade.notional
            lots += trade.quantity
        }
        return (notional, lots)
    }
}
