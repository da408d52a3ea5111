/// Initial margin that rises with an owner's own share of a market's cap (`facts/risk.md`,
/// "Formulas"; DESIGN 5). It is asked where something grows or leaves: of orders that add, and of
/// withdrawals and transfers. It is no part of health, so no fill and no cap that falls ever takes
/// it from an order that was admitted, and nobody is forced out by what others report (decision
/// 0020).
///
/// The owner counts as a whole: an account must back its own charge, and of its siblings' charges
/// what their own health does not. Open orders count as filled on the worse side.

import Accounts
import Canonical
import Catalogue
import Economics
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    /// What an order's account could come to before it changes; nil where the ramp asks nothing of
    /// it.
    func rampReach(of order: OrderRecord) -> Int128? {
        order.reduceOnly ? nil : rampReach(of: order.account, in: order.instrument)
    }

    /// What an account could come to in the underlying of an instrument; nil where no ramp is
    /// asked.
    func rampReach(
        of account: AccountIdentifier, in instrument: InstrumentIdentifier
    ) -> Int128? {
        guard isMargined, !economics.isEmpty, genesis.safeguards.isOn(.marginRamp) else {
            return nil
        }
        let underlying = catalogue.instruments[Int(instrument.number)].underlying
        return risk.reach(of: account, in: underlying)
    }

    /// Whether health backs the ramp, for an order that risk counts already.
    ///
    /// - Parameter before: `rampReach` without it; what did not grow is backed.
    func isRampBacked(_ order: OrderRecord, grownFrom before: Int128?, health: Amount) -> Bool {
        isRampBacked(order.account, in: order.instrument, grownFrom: before, health: health)
    }

    /// Whether an account has its initial margin, the ramp included if it has grown.
    func isBacked(
        _ account: AccountIdentifier, in instrument: InstrumentIdentifier,
        grownFrom before: Int128?
    ) -> Bool {
        let health = risk.initialHealth(of: account, in: accounts)
        return !health.isNegative
            && isRampBacked(account, in: instrument, grownFrom: before, health: health)
    }

    private func isRampBacked(
        _ account: AccountIdentifier, in instrument: InstrumentIdentifier,
        grownFrom before: Int128?, health: Amount
    ) -> Bool {
        guard let before else { return true }
        let underlying = catalogue.instruments[Int(instrument.number)].underlying
        guard risk.reach(of: account, in: underlying) > before else { return true }
        return health >= rampReserve(of: account)
    }

    /// What an account must have beyond initial margin because of its owner's share, rounded up;
    /// zero for all but the largest owners.
    func rampReserve(of account: AccountIdentifier) -> Amount {
        guard isMargined, !economics.isEmpty, genesis.safeguards.isOn(.marginRamp) else {
            return .zero
        }
        let home = accounts.compartment(of: account)
        var ramps: [(underlying: UnderlyingIdentifier, ramp: MarginRamp)] = []
        for underlying in risk.underlyings(of: account) {
            guard let market = caps.market(of: underlying, in: home) else { continue }
            let ramp = MarginRamp(
                reach: ownerReach(of: account, in: underlying), cap: caps.rooms[market].owner)
            if ramp.share.isPositive { ramps.append((underlying, ramp)) }
        }
        guard !ramps.isEmpty else { return .zero }
        var reserve = charge(ramps, on: account)
        var next = sibling(after: account)
        while next != account {
            let charge = charge(ramps, on: next)
            if charge > 0 {
                let health = risk.initialHealth(of: next, in: accounts)
                reserve += max(0, charge - max(0, Int128(health.units)))
            }
            next = sibling(after: next)
        }
        return Amount(microunits: Int64(clamping: reserve))
    }

    /// The charges of some ramps on one account, in µ.
    private func charge(
        _ ramps: [(underlying: UnderlyingIdentifier, ramp: MarginRamp)],
        on account: AccountIdentifier
    ) -> Int128 {
        var sum: Int128 = 0
        for (underlying, ramp) in ramps {
            let reach = risk.reach(of: account, in: underlying)
            guard reach > 0 else { continue }
            let place = Int(underlying.number)
            let notional = LedgerState.worth(of: reach, at: feeds[place].index)
            let base = economics[place].parameters.baseMargin
            sum += Int128(ramp.charge(on: notional, baseMargin: base).units)
        }
        return sum
    }
}
