/// How well the population fits what liquidations did: liquidated volume against the move of the
/// hour, in real data and in the laboratory. It calculates in floating point and feeds nothing
/// back: what the population takes from it stands there as constants.

import Documents
import Foundation

/// A power law fitted to pairs of a move and a volume.
struct PowerFit: Sendable {
    /// Volume grows with the move to this power.
    let elasticity: Double
    /// Of the logarithms.
    let correlation: Double
    let pairs: Int

    /// Least squares on logarithms of the pairs whose move is above `least` and whose volume is not
    /// zero; nil for fewer than three.
    init?(_ pairs: [(move: Double, volume: Double)], least: Double) {
        let points = pairs.filter { $0.move > least && $0.volume > 0 }
            .map { (x: log($0.move), y: log($0.volume)) }
        guard points.count >= 3 else { return nil }
        let count = Double(points.count)
        let (meanX, meanY) = (
            points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count
        )
        let xx = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
        let yy = points.reduce(0) { $0 + ($1.y - meanY) * ($1.y - meanY) }
        let xy = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
        guard xx > 0, yy > 0 else { return nil }
        elasticity = xy / xx
        correlation = xy / (xx * yy).squareRoot()
        self.pairs = points.count
    }
}

/// What the files say, and what the laboratory says to it.
package struct StressCalibration: Sendable {
    /// Classes of moves, as shares.
    private static let classes = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 1]
    /// Smaller moves of an hour liquidate nobody that the move explains.
    private static let leastMove = 0.001
    /// 10⁻⁶: the moves that the laboratory runs, within an hour each.
    private static let slides: [Int64] = [
        50_000, 65_000, 80_000, 100_000, 125_000, 160_000, 200_000, 250_000,
    ]

    private var hours: [(down: Double, up: Double, long: Double, short: Double)] = []
    private var allLong = 0.0
    private var allShort = 0.0
    private var liquidationRows = 0
    private var interest: Double?
    private var isRegimeEmpty = false
    private var leverages: [Double] = []
    private var runs: [(move: Double, reached: Double, forced: Double)] = []

    /// Reads files of liquidations, of accounts that were deleveraged, and of prices.
    ///
    /// - Parameter seeds: of the laboratory's runs; none runs nothing.
    /// - Throws: a fault with file and reason.
    package init(
        files: [String], seeds: ClosedRange<UInt64>?, jobs: Int,
        progress: @Sendable (StressBatch.Progress) -> Void
    ) throws(PriceFileFault) {
        var liquidations: [UInt64: (long: Double, short: Double)] = [:]
        var prices: [String] = []
        for file in files {
            let table = try ColumnFile(file)
            if let times = table["timestamp"], let long = table["longUsd"],
                let short = table["shortUsd"]
            {
                addLiquidations(times, long, short, to: &liquidations)
            } else if let open = table["oi_open"] {
                interest = open.reduce(0, +) / Double(max(1, open.count))
                isRegimeEmpty = table["liquidation_total_usd"]?.allSatisfy { $0 == 0 } ?? false
            } else if let list = table["leverage_realtime"] {
                leverages = list.sorted()
            } else {
                prices.append(file)
            }
        }
        if !prices.isEmpty {
            join(liquidations, try PriceFiles.histories(of: prices))
        }
        if let seeds { run(seeds, jobs: jobs, progress: progress) }
    }

    private mutating func addLiquidations(
        _ times: [Double], _ long: [Double], _ short: [Double],
        to liquidations: inout [UInt64: (long: Double, short: Double)]
    ) {
        liquidationRows += times.count
        allLong += long.reduce(0, +)
        allShort += short.reduce(0, +)
        for (place, time) in times.enumerated() {
            // Milliseconds to hours.
            let hour = UInt64(time) / 3_600_000
            liquidations[hour, default: (0, 0)].long += long[place]
            liquidations[hour, default: (0, 0)].short += short[place]
        }
    }

    /// Puts the liquidations of each hour beside the farthest moves of that hour.
    private mutating func join(
        _ liquidations: [UInt64: (long: Double, short: Double)], _ histories: [PriceHistory]
    ) {
        guard let bars = histories.first?.sources.first?.bars else { return }
        var byHour: [UInt64: (open: Int64, high: Int64, low: Int64)] = [:]
        for bar in bars {
            let hour = bar.start / (3_600 * TimeText.second)
            let known = byHour[hour] ?? (bar.open, bar.high, bar.low)
            byHour[hour] = (known.open, max(known.high, bar.high), min(known.low, bar.low))
        }
        for hour in liquidations.keys.sorted() {
            guard let price = byHour[hour], let volume = liquidations[hour] else { continue }
            let open = Double(price.open)
            hours.append(
                (
                    (open - Double(price.low)) / open, (Double(price.high) - open) / open,
                    volume.long, volume.short
                ))
        }
    }

    /// Falls of growing size with the calibrated population, at usual depth: what share of what
    /// longs hold is forced to close.
    private mutating func run(
        _ seeds: ClosedRange<UInt64>, jobs: Int,
        progress: @Sendable (StressBatch.Progress) -> Void
    ) {
        var batch = StressBatch(
            courses: StressCalibration.slides.map { .slide(-$0) },
            variants: [StressVariant(off: [])], seeds: seeds)
        batch.leverage = .calibrated
        batch.jobs = jobs
        for result in batch.run(progress: progress).groups.flatMap(\.results)
        where result.forced > 0 {
            let whole = Double(StressPlan.interest)
            runs.append(
                (
                    Double(-result.move) / 1e6, Double(result.reached) / whole,
                    Double(result.forced) / whole
                ))
        }
    }

    // MARK: Text

    /// What came of it, for a terminal.
    package var text: String {
        var text = ""
        if liquidationRows > 0 {
            text += "Liquidations: \(liquidationRows) rows, long share "
            text += StressCalibration.percent(allLong / max(1, allLong + allShort)) + "\n"
        }
        if !hours.isEmpty { text += hoursText }
        if let interest {
            text += "Open interest of the five-minute file: $\(Int(interest / 1e6))M on average"
            text += isRegimeEmpty ? "; its liquidation columns are all zero\n" : "\n"
        }
        if !leverages.isEmpty {
            let quantiles = [0.1, 0.25, 0.5, 0.75, 0.9].map { share in
                String(format: "%.2f", leverages[Int(share * Double(leverages.count - 1))])
            }
            text += "Deleveraged accounts: \(leverages.count); leverage at 10, 25, 50, 75, 90 %: "
            text += quantiles.joined(separator: ", ") + "\n"
        }
        return text + laboratoryText
    }

    private var laboratoryText: String {
        let reached = PowerFit(runs.map { (move: $0.move, volume: $0.reached) }, least: 0)
        let forced = PowerFit(runs.map { (move: $0.move, volume: $0.forced) }, least: 0)
        guard let reached, let forced else { return "" }
        var text =
            "Laboratory, \(runs.count) runs, falls within an hour, shares of open interest:\n"
        text += "  held by accounts that were reached ~ move ^ "
        text += StressCalibration.number(reached) + "\n"
        text += "  closed by force ~ move ^ \(StressCalibration.number(forced))\n"
        for slide in StressCalibration.slides {
            let move = Double(slide) / 1e6
            let own = runs.filter { abs($0.move - move) < move / 8 }
            guard !own.isEmpty else { continue }
            let count = Double(own.count)
            text += "  \(StressCalibration.percent(move)): reached "
            text += StressCalibration.percent(own.reduce(0) { $0 + $1.reached } / count)
            text += ", closed "
            text += StressCalibration.percent(own.reduce(0) { $0 + $1.forced } / count) + "\n"
        }
        return text
    }

    private var hoursText: String {
        var text = "Joined with prices: \(hours.count) hours\n"
        let sides: [(String, [(move: Double, volume: Double)])] = [
            ("longs against falls", hours.map { ($0.down, $0.long) }),
            ("shorts against rises", hours.map { ($0.up, $0.short) }),
        ]
        for (name, pairs) in sides {
            guard let fit = PowerFit(pairs, least: StressCalibration.leastMove) else { continue }
            text += "  \(name): volume ~ move ^ \(StressCalibration.number(fit))\n"
            var low = 0.0
            for high in StressCalibration.classes {
                let own = pairs.filter { $0.move >= low && $0.move < high }.map(\.volume)
                if !own.isEmpty {
                    text += "    \(StressCalibration.percent(low)) to "
                    text += StressCalibration.percent(high) + ": \(own.count) hours, mean $"
                    text += String(format: "%.2fM", own.reduce(0, +) / Double(own.count) / 1e6)
                    text += share(own) + "\n"
                }
                low = high
            }
        }
        return text
    }

    private func share(_ volumes: [Double]) -> String {
        guard let interest else { return "" }
        let mean = volumes.reduce(0, +) / Double(volumes.count)
        return String(format: ", %.4f %% of open interest", mean / interest * 100)
    }

    private static func number(_ fit: PowerFit) -> String {
        String(format: "%.2f", fit.elasticity)
            + String(format: ", correlation %.2f over %d pairs", fit.correlation, fit.pairs)
    }

    private static func percent(_ share: Double) -> String {
        String(format: "%.1f %%", share * 100)
    }
}
