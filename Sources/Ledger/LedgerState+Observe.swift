/// Stages 1 and 2: time advances; observations become index, stable price, mark and funding rate.

import Accounts
package import Canonical
import Catalogue
import FixedPoint
import Markets
package import Oracle
import Risk

extension LedgerState {
    /// Stage 1. Advances height and time, and turns the day.
    ///
    /// - Returns: how far pricing time advances; nil where it does not.
    mutating func open(_ block: Block) -> Duration? {
        let lastDay = day
        breakers.isNewMinute =
            block.time.count(of: .minute) != facts.time.count(of: .minute)
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
        _ block: Block, verdicts: [Bool], recovered: [EthereumAddress?], step: Duration?
    ) -> UnderlyingSet {
        for (place, bundle) in block.observations.enumerated() {
            if let refusal = judge(bundle, statement: checked.bundleStatements[place], verdicts) {
                emit(.observationRefused(bundle.publisher, refusal))
            } else {
                for observation in bundle.observations {
                    feeds[Int(observation.underlying.number)].record(
                        observation, from: bundle.publisher, at: bundle.time)
                }
                recordCurves(of: bundle)
            }
        }
        observeAttested(recovered: recovered)
        var moved = UnderlyingSet()
        makeIndices(step: step, moved: &moved)
        followMargins(moved: &moved)
        listByRule(moved: &moved)
        aggregateCurves(&moved)
        for identifier in catalogue.live {
            let place = Int(identifier.number)
            let instrument = catalogue.instruments[place]
            guard moved.contains(instrument.underlying) else { continue }
            mark(place, instrument, step: step)
        }
        if let step { followCaps(elapsed: step) }
        return moved
    }

    /// The indices, first of the currencies that others are quoted in.
    private mutating func makeIndices(step: Duration?, moved: inout UnderlyingSet) {
        for place in feeds.indices where feeds[place].isQuote {
            makeIndex(place, step: step, moved: &moved)
            aggregation.noteRate(
                of: UnderlyingIdentifier(UInt16(place)), from: feeds[place], at: facts.time)
        }
        for place in feeds.indices where !feeds[place].isQuote {
            makeIndex(place, step: step, moved: &moved)
        }
    }

    private mutating func makeIndex(_ place: Int, step: Duration?, moved: inout UnderlyingSet) {
        let underlying = UnderlyingIdentifier(UInt16(place))
        let changed = feeds[place].aggregate(
            publishers: speakers[place], now: facts.time, &aggregation)
        for verdict in aggregation.verdicts {
            emit(
                .priceJudged(verdict.publisher, underlying, verdict.fault.map { Refusal($0) }))
        }
        if aggregation.isConditionNew {
            emit(.indexConditionChanged(underlying, feeds[place].condition))
        }
        let followed = step.map { feeds[place].followIndex(elapsed: $0) } ?? false
        // While an average runs, every block fixes more of it.
        let isSettling = !settlements[place].isEmpty
        if feeds[place].isPriced, changed || followed || isSettling || step != nil {
            moved.insert(underlying)
        }
        if changed || followed {
            emit(
                .indexChanged(
                    underlying, index: feeds[place].index, stable: feeds[place].stable))
        }
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
            guard
                facts.time.elapsed(since: bundle.time) <= genesis.oracles[place].haltAge
                    || !genesis.safeguards.isOn(.staleness)
            else { return .observationTooOld }
        }
        return nil
    }
}

extension LedgerState {
    /// What it costs to move an index down and up by 2 %, in the quote asset: the depth of the
    /// cheapest sources that together make it, as of this block's observations.
    mutating func cheapestMajorityDepth(
        of underlying: UnderlyingIdentifier
    ) -> (below: Amount, above: Amount) {
        let place = Int(underlying.number)
        return feeds[place].cheapestMajorityDepth(
            publishers: speakers[place], now: facts.time, &aggregation)
    }
}

extension Genesis {
    /// The feeds before anything is observed.
    var openingFeeds: [IndexFeed] {
        let sources = SourceTable(safeguards.sources)
        return oracles.enumerated().map { place, parameters in
            IndexFeed(
                of: UnderlyingIdentifier(UInt16(place)), parameters: parameters,
                publishers: publishers.count, sources: sources,
                highest: catalogue.underlyings[place].maximumIndexPrice, off: safeguards.off)
        }
    }

    /// How expiries of an underlying settle. Without the defence one observation may cover all.
    package func settlement(of underlying: UnderlyingIdentifier) -> SettlementParameters {
        var parameters = oracles[Int(underlying.number)].settlement
        if !safeguards.isOn(.settlementCoverage) {
            parameters.coverage = Ratio(units: 1)
            parameters.observationWeight = parameters.window
        }
        return parameters
    }
}

extension Refusal {
    /// How the ledger names a fault of a price.
    init(_ fault: PriceFault) {
        self =
            switch fault {
            case .unknownSource: .unknownSource
            case .stale: .priceStale
            case .zero: .priceZero
            case .negative: .priceNegative
            case .atBound: .priceAtBound
            case .noConversion: .noConversion
            case .outOfRange: .observationOutOfRange
            case .frozen: .priceFrozen
            case .unitShifted: .priceUnitShifted
            case .outlier: .priceOutlier
            }
    }
}
