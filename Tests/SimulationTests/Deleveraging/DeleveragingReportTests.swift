/// The comparison of deleveraging rules: small days whose figures are worked out by hand, and the
/// files of 2025-10-10 where they are.

import Documents
import TestKit
import Testing

@testable import Simulation

private let million: Int64 = 1_000_000

private func winner(profit: Int64, notional: Int64, leverage: Int64 = 2) -> Winner {
    Winner(
        profit: profit * million, notional: notional * million, equity: 1_000 * million,
        leverage: leverage * million)
}

@Suite struct DeleveragingReportTests {
    /// Three winners of 400, 200 and 100, the first with the most leverage; 70 are lacking.
    private let day = DeleveragedDay(
        winners: [
            winner(profit: 400, notional: 4_000, leverage: 4),
            winner(profit: 200, notional: 4_000), winner(profit: 100, notional: 4_000),
        ], markets: [300, 700])

    private func lost(_ rule: DeleveragingRule) throws -> [Int64] {
        let report = DeleveragingReport(day, shortfall: 70 * million)
        return try #require(report.outcome(rule)).lost.map { $0 / million }
    }

    @Test func `a queue takes whole profits, one for each market`() throws {
        // 21 of the first market take 400, 49 of the second take 200.
        #expect(try lost(.queue) == [400, 200, 0])
        let outcome = try #require(
            DeleveragingReport(day, shortfall: 70 * million).outcome(.queue))
        #expect(outcome.overshoot == 530 * million && outcome.asked == 2)
    }

    @Test func `the optimum takes a tenth of every profit, size a third of the loss`() throws {
        #expect(try lost(.optimum) == [40, 20, 10])
        #expect(try lost(.bySize) == [23, 23, 23])
        #expect(try lost(.queueAtPrice) == [70, 0, 0])
    }

    @Test func `the engine's rule takes by profit and leverage, and nothing beyond need`() throws {
        // Scores 1,600 : 400 : 200 at first.
        let lost = try lost(.rampart)
        #expect(lost[0] > 45 && lost[0] < 53 && lost[1] > lost[2] && lost[2] > 4)
        let outcome = try #require(
            DeleveragingReport(day, shortfall: 70 * million).outcome(.rampart))
        #expect(outcome.overshoot == 0 && outcome.beyondProfit == 0 && outcome.unpaid == 0)
        #expect(outcome.taken == 70 * million)
    }

    @Test func `no limit of the engine's rule is passed, whatever is lacking`() throws {
        let report = DeleveragingReport(day, shortfall: 5_000 * million)
        let outcome = try #require(report.outcome(.rampart))
        #expect(outcome.beyondProfit == 0)
        #expect(outcome.taken + outcome.unpaid == 5_000 * million)
        let bySize = try #require(report.outcome(.bySize))
        #expect(bySize.beyondProfit > 0)
    }

    @Test func `equal losses have no Gini, and text, JSON and page hold every rule`() throws {
        let report = DeleveragingReport(day, shortfall: 70 * million)
        let optimum = try #require(report.outcome(.optimum))
        #expect(optimum.gini < 0.001 && optimum.regret == 0)
        let page = DeleveragingReport.page([report])
        for rule in DeleveragingRule.allCases {
            #expect(report.text.contains(rule.rawValue))
            #expect(page.contains(rule.rawValue))
            #expect(DeleveragingReport.json([report]).contains("\"\(rule.rawValue)\""))
        }
        #expect(try read(page).elements["svg"] == 1)
    }
}

@Suite(.enabled(if: SharedFiles.exist, "the shared folder is not here"))
struct SharedDeleveragingTests {
    private static let folder = "data/liquidations/hyperliquid_2025-10-10/"

    private func day() throws -> DeleveragedDay {
        try DeleveragedDay(
            users: SharedFiles.path(Self.folder + "adl_by_user_REALTIME.csv.gz"),
            coins: SharedFiles.path(Self.folder + "adl_by_coin_REALTIME.csv.gz"))
    }

    @Test func `the files of 2025-10-10 hold what their description says`() throws {
        let day = try day()
        #expect(day.winners.count + day.others == 19_337)
        #expect(day.markets.count == 162 && day.bankrupt == 123)
        // 2,103 million were closed, on winners' accounts 2,093.
        #expect(day.markets.reduce(0, +) / million / million == 2_103)
        #expect(day.winners.reduce(0) { $0 + $1.notional } / million / million == 2_092)
    }

    @Test func `on 2025-10-10 the queue takes beyond the need, the engine does not`() throws {
        let report = DeleveragingReport(try day(), shortfall: 23_191_104 * million)
        let queue = try #require(report.outcome(.queue))
        let ours = try #require(report.outcome(.rampart))
        #expect(queue.overshoot > 0 && ours.overshoot == 0)
        #expect(ours.beyondProfit == 0 && ours.unpaid == 0)
        #expect(ours.regret < queue.regret)
        #expect(ours.gini < queue.gini)
    }

    @Test func `a file without its columns is refused by name`() {
        let path = SharedFiles.path(Self.folder + "adl_by_coin_REALTIME.csv.gz")
        #expect {
            try DeleveragedDay(users: path, coins: path)
        } throws: { error in
            (error as? InputFault)?.file == path
        }
    }
}
