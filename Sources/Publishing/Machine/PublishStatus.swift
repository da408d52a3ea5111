/// How a publisher is doing, as JSON for people and monitors: every price with what was sent, every
/// feed with its state by name, and the node.

import Documents
import FixedPoint
import Oracle

/// Writes the status.
package enum PublishStatus {
    private static let nanosecondsPerMillisecond: UInt64 = 1_000_000

    /// The text of the status.
    package static func text(_ machine: PublishMachine, at now: UInt64) -> String {
        let plan = machine.plan
        return JSONWriter.text(
            of: .object([
                ("time", milliseconds(now)),
                ("node", node(machine.delivery)),
                ("prices", .list(plan.prices.indices.map { price($0, of: machine) })),
                ("feeds", .list(plan.feeds.indices.map { feed($0, of: machine, at: now) })),
            ]))
    }

    /// Milliseconds since 1970, or of a span.
    private static func milliseconds(_ nanoseconds: UInt64) -> JSONValue {
        .integer(Int64(clamping: nanoseconds / nanosecondsPerMillisecond))
    }

    private static func node(_ delivery: Delivery) -> JSONValue {
        .object([
            ("bundles", .unsigned(delivery.count)),
            ("failures", .integer(Int64(delivery.failures))),
            ("reason", delivery.lastReason.map(JSONValue.text) ?? .null),
        ])
    }

    private static func price(_ place: Int, of machine: PublishMachine) -> JSONValue {
        let plan = machine.plan.prices[place]
        let verdict = machine.verdicts[place]
        let last = machine.sent[place]
        return .object([
            ("underlying", .text(plan.symbol)),
            ("price", verdict.observation.map { .micro($0.price.units) } ?? .null),
            ("confidence", verdict.observation.map { .micro($0.confidence.units) } ?? .null),
            ("depthBelow", verdict.observation.map { .micro($0.depthBelow.units) } ?? .null),
            ("depthAbove", verdict.observation.map { .micro($0.depthAbove.units) } ?? .null),
            ("feeds", .list(verdict.used.map { .text(machine.plan.feeds[$0].name) })),
            ("sentPrice", last.map { .micro($0.price.units) } ?? .null),
            ("sentTime", last.map { milliseconds($0.time) } ?? .null),
        ])
    }

    private static func feed(
        _ place: Int, of machine: PublishMachine, at now: UInt64
    ) -> JSONValue {
        let plan = machine.plan.feeds[place]
        let state = machine.feeds[place]
        let judged = machine.verdicts.lazy.flatMap(\.findings).first { $0.feed == place }
        let finding = judged.map(\.finding) ?? .waiting
        return .object([
            ("feed", .text(plan.name)),
            ("underlying", .text(plan.underlying)),
            ("state", .text(finding?.name ?? "sound")),
            ("detail", .text(finding?.detail ?? "")),
            ("price", state.price.map { .micro($0.units) } ?? .null),
            (
                "age",
                state.price == nil ? .null : milliseconds(FeedState.age(of: state.readAt, at: now))
            ),
            ("latency", milliseconds(state.latency)),
            ("failures", .integer(Int64(machine.quotes[place]?.failures ?? 0))),
        ])
    }
}
