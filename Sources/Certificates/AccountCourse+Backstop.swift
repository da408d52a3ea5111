/// Step 3 of the waterfall, slices for the providers of the backstop, from both sides, and what
/// providers close when they have lost what they may. When the auction of an account began is not
/// in its certificate: its discount is held to what one that began with the liquidation would
/// offer.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Liquidation
import Risk

/// What is offered of the account in the block.
struct OfferedSlices {
    let equity: Amount
    /// What a discount is a share of.
    let base: Amount
    /// Before the first slice, without spot.
    let positions: [Position]
    /// The share that slices of the block have sold.
    var taken = Ratio.zero
    /// What has moved since the last sale, by place in `positions`.
    var moved: [Quantity]
}

extension AccountCourse {
    /// An auction begins: equity is below its level, and there is some.
    func openAuction(equity: Amount, requirement: Amount) throws(StepFault) {
        let margin = try matching(equity: equity, requirement: requirement)
        try checkAuction(margin)
    }

    private func checkAuction(_ margin: MarginBreakdown) throws(StepFault) {
        guard liquidationStart != nil else { throw .notInLiquidation }
        guard genesis.safeguards.isOn(.backstopAuction), rule.auctionTime > .zero,
            margin.equity.isPositive, margin.equity < floor(margin)
        else { throw .noAuction }
    }

    /// A part of a position goes to a provider, at the mark.
    mutating func give(_ event: SliceMove) throws(StepFault) {
        if offer == nil {
            let margin = margin
            try checkAuction(margin)
            let positions = accounts[AccountCourse.own].positions.filter {
                risk.instruments[Int($0.instrument.number)].instrument.kind != .spot
            }
            offer = OfferedSlices(
                equity: margin.equity,
                base: genesis.safeguards.isOn(.discountCap)
                    ? margin.equity
                    : BackstopAuction.discount(
                        at: BackstopAuction.uncappedShare, of: grossNotional),
                positions: positions,
                moved: [Quantity](repeating: .zero, count: positions.count))
        }
        let own = try entry(event.instrument).own
        guard let place = offer?.positions.firstIndex(where: { $0.instrument == own }),
            let offered = offer?.positions[place].quantity,
            offered.sign * event.quantity.sign > 0
        else { throw .slice }
        try exchange(event.quantity.magnitude, of: event.instrument, notional: event.notional)
        offer?.moved[place] += event.quantity
        closed += event.notional
    }

    /// A slice was sold: the same share of every position, for its part of the discount.
    mutating func sell(_ sale: SliceSale) throws(StepFault) {
        guard let start = liquidationStart, var offer else { throw .slice }
        guard sale.equity == offer.equity else { throw .equity }
        let highest = rule.discount(after: time.elapsed(since: start))
        guard rule.firstDiscount <= sale.discount, sale.discount <= highest else {
            throw .discount
        }
        guard sale.share > .zero, sale.share <= .one - offer.taken else { throw .slice }
        let end = offer.taken + sale.share
        for (place, position) in offer.positions.enumerated() {
            let lots = BackstopAuction.lots(of: position.quantity, from: offer.taken, to: end)
            guard lots == offer.moved[place] else { throw .slice }
            offer.moved[place] = .zero
        }
        let discount = BackstopAuction.discount(at: sale.discount, of: offer.base)
        let payment = BackstopAuction.payment(of: discount, from: offer.taken, to: end)
        guard sale.payment == payment else { throw .discount }
        try move(-payment)
        offer.taken = end
        self.offer = offer
    }

    /// A provider takes a part of a position, at the mark.
    mutating func take(_ event: SliceMove) throws(StepFault) {
        let entry = try self.entry(event.instrument)
        try checkRoom(for: event.quantity, in: entry)
        guard event.quantity != .zero,
            event.notional == markNotional(event.quantity, of: entry)
        else { throw .notional }
        accounts.takeOver(
            event.quantity, of: entry.own, by: AccountCourse.own,
            notional: Amount(microunits: event.quantity.sign * event.notional.units),
            hour: time.count(of: .hour))
        risk.changePosition(of: AccountCourse.own, in: entry.own, by: event.quantity)
    }

    /// A provider takes no more of an underlying: what it lost there is what its positions say.
    func stop(_ underlying: UnderlyingIdentifier, loss: Amount) throws(StepFault) {
        var profit = Amount.zero
        for position in accounts[AccountCourse.own].positions {
            let value = risk.instruments[Int(position.instrument.number)]
            guard value.instrument.underlying == underlying, value.instrument.kind != .spot else {
                continue
            }
            profit += position.unrealisedProfit(
                lotValue: value.markValue, fractionBits: value.fractionBits)
        }
        guard loss.isPositive, loss == -profit else { throw .loss }
    }

    /// A provider's position is closed against those who hold the other side, at the mark.
    mutating func closeStopped(_ event: SliceMove) throws(StepFault) {
        let own = try entry(event.instrument).own
        let held = accounts.quantity(of: AccountCourse.own, in: own)
        let isProvider = event.account == identifier
        guard held.sign * event.quantity.sign == (isProvider ? 1 : -1) else { throw .position }
        try exchange(event.quantity.magnitude, of: event.instrument, notional: event.notional)
    }
}
