/// Conversion: an account that owes more of the quote asset than it may, by losses, funding or
/// interest, has its holdings of other assets sold until it owes half of the limit (DESIGN 4,
/// decision 0010). Until then it may only reduce. Below maintenance, liquidation takes over and
/// sells them too.
///
///     within the limit ──startConversions──▶ in conversion ──endConversions──▶ within half of it
///                                              │      ▲
///                                              └──────┘ conversionStep, once a block

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Liquidation
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Whether an account may only reduce, because it owes too much.
    func isConverting(_ account: AccountIdentifier) -> Bool {
        accounts.conversionStart(of: account) != nil
    }

    /// The conversions of a block: the next step of each, then those end that have done their work.
    mutating func convert() {
        startConversions()
        for identifier in converting { conversionStep(identifier) }
        endConversions()
    }

    /// Starts with whoever owes too much and has anything left. At the end of a block too, so that
    /// none stays unseen.
    mutating func startConversions() {
        guard isMargined else { return }
        for identifier in accounts.debts.debtors
        where !isConverting(identifier) && isOverLimit(identifier) {
            accounts.setConversionStart(facts.time, of: identifier)
            converting.append(identifier)
            converting.sort()
            emit(.conversionStarted(identifier, debt: -accounts.cash(of: identifier)))
            closeOrders(of: identifier, reason: .conversion) { order, state in
                !order.flags.reduceOnly && !state.books.isWaiting(state.books[order.slot])
            }
        }
    }

    /// Whether an account owes more than it may, and liquidation is not at it.
    func isOverLimit(_ identifier: AccountIdentifier) -> Bool {
        accounts.cash(of: identifier) < -debtTerms(of: identifier).accountLimit
            && accounts.liquidationStart(of: identifier) == nil
            && !accounts[identifier].positions.isEmpty
    }

    private mutating func endConversions() {
        for identifier in converting {
            let target = debtTerms(of: identifier).conversionTarget
            guard
                accounts.cash(of: identifier) >= -target
                    || accounts[identifier].positions.isEmpty
            else { continue }
            accounts.setConversionStart(nil, of: identifier)
            converting.removeAll { $0 == identifier }
            emit(
                .conversionEnded(
                    identifier, debt: max(.zero, -accounts.cash(of: identifier))))
        }
    }

    /// Sells what is missing, the most valuable holding first.
    private mutating func conversionStep(_ identifier: AccountIdentifier) {
        guard let start = accounts.conversionStart(of: identifier),
            accounts.liquidationStart(of: identifier) == nil
        else { return }
        let elapsed = facts.time.elapsed(since: start)
        let target = debtTerms(of: identifier).conversionTarget
        for holding in holdings(of: identifier) {
            let missing = -target - accounts.cash(of: identifier)
            guard missing.isPositive else { return }
            let lots = Conversion.lotsToSell(
                of: holding, missing: missing, fee: tier(of: identifier).taker)
            let plan = genesis.liquidation.closingOrder(
                for: holding, lots: lots, equity: maintenanceMargin(of: identifier).equity,
                elapsed: elapsed)
            sell(plan, for: identifier)
        }
    }

    /// The holdings of an account that have a price good enough to be sold at, the most valuable
    /// first.
    private mutating func holdings(of identifier: AccountIdentifier) -> [ClosingCandidate] {
        var result: [ClosingCandidate] = []
        for position in accounts[identifier].positions {
            let place = Int(position.instrument.number)
            guard catalogue.instruments[place].kind == .spot else { continue }
            let feed = feeds[Int(catalogue.instruments[place].underlying.number)]
            guard feed.isValid(for: .liquidate, at: facts.time) else { continue }
            result.append(
                ClosingCandidate(
                    risk: risk.instruments[place], instrument: position.instrument,
                    quantity: position.quantity))
        }
        return Conversion.ranking(of: result)
    }

    /// Sends an order that sells collateral as immediate-or-cancel, if anybody buys at its limit.
    /// It is margined and pays its fee like the account's own.
    private mutating func sell(_ plan: ClosingOrder, for identifier: AccountIdentifier) {
        guard !phases[Int(plan.instrument.number)].isAuction,
            let best = books.bestPrice(.buy, in: plan.instrument), best >= plan.limit
        else { return }
        let room = closingRoom(in: plan.instrument, sells: true)
        guard room.isPositive else { return }
        let lots = min(plan.lots, room)
        // What the account itself offers of the asset would be sold twice.
        closeOrders(of: identifier, reason: .conversion) { order, state in
            order.instrument == plan.instrument && order.flags.side == .sell
                && !state.books.isWaiting(state.books[order.slot])
        }
        var order = OrderRecord(
            identifier: OrderIdentifier(facts.nextOrder), account: identifier,
            instrument: plan.instrument, clientIdentifier: ClientOrderIdentifier(0),
            flags: OrderFlags(
                .sell, reduceOnly: true, isConversion: true, timeInForce: .immediateOrCancel),
            price: plan.limit, remaining: lots)
        changeRisk(of: order, from: .zero, to: lots)
        accept(order, trigger: nil)
        let stop = match(&order)
        countClosing(lots - order.shown, in: plan.instrument, sells: true)
        finish(order, slot: nil, stop: stop, rests: false)
    }
}

extension LedgerState {
    /// Whether an account offers no more of any asset than it holds.
    func isCovered(_ identifier: AccountIdentifier) -> Bool {
        risk.exposures(of: identifier).allSatisfy {
            !isSpot($0.instrument) || $0.position >= $0.sells
        }
    }

    /// The first thing about debts and holdings that is not as it should be, in words.
    func collateralFailure() -> String? {
        guard isMargined else { return nil }
        var commitments: [Amount] = []
        for place in accounts.accounts.indices {
            let identifier = AccountIdentifier(UInt32(place))
            var total = Amount.zero
            for order in openOrders(of: identifier) where order.isResting {
                total += commitment(
                    OrderSize(price: order.price, lots: order.remaining), order.side,
                    in: order.instrument)
            }
            commitments.append(total)
            guard isCovered(identifier) else { return "the offers of account \(place) are covered" }
            guard converting.contains(identifier) == isConverting(identifier) else {
                return "account \(place) is listed for conversion if it is in it"
            }
            guard !isOverLimit(identifier) || isConverting(identifier) else {
                return "account \(place) owes too much and is not converted"
            }
        }
        return accounts.debtDifference(commitments: commitments)
    }
}
