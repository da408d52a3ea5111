/// Axes: where a value or a time stands in a plot, and which round values get a label.

import Documents

/// The vertical axis of a plot. Plot coordinates run from 0 (top) to 10,000 (bottom).
struct ChartScale: Equatable {
    /// Plot units from top to bottom and from left to right.
    static let extent = 10_000
    private static let wantedTicks: Int128 = 5

    let low: Int64
    let high: Int64
    /// Round values inside the range, rising, three to seven of them.
    let ticks: [Int64]
    /// The distance between ticks.
    let step: Int64

    /// The scale that shows all of `values` with a little air; from zero if `includesZero`, and
    /// over `leastSpan` at least.
    init(_ values: [Int64], includesZero: Bool, leastSpan: Int64 = 1) {
        let least = values.min() ?? 0
        let most = values.max() ?? 0
        var lower = Int128(includesZero ? min(least, 0) : least)
        var upper = Int128(includesZero ? max(most, 0) : most)
        upper = max(upper, lower + max(1, Int128(leastSpan)))
        let air = max(1, (upper - lower) * 6 / 100)
        if !(includesZero && upper == 0) { upper += air }
        if !(includesZero && lower == 0) { lower -= air }
        let wanted = ChartScale.wantedTicks
        let step = ChartScale.roundStep((upper - lower + wanted - 1) / wanted)
        var first = lower / step * step
        if first < lower { first += step }
        low = Int64(clamping: lower)
        high = Int64(clamping: upper)
        self.step = Int64(clamping: step)
        ticks = stride(from: first, through: upper, by: Int128.Stride(step)).map {
            Int64(clamping: $0)
        }
    }

    /// The height of `value` in the plot, clamped to it.
    func y(_ value: Int64) -> Int {
        let part = (Int128(high) - Int128(value)) * Int128(ChartScale.extent)
        let place = part / max(1, Int128(high) - Int128(low))
        return Int(clamping: min(max(place, 0), Int128(ChartScale.extent)))
    }

    /// The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `step`.
    private static func roundStep(_ step: Int128) -> Int128 {
        var unit: Int128 = 1
        while unit * 10 <= step { unit *= 10 }
        var candidates = [unit, 2 * unit, 5 * unit]
        if unit >= 10 { candidates.insert(unit / 2 * 5, at: 2) }
        return candidates.first { $0 >= step } ?? unit * 10
    }
}

/// A labelled place of a horizontal axis.
struct HorizontalTick: Equatable {
    let x: Int
    let label: String
    /// Left out on narrow screens.
    let isMinor: Bool
}

/// A horizontal axis of whole numbers: times, strikes, places in a list.
protocol HorizontalScale {
    var start: UInt64 { get }
    /// After `start`.
    var end: UInt64 { get }
    /// What the page's script counts in.
    var unit: UInt64 { get }
    var ticks: [HorizontalTick] { get }
}

extension HorizontalScale {
    /// The place of `value` in the plot, clamped to it.
    func x(_ value: UInt64) -> Int {
        let clamped = min(max(value, start), end)
        let part = UInt128(clamped - start) * UInt128(ChartScale.extent)
        return Int(part / UInt128(end - start))
    }
}

/// The horizontal axis of what is not a time, with labels as given.
struct PlainScale: HorizontalScale, Equatable {
    let start: UInt64
    let end: UInt64
    let labels: [(value: UInt64, label: String)]
    /// So many fit on narrow screens too.
    private static let fewLabels = 4

    /// - Parameter labels: of values in the range, rising.
    init(start: UInt64, end: UInt64, labels: [(value: UInt64, label: String)]) {
        self.start = start
        self.end = max(end, start + 1)
        self.labels = labels
    }

    var unit: UInt64 { 1 }

    var ticks: [HorizontalTick] {
        labels.enumerated().map { place, entry in
            HorizontalTick(
                x: x(entry.value), label: entry.label,
                isMinor: labels.count > PlainScale.fewLabels && place % 2 == 1)
        }
    }

    static func == (left: Self, right: Self) -> Bool {
        left.start == right.start && left.end == right.end && left.ticks == right.ticks
    }
}

/// The horizontal axis: time in UTC.
struct TimeScale: HorizontalScale, Equatable {
    /// Minutes between labels.
    private static let steps: [UInt64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1_440, 2_880, 7_200, 10_080, 20_160,
        43_200, 86_400, 175_200, 350_400, 525_600, 1_051_200, 2_628_000, 5_256_000,
    ]
    /// Minutes: from here on labels are months, not days.
    private static let monthStep: UInt64 = 43_200
    private static let mostTicks: UInt64 = 8

    let start: UInt64
    let end: UInt64

    init(start: UInt64, end: UInt64) {
        self.start = start
        self.end = max(end, start + 1)
    }

    var unit: UInt64 { TimeText.second }

    /// Round times with their labels: clock times, or dates where midnight is or steps are long.
    var ticks: [HorizontalTick] {
        let span = end - start
        let step =
            (TimeScale.steps.first { span / ($0 * TimeText.minute) <= TimeScale.mostTicks }
                ?? 5_256_000) * TimeText.minute
        var ticks: [HorizontalTick] = []
        var time = (start + step - 1) / step * step
        while time <= end {
            let isDate = step >= TimeText.day || (time % TimeText.day == 0 && span > TimeText.day)
            let isMonth = step >= TimeScale.monthStep * TimeText.minute
            let label =
                isMonth
                ? String(ReportText.date(time).prefix(7))
                : isDate ? ReportText.shortDate(time) : ReportText.clock(time)
            ticks.append(HorizontalTick(x: x(time), label: label, isMinor: time / step % 2 == 1))
            time += step
        }
        return ticks
    }

    /// Nanoseconds of a bar so that at most `count` cover the axis.
    func barWidth(most count: UInt64) -> UInt64 {
        let span = end - start
        let minutes = TimeScale.steps.first { span / ($0 * TimeText.minute) < count } ?? 5_256_000
        return minutes * TimeText.minute
    }
}
