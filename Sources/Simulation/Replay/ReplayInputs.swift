/// The boundary between the command and the runner: what a replay gets, and what it gives.

/// What a replay runs on.
package struct ReplayInputs: Sendable {
    /// In order of symbol, as `PriceFiles.histories` and `BuiltInDay.histories` give them; not
    /// empty.
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
