/// Rampart's own margin rules (docs/margin.md, "rampart"). Numbers: `facts/risk.md`, "Default
/// parameters".

public import FixedPoint

extension MarginParameters {
    /// The rule of an underlying without options. The grid goes to ±M in quarters; two moves each
    /// way beyond it count in part, in the manner of SPAN's extremes, so that the largest of them
    /// weighs no more than M on a linear position and more on a curved one.
    public static func rampart(
        move: Ratio, initialFactor: Ratio = Ratio(basisPoints: 15_000),
        grossFloor: Ratio = Ratio(basisPoints: 50), orderFloor: Ratio = Ratio(basisPoints: 100)
    ) -> MarginParameters {
        let scenarios =
            grid.map { Scenario(move: $0, weight: .one) }
            + tails(volatility: .unchanged, third: Ratio(basisPoints: 3_333))
        func charges(orderFloor: Ratio, haircut: Int64, fundingHours: Int64) -> Charges {
            Charges(
                grossFloor: grossFloor, haircut: Ratio(basisPoints: haircut),
                fundingHours: Ratio(basisPoints: fundingHours * 10_000), orderFloor: orderFloor)
        }
        return MarginParameters(
            move: move,
            initial: MarginRule(
                scenarios: scenarios, factor: initialFactor,
                charges: charges(orderFloor: orderFloor, haircut: 1_000, fundingHours: 0)),
            maintenance: MarginRule(
                scenarios: scenarios, factor: .one,
                charges: charges(orderFloor: .zero, haircut: 500, fundingHours: 8)))
    }

    /// The rule of an underlying that lists options: a fine grid with volatility down, under which
    /// options bend most sharply and losses hide between points, and a coarse one with volatility
    /// up, under which they hardly bend; tails with volatility up, the basis, the skew and the
    /// smile each way, and the strikes of what expires within two days. It needs 48 lanes.
    /// The gross floor counts options too, at most at what they are worth: what no grid sees of
    /// options held long.
    /// Chosen by the search of docs/blindspots.md.
    ///
    /// - Parameter grossFloor: at least; half a step of the fine grid where that is more.
    public static func rampartOptions(
        move: Ratio = Ratio(basisPoints: 1_200), initialFactor: Ratio = Ratio(basisPoints: 13_000),
        concentration: Concentration = .none, grossFloor: Ratio = Ratio(basisPoints: 50)
    ) -> MarginParameters {
        var scenarios: [Scenario] = []
        for (volatility, steps) in [(VolatilityMove.up, coarseSteps), (.down, fineSteps)] {
            for step in -steps...steps {
                scenarios.append(
                    Scenario(
                        move: Ratio(units: step * Ratio.one.units / steps), weight: .one,
                        volatility: volatility))
            }
        }
        scenarios += tails(volatility: .up, third: Ratio(billionths: 333_333_333))
        for sign in [Int64(-1), 1] {
            let whole = Ratio(basisPoints: sign * 10_000)
            scenarios.append(
                Scenario(move: .zero, weight: .one, basis: whole))
            scenarios.append(Scenario(move: .zero, weight: .one, skew: whole))
            scenarios.append(Scenario(move: .zero, weight: .one, smile: whole))
        }
        func charges(orderFloor: Int64, haircut: Int64) -> Charges {
            Charges(
                shortFloor: Ratio(basisPoints: 100),
                shortFloorOfMove: Ratio(basisPoints: 625), haircut: Ratio(basisPoints: haircut),
                exitFee: grossFloor, exitFeeOfMove: Ratio(units: Ratio.one.units / (2 * fineSteps)),
                exitFeeCap: .one, fundingHours: Ratio(basisPoints: 80_000),
                orderFloor: Ratio(basisPoints: orderFloor))
        }
        return MarginParameters(
            move: move,
            initial: MarginRule(
                scenarios: scenarios, factor: initialFactor,
                charges: charges(orderFloor: 100, haircut: 1_000)),
            maintenance: MarginRule(
                scenarios: scenarios, factor: .one, charges: charges(orderFloor: 0, haircut: 500)),
            volatility: VolatilityShock(
                up: Ratio(basisPoints: 5_000), down: Ratio(basisPoints: 2_500),
                leastUp: Ratio(basisPoints: 1_000), leastDown: Ratio(basisPoints: 1_000),
                doublingAge: .seconds(300)),
            basis: BasisShock(
                fixed: Ratio(basisPoints: 50), yearly: Ratio(basisPoints: 1_000),
                cap: Ratio(basisPoints: 500), perpetual: Ratio(basisPoints: 50)),
            skew: SkewShock(
                cap: Ratio(basisPoints: 2_000), smileCap: Ratio(basisPoints: 2_000),
                widthScale: Ratio(basisPoints: 20_000)),
            strikeHorizon: .seconds(48 * 3_600),
            strikeScenarios: 8, concentration: concentration,
            peg: PegCharge(
                threshold: Ratio(basisPoints: 9_900), factor: Ratio(basisPoints: 40_000)))
    }

    /// Steps from 0 to M with volatility up.
    private static let coarseSteps: Int64 = 2
    /// And with volatility down: 1 % each for the least M.
    private static let fineSteps: Int64 = 12

    /// −M to M in quarters.
    private static var grid: [Ratio] {
        (Int64(-4)...4).map { Ratio(basisPoints: $0 * 2_500) }
    }

    /// ±2M at half weight, ±3M at a third. The lower ones stop short of −100 % for the largest M
    /// that the presets use (30 %).
    private static func tails(volatility: VolatilityMove, third: Ratio) -> [Scenario] {
        var scenarios: [Scenario] = []
        for multiple in Int64(2)...3 {
            let weight = multiple == 3 ? third : Ratio(basisPoints: 5_000)
            for sign in [Int64(-1), 1] {
                scenarios.append(
                    Scenario(
                        move: Ratio(basisPoints: sign * multiple * 10_000), weight: weight,
                        volatility: volatility))
            }
        }
        return scenarios
    }
}
