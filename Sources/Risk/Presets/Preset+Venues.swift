/// The published margin rules of Deribit, Paradex and of CME's SPAN, as data. Sources and formulas:
/// docs/margin.md, sections 4 to 6, by whose rows the numbers stand.

public import FixedPoint

/// Whose parameters of a venue: they differ by asset.
public enum PresetAsset: Sendable {
    case bitcoin, ether, other
}

extension MarginParameters {
    /// Deribit's segregated portfolio margin: 27 scenarios and eight dampened tails.
    public static func deribit(_ asset: PresetAsset = .bitcoin) -> MarginParameters {
        let isEther = asset == .ether
        let range = Ratio(basisPoints: isEther ? 1_800 : 1_600)
        let dampener: Int64 = isEther ? 200_000 : 100_000
        var scenarios: [Scenario] = []
        for quarters in Int64(-4)...4 {
            for volatility in VolatilityMove.allCases {
                scenarios.append(
                    Scenario(
                        move: Ratio(basisPoints: quarters * 2_500).times(range), weight: .one,
                        volatility: volatility))
            }
        }
        for move in tailMoves {
            // n = |m| / R; the fraction is 1/n, the allowance (n − 1) dampeners.
            let size = move.magnitude
            let weight = Ratio(units: range.units * Ratio.one.units / size.units)
            let excess = Int128(size.units - range.units) * Int128(dampener) * 1_000_000
            scenarios.append(
                Scenario(
                    move: move, weight: min(.one, weight), volatility: .up,
                    dampener: Amount(microunits: Int64(excess / Int128(range.units)))))
        }
        func rule(_ factor: Ratio) -> MarginRule {
            MarginRule(scenarios: scenarios, factor: factor, charges: Charges())
        }
        return MarginParameters(
            move: .one, initial: rule(.one), maintenance: rule(Ratio(basisPoints: 8_000)),
            volatility: VolatilityShock(
                up: Ratio(basisPoints: isEther ? 4_000 : 5_000), down: Ratio(basisPoints: 2_500),
                leastUp: Ratio(basisPoints: 5_000)),
            deltaTerms: DeltaTerms(
                shockThreshold: Amount(microunits: 20_000_000 * 1_000_000),
                shockIncrement: Ratio(billionths: isEther ? 4_000 : 50_000),
                shockLargest: Ratio(basisPoints: 1_000),
                leastRoll: Ratio(basisPoints: isEther ? 50 : 100),
                yearlyRoll: Ratio(basisPoints: isEther ? 500 : 750)))
    }

    /// Paradex's portfolio margin: 16 scenarios and eight weighted tails, and a minimum for delta.
    ///
    /// - Parameter fee: the account's highest rate.
    public static func paradex(
        _ asset: PresetAsset = .bitcoin, fee: Ratio = .zero
    ) -> MarginParameters {
        let isMajor = asset != .other
        let step = Ratio(basisPoints: isMajor ? 400 : 700)
        var scenarios = [
            Scenario(move: Ratio(units: 4 * step.units), weight: .one, volatility: .up)
        ]
        for steps in stride(from: Int64(3), through: -3, by: -1) {
            for volatility in [VolatilityMove.up, .down] {
                scenarios.append(
                    Scenario(
                        move: Ratio(units: steps * step.units), weight: .one,
                        volatility: volatility))
            }
        }
        scenarios.append(
            Scenario(move: Ratio(units: -4 * step.units), weight: .one, volatility: .up))
        let weights: [Int64] =
            isMajor
            ? [180, 360, 240, 120, 60, 40, 30, 24] : [300, 500, 400, 200, 100, 70, 50, 40]
        for (move, weight) in zip(tailMoves, weights) {
            scenarios.append(
                Scenario(move: move, weight: Ratio(billionths: weight * 1_000_000), volatility: .up)
            )
        }
        let charges = Charges(
            isFloorAtIndex: true, exitFee: fee, exitFeeCap: Ratio(basisPoints: 1_250),
            fundingHours: Ratio(basisPoints: 80_000))
        return MarginParameters(
            move: .one, initial: MarginRule(scenarios: scenarios, factor: .one, charges: charges),
            maintenance: MarginRule(
                scenarios: scenarios, factor: Ratio(basisPoints: 5_000), charges: charges),
            volatility: VolatilityShock(
                up: Ratio(basisPoints: isMajor ? 4_000 : 6_400),
                down: Ratio(basisPoints: isMajor ? 2_200 : 3_520),
                leastUp: Ratio(basisPoints: isMajor ? 4_000 : 6_000)),
            deltaTerms: DeltaTerms(
                unhedged: Ratio(basisPoints: isMajor ? 200 : 300),
                hedged: Ratio(basisPoints: isMajor ? 100 : 150)))
    }

    /// CME's SPAN of 1988: 14 scenarios, two extremes, a spread charge and a short option minimum.
    public static func span(
        scan: Ratio = Ratio(basisPoints: 1_600), volatility: Ratio = Ratio(basisPoints: 3_500)
    ) -> MarginParameters {
        var scenarios: [Scenario] = []
        for thirds in [Int64(0), 1, -1, 2, -2, 3, -3] {
            for move in [VolatilityMove.up, .down] {
                scenarios.append(
                    Scenario(
                        move: Ratio(units: thirds * Ratio.one.units / 3), weight: .one,
                        volatility: move))
            }
        }
        for sign in [Int64(1), -1] {
            scenarios.append(
                Scenario(
                    move: Ratio(units: 3 * sign * Ratio.one.units),
                    weight: Ratio(basisPoints: 3_300)))
        }
        let hundredth = Ratio(basisPoints: 100)
        func rule(_ factor: Ratio) -> MarginRule {
            MarginRule(scenarios: scenarios, factor: factor, charges: Charges())
        }
        return MarginParameters(
            move: scan, initial: rule(Ratio(basisPoints: 11_000)), maintenance: rule(.one),
            volatility: VolatilityShock(
                up: volatility, down: volatility, shortPower: .zero, longPower: .zero),
            deltaTerms: DeltaTerms(spread: hundredth, shortMinimum: hundredth))
    }

    /// The moves of the tails that Deribit, Paradex and Derive share.
    static var tailMoves: [Ratio] {
        [Int64(-66), -33, 50, 100, 200, 300, 400, 500].map { Ratio(basisPoints: $0 * 100) }
    }
}

extension Ratio {
    /// The product of two ratios that is known to fit.
    fileprivate func times(_ other: Ratio) -> Ratio {
        Ratio(units: Int64(Int128(units) * Int128(other.units) / Int128(Ratio.one.units)))
    }
}
