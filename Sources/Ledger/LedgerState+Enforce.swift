/// Stage 3: a price update and the margin calls that follow from it are one transition (DESIGN 2,
/// principle 1). Funding accrues, everything is repriced, every account that holds or quotes a
/// moved underlying is margined again, orders that are no longer backed are cancelled, and
/// liquidations take their next step.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    /// - Parameters:
    ///   - moved: the underlyings to reprice.
    ///   - step: how far pricing time advanced.
    mutating func enforce(moved: UnderlyingSet, step: Duration?) {
        if let step {
            accrueFunding(elapsed: step)
            chargeInterest(elapsed: step)
            followHaircuts()
        }
        proven { () throws(ArithmeticFault) in try revalue(moved) }
        statePrices(of: moved)
        followPrices()
        followCapRooms()
        followBreakers()
        followBackstops()
        if let step { followIncentives(elapsed: step) }
        let settled = settleDue()
        remargin(moved: moved)
        for identifier in settled { callMargin(of: identifier) }
        rescueWatched()
        liquidate()
        settleBackstops()
        convert()
        clearAuctions()
    }

    /// Longs and shorts owe each other funding for the time that passed, while the index is good
    /// enough to trade on.
    private mutating func accrueFunding(elapsed: Duration) {
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            guard case .perpetual(let perpetual) = prices[place] else { continue }
            let instrument = catalogue.instruments[place]
            let feed = feeds[Int(instrument.underlying.number)]
            guard feed.isValid(for: .margin, at: facts.time) else { continue }
            let worth = proven { () throws(ArithmeticFault) in
                try instrument.lotValue(at: feed.index, fractionBits: 0)
            }
            let owed = perpetual.funding(
                lotWorth: worth, elapsed: elapsed, fundingBits: Funding.fractionBits)
            accounts.accrueFunding(owed, of: identifier)
            if owed != 0 {
                movedFunding.append(
                    FundingMove(
                        instrument: identifier, index: accounts.totals[place].fundingIndex))
            }
            touchInstrument(identifier)
        }
    }

    /// Margins every account that holds or quotes a moved underlying again: one pass over its
    /// positions and its orders where a valuation has changed. Where prices were confirmed and none
    /// moved its lanes are what that pass would make.
    private mutating func remargin(moved underlyings: UnderlyingSet) {
        guard isMargined else { return }
        let revalued = risk.takeRevalued(among: underlyings)
        var next = risk.firstExposed(to: underlyings, from: AccountIdentifier(0))
        while let identifier = next {
            let health =
                revalued.isEmpty
                ? risk.healths(of: identifier, in: accounts)
                : rebuildLanes(of: identifier, in: revalued)
            judge(identifier, health)
            next = risk.firstExposed(
                to: underlyings, from: AccountIdentifier(identifier.number + 1))
        }
    }

    /// Cancels what an account's initial margin no longer backs, and liquidates it below
    /// maintenance.
    private mutating func callMargin(of identifier: AccountIdentifier) {
        guard isMargined else { return }
        judge(identifier, risk.healths(of: identifier, in: accounts))
    }

    /// What follows from the margin of an account; of one with terms of rescue once all accounts
    /// are margined, since others of its owner may help it.
    private mutating func judge(_ identifier: AccountIdentifier, _ health: Healths) {
        if health.initial.isNegative { cancelUnbacked(identifier) }
        if rescues.holds(identifier) { return watched.append(identifier) }
        // Cancelling orders leaves maintenance as it is.
        if health.maintenance.isNegative, accounts.liquidationStart(of: identifier) == nil {
            startLiquidation(identifier)
        }
    }

    /// Makes the lanes of one account again.
    @discardableResult
    mutating func rebuildLanes(
        of identifier: AccountIdentifier, in underlyings: UnderlyingSet
    ) -> Healths {
        risk.rebuild(
            identifier, in: underlyings, balances: accounts, tier: tier(of: identifier),
            orders: books.openOrderCount(of: identifier)
        ) { place in
            let open = books.openOrder(of: identifier, at: place)
            let underlying = catalogue.instruments[Int(open.instrument.number)].underlying
            guard underlyings.contains(underlying) else { return nil }
            let order = books[open.slot]
            guard !books.isWaiting(order) else { return nil }
            return RestingOrder(
                instrument: open.instrument, side: order.side,
                size: OrderSize(price: order.price, lots: books.remaining(order)))
        }
    }

    /// Cancels the newest orders that add risk until initial health is not negative (DESIGN 5).
    mutating func cancelUnbacked(_ identifier: AccountIdentifier) {
        var place = books.openOrderCount(of: identifier) - 1
        while place >= 0, initialHealth(of: identifier).isNegative {
            // An order that leaves takes its pair along, which may stand before or after it.
            let order = books.openOrder(of: identifier, at: place)
            if !order.flags.reduceOnly, !books.isWaiting(books[order.slot]) {
                closeOrder(order.slot, reason: .marginCall)
                place = books.openOrderPlace(after: order.identifier, of: identifier)
            }
            place -= 1
        }
    }

    /// What is left of initial margin.
    mutating func initialHealth(of identifier: AccountIdentifier) -> Amount {
        risk.initialHealth(of: identifier, in: accounts)
    }

    /// Margin under the initial rule, open orders included.
    func initialMargin(of identifier: AccountIdentifier) -> MarginBreakdown {
        risk.initialMargin(of: identifier, in: accounts)
    }

    /// Margin under the maintenance rule.
    func maintenanceMargin(
        of identifier: AccountIdentifier, adjustment: Adjustment? = nil
    ) -> MarginBreakdown {
        risk.maintenanceMargin(of: identifier, in: accounts, adjustment: adjustment)
    }

    /// The fee tier of an account.
    mutating func tier(of identifier: AccountIdentifier) -> FeeTier {
        catalogue.feeTiers[Int(accounts.feeTier(of: identifier))]
    }

    /// The open orders of an account, oldest first.
    func openOrders(of identifier: AccountIdentifier) -> [Order] {
        books.openOrders(of: identifier).map { books.order($0.slot) }
    }

    /// Whether everything that an account holds or quotes has a price good enough for a use.
    mutating func hasPrices(_ identifier: AccountIdentifier, for use: PriceUse) -> Bool {
        for exposure in risk.exposures(of: identifier) {
            let instrument = catalogue.instruments[Int(exposure.instrument.number)]
            if !isPriceValid(of: instrument, for: use) { return false }
        }
        return true
    }
}
