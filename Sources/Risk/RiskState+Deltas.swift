/// What published rules ask of deltas (`DeltaTerms`; docs/margin.md), from the exposures: with the
/// positions as they are, with all open buys filled, and with all open sells filled, whichever is
/// worst.

import Accounts
import Canonical
import Catalogue
import FixedPoint

/// Deltas of an underlying times its index, in 2^-fractionBits µ.
private struct DeltaSums {
    /// Σ δ and Σ |δ| over positions in options, perpetuals and futures.
    var net: Int64 = 0
    var gross: Int64 = 0
    /// Σ δ of options held long, and of all else, holdings of the underlying included.
    var bought: Int64 = 0
    var others: Int64 = 0
    /// Σ over expiries of the size of each one's δ, and its parts by sign.
    var roll: Int64 = 0
    var longExpiries: Int64 = 0
    var shortExpiries: Int64 = 0
    /// What the options sold are on.
    var sold: Int64 = 0
}

extension RiskState {
    /// The loss that a rule counts for an underlying, given its worst scenario; at most zero.
    ///
    /// - Parameter worst: the lowest lane, the rule's factor included; at most zero.
    func loss(
        _ place: Int, of underlying: UnderlyingIdentifier, under rule: RuleKind, worst: Int64,
        _ adjustment: Adjustment?
    ) -> Int64 {
        guard let terms = parameters[Int(underlying.number)].deltaTerms,
            let market = markets[Int(underlying.number)]
        else { return worst }
        let factor =
            rule == .initial ? market.lanes.initial.factor : market.lanes.maintenance.factor
        var least: Int64 = 0
        for side in rule == .initial ? Int64(-1)...1 : 0...0 {
            let sums = deltaSums(place, underlying, terms, side, adjustment)
            let added =
                shock(sums, underlying, terms, market.view)
                + sums.roll
                + min(sums.longExpiries, sums.shortExpiries).scaled(by: Real(terms.spread))
            let unhedged = abs(sums.net).scaled(by: Real(terms.unhedged))
            let hedged = ((sums.gross - abs(sums.net)) / 2).scaled(by: Real(terms.hedged))
            let minimum = max(unhedged + hedged, sums.sold.scaled(by: Real(terms.shortMinimum)))
            let scaled = Real(factor)
            least = min(least, worst - added.scaled(by: scaled), -minimum.scaled(by: scaled))
        }
        return least
    }

    /// What is asked of a large delta. Long options may lower the delta of the rest, not raise or
    /// turn it.
    private func shock(
        _ sums: DeltaSums, _ underlying: UnderlyingIdentifier, _ terms: DeltaTerms,
        _ market: MarketView
    ) -> Int64 {
        let total = sums.bought + sums.others
        let delta =
            sums.others < 0
            ? min(max(total, sums.others), 0) : max(min(total, sums.others), 0)
        let bits = fractionBits[Int(underlying.number)]
        let excess = (abs(delta) &>> bits) - terms.shockThreshold.units
        guard excess > 0, market.index.isPositive else { return 0 }
        // In units of the underlying.
        let units = Real(excess, over: market.index.units)
        let share = min(Real(terms.shockLargest), units * Real(terms.shockIncrement))
        return abs(delta).scaled(by: share)
    }

    /// - Parameter side: 1 with all open buys filled, −1 with all open sells, 0 with none.
    private func deltaSums(
        _ place: Int, _ underlying: UnderlyingIdentifier, _ terms: DeltaTerms, _ side: Int64,
        _ adjustment: Adjustment?
    ) -> DeltaSums {
        var sums = DeltaSums()
        let list = accounts[place].exposures
        for slot in 0..<list.count {
            let exposure = exposurePool[list, slot]
            let risk = instruments[Int(exposure.instrument.number)]
            guard risk.instrument.underlying == underlying, let quote = risk.quote else { continue }
            let held = held(exposure, side, adjustment)
            let delta = held * risk.deltaWorth
            if case .option = quote, held > 0 {
                sums.bought += delta
            } else {
                sums.others += delta
            }
            if case .option = quote, held < 0 { sums.sold -= held * risk.underlyingWorth }
            if case .spot = quote { continue }
            sums.net += delta
            sums.gross += abs(delta)
            // Each expiry once, at its first instrument.
            let expiry = risk.instrument.expiry
            var isFirst = true
            for earlier in 0..<slot where isOf(list, earlier, underlying, expiry) {
                isFirst = false
            }
            guard isFirst else { continue }
            var total: Int64 = 0
            for other in slot..<list.count where isOf(list, other, underlying, expiry) {
                let exposure = exposurePool[list, other]
                total +=
                    self.held(exposure, side, adjustment)
                    * instruments[Int(exposure.instrument.number)].deltaWorth
            }
            sums.longExpiries += max(0, total)
            sums.shortExpiries += max(0, -total)
            sums.roll += abs(total).scaled(by: rollShare(quote, terms))
        }
        return sums
    }

    /// What is asked of an expiry's delta: forwards of different expiries do not move as one.
    private func rollShare(_ quote: InstrumentQuote, _ terms: DeltaTerms) -> Real {
        var years = Real.zero
        switch quote {
        case .future(_, let expiry), .option(_, _, let expiry):
            years = ExpiryShocks.years(expiry.timeLeft)
        case .perpetual, .spot: break
        }
        return max(Real(terms.leastRoll), Real.exp(Real(terms.yearlyRoll) * years) - .one)
    }

    private func held(_ exposure: Exposure, _ side: Int64, _ adjustment: Adjustment?) -> Int64 {
        var lots = exposure.position.units
        if let adjustment, adjustment.instrument == exposure.instrument {
            lots += adjustment.lots.units
        }
        if side > 0 { lots += exposure.buys.units }
        if side < 0 { lots -= exposure.sells.units }
        return lots
    }

    private func isOf(
        _ list: PooledList, _ slot: Int, _ underlying: UnderlyingIdentifier, _ expiry: Timestamp?
    ) -> Bool {
        let risk = instruments[Int(exposurePool[list, slot].instrument.number)]
        return risk.instrument.underlying == underlying && risk.instrument.expiry == expiry
            && risk.instrument.kind != .spot
    }
}
