/// Step 3 of the waterfall, between closing on the book and closing against the other side: slices
/// of a portfolio are offered to the providers of its compartment's backstop, at the mark and for a
/// growing share of the equity that remains (`Liquidation/BackstopAuction`).
///
/// A slice holds the same share of every position but spot, which is sold on the book. A provider
/// is of another owner, has prices for all that it holds, names every market of the slice in its
/// limits, and has its initial margin after it. The clock of an auction starts when equity first
/// falls below the level, runs on whatever is put in, and is forgotten when the liquidation ends.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Oracle
import Risk

/// What is offered of an account in a block.
private struct SliceOffer {
    let account: AccountIdentifier
    let equity: Amount
    /// What a discount is a share of: the equity, or without the cap a part of the notional.
    let base: Amount
    /// What is on offer, before any slice was taken.
    let positions: [Position]
}

/// A slice that a provider takes: all between two shares of the portfolio.
private struct PlannedSlice {
    let provider: AccountIdentifier
    let start: Ratio
    let end: Ratio
}

extension LedgerState {
    /// The steps in which the largest share that a provider can back is sought: to 1/64 of what it
    /// was asked for.
    private static let searchSteps = 6
    /// A provider that could not back so many slices of a block is asked no more in it.
    private static let mostFailures: UInt32 = 8

    /// Offers slices of an account under liquidation, if its equity is low enough and somebody
    /// stands ready.
    ///
    /// - Returns: whether it needs no more, or the auction is running and somebody may yet take of
    ///   it: so that nothing is closed against the other side in this block.
    mutating func auction(_ identifier: AccountIdentifier) -> Bool {
        guard !backstop.providers.isEmpty else { return false }
        offerSlices(of: identifier)
        guard let start = backstop.auctionStart(of: identifier) else { return false }
        let margin = maintenanceMargin(of: identifier)
        if margin.equity >= exitTarget(margin) { return true }
        return facts.time.elapsed(since: start) < liquidationRule.auctionTime
            && isAuctionable(margin) && !bidders(for: identifier).isEmpty
    }

    private mutating func offerSlices(of identifier: AccountIdentifier) {
        guard let elapsed = auctionTime(of: identifier),
            elapsed < liquidationRule.auctionTime
        else { return }
        let margin = maintenanceMargin(of: identifier)
        guard isAuctionable(margin) else { return }
        let rate = liquidationRule.discount(after: elapsed)
        let offer = sliceOffer(of: identifier, equity: margin.equity)
        guard !offer.positions.isEmpty else { return }
        let share = BackstopAuction.share(
            equity: margin.equity, target: exitTarget(margin),
            discount: BackstopAuction.discount(at: rate, of: offer.base))
        let queue = BackstopAuction.queue(
            of: bidders(for: identifier), offered: rate, turn: facts.height)
        var slices: [PlannedSlice] = []
        var last: StandingBid?
        var taken = Ratio.zero
        for bid in queue where taken < share {
            let end = end(of: bid, offer, from: taken, to: share)
            guard end > taken else { continue }
            slices.append(PlannedSlice(provider: bid.account, start: taken, end: end))
            taken = end
            last = bid
        }
        guard let last else { return }
        let cleared = BackstopAuction.clearingDiscount(
            of: last, first: liquidationRule.firstDiscount)
        guard helps(identifier, offer, taken: taken, rate: cleared) else { return }
        for slice in slices { handOver(slice, offer, rate: cleared) }
        for slice in slices { cancelUnbacked(slice.provider) }
    }

    /// The equity with which an account leaves liquidation.
    private func exitTarget(_ margin: MarginBreakdown) -> Amount {
        proven { () throws(ArithmeticFault) in
            try margin.requirement.multiplied(by: liquidationRule.exitLevel, rounding: .up)
        }
    }

    /// How long the auction of an account has run; starts its clock when equity first falls below
    /// the level while somebody stands ready. Nil where there is no auction.
    private mutating func auctionTime(of identifier: AccountIdentifier) -> Duration? {
        guard liquidationRule.auctionTime > .zero,
            genesis.safeguards.isOn(.backstopAuction)
        else { return nil }
        if let start = backstop.auctionStart(of: identifier) {
            return facts.time.elapsed(since: start)
        }
        let margin = maintenanceMargin(of: identifier)
        guard isAuctionable(margin), !bidders(for: identifier).isEmpty else { return nil }
        backstop.setAuctionStart(facts.time, of: identifier)
        emit(
            .backstopAuctionStarted(
                identifier, equity: margin.equity, requirement: margin.requirement))
        return .zero
    }

    /// Whether there is equity, but less than the auction's level.
    private func isAuctionable(_ margin: MarginBreakdown) -> Bool {
        let floor = proven { () throws(ArithmeticFault) in
            try margin.requirement.multiplied(
                by: liquidationRule.auctionLevel, rounding: .up)
        }
        return margin.equity.isPositive && margin.equity < floor
    }

    /// Who may take slices of an account now, whatever discount they ask for.
    private mutating func bidders(for identifier: AccountIdentifier) -> [StandingBid] {
        let home = accounts.compartment(of: identifier)
        let owner = accounts.owner(of: identifier)
        if backstop.failures.count != backstop.providers.count {
            backstop.failures = [UInt32](repeating: 0, count: backstop.providers.count)
        }
        var bids: [StandingBid] = []
        for place in backstop.providers.indices {
            let provider = backstop.providers[place].account
            guard backstop.failures[place] < LedgerState.mostFailures,
                accounts.compartment(of: provider) == home,
                accounts.owner(of: provider) != owner,
                accounts.liquidationStart(of: provider) == nil, !isConverting(provider),
                takesMarkets(of: identifier, place), hasPrices(provider, for: .liquidate)
            else { continue }
            bids.append(
                StandingBid(
                    account: provider,
                    leastDiscount: backstop.providers[place].limits.leastDiscount))
        }
        return bids
    }

    /// Whether a provider takes every underlying that an account holds.
    private mutating func takesMarkets(of identifier: AccountIdentifier, _ place: Int) -> Bool {
        for position in accounts[identifier].positions where !isSpot(position.instrument) {
            let underlying = catalogue.instruments[Int(position.instrument.number)].underlying
            guard backstop.providers[place].limits.market(of: underlying) != nil,
                !backstop.providers[place].stopped.contains(underlying)
            else { return false }
        }
        return true
    }

    private mutating func sliceOffer(
        of identifier: AccountIdentifier, equity: Amount
    ) -> SliceOffer {
        let isCapped = genesis.safeguards.isOn(.discountCap)
        let notional = grossNotional(of: identifier)
        return SliceOffer(
            account: identifier, equity: equity,
            base: isCapped
                ? equity
                : BackstopAuction.discount(at: BackstopAuction.uncappedShare, of: notional),
            positions: accounts[identifier].positions.filter { !isSpot($0.instrument) })
    }

    // How much a provider takes.

    /// The end of the largest slice from `start` on that a bid takes and its account can back.
    private mutating func end(
        of bid: StandingBid, _ offer: SliceOffer, from start: Ratio, to share: Ratio
    ) -> Ratio {
        guard let place = backstop.place(of: bid.account) else { return start }
        let part = proven { () throws(ArithmeticFault) in
            try share.multiplied(by: backstop.providers[place].limits.sliceShare, rounding: .up)
        }
        var (low, high) = (start, min(share, start + part))
        if canTake(place, offer, from: start, to: high, bid) { return high }
        for _ in 0..<LedgerState.searchSteps {
            let middle = Ratio(units: (low.units + high.units) / 2)
            if canTake(place, offer, from: start, to: middle, bid) {
                low = middle
            } else {
                high = middle
            }
        }
        if low == start { backstop.failures[place] += 1 }
        return low
    }

    /// Whether a provider's limits and its initial margin allow a slice, at the least discount that
    /// it asks for.
    private mutating func canTake(
        _ place: Int, _ offer: SliceOffer, from start: Ratio, to end: Ratio, _ bid: StandingBid
    ) -> Bool {
        let limits = backstop.providers[place].limits
        let changes = LedgerState.changes(offer.positions, from: start, to: end)
        guard !changes.isEmpty else { return true }
        for market in limits.markets {
            guard holding(of: bid.account, with: changes, in: market.underlying) <= market.notional
            else { return false }
        }
        guard let margins = hypotheticalMargins(of: bid.account, adding: changes) else {
            return false
        }
        let payment = BackstopAuction.payment(
            of: BackstopAuction.discount(at: bid.leastDiscount, of: offer.base), from: start,
            to: end)
        return margins.initial.health + payment >= limits.marginLeft
    }

    /// The lots between two shares of the positions on offer, as their next holder sees them.
    private static func changes(
        _ positions: [Position], from start: Ratio, to end: Ratio
    ) -> [HypotheticalLots] {
        var changes: [HypotheticalLots] = []
        for position in positions {
            let lots = BackstopAuction.lots(of: position.quantity, from: start, to: end)
            if lots != .zero { changes.append(HypotheticalLots(position.instrument, lots)) }
        }
        return changes
    }

    /// What a provider would hold in an underlying, longs and shorts added, at the index.
    private mutating func holding(
        of provider: AccountIdentifier, with changes: [HypotheticalLots],
        in underlying: UnderlyingIdentifier
    ) -> Amount {
        var units: Int128 = 0
        for position in accounts[provider].positions {
            guard !changes.contains(where: { $0.instrument == position.instrument }) else {
                continue
            }
            units += self.units(of: position.quantity, position.instrument, in: underlying)
        }
        for change in changes {
            let lots = accounts.quantity(of: provider, in: change.instrument) + change.lots
            units += self.units(of: lots, change.instrument, in: underlying)
        }
        return LedgerState.worth(of: units, at: feeds[Int(underlying.number)].index)
    }

    /// Lots in 10⁻⁹ units of an underlying; none of another or of spot.
    private func units(
        of lots: Quantity, _ instrument: InstrumentIdentifier, in underlying: UnderlyingIdentifier
    ) -> Int128 {
        let entry = catalogue.instruments[Int(instrument.number)]
        guard entry.underlying == underlying, entry.kind != .spot else { return 0 }
        return Int128(lots.magnitude.units) * Int128(entry.lotSize)
    }

    // What changes hands.

    /// Whether an account has no less beyond maintenance once its slices are gone: whole lots could
    /// leave it with less of what hedges the rest. Without the cap nobody asks.
    private mutating func helps(
        _ identifier: AccountIdentifier, _ offer: SliceOffer, taken: Ratio, rate: Ratio
    ) -> Bool {
        guard genesis.safeguards.isOn(.discountCap) else { return true }
        let changes = LedgerState.changes(offer.positions, from: .zero, to: taken).map {
            HypotheticalLots($0.instrument, -$0.lots)
        }
        guard let margins = hypotheticalMargins(of: identifier, adding: changes) else {
            return false
        }
        let paid = BackstopAuction.payment(
            of: BackstopAuction.discount(at: rate, of: offer.base), from: .zero, to: taken)
        return margins.maintenance.health - paid >= maintenanceMargin(of: identifier).health
    }

    /// Moves a slice at the mark, and pays its part of the discount.
    private mutating func handOver(_ slice: PlannedSlice, _ offer: SliceOffer, rate: Ratio) {
        for change in LedgerState.changes(offer.positions, from: slice.start, to: slice.end) {
            let place = Int(change.instrument.number)
            let mark = risk.instruments[place]
            let worth = (mark.markValue * change.lots.magnitude.units) >> mark.fractionBits
            let before = accounts.totals[place].openInterest
            accounts.handOver(
                change.lots, of: change.instrument, from: offer.account, to: slice.provider,
                notional: Amount(microunits: change.lots.sign * worth), hour: hour)
            caps.grow(by: accounts.totals[place].openInterest - before, of: place)
            risk.changePosition(of: offer.account, in: change.instrument, by: -change.lots)
            risk.changePosition(of: slice.provider, in: change.instrument, by: change.lots)
            touchInstrument(change.instrument)
            emit(
                .sliceMoved(
                    SliceMove(
                        account: offer.account, provider: slice.provider,
                        instrument: change.instrument, quantity: change.lots,
                        notional: Amount(microunits: worth))))
        }
        let payment = BackstopAuction.payment(
            of: BackstopAuction.discount(at: rate, of: offer.base), from: slice.start,
            to: slice.end)
        accounts.transfer(
            payment, from: .account(offer.account), to: .account(slice.provider))
        emit(
            .sliceTaken(
                SliceSale(
                    account: offer.account, provider: slice.provider,
                    share: slice.end - slice.start, equity: offer.equity, discount: rate,
                    payment: payment)))
    }
}
