/// Stage 3: a price update and the margin calls that follow from it are one transition (DESIGN 2,
/// principle 1). Funding accrues, everything is repriced, every account that holds or quotes a
/// moved underlying is margined again, orders that are no longer backed are cancelled, and
/// liquidations take their next step.

import Accounts
public import Canonical
import Catalogue
import FixedPoint
public import Markets
import Oracle
public import Risk

extension Ledger {
    /// - Parameters:
    ///   - moved: by underlying, whether to reprice it.
    ///   - step: how far pricing time advanced.
    func enforce(moved: [Bool], step: Duration?) {
        if let step { accrueFunding(elapsed: step) }
        for (place, instrument) in catalogue.instruments.enumerated()
        where moved[Int(instrument.underlying.number)] {
            proven { () throws(ArithmeticFault) in
                try risk.reprice(
                    InstrumentIdentifier(UInt16(place)), mark: perpetuals[place].mark,
                    stable: feeds[Int(instrument.underlying.number)].stable,
                    fundingRate: perpetuals[place].fundingRate)
            }
        }
        followPrices()
        remargin(moved: moved)
        for identifier in liquidating { liquidationStep(identifier) }
        settleLiquidations()
        clearAuctions()
    }

    /// Longs and shorts owe each other funding for the time that passed, while the index is good
    /// enough to trade on.
    private func accrueFunding(elapsed: Duration) {
        for (place, instrument) in catalogue.instruments.enumerated() {
            let feed = feeds[Int(instrument.underlying.number)]
            guard feed.isValid(for: .trade, at: facts.time) else { continue }
            let worth = proven { () throws(ArithmeticFault) in
                try instrument.lotValue(at: feed.index, fractionBits: 0)
            }
            let owed = perpetuals[place].funding(
                lotWorth: worth, elapsed: elapsed, fundingBits: Funding.fractionBits)
            accounts.accrueFunding(owed, of: InstrumentIdentifier(UInt16(place)))
        }
    }

    private func remargin(moved: [Bool]) {
        guard isMargined else { return }
        for place in 0..<accounts.accounts.count {
            let identifier = AccountIdentifier(UInt32(place))
            var exposed = false
            for (underlying, moved) in moved.enumerated() where moved {
                let underlying = UnderlyingIdentifier(UInt16(underlying))
                guard risk.isExposed(identifier, to: underlying) else { continue }
                exposed = true
                rebuildLanes(of: identifier, underlying: underlying)
            }
            guard exposed else { continue }
            cancelUnbacked(identifier)
            if accounts.liquidationStart(of: identifier) == nil,
                maintenanceMargin(of: identifier).health.isNegative
            {
                startLiquidation(identifier)
            }
        }
    }

    /// Makes the lanes of one account and underlying again.
    func rebuildLanes(of identifier: AccountIdentifier, underlying: UnderlyingIdentifier) {
        risk.rebuild(
            identifier, underlying: underlying,
            orders: openOrders(of: identifier).filter { $0.isResting },
            tier: tier(of: identifier))
    }

    /// Cancels the newest orders that add risk until initial health is not negative (DESIGN 5).
    func cancelUnbacked(_ identifier: AccountIdentifier) {
        var place = books.openOrderCount(of: identifier) - 1
        while place >= 0, initialMargin(of: identifier).health.isNegative {
            // An order that leaves takes its pair along, which may stand before or after it.
            let order = books.openOrder(of: identifier, at: place)
            if !order.flags.reduceOnly, !isWaiting(books[order.slot]) {
                closeOrder(order.slot, reason: .marginCall)
                place = books.openOrderPlace(after: order.identifier, of: identifier)
            }
            place -= 1
        }
    }

    /// Margin under the initial rule, open orders included.
    public func initialMargin(of identifier: AccountIdentifier) -> MarginBreakdown {
        risk.initialMargin(of: identifier, accounts[identifier], totals: accounts.totals)
    }

    /// Margin under the maintenance rule.
    public func maintenanceMargin(
        of identifier: AccountIdentifier, adjustment: Adjustment? = nil
    ) -> MarginBreakdown {
        risk.maintenanceMargin(
            of: identifier, accounts[identifier], totals: accounts.totals,
            adjustment: adjustment)
    }

    /// The fee tier of an account.
    func tier(of identifier: AccountIdentifier) -> FeeTier {
        catalogue.feeTiers[Int(accounts.feeTier(of: identifier))]
    }

    /// The open orders of an account, oldest first.
    public func openOrders(of identifier: AccountIdentifier) -> [Order] {
        books.openOrders(of: identifier).map { books.order($0.slot) }
    }

    /// Whether every underlying that an account holds or quotes has a price good enough for a use.
    func hasPrices(_ identifier: AccountIdentifier, for use: PriceUse) -> Bool {
        for exposure in risk.exposures(of: identifier) {
            let instrument = catalogue.instruments[Int(exposure.instrument.number)]
            let feed = feeds[Int(instrument.underlying.number)]
            if !feed.isValid(for: use, at: facts.time) { return false }
        }
        return true
    }
}
