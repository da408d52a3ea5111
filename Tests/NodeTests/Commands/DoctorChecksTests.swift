/// The doctor on what is kept beside the chain and on the machine as it runs; and how it says all
/// that.
import Foundation
import JSON
import Testing

@testable import Node

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
        #expect(doctor().line(finding, "time") != nil)
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
        #expect(doctor().line(.ok, "history")?.contains("will be made") == true)
        bench.environment["RAMPART_HISTORY_DATABASE"] = bench.path("past")
        try bench.write("SQLite format 3\0and so on", to: "past")
        #expect(doctor().line(.ok, "history") != nil)
        try bench.write("something else", to: "past")
        #expect(doctor().line(.problem, "history")?.contains("no database") == true)
        bench.environment["RAMPART_HISTORY_DATABASE"] = "none"
        #expect(doctor().line(.ok, "history")?.contains("none is kept") == true)
    }

    @Test func `a PostgreSQL answers or not and its password is never shown`() throws {
        let port = try TakenPort()
        bench.environment["RAMPART_HISTORY_DATABASE"] =
            "postgresql://rampart:hunter2@127.0.0.1:\(port.number)/history"
        let there = doctor()
        #expect(there.line(.ok, "history")?.contains("127.0.0.1:\(port.number)") == true)
        bench.environment["RAMPART_HISTORY_DATABASE"] = "postgresql://rampart:hunter2@127.0.0.1:1/h"
        let gone = doctor()
        #expect(gone.line(.problem, "history")?.contains("start PostgreSQL") == true)
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
        #expect(doctor().line(.warning, "charts")?.contains("libjs-chart.js") == true)
    }

    @Test func `a log file must be writable`() {
        bench.environment["RAMPART_LOG_FILE"] = bench.path("node.log")
        #expect(doctor().line(.ok, "log") != nil)
        bench.environment["RAMPART_LOG_FILE"] = "/nowhere/node.log"
        #expect(doctor().line(.problem, "log") != nil)
    }

    @Test func `credentials that end soon or have ended are named by their accounts`() throws {
        let made = bench.run(
            "credentials", "new", "--config", bench.path("venue/rampart.conf"), "--account", "7",
            "--scope", "read", "--days", "20")
        #expect(made.exit == ExitCode.done, "\(made.notes)")
        #expect(doctor().line(.warning, "credentials") == nil)
        let day: UInt64 = 86_400_000_000_000
        bench.now += 7 * day
        #expect(doctor().line(.warning, "credentials")?.contains("accounts 7") == true)
        bench.now += 14 * day
        #expect(doctor().line(.warning, "credentials")?.contains("1 are over") == true)
    }
}
