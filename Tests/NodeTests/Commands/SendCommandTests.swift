/// Commands that are signed with keys of every kind and judged by a real ledger.
import Accounts
import Canonical
import FixedPoint
import Ledger
import Oracle
import Testing

@testable import Node

/// A venue with a node.
private func venue() throws -> (bench: CommandBench, node: FakeNode) {
    let bench = try CommandBench()
    try bench.makeVenue()
    return (bench, try FakeNode(bench))
}

extension CommandBench {
    /// Sends as the custodian or the operator.
    fileprivate func venueSends(_ signer: String, _ words: String...) -> CommandRun {
        // The venue's nonces are times.
        now += 1
        return run(["send", "--key", path("venue/keys/\(signer).key"), "--as", signer] + words)
    }

    /// A new key's public part.
    fileprivate func key(_ name: String, _ kind: KeyKind = .ed25519) -> String {
        String(run("keys", "new", path(name), "--kind", kind.word).output.dropLast())
    }
}

@Test(arguments: KeyKind.allCases)
func aVenueIsRunFromTheCommandLine(_ kind: KeyKind) throws {
    let (bench, node) = try venue()
    let owner = bench.key("owner.key", kind)
    #expect(bench.venueSends("custodian", "open-account", owner).exit == ExitCode.done)
    let paid = bench.venueSends("custodian", "deposit", "10000.5", "0", "wire-1")
    #expect(paid.output == "deposit: accepted\n", "\(paid.notes)")
    let account = node.ledger.accounts.account(AccountIdentifier(0))
    #expect(account?.cash == Amount(microunits: 10_000_500_000))

    let agent = bench.key("agent.key", kind)
    let granted = bench.run(
        "send", "--key", bench.path("owner.key"), "--as", "account:0", "set-agent", "3", agent,
        "cancel", "30", "then", "open-subaccount")
    #expect(
        granted.output == "set-agent: accepted\nopen-subaccount: accepted\n", "\(granted.notes)")
    let cancelled = bench.run(
        "send", "--key", bench.path("agent.key"), "--as", "agent:0:3", "cancel-all")
    #expect(cancelled.exit == ExitCode.done, "\(cancelled.notes)")
    // The agent's scope holds cancels alone.
    let stolen = bench.run(
        "send", "--key", bench.path("agent.key"), "--as", "agent:0:3", "withdraw", "1",
        "0x" + String(repeating: "ab", count: 20))
    #expect(stolen.exit == ExitCode.refused)
    #expect(node.transactions.last?.commands.count == 1)
}

@Test func aCommandThatIsRefusedSaysWhyAndEndsWithOne() throws {
    let (bench, _) = try venue()
    let run = bench.venueSends(
        "custodian", "deposit", "1", "7", "x", "then", "deposit-insurance", "5")
    #expect(run.exit == ExitCode.refused)
    #expect(run.output.hasPrefix("deposit: refused: unknownAccount ("))
    #expect(run.output.hasSuffix("deposit-insurance: accepted\n"))
}

@Test func aTransactionOfAnotherKeyIsRefusedAsAWhole() throws {
    let (bench, _) = try venue()
    let run = bench.run(
        "send", "--key", bench.path("venue/keys/operator.key"), "--as", "custodian",
        "deposit-insurance", "5")
    expectRefusal(run, ExitCode.refused, "badSignature")
}

@Test func aTransactionIsSignedWithoutANodeAndSentLater() throws {
    let (bench, node) = try venue()
    let printed = bench.run(
        "send", "--key", bench.path("venue/keys/custodian.key"), "--as", "custodian", "--genesis",
        bench.path("venue/genesis.json"), "--nonce", "5", "--expires", "100", "--print",
        "deposit-insurance", "5", "MAIN")
    #expect(printed.exit == ExitCode.done, "\(printed.notes)")
    #expect(node.methods.isEmpty)
    let bytes = try #require(HexText.bytes(String(printed.output.dropLast())))
    let transaction = try Transaction(canonicalBytes: bytes)
    #expect(transaction.nonce == 5)
    #expect(
        transaction.expiry == Timestamp(nanoseconds: CommandBench.now + 100 * 1_000_000_000))
    #expect(transaction.chain == node.machine.chain)
    let sent = bench.run(
        "query", "public/submit_transaction", "transaction=\"\(printed.output.dropLast())\"")
    #expect(sent.output.contains("\"accepted\":true"), "\(sent.output)\(sent.notes)")
}

@Test func noncesOfAnAccountFollowEachOther() throws {
    let (bench, node) = try venue()
    let owner = bench.key("owner.key")
    _ = bench.venueSends("custodian", "open-account", owner)
    for _ in 0..<3 {
        let run = bench.run(
            "send", "--key", bench.path("owner.key"), "--as", "account:0", "cancel-all")
        #expect(run.exit == ExitCode.done, "\(run.notes)")
    }
    #expect(node.transactions.dropFirst().map(\.nonce) == [1, 2, 3])
}

@Test(
    arguments: [
        (["--as", "custodian", "deposit", "1"], "--key is missing"),
        (["--key", "a", "halt", "0"], "--as is missing"),
        (["--key", "a", "--as", "me", "halt", "0"], "--as is 'me'"),
        (["--key", "a", "--as", "account:x", "halt", "0"], "the account is 'x'"),
        (["--key", "a", "--as", "agent:0:33", "halt", "0"], "from 1 to 32"),
        (["--key", "a", "--as", "agent:0:0", "halt", "0"], "from 1 to 32"),
        (["--key", "a", "--as", "custodian", "--expires", "0", "x"], "--expires is '0'"),
        (["--key", "a", "--as", "custodian", "--node", "here", "x"], "no address of a node"),
    ])
func aSendThatCannotBeMeantIsRefused(_ words: [String], _ message: String) throws {
    expectRefusal(try CommandBench().run(["send"] + words), ExitCode.usage, message)
}

@Test func anEthereumKeyDoesNotSignForTheVenue() throws {
    let (bench, _) = try venue()
    _ = bench.key("wallet.key", .ethereum)
    expectRefusal(
        bench.run(
            "send", "--key", bench.path("wallet.key"), "--as", "operator", "halt", "--genesis",
            bench.path("venue/genesis.json"), "BTC-PERP"), ExitCode.usage, "Ethereum key")
}

@Test func pricesArePublishedByTheKeyOfTheGenesis() throws {
    let (bench, node) = try venue()
    let arguments = [
        "publish", "--key", bench.path("venue/keys/publisher-1.key"), "--genesis",
        bench.path("venue/genesis.json"), "ETH=3400.5", "BTC=97000",
    ]
    let run = bench.run(arguments)
    #expect(run.exit == ExitCode.done, "\(run.notes)")
    #expect(node.ledger.feeds[0].index == IndexPrice(micros: 97_000_000_000))
    #expect(node.ledger.feeds[1].index == IndexPrice(micros: 3_400_500_000))
    let numbered = bench.run(
        "publish", "--key", bench.path("venue/keys/publisher-1.key"), "--publisher", "1", "0=98000")
    #expect(numbered.exit == ExitCode.done, "\(numbered.notes)")
}

@Test func whatIsNoPublicationIsRefused() throws {
    let (bench, _) = try venue()
    let genesis = bench.path("venue/genesis.json")
    let key = bench.path("venue/keys/publisher-1.key")
    expectRefusal(bench.run("publish", "BTC=1"), ExitCode.usage, "--key is missing")
    expectRefusal(
        bench.run("publish", "--key", key, "0=1"), ExitCode.usage, "which publisher")
    expectRefusal(
        bench.run("publish", "--key", key, "--genesis", genesis, "--publisher", "2", "BTC=1"),
        ExitCode.usage, "is publisher 1")
    expectRefusal(
        bench.run(
            "publish", "--key", bench.path("venue/keys/operator.key"), "--genesis", genesis, "BTC=1"
        ),
        ExitCode.usage, "names no publisher")
    for (word, message) in [
        ("BTC", "not UNDERLYING=PRICE"), ("DOGE=1", "no underlying 'DOGE'"), ("BTC=-1", "'-1'"),
        ("BTC=1.0000001", "more than 6 decimals"), ("BTC=0", "not above zero"),
    ] {
        expectRefusal(
            bench.run("publish", "--key", key, "--genesis", genesis, word), ExitCode.usage, message)
    }
    expectRefusal(
        bench.run("publish", "--key", key, "--genesis", genesis, "BTC=1", "BTC=2"),
        ExitCode.usage, "given twice")
    expectRefusal(
        bench.run("publish", "--key", key, "--genesis", genesis, "--every", "1"), ExitCode.usage,
        "--every needs prices")
}
