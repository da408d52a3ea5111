/// What an attack on a market would cost, what it could win, and what the market can lose: for
/// those who publish it (DESIGN 7, "Economic security").

import Accounts
public import Canonical
import Catalogue
public import Economics
public import FixedPoint
import Oracle
import Risk

/// The economics of one market: an underlying in a compartment.
public struct MarketCap: Equatable, Sendable {
    public let compartment: CompartmentIdentifier
    /// The cap on open interest, in µ at the index.
    public let cap: Amount
    /// Where it would stand if it could move at once, and why.
    public let target: CapTarget
    /// What one owner may have.
    public let ownerLimit: Amount
    /// What is open: longs of all derivatives at the index, options at their underlying's worth.
    public let openInterest: Amount
}

extension Ledger {
    /// Depth, cost and books of an underlying; nil where genesis states no economics.
    public func economics(of underlying: UnderlyingIdentifier) -> MarketEconomics? {
        let place = Int(underlying.number)
        return place < state.economics.count ? state.economics[place] : nil
    }

    /// The caps of an underlying, ascending by compartment. O(live instruments).
    public func marketCaps(of underlying: UnderlyingIdentifier) -> [MarketCap] {
        guard let economics = economics(of: underlying) else { return [] }
        return economics.caps.map { cap in
            let fund = state.accounts.funds[Int(cap.compartment.number)].insurance
            return MarketCap(
                compartment: cap.compartment, cap: cap.amount,
                target: CapTarget(economics.cost, fund: fund, economics.parameters),
                ownerLimit: cap.ownerLimit(economics.parameters),
                openInterest: state.openInterest(of: underlying, in: cap.compartment))
        }
    }

    /// The most that a market can lose, whatever its index does, by the last prices. O(accounts):
    /// for those who ask now and then.
    public func lossBound(
        of underlying: UnderlyingIdentifier, in compartment: CompartmentIdentifier
    ) -> LossBound {
        state.lossBound(of: underlying, in: compartment)
    }

    /// What an account must have beyond initial margin before it may grow or let money leave,
    /// because of its owner's share of the caps.
    public func rampReserve(of account: AccountIdentifier) -> Amount {
        state.rampReserve(of: account)
    }

    /// What all accounts of an owner have and could have by open orders in the derivatives of an
    /// underlying, at the index.
    public func ownerInterest(
        of account: AccountIdentifier, in underlying: UnderlyingIdentifier
    ) -> Amount {
        guard !state.economics.isEmpty, Int(underlying.number) < state.feeds.count else {
            return .zero
        }
        return LedgerState.worth(
            of: state.ownerReach(of: account, in: underlying),
            at: state.feeds[Int(underlying.number)].index)
    }
}

extension LedgerState {
    /// What is open in a market, at the index, rounded up.
    func openInterest(
        of underlying: UnderlyingIdentifier, in compartment: CompartmentIdentifier
    ) -> Amount {
        LedgerState.worth(
            of: openUnits(of: underlying, in: compartment),
            at: feeds[Int(underlying.number)].index)
    }

    /// The same in 10⁻⁹ units of the underlying.
    func openUnits(
        of underlying: UnderlyingIdentifier, in compartment: CompartmentIdentifier
    ) -> Int128 {
        var units: Int128 = 0
        for identifier in catalogue.live {
            let instrument = catalogue.instruments[Int(identifier.number)]
            guard instrument.underlying == underlying, instrument.compartment == compartment,
                instrument.kind != .spot
            else { continue }
            units +=
                Int128(accounts.totals[Int(identifier.number)].openInterest.units)
                * Int128(instrument.lotSize)
        }
        return units
    }

    /// Losers lose no more than they have; each side no more than its positions can lose between a
    /// price of nothing and the highest that the index may have. Providers of a backstop lose
    /// what their limits and the compartment's bound let them, and the fund pays what it may today.
    func lossBound(
        of underlying: UnderlyingIdentifier, in compartment: CompartmentIdentifier
    ) -> LossBound {
        var (fall, rise): (Int128, Int128) = (0, 0)
        var only = UnderlyingSet()
        only.insert(underlying)
        var next = risk.firstExposed(to: only, from: AccountIdentifier(0))
        while let account = next {
            next = risk.firstExposed(to: only, from: AccountIdentifier(account.number + 1))
            guard accounts.compartment(of: account) == compartment else { continue }
            let equity = max(0, Int128(maintenanceMargin(of: account).equity.units))
            let losses = greatestLosses(of: account, in: underlying)
            fall += min(equity, losses.fall)
            rise += min(equity, losses.rise)
        }
        let cover = accounts.insuranceCover(
            shortfall: .max, notional: .max, in: compartment, day: day,
            isCapped: genesis.safeguards.isOn(.fundCap))
        return LossBound(
            losersMargin: Amount(microunits: Int64(clamping: max(fall, rise))),
            backstop: backstopBound(of: underlying, in: compartment), fund: cover)
    }

    /// What the positions of an account lose at most if the index falls to nothing, and if it rises
    /// to its highest; in µ, rounded up.
    private func greatestLosses(
        of account: AccountIdentifier, in underlying: UnderlyingIdentifier
    ) -> (fall: Int128, rise: Int128) {
        let index = feeds[Int(underlying.number)].index
        let highest = catalogue.underlyings[Int(underlying.number)].maximumIndexPrice
        var (fall, rise): (Int128, Int128) = (0, 0)
        for position in accounts[account].positions {
            let place = Int(position.instrument.number)
            let instrument = catalogue.instruments[place]
            guard instrument.underlying == underlying else { continue }
            let units = Int128(position.quantity.magnitude.units) * Int128(instrument.lotSize)
            var (isLong, top) = (position.quantity.isPositive, max(index, prices[place].mark))
            if let series = instrument.kind.series {
                if series.right == .put { isLong.toggle() }
                top = max(top, series.strike)
            }
            // A share of the mark is a premium; what falls is at most the higher of both.
            if isLong { fall += Int128(LedgerState.worth(of: units, at: top).units) }
            if !isLong { rise += Int128(LedgerState.worth(of: units, at: highest).units) }
        }
        return (fall, rise)
    }
}
