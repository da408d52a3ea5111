/// Stages 1 and 2: time advances; observations become index, stable price, mark and funding rate.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Risk

extension LedgerState {
    /// Stage 1. Advances height and time, and turns the day.
    ///
    /// - Returns: how far pricing time advances; nil where it does not.
    mutating func open(_ block: Block) -> Duration? {
        let lastDay = day
        facts.height = block.height
        facts.time = block.time
        if day != lastDay { turnDay() }
        closeExpired()
        expireInstruments()
        let step = genesis.pricingStep
        guard facts.time.count(of: step) != facts.pricingTime.count(of: step) else { return nil }
        let elapsed = facts.time.elapsed(since: facts.pricingTime)
        facts.pricingTime = facts.time
        return elapsed
    }

    /// Sets every account's reference for the profit of the day.
    private mutating func turnDay() {
        for place in 0..<accounts.accounts.count {
            let identifier = AccountIdentifier(UInt32(place))
            let equity = maintenanceMargin(of: identifier).equity
            accounts.turnDay(of: identifier, equity: equity)
        }
    }

    /// Stage 2. Judges the observations, makes the prices.
    ///
    /// - Returns: the underlyings of which anything that margin depends on may have moved.
    mutating func observe(
        _ block: Block, verdicts: [Bool], step: Duration?
    ) -> UnderlyingSet {
        for (place, bundle) in block.observations.enumerated() {
            if let refusal = judge(bundle, statement: checked.bundleStatements[place], verdicts) {
                emit(.observationRefused(bundle.publisher, refusal))
            } else {
                for observation in bundle.observations {
                    feeds[Int(observation.underlying.number)].record(
                        observation.price, from: bundle.publisher, at: bundle.time)
                }
                recordCurves(of: bundle)
                noteDepths(of: bundle)
            }
        }
        var moved = UnderlyingSet()
        for place in feeds.indices {
            let changed = feeds[place].aggregate(publishers: genesis.publishers, now: facts.time)
            let followed = step.map { feeds[place].followIndex(elapsed: $0) } ?? false
            // While an average runs, every block fixes more of it.
            let isSettling = !settlements[place].isEmpty
            if feeds[place].isPriced, changed || followed || isSettling || step != nil {
                moved.insert(UnderlyingIdentifier(UInt16(place)))
            }
            if changed || followed {
                emit(
                    .indexChanged(
                        UnderlyingIdentifier(UInt16(place)), index: feeds[place].index,
                        stable: feeds[place].stable))
            }
        }
        listByRule(moved: &moved)
        aggregateCurves(&moved)
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let instrument = catalogue.instruments[place]
            guard moved.contains(instrument.underlying) else { continue }
            mark(place, instrument, step: step)
        }
        if let step { followCaps(elapsed: step) }
        statedDepths.removeAll(keepingCapacity: true)
        return moved
    }

    /// The first reason to refuse a bundle as a whole.
    private mutating func judge(
        _ bundle: ObservationBundle, statement: Int?, _ verdicts: [Bool]
    ) -> Refusal? {
        guard let statement else { return .unknownPublisher }
        guard verdicts[statement] else { return .badObservationSignature }
        guard bundle.time <= facts.time else { return .observationFromFuture }
        for curve in bundle.curves where Int(curve.underlying.number) >= surfaces.count {
            return .unknownUnderlying
        }
        for observation in bundle.observations {
            let place = Int(observation.underlying.number)
            guard place < feeds.count else { return .unknownUnderlying }
            if let last = feeds[place].lastTime(of: bundle.publisher), last >= bundle.time {
                return .observationNotNewer
            }
            guard facts.time.elapsed(since: bundle.time) <= genesis.oracles[place].haltAge else {
                return .observationTooOld
            }
            let highest = catalogue.underlyings[place].maximumIndexPrice
            guard observation.price.isPositive, observation.price <= highest else {
                return .observationOutOfRange
            }
        }
        return nil
    }
}
