/// Holds every block's indices against what the venues show at that moment.

import Canonical
import FixedPoint
import Ledger
import Oracle

/// Collects the series and the errors of all indices of a replay.
struct IndexRecorder {
    private static let basisPoint = 1e6
    private static let usualShare = 95
    private static let whole = 100

    private var watch: VenueWatch
    private(set) var series: [UnderlyingSeries]
    private var summaries: [IndexSummary]
    /// By underlying and block compared, in 10⁻² basis points.
    private var errors: [[Int64]]

    /// - Parameter histories: by underlying.
    init(_ histories: [PriceHistory]) {
        watch = VenueWatch(histories)
        series = histories.map { history in
            UnderlyingSeries(
                name: history.name, quote: history.quote, venues: history.sources.map(\.label))
        }
        summaries = series.map { entry in
            IndexSummary(name: entry.name, venues: entry.venues.map { VenueSummary(name: $0) })
        }
        errors = histories.map { _ in [] }
    }

    /// Takes the state after a block.
    mutating func add(_ ledger: Ledger) {
        let now = ledger.time
        let sights = watch.sights(at: now.nanoseconds)
        for (place, seen) in sights.enumerated() {
            let feed = ledger.feeds[place]
            let judge = SoundJudge(seen)
            for (venue, verdict) in judge.verdicts.enumerated() {
                summaries[place].venues[venue].blocks[verdict.rawValue] += 1
                series[place].prices[venue].append(seen[venue].price.map(IndexRecorder.micros))
            }
            let index = feed.isPriced ? feed.index.units : nil
            series[place].times.append(now.nanoseconds)
            series[place].index.append(index)
            series[place].truth.append(judge.truth.map(IndexRecorder.micros))
            let isUsable = feed.isValid(for: .liquidate, at: now)
            compare(place, isUsable ? index : nil, with: judge.truth, at: now.nanoseconds)
        }
    }

    private mutating func compare(
        _ place: Int, _ index: Int64?, with truth: Double?, at time: UInt64
    ) {
        guard let truth else {
            summaries[place].undecided += 1
            return
        }
        guard let index else {
            summaries[place].withheld += 1
            return
        }
        let error = IndexRecorder.micros(
            abs(Double(index) / truth - 1) * IndexRecorder.basisPoint)
        errors[place].append(error)
        summaries[place].compared += 1
        guard error > summaries[place].worst || summaries[place].compared == 1 else { return }
        summaries[place].worst = error
        summaries[place].worstTime = time
    }

    /// The figures so far.
    func finished() -> [IndexSummary] {
        zip(summaries, errors).map { summary, errors in
            var summary = summary
            let sorted = errors.sorted()
            guard !sorted.isEmpty else { return summary }
            summary.median = sorted[(sorted.count - 1) / 2]
            summary.high =
                sorted[(sorted.count - 1) * IndexRecorder.usualShare / IndexRecorder.whole]
            return summary
        }
    }

    private static func micros(_ value: Double) -> Int64 { Int64(value.rounded()) }
}
