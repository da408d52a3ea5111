/// What need not be written on every line: the flag before the environment, that before the
/// profile.
import Foundation
import Testing

@testable import Node

private func bench(_ profile: String) throws -> CommandBench {
    let bench = try CommandBench()
    try FileManager.default.createDirectory(
        atPath: bench.path(".config/rampart"), withIntermediateDirectories: true)
    try bench.write(profile, to: ".config/rampart/profile")
    bench.environment["HOME"] = bench.folder
    return bench
}

private func account(_ bench: CommandBench, _ words: String...) -> String {
    var asked = ""
    bench.node = { body in
        asked = String(body.split(separator: "\"account\":").last?.prefix { $0.isNumber } ?? "")
        return "{\"error\":{\"code\":13020,\"message\":\"none\"}}"
    }
    _ = bench.run(["account"] + words)
    return asked
}

@Test func aFlagGoesBeforeTheEnvironmentAndThatBeforeTheProfile() throws {
    let bench = try bench("# who\naccount = 5   # mine\n\n node=http://127.0.0.1:1\r\n")
    #expect(account(bench) == "5")
    bench.environment["RAMPART_ACCOUNT"] = "6"
    #expect(account(bench) == "6")
    #expect(account(bench, "--account", "7") == "7")
    bench.environment["RAMPART_ACCOUNT"] = nil
    bench.environment["XDG_CONFIG_HOME"] = bench.path("elsewhere")
    #expect(account(bench) == "")
}

@Test(arguments: [
    ("acount = 5", ":1: 'acount'", "did you mean 'account'?"),
    ("\n\naccount", ":3: account has no value", "account = VALUE"),
    ("account =", ":1: account has no value", "VALUE"),
    ("account = 1\naccount = 2", ":2: account stands twice", "take one line away"),
    ("= 5", ":1: ''", "known are node"), ("secret = x", ":1: 'secret'", "known are"),
])
func aProfileThatCannotBeReadIsRefusedByLine(
    _ text: String, _ place: String, _ hint: String
) throws {
    let bench = try bench(text)
    expectRefusal(bench.run("account"), ExitCode.badConfiguration, "profile\(place)", hint)
}

@Test func aWrongValueIsNamedWithItsPlace() throws {
    let bench = try bench("account = x")
    expectRefusal(bench.run("account"), ExitCode.usage, "profile:1 is 'x'")
    bench.environment["RAMPART_ACCOUNT"] = ""
    expectRefusal(bench.run("account"), ExitCode.usage, "RAMPART_ACCOUNT is empty")
    bench.environment["RAMPART_ACCOUNT"] = "4294967296"
    expectRefusal(bench.run("account"), ExitCode.usage, "RAMPART_ACCOUNT is '4294967296'")
    bench.environment["RAMPART_NODE"] = "here"
    expectRefusal(
        bench.run("account", "--account", "1"), ExitCode.usage, "'here' is no address of a node")
}

@Test func thePassphraseFileOfTheProfileComesAfterTheEnvironment() throws {
    let bench = try bench("key = missing.key\npassphrase-file = none.txt\naccount = 0")
    bench.environment["RAMPART_PASSPHRASE"] = nil
    expectRefusal(bench.run("cancel", "--all"), ExitCode.noInput, "none.txt")
    bench.environment["RAMPART_PASSPHRASE"] = CommandBench.passphrase
    expectRefusal(bench.run("cancel", "--all"), ExitCode.noInput, "missing.key")
}
