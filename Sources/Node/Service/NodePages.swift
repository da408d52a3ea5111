/// What the node answers beside the API: whether it lives and is ready, what it has counted, and a
/// dashboard for people.

import Dashboard
import Foundation
import Synchronization
import Transport

/// How far the node has come.
enum NodePhase: String, Sendable {
    case starting, leading, following, stopping
}

/// Answers for monitors and people.
final class NodePages: Sendable {
    private let metrics: Metrics
    private let dashboard: Dashboard
    private let gauges: @Sendable () -> [Gauge]
    /// Called when what the ledger says may be told again.
    let released: @Sendable () -> Void
    private let state: Mutex<(phase: NodePhase, lastBlock: UInt64)>
    /// Nanoseconds without a block, or a word from the leader, after which the node is not ready.
    private let patience: UInt64

    /// - Parameters:
    ///   - released: called when what the ledger says may be told again.
    ///   - gauges: figures that are read when they are asked for.
    init(
        metrics: Metrics, configuration: NodeConfiguration,
        released: @escaping @Sendable () -> Void = {},
        gauges: @escaping @Sendable () -> [Gauge]
    ) {
        self.metrics = metrics
        dashboard = Dashboard(
            folder: configuration.dashboardFolder, charts: configuration.dashboardCharts)
        patience = NodePages.patience(configuration)
        self.gauges = gauges
        self.released = released
        state = Mutex((.starting, MonotonicTime.now))
    }

    /// Nanoseconds of patience with a node that is to make a block every `block.idle-ms`.
    private static func patience(_ configuration: NodeConfiguration) -> UInt64 {
        UInt64(configuration.blockIdle) * NodeClock.nanosecondsPerMillisecond * missedBlocks
    }

    /// Idle blocks that may be missing before the node is not ready.
    private static let missedBlocks: UInt64 = 5

    func enter(_ phase: NodePhase) {
        state.withLock { $0 = (phase, MonotonicTime.now) }
    }

    /// Takes note of a block.
    func noteBlock() { state.withLock { $0.lastBlock = MonotonicTime.now } }

    /// Nil for what the API answers.
    func response(to request: HTTPRequest) -> HTTPResponse? {
        switch request.path {
        case "/health": HTTPResponse(status: 200, text: "ok")
        case "/ready": readiness
        case "/metrics":
            HTTPResponse(
                status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
                body: Array(metrics.text(gauges: gauges()).utf8))
        default: dashboard.file(at: request.path).map(NodePages.response)
        }
    }

    /// Only what this node serves runs in its pages, and they speak to nobody else.
    private static func response(_ file: DashboardFile) -> HTTPResponse {
        HTTPResponse(
            status: 200, contentType: file.contentType,
            headers: [
                HeaderField(
                    name: "content-security-policy",
                    value: "default-src 'none'; style-src 'self'; script-src 'self'; "
                        + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
                        + "form-action 'none'; frame-ancestors 'none'"),
                HeaderField(name: "x-content-type-options", value: "nosniff"),
                HeaderField(name: "referrer-policy", value: "no-referrer"),
                HeaderField(name: "cache-control", value: "no-cache"),
            ],
            body: file.bytes)
    }

    private var readiness: HTTPResponse {
        let (phase, lastBlock) = state.withLock { $0 }
        guard phase == .leading || phase == .following else {
            return HTTPResponse(status: 503, text: "not ready: \(phase.rawValue)")
        }
        let silence = MonotonicTime.now - lastBlock
        guard silence <= patience else {
            let what = phase == .following ? "nothing from the leader" : "no block"
            return HTTPResponse(
                status: 503, text: "not ready: \(what) for \(silence / 1_000_000_000) seconds")
        }
        return HTTPResponse(status: 200, text: phase.rawValue)
    }
}
