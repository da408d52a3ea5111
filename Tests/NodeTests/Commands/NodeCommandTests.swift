/// What a node is started with: the flags before the environment, that before the file.
import Synchronization
import Testing

@testable import Node

/// What arrived where a node would have been started.
private struct Arrival {
    var configuration: NodeConfiguration?
    var tookOver = false
}

/// Runs `node` or `takeover` and gives the configuration that arrived.
private func started(
    _ bench: CommandBench, _ words: String...
) -> (run: CommandRun, configuration: NodeConfiguration?, tookOver: Bool) {
    let arrival = Mutex(Arrival())
    let entry = NodeEntry(
        run: { configuration in
            arrival.withLock { $0 = Arrival(configuration: configuration) }
            return 42
        },
        takeOver: { configuration in
            arrival.withLock { $0 = Arrival(configuration: configuration, tookOver: true) }
            return 43
        })
    let run = bench.run(words, starting: entry)
    let seen = arrival.withLock { $0 }
    return (run, seen.configuration, seen.tookOver)
}

@Test func flagsGoBeforeTheEnvironmentAndThatBeforeTheFile() throws {
    let bench = try CommandBench()
    try bench.write("api.listen = 127.0.0.1:1\nblock.idle-ms = 60\nlog.level = error", to: "a.conf")
    bench.environment = ["RAMPART_API_LISTEN": "127.0.0.1:2", "RAMPART_BLOCK_IDLE_MS": "70"]
    let result = started(
        bench, "node", "--config", bench.path("a.conf"), "--api.listen=127.0.0.1:3")
    #expect(result.run.exit == 42)
    #expect(result.configuration?.listen.port == 3)
    #expect(result.configuration?.blockIdle == 70)
    #expect(result.configuration?.logLevel == .error)
    #expect(!result.tookOver)
}

@Test func aNodeFollowsWhomItIsTold() throws {
    let bench = try CommandBench()
    let result = started(
        bench, "node", "--follow", "ws://10.0.0.1:8645", "--follow.token-file", "token")
    #expect(result.configuration?.leader == "ws://10.0.0.1:8645", "\(result.run.notes)")
    let bare = started(bench, "node", "--follow", "ws://10.0.0.1:8645")
    #expect(bare.configuration == nil)
    expectRefusal(bare.run, ExitCode.badConfiguration, "follow.token-file")
}

@Test func aTakeoverIsHandedOverToo() throws {
    let result = started(try CommandBench(), "takeover", "--data.directory", "there")
    #expect(result.run.exit == 43)
    #expect(result.tookOver)
    #expect(result.configuration?.data == "there")
}

@Test func aNodeDoesNotStartWithAConfigurationThatIsRefused() throws {
    let bench = try CommandBench()
    let value = started(bench, "node", "--block.idle-ms", "1")
    expectRefusal(value.run, ExitCode.badConfiguration, "--block.idle-ms", "from 50 to 60000")
    let file = started(bench, "node", "--config", bench.path("none.conf"))
    expectRefusal(file.run, ExitCode.noInput, "no such file")
    let flag = started(bench, "node", "--api.listen")
    expectRefusal(flag.run, ExitCode.usage, "--api.listen needs a value")
    #expect(value.configuration == nil && file.configuration == nil && flag.configuration == nil)
}
