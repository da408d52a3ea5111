/// The two charts of one underlying: its index among its venues, and how far each venue, and the
/// median of those that are sound, stood from it.

/// Draws an index and its venues.
struct IndexCharts {
    /// Points drawn of a line: there are many lines.
    private static let mostPoints = 800
    /// Colours of venues; with more venues they come again.
    private static let colors = 10
    /// Of a venue's distances, the share that must fit into the picture, and by how much more.
    private static let fitting = 99
    private static let whole = 100
    private static let air: Int64 = 2
    /// 20 basis points: so much is always in the picture.
    private static let leastReach: Int64 = 2_000

    let series: UnderlyingSeries
    let axis: TimeScale

    /// Both charts.
    func html() -> String { priceChart() + distanceChart() }

    private func venueTraces(_ values: (Int) -> [Int64?]) -> [Chart.Trace] {
        series.venues.enumerated().map { place, name in
            Chart.Trace(
                label: name, color: "c-v\(place % IndexCharts.colors)", shape: .line,
                values: values(place))
        }
    }

    private func priceChart() -> String {
        let typical = series.index.lazy.compactMap { $0 }.first ?? 0
        // What stands last is drawn last: the index lies on top.
        let traces =
            venueTraces { series.prices[$0] } + [
                Chart.Trace(
                    label: "Index", color: "c-bold", shape: .line, values: series.index)
            ]
        return Chart(
            title: "\(series.name): index and venues", note: "\(series.quote), every block",
            format: .price(like: typical), times: series.times, traces: traces, isTall: true,
            mostPoints: IndexCharts.mostPoints, axis: axis
        ).html()
    }

    private func distanceChart() -> String {
        let venues = series.prices.map(distances)
        let truth = distances(series.truth)
        let reach = IndexCharts.reach(venues, truth)
        let traces =
            venueTraces { venues[$0] } + [
                Chart.Trace(
                    label: "Median of sound venues", color: "c-bold", shape: .line, values: truth)
            ]
        let isCut = venues.contains { $0.contains { ($0?.magnitude ?? 0) > UInt64(reach) } }
        let edge = ReplayConsole.basisPoints(reach)
        return Chart(
            title: "\(series.name): distance from the index",
            note: "basis points" + (isCut ? "; what lies beyond ±\(edge) is at the edge" : ""),
            format: .basisPoints, times: series.times, traces: traces, includesZero: true,
            isTall: true, limits: -reach...reach, mostPoints: IndexCharts.mostPoints, axis: axis
        ).html()
    }

    /// From the index, in 10⁻² basis points.
    private func distances(_ prices: [Int64?]) -> [Int64?] {
        zip(prices, series.index).map { price, index in
            guard let price, let index, index > 0 else { return nil }
            return Int64(clamping: (Int128(price) - Int128(index)) * 1_000_000 / Int128(index))
        }
    }

    /// How far the picture goes: what holds nearly all of a middling venue, and every distance of
    /// the sound median, so that one frozen venue does not flatten the others.
    private static func reach(_ venues: [[Int64?]], _ truth: [Int64?]) -> Int64 {
        let wide = venues.map { values -> Int64 in
            let sizes = values.compactMap { $0 }.map { abs($0) }.sorted()
            return sizes.isEmpty ? 0 : sizes[(sizes.count - 1) * fitting / whole]
        }.sorted()
        let middling = wide.isEmpty ? 0 : wide[(wide.count - 1) / 2] * air
        let own = truth.compactMap { $0 }.map { abs($0) }.max() ?? 0
        return max(leastReach, middling, own)
    }
}
