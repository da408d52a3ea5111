/// What the node counts, in the text format of Prometheus (version 0.0.4). Every figure has its
/// name, kind and help in one table.

import Documents
import Synchronization

/// A figure that only rises.
package enum Counter: Int, CaseIterable, Sendable {
    case blocks, transactions, commands, refusedCommands, events, admitted, badSignatures
    case notAdmitted, shed, rateLimited, observations, attested

    var name: String {
        switch self {
        case .blocks: "rampart_blocks_total"
        case .transactions: "rampart_transactions_total"
        case .commands: "rampart_commands_total"
        case .refusedCommands: "rampart_commands_refused_total"
        case .events: "rampart_events_total"
        case .admitted: "rampart_admitted_total"
        case .badSignatures: "rampart_bad_signatures_total"
        case .notAdmitted: "rampart_not_admitted_total"
        case .shed: "rampart_shed_total"
        case .rateLimited: "rampart_rate_limited_total"
        case .observations: "rampart_observations_total"
        case .attested: "rampart_attested_total"
        }
    }

    var help: String {
        switch self {
        case .blocks: "Blocks committed since the start."
        case .transactions: "Transactions in committed blocks."
        case .commands: "Commands in committed blocks."
        case .refusedCommands: "Commands that the ledger refused."
        case .events: "Events of committed blocks."
        case .admitted: "Transactions admitted to the mempool."
        case .badSignatures: "Transactions refused for their signature."
        case .notAdmitted: "Transactions refused before their signature was looked at."
        case .shed: "Transactions refused because too much waited."
        case .rateLimited: "Transactions refused because their account sends too fast."
        case .observations: "Price bundles taken in."
        case .attested: "Attested payloads taken in."
        }
    }
}

/// A figure that rises and falls, read when it is asked for: one value, or one for each of several
/// things.
package struct Gauge: Sendable {
    package let name: String
    package let help: String
    /// What the values are told apart by; nil where there is one.
    private let label: String?
    private let values: [(label: String, value: Double)]

    package init(_ name: String, _ help: String, _ value: Double) {
        self.name = name
        self.help = help
        label = nil
        values = [("", value)]
    }

    /// - Parameters:
    ///   - label: what the values are told apart by.
    ///   - values: each with the name of what it is of.
    init(
        _ name: String, _ help: String, by label: String,
        _ values: [(label: String, value: Double)]
    ) {
        self.name = name
        self.help = help
        self.label = label
        self.values = values
    }

    /// As Prometheus reads it.
    fileprivate var text: String {
        values.reduce(into: "# HELP \(name) \(help)\n# TYPE \(name) gauge\n") { text, entry in
            let place = label.map { "{\($0)=\(JSONWriter.quoted(entry.label))}" } ?? ""
            let value = entry.value == .infinity ? "+Inf" : "\(entry.value)"
            text += "\(name)\(place) \(value)\n"
        }
    }
}

/// A span of time of which the distribution is kept.
package enum Timing: Int, CaseIterable, Sendable {
    case apply, commit, publish, admission

    var name: String {
        switch self {
        case .apply: "rampart_apply_seconds"
        case .commit: "rampart_commit_seconds"
        case .publish: "rampart_publish_seconds"
        case .admission: "rampart_admission_seconds"
        }
    }

    var help: String {
        switch self {
        case .apply: "Time to apply a block."
        case .commit: "Time to write a block to disk."
        case .publish: "Time to tell the API of a block and its clients."
        case .admission: "Time to check the signatures of a batch."
        }
    }
}

/// The node's counters and distributions. Safe from any thread.
package final class Metrics: Sendable {
    /// Upper bounds of the buckets, in microseconds.
    private static let bounds: [UInt64] = [
        50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000,
        1_000_000,
    ]

    private struct Distribution {
        var buckets = [UInt64](repeating: 0, count: Metrics.bounds.count + 1)
        var nanoseconds: UInt64 = 0
    }

    private struct State {
        var counters = [UInt64](repeating: 0, count: Counter.allCases.count)
        var distributions = Timing.allCases.map { _ in Distribution() }
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds to a counter.
    package func add(_ counter: Counter, _ count: Int = 1) {
        state.withLock { $0.counters[counter.rawValue] &+= UInt64(clamping: count) }
    }

    /// What a counter stands at.
    package func value(_ counter: Counter) -> UInt64 {
        state.withLock { $0.counters[counter.rawValue] }
    }

    /// Takes note of a span, in nanoseconds.
    package func record(_ timing: Timing, nanoseconds: UInt64) {
        let micros = nanoseconds / 1_000
        let bucket = Metrics.bounds.firstIndex { micros <= $0 } ?? Metrics.bounds.count
        state.withLock {
            $0.distributions[timing.rawValue].buckets[bucket] &+= 1
            $0.distributions[timing.rawValue].nanoseconds &+= nanoseconds
        }
    }

    /// Everything, as Prometheus reads it.
    package func text(gauges: [Gauge]) -> String {
        let now = state.withLock { $0 }
        var text = ""
        for counter in Counter.allCases {
            text += "# HELP \(counter.name) \(counter.help)\n# TYPE \(counter.name) counter\n"
            text += "\(counter.name) \(now.counters[counter.rawValue])\n"
        }
        for gauge in gauges { text += gauge.text }
        for timing in Timing.allCases {
            let distribution = now.distributions[timing.rawValue]
            text += "# HELP \(timing.name) \(timing.help)\n# TYPE \(timing.name) histogram\n"
            var sum: UInt64 = 0
            for (place, bound) in Metrics.bounds.enumerated() {
                sum += distribution.buckets[place]
                text += "\(timing.name)_bucket{le=\"\(Double(bound) / 1_000_000)\"} \(sum)\n"
            }
            sum += distribution.buckets[Metrics.bounds.count]
            text += "\(timing.name)_bucket{le=\"+Inf\"} \(sum)\n"
            text += "\(timing.name)_sum \(Double(distribution.nanoseconds) / 1_000_000_000)\n"
            text += "\(timing.name)_count \(sum)\n"
        }
        return text
    }
}
