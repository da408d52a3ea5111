/// An account's delta, hedged with the perpetual before liquidation begins, if it has asked for it:
/// an order that the engine sends as immediate-or-cancel, inside the account's own band and the
/// price band, up to its own notional a day, and only if the account would then have strictly more
/// maintenance health and a strictly smaller requirement with every lot filled at the limit. Health
/// is concave in the lots, so a part of them never makes it worse (docs/protection.md).

import Accounts
public import Canonical
import Catalogue
public import FixedPoint
public import Markets
import Oracle
import Risk

/// A hedge that was sent, and why.
public struct HedgeOrder: Equatable, Sendable {
    public let account: AccountIdentifier
    public let instrument: InstrumentIdentifier
    public let side: Side
    public let limit: Price
    public let quantity: Quantity
    /// Delta × index of all that the account holds of the underlying, in µ.
    public let delta: Amount
    /// Under the maintenance rule, before.
    public let equity: Amount
    public let requirement: Amount
    /// The same with every lot filled at the limit.
    public let equityAfter: Amount
    public let requirementAfter: Amount
}

extension LedgerState {
    /// Hedges every underlying of an account that is below the level.
    mutating func hedge(_ account: AccountIdentifier, _ terms: HedgeTerms) {
        // A provider only reduces, and what it holds of the slices is closed by itself.
        guard !backstop.isProvider(account) else { return }
        for underlying in risk.underlyings(of: account) {
            guard isBelow(terms.level, maintenanceMargin(of: account)) else { return }
            guard let perpetual = perpetual(on: underlying, for: account) else { continue }
            hedge(account, underlying, with: perpetual, terms)
        }
    }

    /// The first perpetual on an underlying in the compartment of an account.
    private func perpetual(
        on underlying: UnderlyingIdentifier, for account: AccountIdentifier
    ) -> InstrumentIdentifier? {
        let home = accounts.compartment(of: account)
        return catalogue.live.first { identifier in
            let instrument = catalogue.instruments[Int(identifier.number)]
            return instrument.kind == .perpetual && instrument.underlying == underlying
                && instrument.compartment == home
        }
    }

    private mutating func hedge(
        _ account: AccountIdentifier, _ underlying: UnderlyingIdentifier,
        with perpetual: InstrumentIdentifier, _ terms: HedgeTerms
    ) {
        let delta = deltaWorth(of: account, in: underlying)
        let perLot = Int128(risk.instruments[Int(perpetual.number)].deltaWorth)
        guard delta != 0, perLot > 0 else { return }
        let side: Side = delta > 0 ? .sell : .buy
        let limit = hedgeLimit(side, in: perpetual, band: terms.band)
        guard let best = crossed(side, limit, in: perpetual) else { return }
        let wanted =
            Int128(clamping: delta.magnitude) * Int128(terms.share.units)
            / Int128(Ratio.one.units) / perLot
        let room = rescues[account]?.roomToHedge(on: day) ?? .zero
        // The most that a lot can come to: a sell may trade above its limit.
        let affordable = room.units / lotNotional(of: perpetual, at: max(limit, best)).units
        let most = catalogue.instruments[Int(perpetual.number)].maximumOrderQuantity
        let lots = min(Quantity(lots: Int64(clamping: min(wanted, Int128(affordable)))), most)
        guard lots.isPositive else { return }
        let held = accounts.quantity(of: account, in: perpetual)
        let order = OrderRecord(
            identifier: OrderIdentifier(facts.nextOrder), account: account,
            instrument: perpetual, clientIdentifier: ClientOrderIdentifier(0),
            flags: OrderFlags(
                side, reduceOnly: held.sign * side.sign < 0 && lots <= held.magnitude,
                timeInForce: .immediateOrCancel),
            price: limit, remaining: lots)
        guard isAllowed(order) else { return }
        let before = maintenanceMargin(of: account)
        let after = margin(of: account, after: order)
        guard after.health > before.health, after.requirement < before.requirement else { return }
        let bits = Int128(risk.instruments[Int(perpetual.number)].fractionBits)
        emit(
            .hedgeSent(
                HedgeOrder(
                    account: account, instrument: perpetual, side: side, limit: limit,
                    quantity: lots, delta: Amount(microunits: Int64(clamping: delta >> bits)),
                    equity: before.equity, requirement: before.requirement,
                    equityAfter: after.equity, requirementAfter: after.requirement)))
        send(order)
    }

    /// Trades a hedge, and counts what it traded.
    private mutating func send(_ hedge: OrderRecord) {
        var order = hedge
        let first = events.count
        changeRisk(of: order, from: .zero, to: order.shown)
        accept(order, trigger: nil)
        let stop = match(&order)
        finish(order, slot: nil, stop: stop, rests: false)
        var notional = Amount.zero
        for case .traded(let trade) in events[first...] where trade.takerOrder == hedge.identifier {
            notional += trade.notional
        }
        let today = day
        if notional.isPositive { rescues[hedge.account]?.countHedged(notional, on: today) }
    }

    /// Delta × index of what an account holds of an underlying, in 2^-fractionBits µ.
    private func deltaWorth(
        of account: AccountIdentifier, in underlying: UnderlyingIdentifier
    ) -> Int128 {
        var sum: Int128 = 0
        for position in accounts[account].positions {
            let place = Int(position.instrument.number)
            guard catalogue.instruments[place].underlying == underlying else { continue }
            sum += Int128(risk.instruments[place].deltaWorth) * Int128(position.quantity.units)
        }
        return sum
    }

    /// The worst price of a hedge: through the mark by the account's band, inside the price band.
    private mutating func hedgeLimit(
        _ side: Side, in perpetual: InstrumentIdentifier, band: Ratio
    ) -> Price {
        let place = Int(perpetual.number)
        let mark = prices[place].mark
        let reach = proven { () throws(ArithmeticFault) in
            try mark.multiplied(by: band, rounding: .down)
        }
        let instrument = catalogue.instruments[place]
        return side == .buy
            ? min(
                MarketBounds.bandPrice(.down, mark + reach, instrument),
                marketBounds[place].highestBuy)
            : max(
                MarketBounds.bandPrice(.up, mark - reach, instrument),
                marketBounds[place].lowestSell)
    }

    /// Whether the market takes an order of the account's own now, within its limits and caps.
    private mutating func isAllowed(_ order: OrderRecord) -> Bool {
        do throws(Refusal) {
            try checkOpen(order.instrument)
            try checkLevel(of: order.instrument, order.account, reduceOnly: order.reduceOnly)
            _ = try checkPrice(
                order.price, side: order.side, reduceOnly: order.reduceOnly, order.instrument)
            try checkLimits(
                order.account, order.instrument, side: order.side, adding: order.shown,
                reduceOnly: order.reduceOnly, mayTake: true)
            return true
        } catch {
            return false
        }
    }

    /// Maintenance margin with every lot of an order filled at its limit and its fee paid.
    private mutating func margin(
        of account: AccountIdentifier, after order: OrderRecord
    ) -> MarginBreakdown {
        let lotNotional = lotNotional(of: order.instrument, at: order.price)
        let fee = max(
            .zero,
            self.fee(of: account, lotNotional: lotNotional, lots: order.shown, isMaker: false))
        let signed = Quantity(lots: order.side.sign * order.shown.units)
        // Lanes are sums, so the second change takes the first back exactly.
        risk.changePosition(of: account, in: order.instrument, by: signed)
        var margin = maintenanceMargin(of: account)
        risk.changePosition(of: account, in: order.instrument, by: -signed)
        let terms = risk.instruments[Int(order.instrument.number)]
        let worth = Amount(microunits: (terms.markValue * signed.units) >> terms.fractionBits)
        margin.equity += worth - Amount(microunits: lotNotional.units * signed.units) - fee
        return margin
    }
}
