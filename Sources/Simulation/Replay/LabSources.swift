/// Where the publishers of a replay see prices: a source for each venue of the price files and each
/// currency that it quotes in; and how their prices become one (`AggregationParameters`), where a
/// file has fewer venues than Rampart's defaults ask for.

import Canonical
import Catalogue
import FixedPoint
import Oracle

/// The sources of a replay.
struct LabSources {
    /// One venue in one currency.
    private struct Place: Equatable {
        let venue: String
        let currency: String?
    }

    /// As genesis lists them.
    private(set) var list: [Oracle.PriceSource] = []
    private static let longestName = 16
    /// From so many venues on one may be missing.
    private static let spare = 4

    init(_ histories: [PriceHistory]) {
        var places: [Place] = []
        var venues: [String] = []
        for history in histories {
            for source in history.sources {
                let place = Place(venue: source.venue, currency: source.currency)
                guard !places.contains(place) else { continue }
                places.append(place)
                let venue = LabSources.venue(of: source)
                if !venues.contains(venue) { venues.append(venue) }
                let quote = source.currency.flatMap { currency in
                    histories.firstIndex { $0.base == currency && $0.quote == history.quote }
                }
                list.append(
                    Oracle.PriceSource(
                        name: LabSources.name(of: source),
                        venue: UInt16(venues.firstIndex(of: venue) ?? 0),
                        quote: quote.map { UnderlyingIdentifier(UInt16($0)) }))
            }
        }
    }

    /// The firm behind a source: its spot and perpetual markets are one venue.
    private static func venue(of source: PriceSource) -> String {
        let name = source.venue.split(separator: "#").first.map(String.init) ?? source.venue
        return name.hasSuffix("-perp") ? String(name.dropLast("-perp".count)) : name
    }

    /// The name of a source: its venue, with the currency where it has one of its own.
    private static func name(of source: PriceSource) -> Symbol {
        guard let currency = source.currency else { return LabGenesis.symbol(source.venue) }
        let room = max(1, longestName - currency.count - 1)
        return LabGenesis.symbol(source.venue.prefix(room) + "-" + currency)
    }

    /// The sources of a genesis that have the names of a history's; of a genesis that names others,
    /// those at the same places, counted round.
    static func identifiers(
        of history: PriceHistory, among sources: [Oracle.PriceSource]
    ) -> [SourceIdentifier] {
        history.sources.enumerated().map { place, source in
            let name = name(of: source)
            let found = sources.firstIndex { $0.name == name } ?? place % max(1, sources.count)
            return SourceIdentifier(UInt16(found))
        }
    }

    /// How the sources of a history become its index: Rampart's defaults, but for the number of
    /// venues. It is never more than the history has, and where the history has four or more, one
    /// of them may be missing.
    static func aggregation(of history: PriceHistory) -> AggregationParameters {
        var parameters =
            LabGenesis.isMajor(history) ? AggregationParameters.major : .longTail
        var venues: [String] = []
        for source in history.sources.map(venue) where !venues.contains(source) {
            venues.append(source)
        }
        let least = max(1, venues.count < spare ? venues.count : venues.count - 1)
        guard least < Int(parameters.minimumVenues) else { return parameters }
        parameters.minimumVenues = UInt16(least)
        let share = (Ratio.one.units + Int64(least) - 1) / Int64(least)
        parameters.venueCap = max(parameters.venueCap, Ratio(units: share))
        return parameters
    }
}
