/// Every real price file beside the project is read, or refused for the reason stated here.
import Simulation
import TestKit
import Testing

private let folder = "data/prices_minute"

/// Files that hold no prices, and what is said about them.
private let refused = [
    "2025-10-10/binance_um_BTCUSDT_bookDepth.csv.gz": "is order-book depth",
    "2025-10-10/volume_2109_2200_by_exchange_BTC_ETH.csv": "is a table of volumes",
]

/// Files by name, with the bars of each underlying: rows counted by another program.
private let known: [(name: String, bars: [String: Int])] = [
    ("2022-01_ftx_BTC-PERP_1m.csv.gz", ["BTC/USD": 37_831]),
    (
        "2023-03_usdc_depeg_BTC_1m_multi_venue.csv.gz",
        ["BTC/USD": 27_360, "BTC/USDC": 27_360 + 13_343, "BTC/USDT": 27_360]
    ),
    ("2025-10_12_binance_BTCUSDT_mark_5m.csv.gz", ["BTC/USDT": 25_920]),
    ("lean_20171217_quote_1m.csv.gz", ["BTC/USD": 1_439]),
    ("2020-03-12_1041_binance_um_BTCUSDT_1m.csv", ["BTC/USDT": 79]),
]

@Suite(.enabled(if: SharedFiles.exist, "the shared folder is not here"))
struct SharedPrices {
    @Test func everyFileIsReadOrRefusedByName() throws {
        let files = SharedFiles.files(below: folder)
        #expect(files.count >= 30)
        for file in files {
            let name = String(file.dropFirst(folder.count + 1))
            do throws(PriceFileFault) {
                let histories = try PriceFiles.histories(of: [SharedFiles.path(file)])
                #expect(refused[name] == nil, "\(name) holds no prices")
                check(histories, name)
            } catch {
                let reason = refused[name] ?? "no refusal at all"
                #expect(error.description.contains(reason))
                #expect(error.line == 1)
            }
        }
    }

    @Test(arguments: known) func knownFilesHaveTheirRows(
        name: String, bars: [String: Int]
    ) throws {
        let histories = try PriceFiles.histories(of: [SharedFiles.path(folder + "/" + name)])
        #expect(histories.count == bars.count)
        for history in histories {
            #expect(history.sources.reduce(0) { $0 + $1.bars.count } == bars[history.name])
        }
    }

    @Test func allFilesTogetherGiveTheSameHistoriesInAnyOrder() throws {
        let files = SharedFiles.files(below: folder).filter {
            refused[String($0.dropFirst(folder.count + 1))] == nil
        }.map(SharedFiles.path)
        let histories = try PriceFiles.histories(of: files)
        check(histories, "all")
        let reversed = try PriceFiles.histories(of: files.reversed())
        #expect(reversed.map(\.name) == histories.map(\.name))
        #expect(reversed.map(\.sources.count) == histories.map(\.sources.count))
    }

    /// What every history promises.
    private func check(_ histories: [PriceHistory], _ name: String) {
        #expect(!histories.isEmpty)
        for history in histories {
            let venues = history.sources.map(\.venue)
            #expect(Set(venues).count == venues.count)
            for source in history.sources {
                #expect(!source.bars.isEmpty)
                let isSound = source.bars.allSatisfy { bar in
                    0 < bar.low && bar.low <= min(bar.open, bar.close)
                        && max(bar.open, bar.close) <= bar.high && bar.low * 2 > 19_999
                }
                #expect(isSound, "\(name) \(history.name) \(source.venue)")
                let isOrdered = zip(source.bars, source.bars.dropFirst()).allSatisfy {
                    $0.end <= $1.start
                }
                #expect(isOrdered, "\(name) \(history.name) \(source.venue)")
            }
        }
    }
}
