/// The numbers of Derive's portfolio margin 2 for the margin reference, transcribed from the tables
/// of docs/margin.md section 3. The published cases bring their own.

extension Reference {
    /// A scenario of Derive: a move with one of the five treatments of volatility.
    struct DeriveScenario {
        enum Treatment: String {
            case up = "Up"
            case none = "None"
            case down = "Down"
            case linear = "LINEAR"
            case absolute = "ABS"
        }

        var move: Precise
        var treatment: Treatment
        var weight: Precise
    }

    /// One of the two skew scenarios.
    struct DeriveSkew {
        var cap: Precise = 0.25
        var slope: Precise = -0.1
    }

    /// All parameters of the rule, by the words of the document.
    struct DeriveParameters {
        var scenarios: [DeriveScenario] = DeriveParameters.published
        var shock = VolatilityShock(up: 0.5, down: 0.3, isThirtyShort: true, leastUp: 0.4)
        var linear = DeriveSkew()
        var absolute = DeriveSkew()
        var leastWidth: Precise = 0.01
        var widthScale: Precise = 4
        var widthVolatility: Precise = 0.6
        var widthSlope: Precise = -0.1
        var initialFactor: Precise = 1
        var maintenanceFactor: Precise = 0.8
        var longDiscount: Precise = 0.95
        var longRateFactor: Precise = 1
        var longRateAddition: Precise = 0.08
        var shortDiscount: Precise = 1.04
        var shortRateFactor: Precise = 0.5
        var shortRateAddition: Precise = 0.08
        var basisUp: Precise = 0.045
        var basisDown: Precise = -0.045
        var basisAddition: Precise = 0.5
        var basisFactor: Precise = 2
        var pegThreshold: Precise = 0.99
        var pegFactor: Precise = 4
        var confidenceThreshold: Precise = 0.55
        var confidenceFactor: Precise = 1
        var maintenancePerpetual: Precise = 0.03
        var initialPerpetual: Precise = 0.01
        var maintenanceOption: Precise = 0.003
        var initialOption: Precise = 0.002

        /// The 33 published scenarios of BTC and ETH, in the order of the document.
        static let published: [DeriveScenario] = {
            var rows: [DeriveScenario] = [
                DeriveScenario(move: 0.18, treatment: .up, weight: 1)
            ]
            for move: Precise in [0.135, 0.09, 0.045, 0, -0.045, -0.09, -0.135] {
                rows.append(DeriveScenario(move: move, treatment: .up, weight: 1))
                rows.append(DeriveScenario(move: move, treatment: .none, weight: 1))
                rows.append(DeriveScenario(move: move, treatment: .down, weight: 1))
            }
            rows.append(DeriveScenario(move: -0.18, treatment: .up, weight: 1))
            let tails: [(Precise, Precise)] = [
                (-0.66, 0.21), (-0.33, 0.42), (0.5, 0.2772), (1, 0.1386), (2, 0.0693),
                (3, 0.0462), (4, 0.03465), (5, 0.02772),
            ]
            for (move, weight) in tails {
                rows.append(DeriveScenario(move: move, treatment: .up, weight: weight))
            }
            rows.append(DeriveScenario(move: 0, treatment: .linear, weight: 1))
            rows.append(DeriveScenario(move: 0, treatment: .absolute, weight: 1))
            return rows
        }()
    }
}
