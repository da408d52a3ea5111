/// API keys: made with their secret shown once, of no use without the owner's signature, and gone
/// when revoked.
import Canonical
import Custody
import Gateway
import Ledger
import Testing

@testable import Node

private func venue() throws -> (bench: CommandBench, node: FakeNode) {
    let bench = try CommandBench()
    try bench.makeVenue()
    return (bench, try FakeNode(bench))
}

extension CommandBench {
    fileprivate func credentials(_ words: String...) -> CommandRun {
        run(["credentials"] + words + ["--config", path("venue/rampart.conf")])
    }
}

/// The word behind a label of the output.
private func field(_ name: String, _ run: CommandRun) -> String? {
    run.output.split(separator: "\n").first { $0.hasPrefix(name) }?
        .split(separator: " ").last.map(String.init)
}

@Test func anAPIKeyWorksOnceItsOwnerHasAllowedIt() throws {
    let (bench, node) = try venue()
    let owner = String(bench.run("keys", "new", bench.path("owner.key")).output.dropLast())
    _ = bench.run(
        "send", "--key", bench.path("venue/keys/custodian.key"), "--as", "custodian",
        "open-account", owner)
    let made = bench.credentials("new", "--account", "0")
    #expect(made.exit == ExitCode.done, "\(made.notes)")
    let identifier = try #require(field("client_id", made))
    let secret = try #require(field("client_secret", made))
    #expect(!made.notes.contains(secret))
    // The command that it names is the one that makes it work.
    let line = try #require(made.notes.split(separator: "\n").first { $0.contains("set-agent") })
    let words = line.split(separator: " ").dropFirst().map(String.init)
        .map { $0 == "MASTER.key" ? bench.path("owner.key") : $0 }
    let allowed = bench.run(words)
    #expect(allowed.exit == ExitCode.done, "\(allowed.notes)")
    let value = try #require(node.ledger.value(of: .keys(AccountIdentifier(0))))
    let grant = try AccountKeys(canonicalBytes: value).agent(1)
    let passphrase = Secret(copying: Array(CommandBench.passphrase.utf8))
    let vault = try CredentialsFile.open(bench.path("venue/credentials.sealed"), passphrase)
    #expect(grant?.key == .ed25519(try #require(vault[identifier]).agentKey))
    #expect(grant?.scope == .trade)
    #expect(try bench.mode(of: "venue/credentials.sealed") == 0o600)
    // The next one goes to another slot.
    let second = bench.credentials("new", "--account", "0", "--scope", "cancel", "--days", "1")
    #expect(second.notes.contains("set-agent 2 "))
    #expect(second.notes.contains(" cancel 1\n"))
}

@Test func aSlotThatTheChainKnowsIsNotGivenAgain() throws {
    let (bench, _) = try venue()
    let owner = String(bench.run("keys", "new", bench.path("owner.key")).output.dropLast())
    let agent = String(bench.run("keys", "new", bench.path("agent.key")).output.dropLast())
    _ = bench.run(
        "send", "--key", bench.path("venue/keys/custodian.key"), "--as", "custodian",
        "open-account", owner)
    _ = bench.run(
        "send", "--key", bench.path("owner.key"), "--as", "account:0", "set-agent", "1", agent,
        "trade", "9")
    #expect(bench.credentials("new", "--account", "0").notes.contains("set-agent 2 "))
}

@Test func credentialsAreListedWithoutSecretsAndRevoked() throws {
    let (bench, _) = try venue()
    let made = bench.credentials("new", "--account", "3", "--scope", "read")
    #expect(!made.notes.contains("set-agent"))
    let identifier = try #require(field("client_id", made))
    let secret = try #require(field("client_secret", made))
    let list = bench.credentials("list")
    #expect(list.output == "\(identifier)  account 3  read  90 days left\n")
    #expect(!list.notes.contains(secret))
    let traded = bench.credentials("new", "--account", "3")
    let other = try #require(field("client_id", traded))
    let revoked = bench.credentials("revoke", other)
    #expect(revoked.exit == ExitCode.done)
    #expect(revoked.notes.contains("--as account:3 revoke-agent 1"))
    #expect(bench.credentials("list").output == list.output)
    expectRefusal(
        bench.credentials("revoke", other), ExitCode.refused, "holds no '\(other)'")
}

@Test func whatIsNoCredentialIsRefused() throws {
    let (bench, _) = try venue()
    expectRefusal(bench.credentials("new"), ExitCode.usage, "--account is missing")
    expectRefusal(
        bench.credentials("new", "--account", "0", "--scope", "withdraw"), ExitCode.usage,
        "'withdraw'")
    expectRefusal(
        bench.credentials("new", "--account", "0", "--days", "366"), ExitCode.usage, "1 to 365")
    expectRefusal(bench.credentials("list"), ExitCode.noInput, "cannot be read")
    try bench.write("chain.genesis = x\n", to: "bare.conf")
    expectRefusal(
        bench.run("credentials", "list", "--config", bench.path("bare.conf")),
        ExitCode.badConfiguration, "set api.credentials")
    _ = bench.credentials("new", "--account", "0", "--scope", "read")
    bench.environment["RAMPART_PASSPHRASE"] = "another passphrase"
    expectRefusal(bench.credentials("list"), ExitCode.noPermission, "passphrase is wrong")
}
