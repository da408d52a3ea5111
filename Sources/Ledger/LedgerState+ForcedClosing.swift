/// What forced closing costs, as breakers see it: positions that begin to be liquidated, and what
/// insurance funds pay. One account counts for no more than a quarter of what holds a market, so
/// that nobody stops one by ruining himself (`facts/risk.md`, attack 6).

import Accounts
import Breakers
import Canonical
import Catalogue
import FixedPoint
import Oracle
import Risk

extension LedgerState {
    /// What lots of the instrument at a place are worth at the mark; not negative, rounded down.
    func markNotional(_ lots: Quantity, of place: Int) -> Amount {
        let worth = risk.instruments[place].markValue * lots.magnitude.units
        return Amount(microunits: worth >> risk.instruments[place].fractionBits)
    }

    func limit(_ share: Ratio, of amount: Amount, floor: Amount) -> Int64 {
        let part = Int128(amount.units) * Int128(share.units) / Int128(Ratio.one.units)
        return max(floor.units, Int64(clamping: part))
    }

    /// The liquidations within five minutes that hold a market.
    func liquidationLimit(of place: Int, _ parameters: BreakerParameters) -> Int64 {
        limit(
            parameters.liquidationShare,
            of: markNotional(accounts.totals[place].openInterest, of: place),
            floor: parameters.liquidationFloor)
    }

    /// The liquidations within five minutes that hold a compartment.
    func liquidationLimit(
        of compartment: CompartmentIdentifier, _ parameters: VaultParameters
    ) -> Int64 {
        var total: Int64 = 0
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            guard catalogue.instruments[place].compartment == compartment else { continue }
            let part = markNotional(accounts.totals[place].openInterest, of: place)
            total = min(SlidingSum.largest, total + min(part.units, SlidingSum.largest))
        }
        return limit(
            parameters.liquidationShare, of: Amount(microunits: total),
            floor: parameters.liquidationFloor)
    }

    /// Counts that the positions of an account begin to be closed by force. One account counts for
    /// no more than a part of what holds a market, and once within the window.
    mutating func countLiquidation(of identifier: AccountIdentifier) {
        guard breakers.isWatching, genesis.safeguards.isOn(.liquidationBreaker) else { return }
        if let last = breakers.standings[identifier].liquidatedAt,
            facts.time.elapsed(since: last) < LiquidationWindow.length
        {
            return
        }
        breakers.standings[identifier].liquidatedAt = facts.time
        var total: Int64 = 0
        for position in accounts[identifier].positions {
            let place = Int(position.instrument.number)
            let notional = markNotional(position.quantity, of: place).units
            total = min(SlidingSum.largest, total + notional)
            guard !genesis.safeguards.breakers.isEmpty else { continue }
            let parameters = breakerParameters(of: position.instrument)
            let most =
                liquidationLimit(of: place, parameters) / BreakerParameters.accountPart
            breakers.markets[place].liquidated.add(min(notional, most), at: facts.time)
            breakers.touch(.instrument(position.instrument))
        }
        guard let parameters = genesis.safeguards.vaults else { return }
        let home = accounts.compartment(of: identifier)
        let most = liquidationLimit(of: home, parameters) / BreakerParameters.accountPart
        breakers.compartments[Int(home.number)].liquidated.add(min(total, most), at: facts.time)
        breakers.touch(.compartment(home))
    }

    /// Counts what an insurance fund paid.
    mutating func countDrawdown(_ amount: Amount, of home: CompartmentIdentifier) {
        guard genesis.safeguards.vaults != nil, genesis.safeguards.isOn(.liquidationBreaker) else {
            return
        }
        breakers.compartments[Int(home.number)].paid.add(amount.units, at: facts.time)
        breakers.touch(.compartment(home))
    }

    mutating func watchCompartment(_ place: Int) {
        guard let parameters = genesis.safeguards.vaults, !breakers.compartments[place].isIdle
        else { return }
        let readings = compartmentReadings(place, parameters)
        for look in readings.indices {
            take(
                readings[look], .compartment(CompartmentIdentifier(UInt16(place))),
                parameters.terms)
        }
    }
}
