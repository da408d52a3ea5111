/// Where the publishers of a replay see prices: each venue of the price files is a source, and the
/// markets of one venue (`binance`, `binance-perp`) share its cap. A publisher reads the venue at
/// its own place, counted round, of every underlying.

import Canonical
import FixedPoint
import Ledger
import Oracle

extension LabGenesis {
    /// The name of the source that a publisher reads.
    static func sourceName(of publisher: Int, in history: PriceHistory) -> Symbol {
        symbol(history.sources[publisher % history.sources.count].venue)
    }

    /// All venues of the files, once each, in the order in which they are first named.
    static func sources(of histories: [PriceHistory]) -> [Oracle.PriceSource] {
        var sources: [Oracle.PriceSource] = []
        var houses: [Substring] = []
        for source in histories.flatMap(\.sources) {
            let name = symbol(source.venue)
            guard sources.count < Safeguards.sourceLimit,
                !sources.contains(where: { $0.name == name })
            else { continue }
            let house = house(of: source.venue)
            if !houses.contains(house) { houses.append(house) }
            let number = houses.firstIndex(of: house) ?? 0
            sources.append(Oracle.PriceSource(name: name, venue: UInt16(number)))
        }
        return sources
    }

    /// The venue behind a market of it.
    private static func house(of venue: String) -> Substring {
        venue.prefix { $0 != "-" && $0 != "#" }
    }

    /// The standard for what the underlying is. Where the files hold no more venues than it asks
    /// for, one that fails would stop the index: then any number will do, and any may weigh all.
    static func aggregation(for history: PriceHistory) -> AggregationParameters {
        var rules = isMajor(history) ? AggregationParameters.major : .longTail
        var houses: [Substring] = []
        for source in history.sources where !houses.contains(house(of: source.venue)) {
            houses.append(house(of: source.venue))
        }
        if houses.count <= Int(rules.minimumVenues) {
            rules.minimumVenues = 1
            rules.venueCap = .one
        }
        return rules
    }
}
