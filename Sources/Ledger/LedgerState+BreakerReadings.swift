/// What breakers are shown: for every trigger what is measured and from where it trips. Looking
/// changes nothing, so that the API can tell the numbers that `followBreakers` acts on.

import Accounts
import Breakers
import Canonical
import Catalogue
import FixedPoint
import Oracle
import Risk

extension LedgerState {
    /// The looks at an index that has a price: moves and spread of one young enough to trade on,
    /// and its age.
    ///
    /// - Parameter room: used again and again.
    func underlyingReadings(
        _ place: Int, room: inout [WeightedPrice]
    ) -> InlineArray<5, BreakerReading> {
        let parameters = genesis.safeguards.breakers[place]
        let oracle = feeds[place].parameters
        let age = facts.time.elapsed(since: feeds[place].indexTime)
        var moves: (minute: Ratio, fiveMinutes: Ratio)?
        var spread: Ratio?
        if age <= oracle.reduceOnlyAge {
            moves = breakers.underlyings[place].window.moves(of: feeds[place].index)
            spread = feeds[place].spread(
                publishers: genesis.publishers, feeds: feeds, at: facts.time, room: &room)
        }
        // Good enough to trade and to reduce up to and with these ages; clear once it liquidates.
        func ageReading(_ trigger: BreakerTrigger, _ limit: Duration) -> BreakerReading {
            BreakerReading(
                trigger, measured: Int64(clamping: age.nanoseconds),
                threshold: Int64(clamping: limit.nanoseconds) + 1,
                clearing: Int64(clamping: oracle.liquidationAge.nanoseconds) + 1)
        }
        return [
            parameters.reading(
                .minuteMove, moves?.minute.units, threshold: parameters.minuteMove.units),
            parameters.reading(
                .fiveMinuteMove, moves?.fiveMinutes.units,
                threshold: parameters.fiveMinuteMove.units),
            parameters.reading(
                .sourceDivergence, spread?.units, threshold: parameters.sourceDivergence.units),
            ageReading(.staleIndex, oracle.reduceOnlyAge),
            ageReading(.deadIndex, oracle.haltAge),
        ]
    }

    /// The looks at a market that has a price: for how long its book stands apart from the index,
    /// and what of it began to be liquidated.
    func marketReadings(_ place: Int) -> InlineArray<2, BreakerReading> {
        let parameters = breakerParameters(of: InstrumentIdentifier(UInt16(place)))
        let since = breakers.markets[place].divergedSince
        let lasted = since.map { facts.time.elapsed(since: $0) } ?? .zero
        return [
            parameters.reading(
                .bookDivergence, Int64(clamping: lasted.nanoseconds),
                threshold: Int64(clamping: parameters.divergenceTime.nanoseconds)),
            parameters.reading(
                .liquidations, breakers.markets[place].liquidated.total(at: facts.time),
                threshold: liquidationLimit(of: place, parameters)),
        ]
    }

    /// The looks at a compartment: what of it began to be liquidated, and what its fund paid.
    func compartmentReadings(
        _ place: Int, _ parameters: VaultParameters
    ) -> InlineArray<2, BreakerReading> {
        let home = CompartmentIdentifier(UInt16(place))
        let paid = breakers.compartments[place].paid.total(at: facts.time)
        let fund = accounts.funds[place].insurance.units
        return [
            parameters.reading(
                .liquidations, breakers.compartments[place].liquidated.total(at: facts.time),
                threshold: liquidationLimit(of: home, parameters)),
            parameters.reading(
                .drawdown, paid,
                threshold: limit(
                    parameters.drawdownShare,
                    of: Amount(microunits: min(SlidingSum.largest, fund + paid)),
                    floor: parameters.drawdownFloor)),
        ]
    }
}
