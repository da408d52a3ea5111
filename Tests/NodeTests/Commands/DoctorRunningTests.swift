/// The doctor on the node that runs on its machine.
import Foundation
import Testing

@testable import Node

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
            #expect(run.line(.ok, subject) != nil, "\(run.output)")
        }
        #expect(run.line(.ok, "history") != nil)
    }

    @Test func `old prices, silent publishers and a lost standby are named`() {
        let old = fresh.replacing("BTC\"} 0.5", with: "BTC\"} 16.0")
        #expect(doctor(old).line(.problem, "prices")?.contains("BTC (16 s)") == true)
        let edge = fresh.replacing("BTC\"} 0.5", with: "BTC\"} 15.0")
        #expect(doctor(edge).line(.ok, "prices") != nil)
        let none = fresh.replacing("BTC\"} 0.5", with: "BTC\"} 1.8e9")
        #expect(doctor(none).line(.problem, "prices")?.contains("none yet") == true)
        let silent = fresh.replacing("BTC\"} 3.0", with: "BTC\"} 2.0")
        #expect(doctor(silent).line(.warning, "prices")?.contains("BTC (2)") == true)
        let alone = fresh.replacing("rampart_followers 1.0", with: "rampart_followers 0.0")
        #expect(doctor(alone).line(.warning, "standby")?.contains("nobody follows") == true)
        let late = fresh.replacing("history_lag 0.0", with: "history_lag 20000.0")
        #expect(
            doctor(late).output.contains("20000 blocks behind; its database is slow"))
    }

    @Test func `a standby says how far it is behind and whether it has its leader`() {
        bench.pages["/ready"] = page("following")
        let behind = "rampart_following 1.0\nrampart_follower_lag 101.0\n"
        #expect(doctor(behind).line(.warning, "standby")?.contains("101 blocks") == true)
        #expect(doctor("rampart_following 1.0\n").line(.ok, "standby") != nil)
        #expect(doctor("rampart_following 0.0\n").line(.problem, "standby") != nil)
    }

    @Test func `a node that is not ready says why, and another program is none`() {
        bench.pages["/ready"] = page("not ready: no block for 9 seconds", status: 503)
        #expect(doctor(fresh).line(.problem, "node")?.contains("no block for 9") == true)
        bench.pages = [:]
        let run = bench.run("doctor", "--config", bench.path("venue/rampart.conf"))
        #expect(run.line(.warning, "node")?.contains("does not answer as a node") == true)
    }

    @Test func `lines that are no figures are passed over`() {
        let figures = NodeFigures("# a 1\nb x\nc 2\n\nd{l=\"v\"} +Inf\nc 3\nnothing\n")
        #expect(figures["c"] == 2 && figures["b"] == nil && figures["a"] == nil)
        #expect(figures.all("d").map(\.label) == ["v"] && figures["d"] == .infinity)
    }
}
