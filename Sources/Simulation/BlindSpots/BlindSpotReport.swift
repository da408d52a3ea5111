/// A run of the search over presets: for each what was found, how much of it stays within 5 % of
/// its margin, and the worst.
package import Documents
package import Risk

/// What was found under one preset.
package struct BlindSpotFinding: Sendable {
    package let preset: MarginPreset
    /// The range of the true loss, in thousandths of the index to each side.
    let range: Int64
    /// The widest gap first.
    package let spots: [BlindSpot]
    /// Gains of the worst over the price, by move of volatility.
    let curves: [(volatility: VolatilityMove, points: [TrueLoss.Point])]

    init(_ preset: MarginPreset, _ spots: [BlindSpot], _ search: BlindSpotSearch) {
        self.preset = preset
        range = search.trueLoss.range
        self.spots = spots.sorted { $0.excess > $1.excess }
        let worst = self.spots.first?.portfolio
        curves = VolatilityMove.allCases.map { volatility in
            (volatility, worst.map { search.trueLoss.curve(of: $0, volatility) } ?? [])
        }
    }

    package var worst: BlindSpot? { spots.first }

    /// What a loss may go beyond the margin (`shared/facts/risk.md`, last page but one).
    package static let tolerance = 0.05

    /// The share of portfolios whose loss goes no further than the tolerance beyond their margin.
    package var shareWithin: Double {
        let within = spots.count { $0.excess <= BlindSpotFinding.tolerance }
        return Double(within) / Double(max(1, spots.count))
    }

    /// The excess that a share of portfolios stays at or below.
    func quantile(_ share: Double) -> Double {
        guard !spots.isEmpty else { return 0 }
        let above = Int((1 - share) * Double(spots.count))
        return spots[min(above, spots.count - 1)].excess
    }
}

/// A run of the search.
package struct BlindSpotReport: Sendable {
    /// The names of presets, as the command takes them.
    package static var presets: [String] { MarginPreset.allCases.map(\.rawValue) }
    /// Portfolios of a run that names no number.
    package static let standardPortfolios = 1_000

    package let findings: [BlindSpotFinding]
    let seed: UInt64

    /// Searches under the named preset, or under all.
    ///
    /// - Parameters:
    ///   - portfolios: starts of the search for each preset.
    ///   - progress: told before each portfolio what is done and of how many.
    /// - Throws: `InputFault` where sizes go beyond what the engine is proven for.
    package init(
        preset: String?, portfolios: Int, seed: UInt64, progress: (BlindSpotProgress) -> Void
    ) throws(InputFault) {
        self.seed = seed
        var findings: [BlindSpotFinding] = []
        for entry in MarginPreset.allCases where preset == nil || preset == entry.rawValue {
            let search = BlindSpotSearch(entry.parameters(), seed: seed)
            var spots: [BlindSpot] = []
            for number in 0..<portfolios {
                progress(BlindSpotProgress(preset: entry.rawValue, done: number, of: portfolios))
                spots.append(try search.found(from: number))
            }
            progress(BlindSpotProgress(preset: entry.rawValue, done: portfolios, of: portfolios))
            findings.append(BlindSpotFinding(entry, spots, search))
        }
        self.findings = findings
    }
}

/// How far a run has come.
package struct BlindSpotProgress: Sendable {
    let preset: String
    let done: Int
    let of: Int

    /// A line of progress; nil where nothing new is to be said.
    package func text(isTerminal: Bool) -> String? {
        let percent = done * 100 / max(of, 1)
        let before = (done - 1) * 100 / max(of, 1)
        if isTerminal {
            guard done == 0 || percent != before else { return nil }
            return "\r\(percent) %  \(preset)\u{1b}[K" + (done == of ? "\n" : "")
        }
        guard done == 0 || percent / 25 > before / 25 else { return nil }
        return "\(percent) %  \(preset)\n"
    }
}
