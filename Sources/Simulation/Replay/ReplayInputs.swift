/// The boundary between the command and the runner: what a replay gets, and what it gives.

package import Canonical
package import Documents

/// What a replay runs on.
package struct ReplayInputs: Sendable {
    /// In order of symbol, as `PriceFiles.histories` and `BuiltInDay.histories` give them; not
    /// empty.
    package let histories: [PriceHistory]
    /// The name and bytes of the genesis file; nil for the built-in genesis.
    package let genesis: GenesisFile?
    package let seed: UInt64
    /// Defences that are off, beside those of the genesis file.
    package let without: [Defence]

    package init(
        histories: [PriceHistory], genesis: GenesisFile?, seed: UInt64, without: [Defence] = []
    ) {
        self.histories = histories
        self.genesis = genesis
        self.seed = seed
        self.without = without
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
