/// The history from the terminal: made again, compared, asked where it stands; and what is refused.
import Canonical
import History
import JSON
import Ledger
import Replication
import Testing

@testable import Node

@Suite struct HistoryCommandTests {
    private func value(_ run: CommandRun) throws -> JSON.Value {
        try JSONParser().parse(Array(run.output.utf8))
    }

    @Test func `a rebuild is equal to what was kept live`() throws {
        let chain = try HistoryChain()
        let blocks = try chain.store("data")
        _ = chain.keep(blocks, chain.location())
        try blocks.close()
        let kept = chain.run("history", "verify")
        #expect(kept.exit == ExitCode.done, "\(kept.notes)")
        #expect(kept.output.contains("every row up to block 3"))
        let made = chain.run("history", "rebuild")
        #expect(made.exit == ExitCode.done, "\(made.notes)")
        #expect(made.output.contains("stands at block 3"))
        let again = try value(chain.run("history", "verify", "--json"))
        #expect(again["equal"]?.boolean == true)
        let status = try value(chain.run("history", "status", "--json"))
        #expect(status["height"]?.number?.integer == 3)
        #expect(status["chain_height"]?.number?.integer == 3)
        #expect(status["hash"]?.text == chain.records[2].header.hash.hexadecimal)
        #expect(status["rows"]?["entries"]?.number?.integer == 2)
        let text = chain.run("history", "status").output
        #expect(text.contains("block 3 of 3"), "\(text)")
    }

    @Test func `a history that lags behind is compared as far as it goes`() throws {
        let chain = try HistoryChain()
        let blocks = try chain.store("data")
        try chain.writer(blocks, chain.location()).advance(to: 2)
        try blocks.close()
        let run = chain.run("history", "verify")
        #expect(run.exit == ExitCode.done, "\(run.notes)")
        #expect(run.output.contains("up to block 2"))
    }

    @Test func `a row that was changed is found and named`() throws {
        let chain = try HistoryChain()
        let blocks = try chain.store("data")
        _ = chain.keep(blocks, chain.location())
        try blocks.close()
        let store = try HistoryStore(
            chain.location(), chain: chain.genesis.chain, mode: .writing)
        try store.database.run("UPDATE entries SET change = change + 1 WHERE event > 0")
        let run = chain.run("history", "verify")
        #expect(run.exit == ExitCode.refused)
        #expect(run.output.contains("entries") && run.output.contains("change"))
        #expect(run.output.contains("rampart history rebuild"))
        #expect(chain.run("history", "rebuild").exit == ExitCode.done)
        #expect(chain.run("history", "verify").exit == ExitCode.done)
    }

    @Test func `a log that does not verify makes no history and harms none`() throws {
        let chain = try HistoryChain()
        let blocks = try chain.store("data")
        _ = chain.keep(blocks, chain.location())
        try blocks.close()
        let forged = try chain.store("forged") { record in
            var record = record
            // The outcome of another block: more money than came in.
            if record.header.height == 3 { record.outcome = chain.records[1].outcome }
            return record
        }
        try forged.close()
        for command in ["rebuild", "verify"] {
            let run = chain.run("history", command, data: "forged")
            expectRefusal(run, ExitCode.badInput, "does not verify", "block 3")
        }
        let kept = chain.run("history", "verify")
        #expect(kept.exit == ExitCode.done, "\(kept.notes)")
        #expect(!FileAccess.exists(chain.bench.path("history.sqlite.new")))
    }

    @Test func `what is no history is refused with what to do`() throws {
        let chain = try HistoryChain()
        try chain.store("data").close()
        expectRefusal(
            chain.run("history", "status"), ExitCode.noInput, "rampart history rebuild")
        expectRefusal(
            chain.run("history", "verify"), ExitCode.noInput, "rampart history rebuild")
        expectRefusal(
            chain.bench.run(
                "history", "rebuild", "--config", chain.bench.path("venue/rampart.conf"),
                "--history.database", "none"), ExitCode.badConfiguration, "history.database")
        expectRefusal(chain.bench.run("history"), ExitCode.usage, "rebuild, verify, status")
        expectRefusal(chain.bench.run("history", "rebuid"), ExitCode.usage, "rebuild")
        expectRefusal(
            chain.run("history", "rebuild", data: "nowhere"), ExitCode.noInput, "no store")
        #expect(!FileAccess.exists(chain.bench.path("history.sqlite.new")))
    }
}
