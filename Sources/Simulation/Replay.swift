/// The boundary between the command and the runner: what a replay gets, and what it gives.

/// What a replay runs on.
package struct ReplayInputs: Sendable {
    /// In order of symbol, as `PriceFiles.histories` and `BuiltInDay.histories` give them; not empty.
    package let histories: [PriceHistory]
    /// The name and bytes of the genesis file; nil for the built-in genesis.
    package let genesis: GenesisFile?
    package let seed: UInt64

    package init(histories: [PriceHistory], genesis: GenesisFile?, seed: UInt64) {
        self.histories = histories
        self.genesis = genesis
        self.seed = seed
    }
}

/// A genesis file as read, not yet understood.
package struct GenesisFile: Equatable, Sendable {
    /// The path as the user gave it, for messages.
    package let path: String
    package let bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// What a replay gives.
package struct ReplayResult: Sendable {
    package var summary: ReplaySummary
    package var series: ReplaySeries

    package init(summary: ReplaySummary, series: ReplaySeries) {
        self.summary = summary
        self.series = series
    }
}

/// Why a replay could not start: the file, the line if there is one, and the reason.
package struct ReplayFault: Error, Equatable, CustomStringConvertible {
    package let file: String
    /// From 1; nil when the fault is in the whole file.
    package let line: Int?
    package let reason: String

    package init(file: String, line: Int?, reason: String) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    package var description: String {
        line.map { "\(file): line \($0): \(reason)" } ?? "\(file): \(reason)"
    }
}

/// The runner. Stands in until the ledger is there: it walks the prices, and trades nothing.
package enum Replay {
    private static let permille: UInt64 = 1_000

    /// Replays `inputs`, telling `progress` as it goes.
    ///
    /// - Throws: `ReplayFault` before the first block if the genesis file is refused.
    package static func run(
        _ inputs: ReplayInputs, progress: (ReplayProgress) -> Void
    ) throws(ReplayFault) -> ReplayResult {
        var summary = ReplaySummary()
        var series = ReplaySeries()
        let start = inputs.histories.map(\.start).min() ?? 0
        let end = inputs.histories.map(\.end).max() ?? 0
        summary.chain = "rampart-lab"
        summary.seed = inputs.seed
        summary.start = start
        summary.end = end
        summary.markets = inputs.histories.map { $0.base + "-PERP" }
        let interval = ReplaySeries.interval(span: end - start)
        var paths = inputs.histories.map { $0.sources.map(PricePath.init) }
        series.markets = inputs.histories.map {
            MarketSeries(name: $0.base + "-PERP", unit: $0.base, quote: $0.quote)
        }
        var time = start
        while time < end {
            for market in paths.indices {
                var prices: [Int64] = []
                for source in paths[market].indices {
                    if let price = paths[market][source].price(at: time) { prices.append(price) }
                }
                summary.observations += prices.count
                let index = prices.isEmpty ? nil : prices.sorted()[prices.count / 2]
                series.markets[market].samples.append(
                    MarketSample(
                        time: time, last: nil, index: index, mark: index, stable: nil,
                        openInterest: 0, funding: nil))
            }
            summary.blocks += 1
            let done = Int((time - start) * permille / max(1, end - start))
            progress(
                ReplayProgress(
                    permille: done, time: time, blocks: summary.blocks, orders: 0, elapsed: 0))
            time += interval
        }
        return ReplayResult(summary: summary, series: series)
    }
}
