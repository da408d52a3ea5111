/// What holds markets back, as the API and the laboratory ask for it.

import Markets
import Accounts
public import Breakers
public import Canonical
import Catalogue
public import FixedPoint
import Markets
import Oracle

extension Ledger {
    /// The level of a market: the highest of its own, its underlying's and its compartment's.
    public func level(of instrument: InstrumentIdentifier) -> MarketLevel {
        state.level(of: instrument)
    }

    /// The breaker of a scope that exists, with what holds it.
    public func breaker(of scope: BreakerScope) -> Breaker { state.breakers.breaker(of: scope) }

    /// What the breaker of a scope that exists was last shown, trigger by trigger; empty where
    /// there is nothing to look at: genesis has no such breakers, or there is no price yet.
    public func breakerReadings(of scope: BreakerScope) -> [BreakerReading] {
        let hasBreakers = !state.genesis.safeguards.breakers.isEmpty
        switch scope {
        case .underlying(let identifier):
            let place = Int(identifier.number)
            guard hasBreakers, state.feeds[place].isPriced else { return [] }
            var room: [WeightedPrice] = []
            let readings = state.underlyingReadings(place, room: &room)
            return readings.indices.map { readings[$0] }
        case .instrument(let identifier):
            let place = Int(identifier.number)
            guard hasBreakers, state.prices[place].isPriced, !state.phases[place].isOver else {
                return []
            }
            let readings = state.marketReadings(place)
            return readings.indices.map { readings[$0] }
        case .compartment(let identifier):
            guard let parameters = state.genesis.safeguards.vaults else { return [] }
            let readings = state.compartmentReadings(Int(identifier.number), parameters)
            return readings.indices.map { readings[$0] }
        }
    }

    /// The volume-synchronised probability of informed trading (VPIN) of a market, `0 ... 1`.
    public func toxicity(of instrument: InstrumentIdentifier) -> Ratio {
        state.breakers.markets[Int(instrument.number)].flow.toxicity
    }

    /// What takers of a market bought less what they sold in the last one to two minutes, as a
    /// share of both, `-1 ... 1`.
    public func imbalance(of instrument: InstrumentIdentifier) -> Ratio {
        state.breakers.markets[Int(instrument.number)].flow.imbalance(at: time)
    }

    /// What left the vault of a compartment in the last hour and the last day, net by account and
    /// without small withdrawals.
    public func outflow(
        of compartment: CompartmentIdentifier
    ) -> (hour: Amount, day: Amount) {
        state.breakers.vaults[Int(compartment.number)].counted(at: time)
    }

    /// What of an account's withdrawal waits for room in the vault; nil if nothing does.
    public func queuedWithdrawal(of account: AccountIdentifier) -> Amount? {
        guard Int(account.number) < state.breakers.standings.count else { return nil }
        return state.breakers.standings[account].queued?.amount
    }

    /// Whether an account is committed to making markets.
    public func isMaker(_ account: AccountIdentifier) -> Bool {
        Int(account.number) < state.breakers.standings.count
            && state.breakers.standings[account].isMaker
    }

    /// Of what the owner of an account is suspected.
    public func suspicions(of account: AccountIdentifier) -> [Suspicion] {
        guard Int(account.number) < state.breakers.flowHolders.count else { return [] }
        let holder = state.breakers.flowHolders[Int(account.number)]
        return state.breakers.standings[holder].flow?.suspected ?? []
    }
}
