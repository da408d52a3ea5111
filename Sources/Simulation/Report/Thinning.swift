/// Fewer points for the same picture: of each bucket the first, lowest, highest and last sample stay,
/// so no spike is lost (the M4 aggregation of Jugel et al., 2014).

/// Chooses the samples to draw.
package enum Thinning {
    /// Points that a chart draws at most.
    package static let mostPoints = 1_500
    private static let keptPerBucket = 4

    /// The places in `values` to keep, rising, at most `limit` of them; all when they are no more.
    ///
    /// - Parameter limit: at least 4.
    package static func indices(of values: [Int64?], limit: Int = mostPoints) -> [Int] {
        guard values.count > limit else { return Array(values.indices) }
        let buckets = max(limit / keptPerBucket, 1)
        var kept: [Int] = []
        kept.reserveCapacity(limit)
        for bucket in 0..<buckets {
            let lower = values.count * bucket / buckets
            let upper = values.count * (bucket + 1) / buckets
            var places = [lower, upper - 1]
            let known = (lower..<upper).filter { values[$0] != nil }
            if let lowest = known.min(by: { (values[$0] ?? 0) < (values[$1] ?? 0) }) {
                places.append(lowest)
            }
            if let highest = known.max(by: { (values[$0] ?? 0) < (values[$1] ?? 0) }) {
                places.append(highest)
            }
            for place in places.sorted() where kept.last != place { kept.append(place) }
        }
        return kept
    }
}
