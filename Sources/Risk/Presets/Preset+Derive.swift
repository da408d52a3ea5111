/// Derive's portfolio margin 2, as data (docs/margin.md, section 3, by whose rows the numbers
/// stand).

import FixedPoint

extension MarginParameters {
    /// 23 scenarios, eight tails, two skews, discounts by sign and a basis contingency.
    public static func derive() -> MarginParameters {
        func charges(_ perpetual: Int64, _ option: Int64, confidence: Bool) -> Charges {
            Charges(
                grossFloor: Ratio(basisPoints: perpetual), isFloorAtIndex: true,
                shortFloor: Ratio(basisPoints: option),
                confidenceThreshold: confidence ? Ratio(basisPoints: 5_500) : .zero,
                confidenceFactor: confidence ? .one : .zero)
        }
        return MarginParameters(
            move: .one,
            initial: MarginRule(
                scenarios: deriveScenarios, factor: .one,
                charges: charges(400, 50, confidence: true)),
            maintenance: MarginRule(
                scenarios: deriveScenarios, factor: Ratio(basisPoints: 8_000),
                charges: charges(300, 30, confidence: false)),
            volatility: VolatilityShock(
                up: Ratio(basisPoints: 5_000), down: Ratio(basisPoints: 3_000),
                leastUp: Ratio(basisPoints: 4_000)),
            skew: SkewShock(
                cap: Ratio(basisPoints: 2_500), capSlope: Ratio(basisPoints: -1_000),
                smileCap: Ratio(basisPoints: 2_500), smileCapSlope: Ratio(basisPoints: -1_000),
                leastWidth: Ratio(basisPoints: 100), widthScale: Ratio(basisPoints: 40_000),
                widthVolatility: Ratio(basisPoints: 6_000),
                widthSlope: Ratio(basisPoints: -1_000)),
            expiryTerms: ExpiryTerms(
                long: SignDiscount(
                    shift: Ratio(basisPoints: 9_500), rateFactor: .one,
                    rateAddition: Ratio(basisPoints: 800)),
                short: SignDiscount(
                    shift: Ratio(basisPoints: 10_400), rateFactor: Ratio(basisPoints: 5_000),
                    rateAddition: Ratio(basisPoints: 800)),
                basisUp: Ratio(basisPoints: 450), basisDown: Ratio(basisPoints: -450),
                basisAddition: Ratio(basisPoints: 5_000),
                basisFactor: Ratio(basisPoints: 20_000)),
            peg: PegCharge(
                threshold: Ratio(basisPoints: 9_900), factor: Ratio(basisPoints: 40_000),
                raisesFactor: true))
    }

    private static var deriveScenarios: [Scenario] {
        let quarters = Int64(450)
        var scenarios = [
            Scenario(move: Ratio(basisPoints: 4 * quarters), weight: .one, volatility: .up)
        ]
        for steps in stride(from: Int64(3), through: -3, by: -1) {
            for volatility in [VolatilityMove.up, .unchanged, .down] {
                scenarios.append(
                    Scenario(
                        move: Ratio(basisPoints: steps * quarters), weight: .one,
                        volatility: volatility))
            }
        }
        scenarios.append(
            Scenario(move: Ratio(basisPoints: -4 * quarters), weight: .one, volatility: .up))
        let weights: [Int64] = [
            210_000, 420_000, 277_200, 138_600, 69_300, 46_200, 34_650, 27_720,
        ]
        for (move, weight) in zip(tailMoves, weights) {
            scenarios.append(
                Scenario(
                    move: move, weight: Ratio(billionths: weight * 1_000), volatility: .up))
        }
        scenarios.append(Scenario(move: .zero, weight: .one, skew: .one))
        scenarios.append(Scenario(move: .zero, weight: .one, smile: .one))
        return scenarios
    }
}
