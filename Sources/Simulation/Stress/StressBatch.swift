/// Many runs: every crash, under every choice of defences, for every seed, on as many cores as
/// there are. Runs share nothing, so their order does not matter to what comes out.

package import Canonical
import Dispatch
import Synchronization

/// Which defences are off, and what that is called.
package struct StressVariant: Sendable {
    package let name: String
    package let off: DefenceSet

    package init(off: [Defence]) {
        self.off = DefenceSet(off)
        name =
            off.isEmpty
            ? "every defence on" : "without " + off.map { "\($0)" }.joined(separator: ", ")
    }
}

/// What to run.
package struct StressBatch: Sendable {
    package var courses: [StressCourse]
    /// The first is what the others are compared with.
    package var variants: [StressVariant]
    package var seeds: ClosedRange<UInt64>
    package var leverage = StressLeverage.eager
    package var depth: Int64?
    /// Runs at a time.
    package var jobs = 1

    package init(
        courses: [StressCourse], variants: [StressVariant], seeds: ClosedRange<UInt64>
    ) {
        self.courses = courses
        self.variants = variants
        self.seeds = seeds
    }

    /// How far a batch is.
    package struct Progress: Sendable {
        package let done: Int
        package let total: Int
    }

    private var plans: [StressPlan] {
        courses.flatMap { course in
            variants.flatMap { variant in
                seeds.map { seed in
                    var plan = StressPlan(course, seed: seed)
                    plan.off = variant.off
                    plan.leverage = leverage
                    plan.depth = depth
                    plan.keepsSeries = seed == seeds.lowerBound
                    return plan
                }
            }
        }
    }

    /// Runs everything.
    ///
    /// - Parameter progress: called after each run, by one thread at a time.
    package func run(progress: @Sendable (Progress) -> Void) -> StressReport {
        let plans = plans
        let results = StressBatch.parallel(plans.count, jobs: jobs, progress: progress) {
            StressRun.result(of: plans[$0])
        }
        var groups: [StressGroup] = []
        for (place, course) in courses.enumerated() {
            for (number, variant) in variants.enumerated() {
                let first = (place * variants.count + number) * seeds.count
                groups.append(
                    StressGroup(
                        course: course.name, variant: variant,
                        results: Array(results[first..<first + seeds.count])))
            }
        }
        return StressReport(
            groups: groups, courses: courses.map(\.name), variants: variants, seeds: seeds,
            leverage: leverage, depth: depth)
    }

    /// Calls `body` with each number below `count`, so many at a time; the results in order.
    static func parallel<Result: Sendable>(
        _ count: Int, jobs: Int, progress: @Sendable (Progress) -> Void,
        body: @Sendable (Int) -> Result
    ) -> [Result] {
        let state = Mutex(WorkList<Result>())
        DispatchQueue.concurrentPerform(iterations: max(1, jobs)) { _ in
            while true {
                let place = state.withLock { state in
                    defer { state.next += 1 }
                    return state.next
                }
                guard place < count else { return }
                let result = body(place)
                state.withLock { state in
                    state.results.append((place, result))
                    progress(Progress(done: state.results.count, total: count))
                }
            }
        }
        return state.withLock { $0.results.sorted { $0.place < $1.place }.map(\.result) }
    }
}

/// Which runs are given out, and what came back.
private struct WorkList<Result: Sendable>: Sendable {
    var next = 0
    var results: [(place: Int, result: Result)] = []
}
