/// The sources of genesis as aggregation asks for them: which of them are one venue, and whose
/// prices must be converted.

public import Canonical

/// All sources of a chain. Shared by the feeds, never changed.
public struct SourceTable: Equatable, Sendable {
    let sources: [PriceSource]
    /// By source: its venue, counted from 0 in the order in which venues are first named.
    let venues: [Int]
    let venueCount: Int

    /// - Parameter sources: as genesis lists them.
    public init(_ sources: [PriceSource]) {
        self.sources = sources
        var venues: [Int] = []
        var numbers: [UInt16] = []
        for source in sources {
            if let known = numbers.firstIndex(of: source.venue) {
                venues.append(known)
            } else {
                venues.append(numbers.count)
                numbers.append(source.venue)
            }
        }
        self.venues = venues
        venueCount = numbers.count
    }

    /// Whether some source is quoted in a currency whose price this underlying is. Such an
    /// underlying is taken only from sources in the quote currency of indices, so that no
    /// conversion waits for another.
    public func isQuote(_ underlying: UnderlyingIdentifier) -> Bool {
        sources.contains { $0.quote == underlying }
    }
}
