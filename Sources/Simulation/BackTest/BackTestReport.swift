/// A run of back-tests over many series, on all cores, and what it comes to.

import Dispatch
import Documents
import FixedPoint
import Synchronization

/// A finished run.
package struct BackTestReport: Sendable {
    /// In the order of the series.
    package let results: [BackTestResult]
    /// What was not tested, and why.
    package let leftOut: [String]
    package let seed: UInt64
    package let tuning: BackTestTuning

    /// Tests models and rules on every series.
    ///
    /// - Parameter progress: told before the first and after each series how many are done, from
    ///   any thread.
    package init(
        _ series: [BackTestSeries], leftOut: [String] = [], seed: UInt64,
        tuning: BackTestTuning = .none,
        progress: @Sendable (BackTestProgress) -> Void = { _ in }
    ) {
        progress(BackTestProgress(name: "", done: 0, of: series.count))
        let found = Mutex(
            (done: 0, results: [BackTestResult?](repeating: nil, count: series.count)))
        DispatchQueue.concurrentPerform(iterations: series.count) { place in
            let result = BackTestResult(
                series[place], BackTestModels(for: series[place], tuning: tuning), seed: seed)
            found.withLock { found in
                found.results[place] = result
                found.done += 1
                progress(
                    BackTestProgress(
                        name: series[place].name, done: found.done, of: series.count))
            }
        }
        results = found.withLock { $0.results.compactMap { $0 } }
        self.leftOut = leftOut
        self.seed = seed
        self.tuning = tuning
    }

    /// Names of estimators, as they come.
    var estimators: [String] { results.first?.estimators.map(\.name) ?? [] }
    var rules: [String] { results.first { !$0.rules.isEmpty }?.rules.map(\.name) ?? [] }

    /// What was tuned, in words; empty for nothing.
    var tuned: String {
        let memory = tuning.memory.map { memory in
            "memory " + ReportText.decimal(memory.units, scale: 9, digits: 3)
        }
        let window = tuning.window.map { "window \($0)" }
        return [memory, window].compactMap { $0 }.joined(separator: ", ")
    }

    /// How many tests of an estimator reject at the two levels, among how many.
    func tally(_ estimator: String) -> BackTestTally {
        var tally = BackTestTally()
        for result in results {
            for record in result.estimators where record.name == estimator {
                for side in record.sides {
                    tally.add(side.record)
                }
            }
        }
        return tally
    }

    /// The margins of a rule, series by series.
    func margins(_ rule: String) -> [(series: BackTestSeries, record: BackTestResult.RuleRecord)] {
        results.flatMap { result in
            result.rules.filter { $0.name == rule }.map { (result.series, $0) }
        }
    }
}

/// Counts of tests.
struct BackTestTally: Equatable {
    private(set) var tests = 0
    /// Below `BackTest.doubt`.
    private(set) var doubted = 0
    /// Below `BackTest.rejection`.
    private(set) var rejected = 0
    private(set) var sides = 0
    /// Sides without a rejection.
    private(set) var sound = 0

    mutating func add(_ record: TailRecord) {
        let chances = record.results.map(\.result.pValue)
        tests += chances.count
        doubted += chances.count { $0 < BackTest.doubt }
        rejected += chances.count { $0 < BackTest.rejection }
        sides += 1
        if record.leastChance >= BackTest.rejection { sound += 1 }
    }
}

/// How far a run has come.
package struct BackTestProgress: Sendable {
    /// The series just done; empty at the start.
    let name: String
    let done: Int
    let of: Int

    /// A line of progress: one that rewrites itself on a terminal.
    package func text(isTerminal: Bool) -> String {
        let line = "\(done) of \(of) series" + (name.isEmpty ? "" : "  \(name)")
        guard isTerminal else { return line + "\n" }
        return "\r\(line)\u{1b}[K" + (done == of ? "\n" : "")
    }
}
