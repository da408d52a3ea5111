/// A deterministic walk inside bars, so that a block every few seconds sees a moving price: in the
/// first quarter of a bar from the open to the nearer extreme (the low on a tie), in the second and
/// third to the other extreme, in the last to the close. Venues that fall together fall together:
/// where bars of several sources cover the same time, all meet the same extreme first, the one that
/// is nearer in most of them.

/// A cursor over one source. Asking for times that do not fall costs O(1) amortised; a time before
/// the last one asked for costs a binary search.
package struct PricePath: Sendable {
    private let bars: [PriceBar]
    private let order: ExtremeOrder?
    private var cursor = 0

    /// A path at the first bar of `source`.
    package init(_ source: VenueBars) {
        self.init(source, order: nil)
    }

    private init(_ source: VenueBars, order: ExtremeOrder?) {
        bars = source.bars
        self.order = order
    }

    /// The paths of all sources of a history, in one order of extremes.
    package static func paths(of history: PriceHistory) -> [PricePath] {
        let order = history.sources.count > 1 ? ExtremeOrder(history) : nil
        return history.sources.map { PricePath($0, order: order) }
    }

    /// The price at `time` (nanoseconds since 1970) in 10⁻⁶ quote per price unit, within the low
    /// and high of its bar; nil when no bar covers `time` (an outage, or before or after the
    /// history). The first nanosecond of a bar has its open, the last its close.
    package mutating func price(at time: UInt64) -> Int64? {
        guard cursor < bars.count else { return nil }
        if time < bars[cursor].start { rewind(to: time) }
        while cursor + 1 < bars.count && bars[cursor + 1].start <= time { cursor += 1 }
        let bar = bars[cursor]
        guard time >= bar.start && time < bar.end else { return nil }
        return PricePath.price(
            of: bar, after: time - bar.start, isLowFirst: order?.isLowFirst(in: bar))
    }

    /// The price `elapsed` nanoseconds into `bar`, for `elapsed` in `0 ..< bar.duration`.
    ///
    /// - Parameter isLowFirst: which extreme comes first; nil for the nearer one.
    package static func price(
        of bar: PriceBar, after elapsed: UInt64, isLowFirst: Bool? = nil
    ) -> Int64 {
        let last = bar.duration - 1
        let first = bar.duration / 4
        let third = bar.duration - max(first, 1)
        let isLowFirst = isLowFirst ?? bar.isLowNearer
        let near = isLowFirst ? bar.low : bar.high
        let far = isLowFirst ? bar.high : bar.low
        if elapsed >= last { return bar.close }
        if elapsed < first { return between(bar.open, near, elapsed, first) }
        if elapsed < third { return between(near, far, elapsed - first, third - first) }
        return between(far, bar.close, elapsed - third, last - third)
    }

    /// From `start` toward `end` by `part / whole`, rounded toward `start`; `part ≤ whole`.
    private static func between(
        _ start: Int64, _ end: Int64, _ part: UInt64, _ whole: UInt64
    ) -> Int64 {
        guard whole > 0 else { return end }
        let moved = Int128(end - start) * Int128(part) / Int128(whole)
        return start + Int64(truncatingIfNeeded: moved)
    }

    /// Puts the cursor on the last bar that starts at or before `time`, or on the first bar.
    private mutating func rewind(to time: UInt64) {
        var low = 0
        var high = cursor
        while low < high {
            let middle = (low + high) / 2
            if bars[middle].start <= time { low = middle + 1 } else { high = middle }
        }
        cursor = max(low - 1, 0)
    }
}

extension PriceBar {
    /// Whether the low is as near to the open as the high, or nearer.
    fileprivate var isLowNearer: Bool { open - low <= high - open }
}

/// Which extreme most of the bars that cover the same time meet first; on a tie, and where all are
/// flat, the low.
private struct ExtremeOrder: Sendable {
    private struct Span: Hashable {
        let start: UInt64
        let duration: UInt64

        init(_ bar: PriceBar) {
            start = bar.start
            duration = bar.duration
        }
    }

    /// Bars that meet their low first, less those that meet their high first.
    private var lean: [Span: Int] = [:]

    init(_ history: PriceHistory) {
        for bar in history.sources.flatMap(\.bars) where bar.low < bar.high {
            lean[Span(bar), default: 0] += bar.isLowNearer ? 1 : -1
        }
    }

    func isLowFirst(in bar: PriceBar) -> Bool { lean[Span(bar), default: 0] >= 0 }
}
