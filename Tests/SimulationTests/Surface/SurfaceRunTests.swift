/// Real option chains through publishers, votes and aggregation: every file of the shared folder,
/// crash included, a sample of its snapshots each; and what a damaged file says.
import Foundation
import Oracle
import TestKit
import Testing

@testable import Simulation

private struct ChainRow: Sendable {
    let file: String
    /// Every so many-th snapshot is taken.
    let stride: Int
    /// Volatility points that the median and 95 % of errors stay below.
    let median: Double
    let high: Double
}

@Suite(.enabled(if: SharedFiles.exist, "no shared folder")) struct SurfaceChainTests {
    @Test(arguments: [
        ChainRow(
            file: "deribit_chain_2026-02-03_08_crash.csv.gz", stride: 15, median: 0.2, high: 1.2),
        ChainRow(file: "deribit_chain_2026_samples.csv.gz", stride: 3, median: 0.1, high: 0.8),
        ChainRow(file: "deribit_chain_daily_202601.csv.gz", stride: 21, median: 0.15, high: 0.9),
        ChainRow(file: "deribit_chain_daily_202602.csv.gz", stride: 9, median: 0.2, high: 1),
        ChainRow(file: "deribit_chain_daily_202603.csv.gz", stride: 23, median: 0.15, high: 1),
    ])
    private func aRealChainIsFittedAndTheLiarChangesLittle(_ row: ChainRow) throws {
        let path = SharedFiles.path("data/options/" + row.file)
        let result = try SurfaceRun.run(path, seed: 1, stride: row.stride) { _ in }
        let summary = SurfaceSummary(result)
        #expect(summary.all.near.count > 500)
        #expect(summary.all.near.median < row.median, "\(summary.all.near)")
        #expect(summary.all.near.high < row.high, "\(summary.all.near)")
        // Nearly every vote that is dropped is the liar's.
        #expect(summary.honestDrops.count * 50 < result.votes, "\(summary.honestDrops.count)")
        #expect(result.drops.count > summary.honestDrops.count * 2)
        #expect(summary.held * 20 < result.expiries.count, "\(summary.held)")
        // Bounds of the forward and the liar's 5 % leave the forward where it was: within 5 bp.
        #expect(summary.all.forward < 5, "\(summary.all.forward)")
    }

    @Test func theSameSeedGivesTheSameResult() throws {
        let path = SharedFiles.path("data/options/deribit_chain_2026_samples.csv.gz")
        let runs = try (0..<2).map { _ in
            SurfaceConsole.report(
                SurfaceSummary(try SurfaceRun.run(path, seed: 5, stride: 5) { _ in }))
        }
        #expect(runs[0] == runs[1] && runs[0].contains("of the liar"))
    }
}

private let header =
    "snapshot,instrument_name,option_type,strike,expiry_datetime,bid_price,ask_price,futures_price,"
    + "futures_instrument_name,implied_volatility,delta,vega,currency,index_price"

private func written(_ lines: [String]) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/rampart-chain-\(UUID().uuidString)"
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    return path
}

private func row(
    _ strike: String, snapshot: String = "20260203T042935Z",
    expiry: String = "2026-04-24T08:00:00+00:00", volatility: String = "0.5"
) -> String {
    "\(snapshot),X,call,\(strike),\(expiry),0.1,0.2,80000,F,\(volatility),0.4,10,BTC,79000"
}

@Test func rowsAreBroughtTogetherBySnapshotAndExpiry() throws {
    let path = try written([
        header, row("90000"), row("70000"), row("80000", volatility: ""),
        row("60000", snapshot: "20260202T042935Z"),
        row("75000", expiry: "2026-03-27T08:00:00+00:00"),
        row("75000", expiry: "2026-02-01T08:00:00+00:00"),
    ])
    defer { try? FileManager.default.removeItem(atPath: path) }
    let contents = try OptionChainFile.read(path)
    #expect(contents.rows == 6 && contents.incomplete == 2 && contents.snapshots.count == 2)
    let last = contents.snapshots[1]
    #expect(last.expiries.map { $0.quotes.map(\.strike) } == [[75_000], [70_000, 90_000]])
    #expect(last.currency == "BTC" && last.index == 79_000 && last.expiries[1].forward == 80_000)
}

@Test(arguments: [
    ([header, row("90000", snapshot: "2026")], "line 2: field 'snapshot' is '2026', not a time"),
    (
        [header, row("90000"), row("90000", expiry: "soon")],
        "line 3: field 'expiry_datetime' is 'soon', not a time"
    ),
    ([header, "1,2"], "line 2: has 2 fields, the header has 14"),
    ([header], "holds no messages"),
    (["a,b"], "the header lacks the column 'snapshot'"),
])
func aDamagedChainIsRefusedWithLineAndReason(_ lines: [String], _ reason: String) throws {
    let path = try written(lines)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let fault = #expect(throws: OrderFlowFault.self) { try OptionChainFile.read(path) }
    #expect(fault?.description.hasSuffix(reason) == true, "\(fault?.description ?? "")")
}

@Test func aFitOfAParabolaReturnsItAndIsSound() {
    let grid = FitGrid(.standard)
    let points = (-30...30).map { step in
        let z = Double(step) / 6
        return CurveFit.Point(z: z, variance: 1.2 - 0.05 * z + 0.03 * z * z, weight: 1)
    }
    let curve = CurveFit(grid: grid).curve(points, scale: 0.1, above: nil)
    for point in points {
        let value = FitGrid.sum(grid.rows(at: point.z).value, curve.variances)
        #expect(abs(value - point.variance) < 0.02)
    }
}
