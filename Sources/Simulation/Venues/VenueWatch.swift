/// What every venue shows of every underlying at a moment, straight from the price files. The
/// report holds the index against it; the oracle never sees it. Floating point, because nothing of
/// it goes back into the engine.

/// Walks all sources of all histories.
struct VenueWatch: Sendable {
    /// One venue of one underlying.
    private struct Venue {
        var path: PricePath
        /// When the venue shows one price again and again, in order of time.
        let frozen: [Range<UInt64>]
        var cursor = 0
        /// Place of the history that prices its quote currency; nil where none is needed.
        let rate: Int?

        mutating func isFrozen(at time: UInt64) -> Bool {
            while cursor < frozen.count && frozen[cursor].upperBound <= time { cursor += 1 }
            return cursor < frozen.count && frozen[cursor].contains(time)
        }
    }

    /// By underlying and source.
    private var venues: [[Venue]]

    init(_ histories: [PriceHistory]) {
        venues = histories.map { history in
            zip(history.sources, PricePath.paths(of: history)).map { source, path in
                Venue(
                    path: path, frozen: SoundJudge.frozenStretches(of: source.bars),
                    rate: VenueWatch.rate(of: source, in: history, among: histories))
            }
        }
    }

    /// The history whose price turns the source's quote currency into the history's own.
    private static func rate(
        of source: VenueBars, in history: PriceHistory, among histories: [PriceHistory]
    ) -> Int? {
        guard let currency = source.currency, currency != history.quote else { return nil }
        return histories.firstIndex { $0.base == currency && $0.quote == history.quote }
    }

    /// What each venue shows at `time`, by underlying and source, in 10⁻⁶ of the underlying's
    /// quote.
    ///
    /// - Parameter time: nanoseconds since 1970; rises from call to call.
    mutating func sights(at time: UInt64) -> [[VenueSight]] {
        var sights = venues.indices.map { underlying in
            venues[underlying].indices.map { source in
                VenueSight(
                    price: venues[underlying][source].path.price(at: time).map { Double($0) },
                    isFrozen: venues[underlying][source].isFrozen(at: time))
            }
        }
        let rates = sights.map { SoundJudge($0).truth }
        for underlying in venues.indices {
            for source in venues[underlying].indices {
                guard let place = venues[underlying][source].rate else { continue }
                let price = sights[underlying][source].price
                sights[underlying][source].price = rates[place].flatMap { rate in
                    price.map { $0 * rate / VenueWatch.unit }
                }
            }
        }
        return sights
    }

    /// One quote unit in the unit of prices.
    private static let unit = 1e6
}
