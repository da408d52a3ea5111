/// A venue with one funded account, whose node runs in a process of its own: how it is started, and
/// an endless supply of signed transactions for it.
import Canonical
import Custody
import FixedPoint
import Foundation
import Ledger
import Testing

@testable import Node

/// A folder with a venue.
final class FaultVenue {
    let bench: CommandBench
    let genesis: Genesis
    private let custodian: HeldKey
    private let owner: HeldKey
    private var commands: [[Command]] = []
    private var made: UInt64 = 0
    /// The custodian's nonces are times, above those that the account was opened with.
    private var firstDeposit: UInt64 = 0

    /// The owner's nonces begin above those that the venue is made with.
    private static let firstNonce: UInt64 = 1_000

    /// Makes the venue; it opens its account when a node runs (`open`).
    init() throws {
        bench = try CommandBench()
        bench.now = CommandContext.clock()
        try bench.makeVenue()
        genesis = try GenesisReader.read(bench.path("venue/genesis.json"))
        #expect(bench.run("keys", "new", bench.path("owner.key")).exit == ExitCode.done)
        custodian = try FaultVenue.key(bench.path("venue/keys/custodian.key"))
        owner = try FaultVenue.key(bench.path("owner.key"))
        try bench.write(String(repeating: "5", count: 64), to: "token")
        try bench.setMode(0o600, of: "token")
    }

    private static func key(_ path: String) throws -> HeldKey {
        var bytes = Array(CommandBench.passphrase.utf8)
        return try HeldKey.read(from: path, passphrase: Secret(taking: &bytes))
    }

    /// Starts a node on a folder of the venue.
    func node(
        _ data: String = "data", _ more: [String] = [], fileBlocks: Int? = nil,
        environment: [String: String] = [:]
    ) throws -> NodeProcess {
        try NodeProcess(
            [
                "node", "--config", bench.path("venue/rampart.conf"),
                "--data.directory", bench.path(data), "--api.listen", "127.0.0.1:0",
                "--api.credits", "1000000000", "--follow.token-file", bench.path("token"),
            ] + more, fileBlocks: fileBlocks, environment: environment)
    }

    /// Has the commands of the program talk to a node.
    func speak(to port: UInt16) throws {
        let endpoint = try #require(
            RemoteNode.endpoint("http://127.0.0.1:\(port)", authorities: nil))
        bench.node = { body throws(CommandFault) in
            String(
                decoding: try RemoteNode.overHTTP(endpoint, Array(body.utf8)), as: UTF8.self)
        }
        bench.now = CommandContext.clock()
    }

    /// Has a publisher say prices.
    func publish(to port: UInt16) throws {
        try speak(to: port)
        let run = bench.run(
            "publish", "--key", bench.path("venue/keys/publisher-1.key"), "--genesis",
            bench.path("venue/genesis.json"), "BTC=97000", "ETH=3400")
        #expect(run.exit == ExitCode.done, "\(run.notes)")
    }

    /// Whether the account has been opened.
    var isOpen: Bool { !commands.isEmpty }

    /// Opens the account and pays in.
    func open(on port: UInt16) throws {
        try publish(to: port)
        for words in [
            ["open-account", owner.publicKey.text], ["deposit", "1000000", "0", "opening"],
        ] {
            let sent = bench.run(
                ["send", "--key", bench.path("venue/keys/custodian.key"), "--as", "custodian"]
                    + words)
            #expect(sent.exit == ExitCode.done, "\(sent.notes)")
            bench.now += 1
        }
        firstDeposit = bench.now
        let directory = VenueDirectory(
            genesis: nil,
            node: try RemoteNode("http://127.0.0.1:\(port)", post: RemoteNode.overHTTP))
        let parser = CommandParser(directory: directory, now: bench.now)
        commands = try [
            ["buy", "BTC_USDC-PERPETUAL", "0.1", "96500", "post-only"],
            ["sell", "BTC_USDC-PERPETUAL", "0.1", "97500"],
            ["buy", "BTC_USDC-PERPETUAL", "0.2", "96000", "then", "cancel-all"],
        ].map { words throws(CommandFault) in try parser.commands(words) }
    }

    /// New signed transactions: orders, cancels and deposits.
    func transactions(_ count: Int) throws -> [[UInt8]] {
        try (0..<count).map { _ in
            made += 1
            let isDeposit = made % 4 == 0
            var transaction = Transaction(
                chain: genesis.chain,
                signer: isDeposit ? .custodian : .account(AccountIdentifier(0)),
                nonce: isDeposit ? firstDeposit + made : FaultVenue.firstNonce + made,
                expiry: Timestamp(nanoseconds: CommandContext.clock()).advanced(by: .hour),
                commands: isDeposit ? [deposit] : commands[Int(made % 3)],
                signature: .ed25519(Signature(r: Bytes32(), s: Bytes32())))
            if isDeposit {
                try custodian.sign(&transaction)
            } else {
                try owner.sign(&transaction)
            }
            return transaction.canonicalBytes
        }
    }

    private var deposit: Command {
        var reference = [UInt8](repeating: 0, count: Bytes32.byteCount)
        for place in 0..<8 { reference[place] = UInt8(truncatingIfNeeded: made >> (8 * place)) }
        return .deposit(
            Amount(microunits: 1_000_000), to: AccountIdentifier(0), reference: Bytes32(reference))
    }
}

/// The rounds of a test that kills: few in `make test`, more in `make fuzz`.
func killRounds(_ few: Int) -> Int {
    guard let text = ProcessInfo.processInfo.environment["RAMPART_FUZZ_KILLS"],
        let kills = Int(text)
    else { return few }
    return few * kills / 20
}
