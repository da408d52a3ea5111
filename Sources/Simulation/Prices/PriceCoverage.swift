/// When there are prices at all. Files of distant days may be replayed together; the years between
/// them are not worth a block.

/// The time that histories cover.
package enum PriceCoverage {
    /// The stretches of time with a bar of any source, rising and apart, in nanoseconds since 1970.
    /// Stretches no more than `gap` nanoseconds apart are joined, so that an outage of every source
    /// is lived through, while the time between two files is skipped.
    ///
    /// O(n log n) in the number of bars.
    package static func stretches(
        of histories: [PriceHistory], joiningGapsUpTo gap: UInt64
    ) -> [Range<UInt64>] {
        var all: [Range<UInt64>] = []
        for source in histories.flatMap(\.sources) {
            append(source.bars.lazy.map { $0.start..<$0.end }, joining: gap, to: &all)
        }
        all.sort { $0.lowerBound < $1.lowerBound }
        var joined: [Range<UInt64>] = []
        append(all, joining: gap, to: &joined)
        return joined
    }

    /// Adds `ranges`, rising by their start, to the last of `stretches` or after it. A range that
    /// starts before the last stretch begins a new one, which the caller sorts.
    private static func append(
        _ ranges: some Sequence<Range<UInt64>>, joining gap: UInt64,
        to stretches: inout [Range<UInt64>]
    ) {
        for range in ranges {
            if let last = stretches.last, range.lowerBound >= last.lowerBound,
                range.lowerBound <= last.upperBound || range.lowerBound - last.upperBound <= gap
            {
                let upper = max(last.upperBound, range.upperBound)
                stretches[stretches.count - 1] = last.lowerBound..<upper
            } else {
                stretches.append(range)
            }
        }
    }
}
