/// The first lines of every real order-flow file beside the project, through the engine. The
/// thresholds come from the files: what is told in full must be reproduced in full.
import TestKit
import Testing

@testable import Simulation

private let folder = "data/orderflow/"

private func report(_ name: String, lines: Int) throws -> OrderFlowReport {
    let flow = try OrderFlowFile.read(SharedFiles.path(folder + name), most: lines)
    return try replayed(flow, blockCommands: OrderFlowReplay.blockCommands)
}

@Suite(.enabled(if: SharedFiles.exist, "the shared folder is not here"))
struct SharedOrderFlow {
    /// Of 115,030 best prices in the whole file, the messages alone tell 95.35 %; the others come
    /// into sight or leave it untold, as they must in a file of level 1. With them corrected the
    /// engine must have the venue's best prices and sizes exactly, and every execution must meet
    /// the order it names.
    @Test func lobster() throws {
        let report = try report(
            "lobster_AMZN_2012-06-21_messages_level1.csv.gz", lines: 1_500)
        #expect(report.hasVenueBest && report.prices.compared > 200)
        #expect(report.prices.agreed == report.prices.compared)
        #expect(report.sizes.agreed == report.sizes.compared)
        #expect(report.executedElsewhere == 0 && report.executedAsNamed > 100)
        #expect((report.told.share ?? 0) > 900_000)
        #expect(report.refusals == [] && report.conserved)
    }

    /// The file starts without the book that was there, and tells what traded after it traded, so
    /// that its own book is crossed at one comparison of six in these rows (one of seventeen in the
    /// whole file). Whatever is different must have one of these two reasons.
    @Test func bitstamp() throws {
        let report = try report(
            "bitstamp_BTCUSD_2015-05-01_order_events.csv.gz", lines: 2_000)
        let known = ["crossed in the file", "traded in the engine before the file says so"]
        #expect(report.prices.compared > 200)
        #expect((report.prices.share ?? 0) > 800_000)
        #expect(report.prices.reasons.allSatisfy { known.contains($0.name) })
        #expect(report.refusals == [] && report.conserved)
    }

    /// A full book and two seconds: nothing may differ. Orders that are ever farther than 20 points
    /// from the best prices are left out, which no comparison can see, and the test stays fast.
    @Test func marketByOrder() throws {
        var flow = try OrderFlowFile.read(
            SharedFiles.path(folder + "cme_ESM4_2024-05-08_mbo_snapshot_plus_2s.csv.gz"))
        #expect(flow.messages.count == 13_796)
        let near: ClosedRange<Int64> = 5_194_000_000_000...5_234_000_000_000
        let far = Set(
            flow.messages.compactMap(\.action.order).filter { !near.contains($0.price) }
                .map(\.identifier))
        flow.messages.removeAll { message in
            message.action.order.map { far.contains($0.identifier) } ?? false
        }
        let report = try replayed(flow)
        #expect(report.prices.agreed == report.prices.compared && report.prices.compared > 100)
        #expect(report.sizes.agreed == report.sizes.compared)
        #expect(report.unknownOrders == 0 && report.trades == 5)
        #expect(report.refusals == [] && report.conserved)
    }

    /// The diffs tell the venue's best prices in full (every ticker agrees with them), so the
    /// engine must have them; only where a trade is reported at a level that is not the best of
    /// that moment does an execution meet another level, and is repaired in the next block.
    @Test(arguments: [
        "binance_cm_btcusd_perp_20240808.jsonl.gz", "binance_spot_btcusdt_20240808.jsonl.gz",
        "binance_spot_ethusdt_20240808.jsonl.gz", "binance_usdm_btcusdt_20240808.jsonl.gz",
        "binance_usdm_ethusdt_20240808.jsonl.gz",
    ])
    func depthStream(name: String) throws {
        let report = try report(name, lines: 400)
        #expect(report.hasVenueBest && report.told.compared > 20)
        #expect(report.told.agreed == report.told.compared)
        #expect((report.prices.share ?? 0) >= 990_000)
        #expect(
            report.prices.reasons.allSatisfy { $0.name == "an execution met another order" })
        #expect(report.unknownOrders == 0 && report.refusals == [] && report.conserved)
    }
}
