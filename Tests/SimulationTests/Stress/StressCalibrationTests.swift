/// The fit: a power law is found where there is one, and what the data of two months say.
import TestKit
import Testing

@testable import Simulation

@Suite struct StressCalibrationTests {
    @Test func `a power law is found again, and noise below the least move does not count`() throws
    {
        let pairs = (1...20).map { place -> (move: Double, volume: Double) in
            let move = Double(place) / 100
            return (move, 7 * move * move * move.squareRoot())
        }
        let fit = try #require(PowerFit(pairs + [(0.0001, 1_000)], least: 0.001))
        #expect(abs(fit.elasticity - 2.5) < 1e-9 && abs(fit.correlation - 1) < 1e-9)
        #expect(fit.pairs == 20)
        #expect(PowerFit(Array(pairs.prefix(2)), least: 0) == nil)
        #expect(PowerFit([(1, 1), (1, 2), (1, 3)], least: 0) == nil)
    }

    @Test(.enabled(if: SharedFiles.exist, "the shared folder is not here"))
    func `liquidations of two months grow with the move to a power of two and a half`() throws {
        let files = [
            "data/liquidations/coinglass_BTC_liquidations_1h_2025-11_2026-05.csv.gz",
            "data/liquidations/coinglass_BTC_regime_5m_2026-06.csv.gz",
            "data/liquidations/hyperliquid_2025-10-10/adl_by_user_REALTIME.csv.gz",
            "data/prices_minute/2025-10_12_binance_BTCUSDT_mark_5m.csv.gz",
        ].map(SharedFiles.path)
        let text = try StressCalibration(files: files, seeds: nil, jobs: 1) { _ in }.text
        for line in [
            "Joined with prices: 906 hours", "longs against falls: volume ~ move ^ 2.55",
            "shorts against rises: volume ~ move ^ 2.44", "correlation 0.76", "long share 55.6 %",
            "its liquidation columns are all zero", "Deleveraged accounts: 19337",
        ] {
            #expect(text.contains(line), "\(line)")
        }
    }

    @Test func `a file that is not there is named`() {
        #expect(throws: PriceFileFault.self) {
            try StressCalibration(files: ["/nowhere.csv"], seeds: nil, jobs: 1) { _ in }
        }
    }
}
