/// A chain written to files, read back elsewhere, and verified; and each file that is not what it
/// says it is.
import Custody
import Foundation
import Ledger
import Replication
import Testing

@testable import Node

/// A venue with a chain of a few blocks on disk.
private func venue() throws -> (bench: CommandBench, node: FakeNode) {
    let bench = try CommandBench()
    try bench.makeVenue()
    let node = try FakeNode(bench)
    let key = String(bench.run("keys", "new", bench.path("owner.key")).output.dropLast())
    for words in [
        ["open-account", key], ["deposit", "100", "0", "a"], ["deposit", "5", "0", "b"],
    ] {
        let sent = bench.run(
            ["send", "--key", bench.path("venue/keys/custodian.key"), "--as", "custodian"] + words)
        #expect(sent.exit == ExitCode.done, "\(sent.notes)")
        // The venue's nonces are times.
        bench.now += 1
    }
    let genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
    var machine = LedgerMachine(genesis: genesis, verifier: NativeVerifier(workers: 1))
    try BlockStore.create(at: bench.path("venue/data"), machine: machine)
    let store = try BlockStore(opening: bench.path("venue/data"), chain: genesis.chain)
    _ = try store.start(&machine)
    for record in node.records { try store.append(record, applyingTo: &machine) }
    try store.close()
    return (bench, node)
}

extension CommandBench {
    fileprivate func chain(_ words: String..., data: String = "venue/data") -> CommandRun {
        run(words + ["--config", path("venue/rampart.conf"), "--data.directory", path(data)])
    }
}

@Test func aSnapshotMakesAnotherStoreOfTheSameState() throws {
    let (bench, node) = try venue()
    let root = node.machine.root.hexadecimal
    let exported = bench.chain("export", bench.path("state"))
    #expect(exported.exit == ExitCode.done, "\(exported.notes)")
    #expect(exported.output.contains("block 3") && exported.output.contains(root))
    let imported = bench.chain("import", bench.path("state"), data: "copy")
    #expect(imported.exit == ExitCode.done, "\(imported.notes)")
    #expect(imported.output.contains("stands at block 3") && imported.output.contains(root))
    expectRefusal(
        bench.chain("export", bench.path("state")), ExitCode.cannotWrite, "is there already")
    expectRefusal(
        bench.chain("import", bench.path("state"), data: "copy"), ExitCode.cannotWrite, "not empty")
}

@Test func blocksMakeTheSameChainElsewhere() throws {
    let (bench, node) = try venue()
    #expect(bench.chain("export", bench.path("first"), "--blocks", "1..2").exit == ExitCode.done)
    #expect(bench.chain("export", bench.path("all"), "--blocks", "1..3").exit == ExitCode.done)
    let first = bench.chain("import", bench.path("first"), "--blocks", data: "copy")
    #expect(first.output.hasPrefix("2 new blocks;"), "\(first.notes)")
    let rest = bench.chain("import", bench.path("all"), "--blocks", data: "copy")
    #expect(rest.output.hasPrefix("1 new blocks;"), "\(rest.notes)")
    let verified = bench.chain("verify", "chain", data: "copy")
    #expect(verified.exit == ExitCode.done, "\(verified.notes)")
    #expect(verified.output.contains("blocks 1 to 3"))
    #expect(verified.output.contains(node.machine.root.hexadecimal))
}

@Test func aFileThatWasChangedIsRefusedBeforeAnythingOfItCounts() throws {
    let (bench, _) = try venue()
    _ = bench.chain("export", bench.path("state"))
    var bytes = try bench.bytes("state")
    bytes[bytes.count / 2] ^= 1
    try FileAccess.write(bytes, to: bench.path("state"))
    let run = bench.chain("import", bench.path("state"), data: "copy")
    expectRefusal(run, ExitCode.badInput, "corrupted")
    #expect(!BlockStore.exists(at: bench.path("copy")))
}

@Test func whatIsNoChainIsRefused() throws {
    let (bench, _) = try venue()
    expectRefusal(
        bench.chain("verify", "chain", data: "nowhere"), ExitCode.noInput, "no store")
    expectRefusal(
        bench.chain("import", bench.path("nothing")), ExitCode.noInput, "no such file")
    expectRefusal(
        bench.chain("export", bench.path("x"), "--blocks", "2..9"), ExitCode.badInput, "block 9")
    for text in ["", "1", "1.2", "0..2", "3..2", "a..b", "1..2..3"] {
        expectRefusal(
            bench.run("export", bench.path("x"), "--blocks=\(text)"), ExitCode.usage, "--blocks")
    }
    let other = try CommandBench()
    try other.makeVenue()
    let run = other.run(
        "verify", "chain", "--config", other.path("venue/rampart.conf"), "--data.directory",
        bench.path("venue/data"))
    #expect(run.exit == ExitCode.badInput, "\(run.notes)")
}

@Test func theDoctorLooksIntoTheStore() throws {
    let (bench, _) = try venue()
    bench.environment["RAMPART_API_LISTEN"] = "127.0.0.1:0"
    bench.now += 1_000_000_000
    let config = bench.path("venue/rampart.conf")
    let whole = bench.run("doctor", "--config", config)
    #expect(whole.exit == ExitCode.done, "\(whole.output)")
    #expect(whole.output.contains("whole up to block 3"))
    bench.now = CommandBench.now
    #expect(bench.run("doctor", "--config", config).output.contains("ahead of the clock"))
    let genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
    let store = try BlockStore(opening: bench.path("venue/data"), chain: genesis.chain)
    #expect(bench.run("doctor", "--config", config).output.contains("a node is running"))
    try store.close()
    try other(bench)
    let changed = bench.run("doctor", "--config", config)
    #expect(changed.exit == ExitCode.refused)
    #expect(changed.output.contains("problem  database"), "\(changed.output)")
}

/// Another genesis in the place of the chain's.
private func other(_ bench: CommandBench) throws {
    let text = try bench.text("venue/genesis.json")
    try bench.write(
        text.replacing("\"orderLimit\": 400", with: "\"orderLimit\": 399"), to: "venue/genesis.json"
    )
}
