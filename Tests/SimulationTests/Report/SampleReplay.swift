/// A made-up replay with everything a page can show, for tests of the report. The numbers follow the
/// built-in day, but no engine made them.
import Simulation

enum SampleReplay {
    static let minute: UInt64 = 60_000_000_000

    static func make() -> ReplayResult {
        ReplayResult(summary: summary(), series: series())
    }

    static func summary() -> ReplaySummary {
        var summary = ReplaySummary()
        summary.chain = "rampart-lab"
        summary.seed = 18_446_744_073_709_551_615
        summary.stateRoot = "3f9a1c07be52d84466e0b1a9c8d7f6e5d4c3b2a19080716253443526170f8e9d"
        summary.markets = ["BTC-PERP", "ETH-PERP"]
        summary.traders = 240
        summary.start = BuiltInDay.start
        summary.end = BuiltInDay.start + 1_440 * minute
        summary.blocks = 17_280
        summary.orders = 1_284_377
        summary.trades = 311_904
        summary.observations = 171_300
        summary.refusals = [
            RefusalCount(name: "insufficientMargin", count: 4_120),
            RefusalCount(name: "priceOutsideBand", count: 977),
            RefusalCount(name: "postOnlyWouldTake", count: 12_044),
        ]
        summary.volume = 2_418_337_204_112_500
        summary.fees = 724_511_402_331
        summary.liquidations = 37
        summary.liquidatedNotional = 18_204_551_000_000
        summary.deleveraged = 3
        summary.deleveragedNotional = 912_400_000_000
        summary.badDebt = 0
        summary.insuranceFund = 1_043_918_220_450
        summary.conserved = true
        summary.worstAccount = WorstAccount(
            account: "trader-117", kind: "momentum", equity: 12_400_000, profit: -48_912_330_000)
        summary.peakLeverage = 38_402_112
        summary.wallNanoseconds = 6_120_000_000
        summary.arguments = ["replay", "--prices", "my data/BTC & ETH.csv", "--seed", "7"]
        return summary
    }

    static func series() -> ReplaySeries {
        var series = ReplaySeries()
        var chance = SimulationGenerator(seed: 5)
        for history in BuiltInDay.histories() {
            var market = MarketSeries(
                name: history.base + "-PERP", unit: history.base, quote: history.quote)
            var premium: Int64 = 0
            var stable = history.sources[0].bars[0].open
            var interest: Int64 = 21_000_000_000_000
            for bar in history.sources[0].bars {
                let move = (bar.close - bar.open) * 1_000_000 / bar.open
                premium += move / 6 + chance.normal(deviation: 60) - premium / 12
                stable += (bar.close - stable) / 60
                interest += chance.normal(deviation: 90_000_000_000) + interest / 4_000
                if move < -3_000 { interest -= interest / 30 }
                let mark = bar.close + bar.close / 1_000_000 * premium
                market.samples.append(
                    MarketSample(
                        time: bar.start, last: mark + chance.normal(deviation: mark / 6_000),
                        index: bar.close, mark: mark, stable: stable, openInterest: interest,
                        funding: premium * 1_000 / 8))
            }
            let place = series.markets.count
            for sample in market.samples where sample.time > BuiltInDay.start + 872 * minute {
                guard sample.time < BuiltInDay.start + 900 * minute else { break }
                let notional = chance.integer(in: 40_000_000_000...1_400_000_000_000)
                series.liquidations.append(
                    LiquidationEvent(
                        time: sample.time, market: place,
                        route: notional % 5 == 0 ? .deleveraged : .book,
                        price: sample.mark ?? 1, notional: notional))
            }
            series.markets.append(market)
        }
        ledger(&series)
        series.liquidations.sort { $0.time < $1.time }
        return series
    }

    private static func ledger(_ series: inout ReplaySeries) {
        var fund: Int64 = 1_000_000_000_000
        var fees: Int64 = 0
        for (place, sample) in series.markets[0].samples.enumerated() {
            let interest = sample.openInterest + series.markets[1].samples[place].openInterest
            fees += interest / 90_000
            fund += interest / 2_000_000
            if (878..<890).contains(place) { fund -= 9_000_000_000 }
            series.ledger.append(
                LedgerSample(
                    time: sample.time, equity: 48_000_000_000_000 + fund - fees,
                    initialMargin: interest / 5, maintenanceMargin: interest / 11,
                    insuranceFund: fund, fees: fees))
        }
    }
}
