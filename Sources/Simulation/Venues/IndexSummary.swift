/// How far an index was from what sound venues showed, in figures, and what the judge said of each
/// venue.

/// One underlying's index against its venues.
package struct IndexSummary: Equatable, Sendable {
    /// The pair, such as `BTC/USD`.
    package let name: String
    package var venues: [VenueSummary]
    /// Blocks in which the index was good enough to liquidate on, and some venue was sound.
    package var compared = 0
    /// Blocks in which some venue was sound, but the index not good enough to liquidate on.
    package var withheld = 0
    /// Blocks in which no venue was sound.
    package var undecided = 0
    /// Distance from the median of the sound venues in 10⁻² basis points, over the blocks compared.
    package var median: Int64 = 0
    /// The same: 95 of 100 blocks are at most so far off.
    package var high: Int64 = 0
    package var worst: Int64 = 0
    /// Nanoseconds since 1970 of the block with the largest distance.
    package var worstTime: UInt64 = 0

    package init(name: String, venues: [VenueSummary]) {
        self.name = name
        self.venues = venues
    }
}

/// What the judge said of one venue, in blocks.
package struct VenueSummary: Equatable, Sendable {
    package let name: String
    /// By the number of the verdict.
    package var blocks = [Int](repeating: 0, count: VenueVerdict.allCases.count)

    package init(name: String) { self.name = name }

    /// How many blocks had a verdict.
    package func count(of verdict: VenueVerdict) -> Int { blocks[verdict.rawValue] }
}

/// An index and its venues over time, one place per block.
package struct UnderlyingSeries: Equatable, Sendable {
    /// The pair, such as `BTC/USD`.
    package let name: String
    /// What prices are in.
    package let quote: String
    /// In the order of the history's sources.
    package let venues: [String]
    /// Nanoseconds since 1970, rising.
    package var times: [UInt64] = []
    /// 10⁻⁶ quote; nil before the first.
    package var index: [Int64?] = []
    /// The median of the sound venues; nil where none is.
    package var truth: [Int64?] = []
    /// By venue and time, in 10⁻⁶ quote; nil where the venue shows nothing.
    package var prices: [[Int64?]]

    package init(name: String, quote: String, venues: [String]) {
        self.name = name
        self.quote = quote
        self.venues = venues
        prices = venues.map { _ in [] }
    }
}
