/// The looks that breakers take, once a block when prices are made: moves, spreads and ages of
/// every index, the place of every book, what liquidations and insurance have cost. What comes of
/// it is a level; what the level does to a market stands in `LedgerState+Levels`. No command of an
/// account is looked at here.

import Accounts
import Breakers
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Takes every reading, lets go what has ended, and holds the books accordingly.
    mutating func followBreakers() {
        guard breakers.isWatching else { return }
        if !genesis.safeguards.breakers.isEmpty {
            for place in breakers.underlyings.indices { watchUnderlying(place) }
            for identifier in catalogue.live { watchMarket(identifier) }
        }
        if genesis.safeguards.vaults != nil {
            for place in breakers.compartments.indices { watchCompartment(place) }
        }
        letGoExpired()
        holdBooks()
    }

    /// The parameters of a market, or the standard ones where genesis has none and only a
    /// compartment or the guardian holds it.
    func breakerParameters(of instrument: InstrumentIdentifier) -> BreakerParameters {
        let underlying = Int(catalogue.instruments[Int(instrument.number)].underlying.number)
        return underlying < genesis.safeguards.breakers.count
            ? genesis.safeguards.breakers[underlying] : .standard
    }

    // Indexes.

    private mutating func watchUnderlying(_ place: Int) {
        guard feeds[place].isPriced else { return }
        let identifier = UnderlyingIdentifier(UInt16(place))
        let scope = BreakerScope.underlying(identifier)
        let parameters = genesis.safeguards.breakers[place]
        let age = facts.time.elapsed(since: feeds[place].indexTime)
        if age <= feeds[place].parameters.reduceOnlyAge {
            breakers.underlyings[place].window.record(feeds[place].index, at: facts.time)
            breakers.touch(scope)
        }
        var room: [WeightedPrice] = []
        swap(&room, &breakers.room)
        let readings = underlyingReadings(place, room: &room)
        swap(&room, &breakers.room)
        for look in readings.indices { take(readings[look], scope, parameters) }
    }

    private mutating func take(
        _ reading: BreakerReading, _ scope: BreakerScope, _ parameters: BreakerParameters
    ) {
        take(reading, scope, parameters.terms(of: reading.trigger))
    }

    /// Shows a reading to the breaker of a scope, unless its defence is off.
    mutating func take(
        _ reading: BreakerReading, _ scope: BreakerScope, _ terms: HoldTerms
    ) {
        if let defence = reading.trigger.defence, !genesis.safeguards.isOn(defence) { return }
        let before = breakers.breaker(of: scope)
        if before.isIdle, !reading.isTripped { return }
        let now = facts.time
        let change = breakers.change(scope) { $0.take(reading, terms, at: now) }
        guard let change else { return }
        let hold = breakers.breaker(of: scope).hold(of: reading.trigger)
        note(
            change, of: reading.trigger, scope, from: before.level, measured: reading.measured,
            threshold: reading.threshold, until: hold?.until ?? now)
    }

    // Markets.

    private mutating func watchMarket(_ identifier: InstrumentIdentifier) {
        let place = Int(identifier.number)
        guard prices[place].isPriced, !phases[place].isOver else { return }
        let parameters = breakerParameters(of: identifier)
        let isDiverged = isDiverged(place, by: parameters.bookDivergence)
        if isDiverged != (breakers.markets[place].divergedSince != nil) {
            breakers.markets[place].divergedSince = isDiverged ? facts.time : nil
            breakers.touch(.instrument(identifier))
        }
        guard
            isDiverged || !breakers.markets[place].breaker.isIdle
                || !breakers.markets[place].liquidated.isEmpty
        else { return }
        let readings = marketReadings(place)
        for look in readings.indices {
            take(readings[look], .instrument(identifier), parameters)
        }
    }

    /// Whether the best bid stands above the index by a share, or the best offer below it: there
    /// nobody can place an order, the price band being narrower; only the index can leave one
    /// behind. Options have no index to be compared with.
    private mutating func isDiverged(_ place: Int, by share: Ratio) -> Bool {
        guard phases[place].isContinuous, marketBounds[place].mayTrade else { return false }
        let instrument = catalogue.instruments[place]
        let reference: IndexPrice
        switch instrument.kind {
        case .option: return false
        case .perpetual, .spot: reference = feeds[Int(instrument.underlying.number)].index
        case .future: reference = prices[place].mark
        }
        let book = InstrumentIdentifier(UInt16(place))
        return proven { () throws(ArithmeticFault) in
            let reach = try reference.multiplied(by: share, rounding: .down)
            if let bid = books.bestPrice(.buy, in: book),
                try instrument.indexPrice(of: bid) >= reference + reach
            {
                return true
            }
            guard let ask = books.bestPrice(.sell, in: book) else { return false }
            return try instrument.indexPrice(of: ask) <= reference - reach
        }
    }

    // What ends.

    private mutating func letGoExpired() {
        for place in breakers.underlyings.indices where !breakers.underlyings[place].breaker.isIdle
        {
            letGoExpired(.underlying(UnderlyingIdentifier(UInt16(place))))
        }
        for place in breakers.compartments.indices
        where !breakers.compartments[place].breaker.isIdle {
            letGoExpired(.compartment(CompartmentIdentifier(UInt16(place))))
        }
        for identifier in catalogue.live
        where !breakers.markets[Int(identifier.number)].breaker.isIdle {
            letGoExpired(.instrument(identifier))
        }
    }

    private mutating func letGoExpired(_ scope: BreakerScope) {
        let now = facts.time
        while breakers.breaker(of: scope).holds.contains(where: { $0.until <= now }) {
            let before = breakers.breaker(of: scope).level
            guard let hold = breakers.change(scope, { $0.removeExpired(at: now) }) else { return }
            note(
                .expired, of: hold.trigger, scope, from: before, measured: nil, threshold: 0,
                until: hold.until)
        }
    }

    /// Makes the levels that a breaker concerns again, and says what changed and why.
    mutating func note(
        _ change: BreakerChange, of trigger: BreakerTrigger, _ scope: BreakerScope,
        from: MarketLevel, measured: Int64?, threshold: Int64, until: Timestamp
    ) {
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            breakers.followLevel(of: place, catalogue.instruments[place])
        }
        emit(
            .breakerChanged(
                BreakerCertificate(
                    scope: scope, trigger: trigger, change: change, measured: measured,
                    threshold: threshold, from: from, to: breakers.breaker(of: scope).level,
                    until: until)))
    }
}
