/// Dashboard and alerts against what nodes say: every metric that they name is one that a running
/// leader or standby gives, and Prometheus' own checker takes the rules and rehearses them.
import Foundation
import Glibc
import JSON
import TestKit
import Testing

@testable import Node

@Suite(.serialized) struct MonitoringTests {
    private static let folder = PackageFiles.root + "/Operations"

    /// Prometheus' checker, of the system or of `scripts/setup.sh tests`; nil where there is none.
    private static let promtool = ["/usr/bin", PackageFiles.root + "/.build/tools/usr/bin"]
        .map { $0 + "/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    /// The metrics that a text names, without what a histogram adds.
    private func names(_ text: String) -> Set<String> {
        Set(
            text.matches(of: /rampart_[a-z_]+/).map { match in
                for end in ["_bucket", "_sum", "_count"] where match.output.hasSuffix(end) {
                    return String(match.output.dropLast(end.count))
                }
                return String(match.output)
            })
    }

    /// The queries of the dashboard and the alerts.
    private func queries() throws -> [String] {
        let dashboard = try #require(
            PackageFiles.text(of: MonitoringTests.folder + "/grafana/rampart.json"))
        let limits = JSONParser.Limits(bytes: 1 << 20, depth: 32, values: 100_000)
        let value = try JSONParser(limits).parse(Array(dashboard.utf8))
        let panels = try #require(value["panels"]?.elements)
        let shown = panels.flatMap { $0["targets"]?.elements ?? [] }.compactMap { $0["expr"]?.text }
        #expect(panels.count > 30 && shown.count > 50)
        let numbers = panels.compactMap { $0["id"]?.number?.text }
        #expect(Set(numbers).count == panels.count)
        let rules = try #require(
            PackageFiles.text(of: MonitoringTests.folder + "/prometheus/rampart.rules.yml"))
        let lines = rules.split(separator: "\n")
        let alerts = lines.indices.filter { lines[$0].contains("expr:") }
            .map { String(lines[$0 + 1]) }
        #expect(alerts.count > 15)
        return shown + alerts
    }

    @Test func `every metric of the dashboard and the alerts is one that nodes give`() throws {
        let venue = try FaultVenue()
        let leader = try venue.node("leader", ["--backup.directory", venue.bench.path("backups")])
        let port = try leader.port()
        try venue.open(on: port)
        let follower = try venue.node("data", ["--follow", "ws://127.0.0.1:\(port)"])
        let followerPort = try follower.port(" standing by ")
        // Figures of the ledger are those of the last block that may be told of.
        let known = (0..<200).contains { _ in
            let now = NodeFigures(Page.get("/metrics", port) ?? "")
            return now["rampart_vault"] == 1_000_000
                && now.all("rampart_publishers_sound").contains { $0.value == 1 }
        }
        #expect(known)
        let texts = [port, followerPort].compactMap { Page.get("/metrics", $0) }
        #expect(texts.count == 2)
        let given = names(
            texts.joined().split(separator: "\n").filter { !$0.hasPrefix("#") }
                .joined(separator: "\n"))
        let hasHistory = given.contains { $0.hasPrefix("rampart_history_") }
        let wanted = names(try queries().joined(separator: "\n")).filter {
            hasHistory || !$0.hasPrefix("rampart_history_")
        }
        #expect(wanted.subtracting(given).sorted() == [])
        #expect(wanted.count > 40)
        // What nobody looks at is no figure of an operator's.
        let unseen = given.subtracting(names(try queries().joined(separator: "\n")))
        #expect(unseen.filter { !$0.hasPrefix("rampart_history_") }.sorted() == [])
        let figures = NodeFigures(texts[0])
        #expect(figures["rampart_accounts"] == 1)
        #expect(
            figures["rampart_disk_free_bytes"] ?? 0 > 0 && figures["rampart_store_bytes"] ?? 0 > 0)
        for node in [follower, leader] {
            node.signal(SIGTERM)
            node.end()
        }
    }

    @Test func `metrics are what Prometheus reads and its checker takes the rules`() throws {
        guard let promtool = MonitoringTests.promtool else { return }
        let folder = MonitoringTests.folder + "/prometheus"
        for arguments in [
            ["check", "config", "\(folder)/prometheus.yml"],
            ["test", "rules", "\(folder)/rampart.tests.yml"],
        ] {
            let run = try Shell.run(promtool, arguments[0], arguments[1], arguments[2])
            #expect(run.exit == 0, "\(run.text)")
        }
        let venue = try FaultVenue()
        let node = try venue.node()
        let port = try node.port()
        let metrics = try #require(Page.get("/metrics", port))
        node.signal(SIGTERM)
        node.end()
        try venue.bench.write(metrics, to: "metrics")
        let run = try Shell.run(
            "/bin/sh", "-c", "\(promtool) check metrics < \(venue.bench.path("metrics"))")
        #expect(!run.text.contains("error"), "\(run.text)")
    }

    @Test func `the rules notice when the checker is given a wrong one`() throws {
        guard let promtool = MonitoringTests.promtool else { return }
        let bench = try CommandBench()
        let rules = try #require(
            PackageFiles.text(of: MonitoringTests.folder + "/prometheus/rampart.rules.yml"))
        try bench.write(rules.replacing("rate(", with: "rat("), to: "wrong.yml")
        #expect(try Shell.run(promtool, "check", "rules", bench.path("wrong.yml")).exit != 0)
    }
}
