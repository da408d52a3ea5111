/// The raw estimate and the final M on three years of hours of BTC and ETH, with their two worst
/// days: how often a move of four hours was larger than foreseen, how far the estimate jumps, and
/// how far apart the peak and the trough of maintenance lie. The figures of docs/margins.md.

import FixedPoint
import TestKit
import Testing

@testable import Estimation

/// The closes of one market, an hour apart.
private struct HourlyCloses {
    var times: [UInt64] = []
    var closes: [Double] = []

    init(venue: String, symbol: String) throws {
        let path = SharedFiles.path("data/prices_hourly/2019_2021_binance_bitstamp_1h.csv.gz")
        for row in try #require(GzipFile.rows(of: path)).dropFirst()
        where row[0] == venue && row[1] == symbol {
            guard let time = UInt64(row[2]), let close = Double(row[6]) else { continue }
            times.append(time)
            closes.append(close)
        }
    }

    /// Logarithmic returns, by the room's own logarithm.
    var returns: [Real] {
        zip(closes.dropFirst(), closes).map {
            Real.log(Int64($0 * 1_000_000), over: Int64($1 * 1_000_000))
        }
    }
}

struct HourlyCoverageTests {
    /// Shares of hours in which the next four hours were worse than the value at risk, and the
    /// largest growth of the shortfall in an hour.
    private func coverage(
        _ returns: [Real], memory: Int64
    ) -> (falls: Double, rises: Double, jump: Double) {
        let parameters = EstimatorParameters(memory: Ratio(basisPoints: memory))
        var estimator = ReturnEstimator(parameters, openingVolatility: Ratio(basisPoints: 50))
        var (falls, rises, count, jump, last) = (0, 0, 0, 0.0, 0.0)
        for (place, change) in returns.enumerated() {
            estimator.observe(change)
            // From where no seed is left.
            guard place >= 2_003, place + 4 < returns.count else { continue }
            let forecast = estimator.forecast()
            var sum = Real.zero
            for next in returns[(place + 1)...(place + 4)] { sum = sum + next }
            count += 1
            if sum < -forecast.lower.valueAtRisk { falls += 1 }
            if sum > forecast.upper.valueAtRisk { rises += 1 }
            let shortfall = forecast.worstShortfall.double
            if last > 0 { jump = max(jump, shortfall / last) }
            last = shortfall
        }
        return (Double(falls) / Double(count), Double(rises) / Double(count), jump)
    }

    @Test(
        .enabled(if: SharedFiles.exist, "no shared folder"),
        arguments: [("bitstamp", "BTCUSD"), ("binance", "BTCUSDT"), ("binance", "ETHUSDT")])
    func `one hour in a hundred is worse than foreseen, each way`(
        venue: String, symbol: String
    ) throws {
        let returns = try HourlyCloses(venue: venue, symbol: symbol).returns
        #expect(returns.count > 20_000)
        let found = coverage(returns, memory: 9_900)
        #expect(found.falls > 0.009 && found.falls < 0.0115, "\(found)")
        #expect(found.rises > 0.009 && found.rises < 0.0115, "\(found)")
        // A shorter memory jumps further.
        #expect(coverage(returns, memory: 9_700).jump > 1.4 * found.jump, "\(found)")
    }

    @Test(
        .enabled(if: SharedFiles.exist, "no shared folder"),
        arguments: [("BTCUSDT", MarginModelParameters.bitcoin), ("ETHUSDT", .ether)])
    func `maintenance stays within a factor of four, and rises by a tenth an hour`(
        symbol: String, parameters: MarginModelParameters
    ) throws {
        let hours = try HourlyCloses(venue: "binance", symbol: symbol)
        var model = MarginModel(parameters)
        var (least, most, last) = (Ratio.one, Ratio.zero, model.moves.maintenance)
        for (time, close) in zip(hours.times, hours.closes) {
            _ = model.follow(
                IndexPrice(micros: Int64(close * 1_000_000)),
                at: Timestamp(nanoseconds: time * 1_000_000_000))
            let move = model.moves.maintenance
            #expect(move.units <= last.units * 11 / 10)
            (least, most, last) = (min(least, move), max(most, move), move)
        }
        #expect(most.units <= 4 * least.units, "\(least) to \(most)")
        #expect(most == parameters.cap)
    }
}
