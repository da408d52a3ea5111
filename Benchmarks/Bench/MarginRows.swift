/// The margin of options: a portfolio checked from scratch with the table of its instruments given,
/// against the same sums in plain C++; and the table itself, made from prices and volatilities,
/// against as many values by Black-76 in C++ in double precision with libm.

import Canonical
import Catalogue
import FixedPoint
import Risk
import Yardstick

enum MarginRows {
    private static let options = 1_000
    private static let scenarios = 33
    private static let rounds = 40
    /// Checks in a round: one alone is shorter than the clock can tell.
    private static let checks = 200

    static func all() -> [Result] {
        let targets = [(16, 0.7), (64, 2), (256, 8)]
        return (targets.map { check(options: $0, target: $1) } + reprice()).map { .measured($0) }
    }

    // MARK: The portfolio

    private static func check(options count: Int, target: Double) -> Row {
        var chain = OptionChain(pairs: options / 2, rule(scenarios))
        chain.open(options: count)
        let sums = PlainSums(chain)
        let expected = chain.uncharged()
        precondition(
            sums.total() == expected.initial + expected.maintenance,
            "Invariant: both sums are equal, not \(sums.total()) and \(expected)")
        var (total, other) = (Int64(0), Int64(0))
        let times = Measurement.pair(rounds: rounds) {
            for _ in 0..<checks { total &+= chain.check().initial.units }
        } yardstick: {
            for _ in 0..<checks { other &+= sums.total() }
        }
        precondition(
            total != other, "Invariant: the engine charges for options sold, the yardstick does not"
        )
        return .time(
            "margin.\(count)", unit: "µs", scale: 1_000, pieces: Double(checks), times,
            against: "C++ sums and minima", target: .atMost(target),
            note:
                "an account of \(count) options checked from scratch, 33 scenarios, both rules and "
                + "their charges, the table given")
    }

    /// The same account for the yardstick.
    private struct PlainSums {
        private let cash: Int64
        private let bits: UInt32
        private var quantities: [Int64] = []
        private var worths: (initial: [Int64], maintenance: [Int64]) = ([], [])
        private var changes: (initial: [Int64], maintenance: [Int64]) = ([], [])

        init(_ chain: borrowing OptionChain) {
            cash = chain.cash
            bits = UInt32(chain.risk.instruments[0].fractionBits)
            for (place, lots) in chain.holdings.enumerated() where lots != 0 {
                let risk = chain.risk.instruments[place]
                quantities.append(lots)
                worths.initial.append(lots > 0 ? risk.longValue : risk.shortValue)
                worths.maintenance.append(risk.markValue)
                for lane in 0..<scenarios {
                    changes.initial.append(risk.initialDelta[lane / 4][lane % 4])
                    changes.maintenance.append(risk.maintenanceDelta[lane / 4][lane % 4])
                }
            }
        }

        @inline(never)
        func total() -> Int64 {
            unsafe yardstick_portfolio(
                UInt32(quantities.count), UInt32(scenarios), cash, bits, quantities, worths.initial,
                worths.maintenance, changes.initial, changes.maintenance)
        }
    }

    // MARK: The table

    private static func reprice() -> [Row] {
        [
            reprice(
                "reprice", rule(scenarios), target: .atMost(10),
                note: "1,000 options in 33 scenarios, two rules and all charges"),
            reprice(
                "reprice.default", .rampartOptions(), target: nil,
                note: "the same under the default rule: 37 scenarios and 11 at strikes"),
        ]
    }

    private static func reprice(
        _ name: String, _ rule: MarginParameters, target: Target?, note: String
    ) -> Row {
        var chain = OptionChain(pairs: options / 2, rule)
        let values = PlainValues(chain, rule)
        var step: Int64 = 0
        var other = 0.0
        let times = Measurement.pair(rounds: rounds) {
            step = 1 - step
            chain.reprice(at: IndexPrice(micros: 100_000_000_000 + step * 1_000_000))
        } yardstick: {
            other += values.total()
        }
        precondition(other > 0, "Invariant: options are worth something")
        return .time(
            name, unit: "ms", scale: 1e6, pieces: 1, times, against: "C++ double, libm",
            target: target, note: note)
    }

    /// The same options for the yardstick: the calls' bare values at the same moves.
    private struct PlainValues {
        private var options: (x: [Double], m: [Double], v: [Double]) = ([], [], [])
        private var scenarios: (factor: [Double], logarithm: [Double]) = ([], [])

        init(_ chain: borrowing OptionChain, _ rule: MarginParameters) {
            let scale = Double(Real.one.bits)
            for place in chain.quotes.indices {
                guard case .option(_, let volatility, let expiry) = chain.quotes[place],
                    let strike = chain.risk.instruments[place].instrument.kind.series?.strike
                else { continue }
                let (strikeUnits, forward) = (strike.units, expiry.forward.units)
                let total = Black76.totalVolatility(volatility, time: expiry.timeLeft)
                options.x.append(Double(Real.log(strikeUnits, over: forward).bits) / scale)
                options.m.append(Double(strikeUnits) / Double(forward))
                options.v.append(Double(total.bits) / scale)
            }
            for scenario in rule.initial.scenarios {
                let factor = Real.one + Real(scenario.move) * Real(rule.move)
                scenarios.factor.append(Double(factor.bits) / scale)
                scenarios.logarithm.append(Double(Real.log(factor).bits) / scale)
            }
            for _ in 0..<rule.strikeScenarios {
                scenarios.factor.append(1)
                scenarios.logarithm.append(0)
            }
        }

        func total() -> Double {
            unsafe yardstick_reprice(
                UInt32(options.x.count), options.x, options.m, options.v,
                UInt32(scenarios.factor.count), scenarios.factor, scenarios.logarithm)
        }
    }

    // MARK: Rules

    /// The first scenarios of the default rule, and none at strikes: the grid under three
    /// volatilities, the tails, one of the basis and one of the skew.
    private static func rule(_ count: Int) -> MarginParameters {
        var rule = MarginParameters.rampartOptions()
        let (initial, maintenance) = (rule.initial, rule.maintenance)
        func shortened(_ rule: MarginRule) -> MarginRule {
            MarginRule(
                scenarios: Array(rule.scenarios.prefix(count)), factor: rule.factor,
                charges: rule.charges)
        }
        rule.initial = shortened(initial)
        rule.maintenance = shortened(maintenance)
        rule.strikeScenarios = 0
        return rule
    }
}
