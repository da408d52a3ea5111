/// What a run over option chains found, in figures: errors by time to expiry, what was dropped of
/// whom and why, and how curves came about.
import Documents
package import Oracle

/// Errors of some quotes, in volatility points.
package struct ErrorFigures: Sendable {
    package let count: Int
    package let median: Double
    package let high: Double
    package let most: Double

    init(_ errors: [Double]) {
        let sorted = errors.sorted()
        count = sorted.count
        median = ErrorFigures.quantile(sorted, 0.5)
        high = ErrorFigures.quantile(sorted, 0.95)
        most = sorted.last ?? 0
    }

    /// The smallest value that a share of all does not exceed.
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let place = Int((share * Double(sorted.count)).rounded(.up)) - 1
        return sorted[min(max(place, 0), sorted.count - 1)]
    }
}

/// The figures of one file.
package struct SurfaceSummary: Sendable {
    /// Expiries that are about as far away.
    package struct Tenor: Sendable {
        package let name: String
        package let expiries: Int
        package let near: ErrorFigures
        package let far: ErrorFigures
        /// Of the forward, in basis points: the largest.
        package let forward: Double
    }

    /// Votes that did not count, of one kind.
    package struct Dropped: Sendable {
        package let fault: CurveFault
        /// What the liar did; nil of honest publishers.
        package let lie: SurfaceLie?
        package let count: Int
    }

    package let result: SurfaceFileResult
    package let all: Tenor
    package let tenors: [Tenor]
    package let dropped: [Dropped]
    package let medians: Int
    package let medoids: Int
    /// Expiries of snapshots in which no curve was made: the last one stood.
    package let held: Int

    private static let steps: [(name: String, days: UInt64)] = [
        ("up to 1 day", 1), ("up to 7 days", 7), ("up to 30 days", 30), ("up to 90 days", 90),
        ("longer", .max),
    ]

    package init(_ result: SurfaceFileResult) {
        self.result = result
        all = SurfaceSummary.tenor("all expiries", result.expiries)
        var rest = result.expiries
        var tenors: [Tenor] = []
        for step in SurfaceSummary.steps {
            let isIn = { (entry: SurfaceExpiry) in
                step.days == .max || entry.expiry - entry.time <= step.days * TimeText.day
            }
            tenors.append(SurfaceSummary.tenor(step.name, rest.filter(isIn)))
            rest.removeAll(where: isIn)
        }
        self.tenors = tenors.filter { $0.expiries > 0 }
        var dropped: [Dropped] = []
        for fault in CurveFault.allCases {
            let lies: [SurfaceLie?] = [nil] + SurfaceLie.allCases
            for lie in lies {
                let count = result.drops.count { $0.fault == fault && $0.lie == lie }
                if count > 0 { dropped.append(Dropped(fault: fault, lie: lie, count: count)) }
            }
        }
        self.dropped = dropped.sorted { $0.count > $1.count }
        medians = result.expiries.count { $0.source == .medians }
        medoids = result.expiries.count { $0.source == .medoid }
        held = result.expiries.count { $0.source == nil }
    }

    private static func tenor(_ name: String, _ expiries: [SurfaceExpiry]) -> Tenor {
        Tenor(
            name: name, expiries: expiries.count, near: ErrorFigures(expiries.flatMap(\.errors)),
            far: ErrorFigures(expiries.flatMap(\.farErrors)),
            forward: (expiries.map { abs($0.forwardError) }.max() ?? 0) * 1e4)
    }

    /// Dropped votes of honest publishers: what a reader wants to see by name.
    package var honestDrops: [SurfaceDrop] { result.drops.filter { $0.lie == nil } }
}

extension CurveFault {
    /// In words.
    package var words: String {
        switch self {
        case .unknownExpiry: "unknown expiry"
        case .missingIndex: "no price of the underlying"
        case .forwardOutOfRange: "forward out of range"
        case .volatilityOutOfRange: "volatility out of range"
        case .butterflyArbitrage: "butterfly arbitrage"
        case .calendarArbitrage: "calendar arbitrage"
        case .outlier: "outlier"
        }
    }
}
