/// The doctor on what is kept beside the chain, on the machine as it runs, and on the node that runs
/// on it; and how it says all that.
import Foundation
import Glibc
import JSON
import Testing
import Transport

@testable import Node

private func line(_ run: CommandRun, _ finding: Finding, _ subject: String) -> String? {
    run.output.split(separator: "\n").map(String.init).first {
        $0.hasPrefix(finding.rawValue.padded(to: "problem".count + 2) + subject + " ")
    }
}

private func page(_ text: String, status: UInt16 = 200) -> CommandContext.Page {
    CommandContext.Page(status: status, text: text)
}

/// Takes a port of this machine, and lets go of it at the end.
private final class TakenPort {
    private let handle: Int32
    let number: UInt16

    init() throws {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.handle = handle
        try #require(listen(handle, 1) == 0)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe getsockname(handle, pointer, &size)
            }
        }
        number = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(handle) }
}

@Suite struct DoctorChecksTests {
    let bench: CommandBench

    init() throws {
        bench = try CommandBench()
        try bench.makeVenue()
        bench.environment["RAMPART_API_LISTEN"] = "127.0.0.1:0"
    }

    private func doctor(_ more: String...) -> CommandRun {
        bench.run(["doctor", "--config", bench.path("venue/rampart.conf")] + more)
    }

    @Test func `every finding that is not in order says why and what to do`() throws {
        let run = doctor()
        let lines = run.output.split(separator: "\n")
        for (place, text) in lines.enumerated() where text.hasPrefix("warning") {
            #expect(text.contains(";"), "\(text)")
            #expect(lines[place + 1].contains("why: "), "\(text)")
        }
        #expect(lines.contains { $0.hasPrefix("warning") })
    }

    @Test func `programs read the same findings`() throws {
        let run = doctor("--json")
        let value = try JSONParser().parse(Array(run.output.utf8))
        let checks = try #require(value["checks"]?.elements)
        #expect(value["problems"]?.number?.integer == 0)
        #expect(checks.count > 12)
        for check in checks {
            let isFine = check["finding"]?.text == "ok"
            #expect(check["name"]?.text.map { DoctorCheck(rawValue: $0) } != nil)
            #expect(check["why"]?.text?.isEmpty == false && check["what"]?.text?.isEmpty == false)
            #expect(isFine == (check["do"]?.text == nil))
        }
    }

    @Test(arguments: DoctorCheck.allCases.map(\.rawValue))
    func `every check is explained`(name: String) {
        let run = bench.run("doctor", "--explain", name)
        #expect(run.exit == ExitCode.done)
        for word in ["asks ", "why ", "do "] { #expect(run.output.contains("  \(word)")) }
    }

    @Test func `a check is found by a name without spaces and an unknown one is near another`() {
        #expect(bench.run("doctor", "--explain", "tls-key").output.hasPrefix("tls key\n"))
        #expect(bench.run("doctor", "--explain", "all").output.contains("swap\n"))
        expectRefusal(
            bench.run("doctor", "--explain", "genesi"), ExitCode.usage, "no check", "genesis")
    }

    @Test(
        arguments: [("yes", .ok), ("no", .warning), (nil, .warning)] as [(String?, Finding)])
    func `the clock is as the system says`(answer: String?, finding: Finding) {
        bench.tools["timedatectl"] = answer
        #expect(line(doctor(), finding, "time") != nil)
    }

    @Test func `the disk is measured and nothing is left of that`() throws {
        let run = doctor()
        #expect(run.output.contains("a synced write takes"), "\(run.output)")
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.path("venue"))
        #expect(!names.contains { $0.hasPrefix(".doctor") })
        #expect(Doctor.syncedWrite(in: "/nowhere") == nil)
    }

    @Test(
        arguments: [
            (1_000, 9_000, 86_400, 9), (1_000, 9_000, 864_000, 90), (1_000, 9_000, 86_399, nil),
            (0, 9_000, 86_400, nil), (1, UInt64.max, UInt64.max, UInt64(UInt32.max)),
        ] as [(UInt64, UInt64, UInt64, UInt64?)])
    func `the room lasts as long as the pace says`(
        used: UInt64, free: UInt64, life: UInt64, days: UInt64?
    ) {
        #expect(Doctor.daysOfRoom(used: used, free: free, life: life) == days)
    }

    @Test func `swap is read from the system's table`() throws {
        let some = try #require(
            Doctor.swap("MemTotal: 5 kB\nSwapTotal: 2048 kB\nSwapFree: 1024 kB"))
        #expect(some == (2_048, 1_024))
        #expect(Doctor.swap("SwapTotal: 1 kB") == nil)
        #expect(Doctor.swap("SwapTotal: 1 kB\nSwapFree: 2 kB") == nil)
    }

    @Test func `a history is none, a database, or something else`() throws {
        #expect(line(doctor(), .ok, "history")?.contains("will be made") == true)
        bench.environment["RAMPART_HISTORY_DATABASE"] = bench.path("past")
        try bench.write("SQLite format 3\0and so on", to: "past")
        #expect(line(doctor(), .ok, "history") != nil)
        try bench.write("something else", to: "past")
        #expect(line(doctor(), .problem, "history")?.contains("no database") == true)
        bench.environment["RAMPART_HISTORY_DATABASE"] = "none"
        #expect(line(doctor(), .ok, "history")?.contains("none is kept") == true)
    }

    @Test func `a PostgreSQL answers or not and its password is never shown`() throws {
        let port = try TakenPort()
        bench.environment["RAMPART_HISTORY_DATABASE"] =
            "postgresql://rampart:hunter2@127.0.0.1:\(port.number)/history"
        let there = doctor()
        #expect(line(there, .ok, "history")?.contains("127.0.0.1:\(port.number)") == true)
        bench.environment["RAMPART_HISTORY_DATABASE"] = "postgresql://rampart:hunter2@127.0.0.1:1/h"
        let gone = doctor()
        #expect(line(gone, .problem, "history")?.contains("start PostgreSQL") == true)
        #expect(!(there.output + gone.output).contains("hunter2"))
    }

    @Test(
        arguments: [
            ("postgresql:///history", "", 5432),
            ("postgres://u:p@db.example/h", "db.example", 5432),
            ("postgresql://[::1]:6000/h?x=1", "::1", 6000),
            ("postgresql://%2Fvar%2Frun:7/h", "/var/run", 7), ("postgresql://a,b:1/h", "a", 5432),
        ] as [(String, String, UInt16)])
    func `a URL of PostgreSQL names a place`(url: String, host: String, port: UInt16) {
        #expect(
            Doctor.place(ofPostgres: url) == Doctor.PostgresPlace(host: host, port: port))
    }

    @Test(arguments: ["postgresql:", "postgresql://a:b/h", "postgresql://a:70000/h"])
    func `a URL that names none is none`(url: String) {
        #expect(Doctor.place(ofPostgres: url) == nil)
    }

    @Test func `a charting library that is missing is a warning`() {
        bench.environment["RAMPART_DASHBOARD_CHARTS"] = bench.path("none.js")
        #expect(line(doctor(), .warning, "charts")?.contains("libjs-chart.js") == true)
    }

    @Test func `a log file must be writable`() {
        bench.environment["RAMPART_LOG_FILE"] = bench.path("node.log")
        #expect(line(doctor(), .ok, "log") != nil)
        bench.environment["RAMPART_LOG_FILE"] = "/nowhere/node.log"
        #expect(line(doctor(), .problem, "log") != nil)
    }

    @Test func `credentials that end soon or have ended are named by their accounts`() throws {
        let made = bench.run(
            "credentials", "new", "--config", bench.path("venue/rampart.conf"), "--account", "7",
            "--scope", "read", "--days", "20")
        #expect(made.exit == ExitCode.done, "\(made.notes)")
        #expect(line(doctor(), .warning, "credentials") == nil)
        let day: UInt64 = 86_400_000_000_000
        bench.now += 7 * day
        #expect(line(doctor(), .warning, "credentials")?.contains("accounts 7") == true)
        bench.now += 14 * day
        #expect(line(doctor(), .warning, "credentials")?.contains("1 are over") == true)
    }
}

@Suite struct DoctorRunningTests {
    let bench: CommandBench
    private let port: TakenPort

    init() throws {
        bench = try CommandBench()
        try bench.makeVenue()
        port = try TakenPort()
        bench.environment["RAMPART_API_LISTEN"] = "127.0.0.1:\(port.number)"
        bench.pages["/ready"] = page("leading")
    }

    private func doctor(_ figures: String) -> CommandRun {
        bench.pages["/metrics"] = page(figures)
        return bench.run("doctor", "--config", bench.path("venue/rampart.conf"))
    }

    private let fresh = """
        rampart_index_age_seconds{underlying="BTC"} 0.5
        rampart_publishers_sound{underlying="BTC"} 3.0
        rampart_publishers 3.0
        rampart_followers 1.0
        rampart_followers_lag 2.0
        rampart_history_lag 0.0

        """

    @Test func `a node that does well is said to`() {
        let run = doctor(fresh)
        for subject in ["node", "prices", "standby"] {
            #expect(line(run, .ok, subject) != nil, "\(run.output)")
        }
        #expect(line(run, .ok, "history") != nil)
    }

    @Test func `old prices, silent publishers and a lost standby are named`() {
        let old = fresh.replacing("BTC\"} 0.5", with: "BTC\"} 16.0")
        #expect(line(doctor(old), .problem, "prices")?.contains("BTC (16 s)") == true)
        let edge = fresh.replacing("BTC\"} 0.5", with: "BTC\"} 15.0")
        #expect(line(doctor(edge), .ok, "prices") != nil)
        let none = fresh.replacing("BTC\"} 0.5", with: "BTC\"} 1.8e9")
        #expect(line(doctor(none), .problem, "prices")?.contains("none yet") == true)
        let silent = fresh.replacing("BTC\"} 3.0", with: "BTC\"} 2.0")
        #expect(line(doctor(silent), .warning, "prices")?.contains("BTC (2)") == true)
        let alone = fresh.replacing("rampart_followers 1.0", with: "rampart_followers 0.0")
        #expect(line(doctor(alone), .warning, "standby")?.contains("nobody follows") == true)
        let late = fresh.replacing("history_lag 0.0", with: "history_lag 20000.0")
        #expect(
            doctor(late).output.contains("20000 blocks behind; its database is slow"))
    }

    @Test func `a standby says how far it is behind and whether it has its leader`() {
        bench.pages["/ready"] = page("following")
        let behind = "rampart_following 1.0\nrampart_follower_lag 101.0\n"
        #expect(line(doctor(behind), .warning, "standby")?.contains("101 blocks") == true)
        #expect(line(doctor("rampart_following 1.0\n"), .ok, "standby") != nil)
        #expect(line(doctor("rampart_following 0.0\n"), .problem, "standby") != nil)
    }

    @Test func `a node that is not ready says why, and another program is none`() {
        bench.pages["/ready"] = page("not ready: no block for 9 seconds", status: 503)
        #expect(line(doctor(fresh), .problem, "node")?.contains("no block for 9") == true)
        bench.pages = [:]
        let run = bench.run("doctor", "--config", bench.path("venue/rampart.conf"))
        #expect(line(run, .warning, "node")?.contains("does not answer as a node") == true)
    }

    @Test func `lines that are no figures are passed over`() {
        let figures = NodeFigures("# a 1\nb x\nc 2\n\nd{l=\"v\"} +Inf\nc 3\nnothing\n")
        #expect(figures["c"] == 2 && figures["b"] == nil && figures["a"] == nil)
        #expect(figures.all("d").map(\.label) == ["v"] && figures["d"] == .infinity)
    }
}
