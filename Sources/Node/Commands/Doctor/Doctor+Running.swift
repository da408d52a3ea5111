/// What the doctor asks the node that runs on this machine: whether it is ready, how old its prices
/// are, and how far its standby and its history are behind.

import Documents
import Transport

/// The figures of a node's `/metrics`.
struct NodeFigures {
    /// One line: a name, the value of its one label if it has one, and the figure.
    private var lines: [(name: String, label: String, value: Double)] = []

    /// Reads what lines can be read.
    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let gap = line.lastIndex(of: " "),
                let value = Double(line[line.index(after: gap)...])
            else { continue }
            let head = line[..<gap]
            let name = head.prefix { $0 != "{" }
            let label = head.split(separator: "\"", omittingEmptySubsequences: false)
            lines.append((String(name), label.count > 1 ? String(label[1]) : "", value))
        }
    }

    /// The figure of a name; nil where there is none.
    subscript(name: String) -> Double? { lines.first { $0.name == name }?.value }

    /// The figures of a name, each with its label.
    func all(_ name: String) -> [(label: String, value: Double)] {
        lines.filter { $0.name == name }.map { ($0.label, $0.value) }
    }
}

extension Doctor {
    /// Seconds of an index after which the doctor speaks of it. Ours: as the alert has it.
    private static let oldIndex = 15.0
    /// Blocks behind, of a standby and of a history.
    private static let farBehind = (standby: 100.0, history: 10_000.0)

    /// Asks the node, whose address is taken.
    mutating func examineNode(_ configuration: NodeConfiguration) {
        let scheme = configuration.certificate == nil ? "http" : "https"
        let address = "\(scheme)://\(configuration.listen.text)"
        guard let ready = page("/ready", address), let metrics = page("/metrics", address),
            metrics.status == 200
        else {
            report.warn(
                .node, "what listens at \(configuration.listen.text) does not answer as a node",
                "is it another program? ss -ltnp names it")
            return
        }
        if ready.status == 200 {
            report.ok(.node, "\(address) is ready: \(ready.text)")
        } else {
            report.blame(.node, "\(address) says \(ready.text)", "its log says why")
        }
        let figures = NodeFigures(metrics.text)
        examinePrices(figures)
        examineStandby(figures)
        if let lag = figures["rampart_history_lag"] {
            let text = "the node's history is \(Int(clamping: lag)) blocks behind"
            if lag > Doctor.farBehind.history {
                report.warn(.history, text, "its database is slow or gone; see the node's log")
            } else {
                report.ok(.history, text)
            }
        }
    }

    private func page(_ path: String, _ address: String) -> CommandContext.Page? {
        RemoteNode.endpoint(address + path, authorities: nil).flatMap { context.get($0) }
    }

    private mutating func examinePrices(_ figures: NodeFigures) {
        let ages = figures.all("rampart_index_age_seconds")
        guard !ages.isEmpty else { return }
        let old = ages.filter { $0.value > Doctor.oldIndex }
        let publishers = figures["rampart_publishers"] ?? 0
        let silent = figures.all("rampart_publishers_sound").filter { $0.value < publishers }
        if !old.isEmpty {
            let names = old.map { "\($0.label) (\(Doctor.age($0.value)))" }
            report.blame(
                .prices, "the index is old of " + names.joined(separator: ", "),
                "too few publishers speak: 'rampart publish --config FILE --once' says why")
        } else if !silent.isEmpty {
            let names = silent.map { "\($0.label) (\(Int(clamping: $0.value)))" }
            report.warn(
                .prices,
                "not all \(Int(clamping: publishers)) publishers count for "
                    + names.joined(separator: ", "),
                "start those that are silent; see their logs")
        } else {
            report.ok(.prices, "\(ages.count) indexes are fresh, every publisher counts")
        }
    }

    private static func age(_ seconds: Double) -> String {
        // Before the first quorum its time is that of the epoch.
        seconds > 1e9 ? "none yet" : "\(Int(clamping: seconds)) s"
    }

    private mutating func examineStandby(_ figures: NodeFigures) {
        if let isFollowing = figures["rampart_following"] {
            let lag = figures["rampart_follower_lag"] ?? 0
            if isFollowing == 0 {
                report.blame(
                    .standby, "it has no link to its leader",
                    "is the leader gone, take over: docs/operations.md")
            } else if lag > Doctor.farBehind.standby {
                report.warn(
                    .standby, "it is \(Int(clamping: lag)) blocks behind its leader",
                    "its disk or link is slow")
            } else {
                report.ok(.standby, "it follows, \(Int(clamping: lag)) blocks behind")
            }
        } else if let followers = figures["rampart_followers"], followers > 0 {
            let lag = figures["rampart_followers_lag"] ?? 0
            report.ok(
                .standby,
                "\(Int(clamping: followers)) follow, \(Int(clamping: lag)) blocks behind at most")
        } else {
            report.warn(
                .standby, "nobody follows",
                "a lost disk loses what is newer than the back-up; start a standby "
                    + "(docs/guides/run-a-node.md)")
        }
    }
}

extension Int {
    /// The whole part of a figure, held to what fits.
    fileprivate init(clamping value: Double) {
        self = value.isNaN ? 0 : Int(Swift.max(-1e18, Swift.min(1e18, value)))
    }
}
