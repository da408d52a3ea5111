/// Where the publishers of a replay see prices: a source for each venue of the price files and each
/// currency that it quotes in; and how their prices become one (`AggregationParameters`), where a
/// file has fewer venues than Rampart's defaults ask for.

import Canonical
import Catalogue
import Documents
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
    private(set) var list: [PriceSource] = []
    private static let longestName = 16
    /// Of so many venues none may be missing.
    private static let fewVenues = 3

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
                    PriceSource(
                        name: LabSources.name(of: source),
                        venue: UInt16(venues.firstIndex(of: venue) ?? 0),
                        quote: quote.map { UnderlyingIdentifier(UInt16($0)) }))
            }
        }
    }

    /// The firm behind a source: its spot and perpetual markets are one venue.
    private static func venue(of source: VenueBars) -> String {
        let name = source.venue.split(separator: "#").first.map(String.init) ?? source.venue
        return name.hasSuffix("-perp") ? String(name.dropLast("-perp".count)) : name
    }

    /// The name of a source: its venue, with the currency where it has one of its own.
    private static func name(of source: VenueBars) -> Symbol {
        guard let currency = source.currency else { return LabGenesis.symbol(source.venue) }
        let room = max(1, longestName - currency.count - 1)
        return LabGenesis.symbol(source.venue.prefix(room) + "-" + currency)
    }

    /// The sources of a genesis that have the names of a history's; of a genesis that names others,
    /// those at the same places, counted round.
    static func identifiers(
        of history: PriceHistory, among sources: [PriceSource]
    ) -> [SourceIdentifier] {
        history.sources.enumerated().map { place, source in
            let name = name(of: source)
            let found = sources.firstIndex { $0.name == name } ?? place % max(1, sources.count)
            return SourceIdentifier(UInt16(found))
        }
    }

    /// Which source of a history a publisher reads: venues in turn, and of a venue its sources in
    /// turn, so that no venue with many markets outweighs the others.
    static func place(readBy publisher: Int, in history: PriceHistory) -> Int {
        var venues: [(name: String, places: [Int])] = []
        for (place, source) in history.sources.enumerated() {
            let name = venue(of: source)
            if let known = venues.firstIndex(where: { $0.name == name }) {
                venues[known].places.append(place)
            } else {
                venues.append((name, [place]))
            }
        }
        let places = venues[publisher % venues.count].places
        return places[publisher / venues.count % places.count]
    }

    /// How the sources of a history become its index: Rampart's defaults, but for the number of
    /// venues and for what is frozen. Where the history has three venues or fewer all of them must
    /// be left, else more than half. A price may stand still for two bars: the walk inside a bar
    /// begins and ends with a quarter that may be flat.
    static func aggregation(of history: PriceHistory) -> AggregationParameters {
        var parameters =
            LabGenesis.isMajor(history) ? AggregationParameters.major : .longTail
        let longest = history.sources.flatMap(\.bars).map(\.duration).max() ?? 0
        let still = Duration(nanoseconds: min(2 * longest, TimeText.day))
        parameters.frozenAge = max(parameters.frozenAge, still)
        var venues: [String] = []
        for source in history.sources.map(venue) where !venues.contains(source) {
            venues.append(source)
        }
        let least = max(1, venues.count <= fewVenues ? venues.count : venues.count / 2 + 1)
        guard least < Int(parameters.minimumVenues) else { return parameters }
        parameters.minimumVenues = UInt16(least)
        let share = (Ratio.one.units + Int64(least) - 1) / Int64(least)
        parameters.venueCap = max(parameters.venueCap, Ratio(units: share))
        return parameters
    }
}
