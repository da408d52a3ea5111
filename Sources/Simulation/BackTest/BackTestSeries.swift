/// The closes of one asset on one venue at one step, as a back-test reads them. A change is judged
/// only between closes that stand one step apart: over a hole in the file nothing is known, and a
/// return over two days is no return over one.

import Documents
import Foundation

/// One history to test on.
package struct BackTestSeries: Sendable {
    /// Fewer closes than this cannot tell a good model from a bad one (`CoverageTest.power`).
    package static let leastCloses = 1_000

    /// `BTC/USD`.
    package let pair: String
    package let base: String
    package let venue: String
    /// Nanoseconds between closes.
    package let step: UInt64
    /// Nanoseconds at which each close was known; rising.
    package let times: [UInt64]
    /// In 10⁻⁶ quote per `unitMultiplier` units; as many, all positive.
    package let closes: [Int64]

    package init(
        pair: String, base: String, venue: String, step: UInt64, times: [UInt64], closes: [Int64]
    ) {
        self.pair = pair
        self.base = base
        self.venue = venue
        self.step = step
        self.times = times
        self.closes = closes
    }

    /// What histories hold for a back-test: for each asset and step the longest source, if it is
    /// long enough, and the names of all others. The longest steps come first, then the longest
    /// series.
    package static func taken(
        from histories: [PriceHistory], assets: [String] = []
    ) -> (series: [BackTestSeries], leftOut: [String]) {
        var series: [BackTestSeries] = []
        var leftOut: [String] = []
        for history in histories where assets.isEmpty || assets.contains(history.base) {
            for source in history.sources {
                let own = BackTestSeries(history, source)
                guard own.closes.count >= leastCloses else {
                    leftOut.append("\(own.name) has \(own.closes.count) closes")
                    continue
                }
                let rival = series.firstIndex { $0.base == own.base && $0.step == own.step }
                guard let rival else {
                    series.append(own)
                    continue
                }
                let isLonger = own.closes.count > series[rival].closes.count
                let other = isLonger ? series[rival] : own
                leftOut.append("\(other.name) is shorter than another of its asset")
                if isLonger { series[rival] = own }
            }
        }
        series.sort { ($0.step, $0.closes.count, $1.base) > ($1.step, $1.closes.count, $0.base) }
        return (series, leftOut)
    }

    private init(_ history: PriceHistory, _ source: VenueBars) {
        pair = history.name
        base = history.base
        venue = source.venue
        step = source.bars.map(\.duration).min() ?? TimeText.day
        times = source.bars.map(\.end)
        closes = source.bars.map(\.close)
    }

    /// `BTC/USD on coinbase by day`.
    package var name: String { "\(pair) on \(venue) by \(stepName)" }

    package var stepName: String {
        switch step {
        case TimeText.day: "day"
        case 60 * TimeText.minute: "hour"
        case TimeText.minute: "minute"
        default: ReportText.duration(step)
        }
    }

    /// Whether the close at `place` stands `steps` steps after the one so many places before.
    func isWhole(_ steps: Int, to place: Int) -> Bool {
        place >= steps && place < times.count
            && times[place] - times[place - steps] == step * UInt64(steps)
    }

    /// The change to the close at `place` over `steps` steps, as a share of the earlier close; nil
    /// over a hole, and beyond the end.
    func change(_ steps: Int, to place: Int) -> Double? {
        guard isWhole(steps, to: place) else { return nil }
        return Double(closes[place]) / Double(closes[place - steps]) - 1
    }

    /// The same as the size of a logarithmic return; zero over a hole.
    func logarithmicChange(_ steps: Int, to place: Int) -> Double {
        log1p(change(steps, to: place) ?? 0)
    }

    /// Steps between the close at `place` and the one before; one for the first.
    func steps(to place: Int) -> UInt64 {
        place == 0 ? 1 : max(1, (times[place] - times[place - 1]) / step)
    }

    /// Changes over one step that a hole makes unknown.
    var holes: Int { times.indices.dropFirst().count { !isWhole(1, to: $0) } }
}
