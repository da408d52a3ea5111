/// Batches and what they say: in any number of threads the same, and every crash, variant and
/// target in text, JSON and page.
import Canonical
import Foundation
import Synchronization
import Testing

@testable import Simulation

@Suite struct StressReportTests {
    private static func report(jobs: Int) -> (report: StressReport, calls: Int) {
        // Short courses: what is tested here is what is made of runs.
        let steps = (0..<220).map { step in Int64(step < 120 ? 1_000_000 : 860_000) }
        var batch = StressBatch(
            courses: [
                .recorded(name: "fall", steps: steps),
                .recorded(name: "<still>", steps: [Int64](repeating: 1_000_000, count: 60)),
            ],
            variants: [StressVariant(off: []), StressVariant(off: [.depthThrottle])],
            seeds: 1...2)
        batch.jobs = jobs
        let calls = Mutex(0)
        let report = batch.run { progress in
            calls.withLock { $0 += 1 }
            #expect(progress.total == 8 && progress.done <= 8)
        }
        return (report, calls.withLock { $0 })
    }

    @Test func `a batch is the same with one thread and with two, and is told of every run`() {
        let (one, two) = (StressReportTests.report(jobs: 1), StressReportTests.report(jobs: 2))
        #expect(one.calls == 8 && two.calls == 8)
        let roots = { (report: StressReport) in
            report.groups.flatMap { $0.results.map(\.stateRoot) }
        }
        #expect(roots(one.report) == roots(two.report))
        #expect(one.report.groups.map(\.course) == ["fall", "fall", "<still>", "<still>"])
        #expect(one.report.isSound && one.report.runs == 8)
    }

    @Test func `text, JSON and page name every crash, variant and target`() throws {
        var report = StressReportTests.report(jobs: 2).report
        report.reverse = [
            ReverseStress(seed: 1, fall: 410_000), ReverseStress(seed: 2, fall: nil),
        ]
        for word in [
            "fall", "every defence on", "without depthThrottle", "beyond the fund", "cascade",
            "under water", "depth × 0.17", "1 withstood", "−41.0 %",
        ] {
            #expect(report.text.contains(word), "\(word)")
        }
        #expect(report.verdicts.count >= 2)
        let json = try JSONSerialization.jsonObject(with: Data(report.json.utf8))
        let object = try #require(json as? [String: Any])
        #expect((object["groups"] as? [Any])?.count == 4)
        #expect((object["reverse"] as? [Any])?.count == 2)
        #expect(report.page.contains("&lt;still&gt;"))
        #expect(!report.page.contains("<still>"))
        for word in ["fall · seed 1", "overshoot", "class=\"strips\"", "closed in each half"] {
            #expect(report.page.contains(word), "\(word)")
        }
        #expect(!report.page.contains("http://") || !report.page.contains("src="))
    }

    @Test func `a distribution knows its order`() {
        let values = StressDistribution([5, 1, 4, 2, 3])
        #expect(values.median == 3 && values.largest == 5 && values.total == 15)
        #expect(values.quantile(0) == 1 && values.quantile(20) == 1 && values.quantile(21) == 2)
        #expect(values.quantile(100) == 5)
        #expect(StressDistribution([]).median == 0)
    }

    @Test func `progress says what is left, and on a terminal in one line`() {
        let half = StressBatch.Progress(done: 5, total: 10)
        #expect(half.text(isTerminal: false, seconds: 10) == "50 %  5 of 10 runs, 10.0 s left\n")
        #expect(half.text(isTerminal: true, seconds: 10)?.hasPrefix("\r50 %") == true)
        let next = StressBatch.Progress(done: 501, total: 1_000)
        #expect(next.text(isTerminal: false, seconds: 10) == nil)
    }
}
