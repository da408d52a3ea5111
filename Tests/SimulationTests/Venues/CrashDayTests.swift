/// Faults that stand in the files of real crash days must not move an index, and do where the rule
/// against them is off.

import Canonical
import Documents
@testable import Simulation
import TestKit
import Testing

private let second: UInt64 = 1_000_000_000
private let minute = 60 * second
private let hour = 60 * minute
/// 2020-03-12 00:00, 2025-10-10 21:00 and 2023-03-13 06:00 UTC.
private let march = 1_583_971_200 * second
private let october = 1_760_130_000 * second
private let depeg = 1_678_687_200 * second

@Suite(.enabled(if: SharedFiles.exist, "the shared folder is not here"))
struct CrashDays {
    // MARK: The frozen feed

    private func frozen(_ name: String) throws -> PriceHistory {
        let histories = try [PriceHistory].shared("prices_hourly/2020-03_multi_venue_1h.csv.gz")
        return try #require(histories.named(name)).cut(from: march, to: march + 48 * hour)
    }

    @Test func `poloniex frozen at 6340 moves no index of bitcoin`() throws {
        let history = try frozen("BTC/USD")
        let run = try PriceRun([history], step: 5 * minute)
        #expect(Set(run.prices(of: "poloniex")) == [6_340_000_000])
        #expect(run.isCut("poloniex"))
        #expect(run.strays(without: "poloniex") == 0)
        #expect(run.indices[0].compared > 500)
        #expect(run.indices[0].median < 100)
    }

    @Test func `poloniex as one of two venues stops the index of ether, and is the index unjudged`()
        throws
    {
        let history = try frozen("ETH/USD")
        #expect(history.sources.map(\.venue) == ["bitfinex", "poloniex"])
        let on = try PriceRun([history], step: 5 * minute)
        #expect(on.indices[0].withheld > 500)
        #expect(on.farthest(from: "bitfinex") < 200)
        let off = try PriceRun(
            [history], step: 5 * minute, without: [.sanity, .outlierCut, .quorum])
        #expect(off.indices[0].compared > 500)
        #expect(off.farthest(from: "bitfinex") > 5_000)
    }

    // MARK: The gap

    /// Gemini's trades and Binance' mark price of the perpetual: the venues of BTC/USD that day.
    private func gap() throws -> PriceHistory {
        let histories = try [PriceHistory].shared(
            "prices_minute/2025-10-10/gemini_BTCUSD_trades.csv.gz",
            "prices_minute/2025-10-10/binance_coinm_BTCUSD_PERP_mark_1m_2025-10-09_10.csv.gz")
        return try #require(histories.named("BTC/USD")).cut(
            from: october, to: october + 40 * minute)
    }

    @Test func `while gemini is silent the index stands or follows the venue that trades`() throws {
        let on = try PriceRun([try gap()], step: 5 * second)
        let silent = (14 * 12..<20 * 12)
        let gemini = on.prices(of: "gemini")
        #expect(silent.allSatisfy { gemini[$0] == nil })
        #expect(gemini[14 * 12 - 1] != nil && gemini[20 * 12] != nil)
        let venue = "binance_coinm-perp"
        #expect(on.farthest(from: venue, in: silent) < 150)
        let off = try PriceRun(
            [try gap()], step: 5 * second,
            without: [.staleness, .sanity, .outlierCut, .quorum, .indexClamp])
        #expect(off.farthest(from: venue, in: silent) > 200)
    }

    // MARK: The print

    /// Coinbase' low of 17.00, less the half basis point by which two publishers there differ.
    private let lowestElsewhere: Int64 = 16_999_000

    private func crash() throws -> PriceHistory {
        let histories = try [PriceHistory].shared(
            "prices_minute/2025-10-10/multi_venue_1m_from_trades.csv.gz")
        return try #require(histories.named("AVAX/USD")).cut(
            from: october, to: october + 40 * minute)
    }

    @Test func `avax at six on one venue leaves the index where the two others are`() throws {
        let run = try PriceRun([try crash()], step: 5 * second)
        let delivery = run.prices(of: "binance-delivery-perp").compactMap { $0 }
        #expect(delivery.min() == 6_020_000)
        let index = run.series[0].index.compactMap { $0 }
        #expect(index.count > 400)
        #expect(index.min() ?? 0 >= lowestElsewhere)
    }

    @Test func `with gemini down too few venues are left, and the index stands where it stood`()
        throws
    {
        let history = try crash().silencing("gemini", from: october + 16 * minute)
        let on = try PriceRun([history], step: 5 * second)
        #expect(on.series[0].index.compactMap { $0 }.min() ?? 0 >= lowestElsewhere)
        #expect(on.count(of: "too few venues", source: "") > 0)
        let off = try PriceRun(
            [history], step: 5 * second, without: [.quorum, .outlierCut, .indexClamp])
        #expect(off.series[0].index.compactMap { $0 }.min() ?? 0 < 13_000_000)
    }

    // MARK: The currency

    private func currencies(scale: Int64) throws -> [PriceHistory] {
        let histories = try [PriceHistory].shared(
            "prices_minute/2023-03_usdc_depeg_BTC_1m_multi_venue.csv.gz")
        let cut = histories.map { $0.cut(from: depeg, to: depeg + 6 * hour) }.map { history in
            history.quote == "USDC" ? history.scaled(by: scale) : history
        }
        return QuoteConversion.joined(cut, in: "USD")
    }

    @Test func `prices in usdc become sources in usd, beside a price of usdc`() throws {
        let histories = try currencies(scale: 1_000)
        #expect(histories.map(\.name) == ["BTC/USD", "USDC/USD", "USDT/USD"])
        #expect(
            histories[0].sources.map(\.label) == [
                "binance_us", "binance_us (USDC)", "kraken (USDC)", "binance_us (USDT)",
            ])
        #expect(histories[1].sources.map(\.venue) == ["binance_us"])
    }

    /// The file lacks 11 and 12 March, when USDC fell to 0.88: the second case raises all prices in
    /// USDC by a tenth, as if it had the day.
    @Test(arguments: [(scale: Int64(1_000), harm: 50.0), (scale: 1_100, harm: 300)])
    func `the index stays with bitcoin in dollars while prices in usdc are off`(
        scale: Int64, harm: Double
    ) throws {
        let histories = try currencies(scale: scale)
        let on = try PriceRun(histories, step: minute)
        #expect(worst(on, usable: true) ?? .infinity < 30)
        let off = try PriceRun(histories, step: minute, without: [.conversion, .outlierCut])
        #expect(worst(off, usable: false) ?? 0 > harm)
    }

    /// The largest distance of the index from the venue in dollars, in basis points.
    ///
    /// - Parameter usable: only while the index is good enough to liquidate on.
    private func worst(_ run: PriceRun, usable: Bool) -> Double? {
        let venue = run.prices(of: "binance_us")
        return run.series[0].index.indices.compactMap { place in
            usable && !run.isUsable[0][place]
                ? nil : basisPoints(run.series[0].index[place], from: venue[place])
        }.max()
    }
}

extension PriceHistory {
    /// All prices times so many thousandths.
    fileprivate func scaled(by thousandths: Int64) -> PriceHistory {
        func moved(_ price: Int64) -> Int64 { price / 1_000 * thousandths }
        return PriceHistory(
            base: base, quote: quote, unitMultiplier: unitMultiplier,
            sources: sources.map { source in
                VenueBars(
                    venue: source.venue,
                    bars: source.bars.map { bar in
                        PriceBar(
                            start: bar.start, duration: bar.duration, open: moved(bar.open),
                            high: moved(bar.high), low: moved(bar.low), close: moved(bar.close),
                            volume: bar.volume)
                    }, currency: source.currency)
            })
    }
}
