/// A node in a process of its own keeps its history: over restarts and kills, while the database is
/// locked, and where it cannot be reached; and the API answers out of it what memory has lost.
import Foundation
import Glibc
import History
import Ledger
import Testing
import Transport

@testable import Node

@Suite(.serialized) struct HistoryNodeTests {
    private func verify(_ venue: FaultVenue) -> CommandRun {
        venue.bench.run(
            "history", "verify", "--config", venue.bench.path("venue/rampart.conf"),
            "--data.directory", venue.bench.path("data"))
    }

    private func gauge(_ name: String, _ port: UInt16) throws -> Double {
        let page = try HTTPClient.get(
            Endpoint(host: "127.0.0.1", port: port, path: "/metrics"))
        let lines = String(decoding: page.body, as: UTF8.self).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix(name + " ") })
        return try #require(Double(line.dropFirst(name.count + 1)))
    }

    private func send(_ venue: FaultVenue, _ count: Int, to port: UInt16) throws {
        let client = try LoadClient(port: port, try venue.transactions(count))
        client.wait(answers: count)
        #expect(client.refusals.isEmpty)
    }

    @Test func `a history is whole after a restart and after a kill`() throws {
        let venue = try FaultVenue()
        for signal in [SIGTERM, SIGKILL, SIGTERM] {
            let node = try venue.node()
            let port = try node.port()
            if signal == SIGTERM, !venue.isOpen { try venue.open(on: port) }
            try send(venue, 60, to: port)
            node.signal(signal)
            node.end()
            let run = verify(venue)
            #expect(run.exit == ExitCode.done, "\(run.notes)")
            guard signal == SIGTERM else { continue }
            let status = venue.bench.run(
                "history", "status", "--config", venue.bench.path("venue/rampart.conf"),
                "--data.directory", venue.bench.path("data"))
            let words = status.output.split(whereSeparator: \.isWhitespace)
            let place = try #require(words.firstIndex(of: "of"))
            #expect(words[place - 1] == words[place + 1], "it has caught up: \(status.output)")
        }
    }

    @Test func `a locked database stops no block, and the history catches up`() throws {
        let venue = try FaultVenue()
        let node = try venue.node()
        let port = try node.port()
        try venue.open(on: port)
        while try gauge("rampart_history_lag", port) > 0 { usleep(20_000) }
        let other = try HistoryStore(
            .sqlite(path: venue.bench.path("data/history.sqlite")), chain: venue.genesis.chain,
            mode: .writing)
        try other.database.begin()
        try send(venue, 100, to: port)
        #expect(try gauge("rampart_history_lag", port) > 0)
        other.database.rollback()
        while try gauge("rampart_history_lag", port) > 0 { usleep(20_000) }
        #expect(try gauge("rampart_history_up", port) == 1)
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done, "\(node.text)")
        #expect(verify(venue).exit == ExitCode.done)
    }

    @Test func `what memory has lost is answered out of the history, or said to be missing`() throws
    {
        let venue = try FaultVenue()
        let settings = [
            "--store.keep-blocks=4", "--store.leaves-every=1", "--block.interval-ms=0",
        ]
        let node = try venue.node("data", settings)
        let port = try node.port()
        try venue.open(on: port)
        try send(venue, 300, to: port)
        node.signal(SIGTERM)
        #expect(node.end() == ExitCode.done, "\(node.text)")
        let again = try venue.node("data", settings)
        try venue.speak(to: try again.port())
        let answered = venue.bench.run("query", "public/get_delivery_prices", "index_name=btc_usd")
        #expect(answered.exit == ExitCode.done, "\(answered.notes)")
        #expect(answered.output.contains("records_total"))
        again.signal(SIGTERM)
        #expect(again.end() == ExitCode.done, "\(again.text)")
        let lost = try venue.node(
            "data", settings + ["--history.database", venue.bench.path("no/folder/history")])
        try lost.line("history waits")
        try venue.speak(to: try lost.port())
        let refused = venue.bench.run("query", "public/get_delivery_prices", "index_name=btc_usd")
        expectRefusal(refused, ExitCode.refused, "history is not available")
        #expect(!refused.notes.contains("no/folder"))
        lost.signal(SIGTERM)
        #expect(lost.end() == ExitCode.done, "\(lost.text)")
    }
}
