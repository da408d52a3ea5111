/// A whole node on the loopback: a process of its own with its disk, and clients that speak
/// WebSocket to it from this one. Both share the machine's cores, as they would on a venue's test
/// bench; so the clients do as little as they can (`Yardstick/sockets.cpp`).

import CSodium
import Canonical
import Custody
import FixedPoint
import Foundation
import Ledger
import Simulation
import Yardstick

enum NodeRows {
    static func all() -> [Result] { guarded("node.orders") { try orders() } }

    /// The rows, or why there are none.
    static func guarded(_ name: String, _ body: () throws -> [Row]) -> [Result] {
        do {
            return try body().map { .measured($0) }
        } catch {
            return [.skipped(SkippedRow(name: name, reason: "\(error)"))]
        }
    }

    private static let accounts = 64
    private static let connections: UInt32 = 8
    private static let singles = 60_000
    private static let batches = 20_000
    /// Unanswered transactions of one connection: enough for several blocks, and few enough that no
    /// nonce falls out of its account's window.
    private static let window: UInt64 = 1_024
    private static let batchWindow: UInt64 = 128
    /// Orders of an account that rest: more than it places in what waits for an answer.
    private static let resting = 20
    private static let batchResting = 100

    static func orders() throws -> [Row] {
        let folder = NodeProcess.folder("orders")
        var setup = NodeSetup(folder: folder)
        setup.accounts = accounts
        let node = try NodeProcess(setup)
        defer { node.remove() }
        var load = try NodeLoad(node, accounts: accounts, connections: connections)
        // Warm: pages, tables and caches of both processes.
        _ = try load.run(transactions: 2_000, commandsEach: 1, window: window, resting: resting)
        let single = try load.run(
            transactions: singles, commandsEach: 1, window: window, resting: resting)
        let batch = try load.run(
            transactions: batches, commandsEach: Transaction.commandLimit, window: batchWindow,
            resting: batchResting)
        let verifications = sodiumNanoseconds()
        return [
            .rate(
                "node.orders.single", pieces: Double(singles),
                (single, Double(singles) * verifications),
                against: "libsodium verify, one core", target: .atLeast(12_000),
                note: "signed orders over WebSocket through admission, engine and disk to receipt"),
            .rate(
                "node.orders.batch", pieces: Double(batches * Transaction.commandLimit),
                (batch, Double(batches) * verifications),
                against: "libsodium verify, one core", target: .atLeast(250_000),
                note: "the same with 64 orders under a signature"),
        ]
    }

    /// Of one verification of a transaction of about 200 bytes.
    private static func sodiumNanoseconds() -> Double {
        let key = SigningKey(seed: 5, number: 5)
        let message = [UInt8](repeating: 9, count: 200)
        let signature = key.sign(message)
        let bytes = signature.r.bytes + signature.s.bytes
        let point = key.publicKey.storage.bytes
        let count = 2_000
        return Measurement.nanoseconds {
            for _ in 0..<count {
                precondition(
                    unsafe crypto_sign_verify_detached(
                        bytes, message, UInt64(message.count), point) == 0,
                    "Invariant: libsodium accepts a good signature")
            }
        } / Double(count)
    }
}

/// Clients that send signed transactions.
@safe
struct NodeLoad {
    private let node: NodeProcess
    private let sockets: OpaquePointer
    private let accounts: Int
    private let connections: UInt32
    private var venue: NodeVenue
    private var stream: NodeOrderStream
    private var identifier = 0
    private var moves = 0
    /// Sends nothing but quotes that move the first market.
    var isQuotingFirstMarket = false

    /// - Parameter usedNonces: of each account.
    init(
        _ node: NodeProcess, accounts: Int, connections: UInt32, usedNonces: UInt64 = 1
    ) throws {
        guard let sockets = unsafe yardstick_sockets_open(node.port, connections) else {
            throw NodeProcessFault(reason: "clients cannot connect")
        }
        unsafe self.sockets = sockets
        self.node = node
        self.accounts = accounts
        self.connections = connections
        venue = NodeVenue(accounts: accounts)
        venue.skipNonces(usedNonces)
        stream = NodeOrderStream(accounts: accounts)
    }

    /// Signs, sends and waits for every receipt.
    ///
    /// - Returns: nanoseconds from the first byte to the last receipt.
    mutating func run(
        transactions: Int, commandsEach: Int, window: UInt64, resting: Int
    ) throws -> Double {
        stream.resting = resting
        for number in 0..<transactions {
            let account = number % accounts
            let commands = (0..<commandsEach).map { _ in command(of: account) }
            let bytes = venue.transaction(account, commands)
            identifier += 1
            let text =
                "{\"jsonrpc\":\"2.0\",\"id\":\(identifier),"
                + "\"method\":\"public/submit_transaction\","
                + "\"params\":{\"encoding\":\"base64\",\"transaction\":\""
                + Data(bytes).base64EncodedString() + "\"}}"
            let frame = Array(text.utf8)
            unsafe yardstick_sockets_prepare(
                sockets, UInt32(account) % connections, frame, UInt64(frame.count))
        }
        var answers = yardstick_answers()
        let before = (text: node.stages(), busy: node.processorSeconds)
        guard unsafe yardstick_sockets_run(sockets, window, &answers) == 0 else {
            throw NodeProcessFault(reason: "a connection broke, or the node did not answer")
        }
        if !isQuotingFirstMarket, ProcessInfo.processInfo.environment["RAMPART_BENCH_STAGES"] != nil
        {
            print(before.text + "\n" + node.stages())
            let seconds = Double(answers.nanoseconds) / 1e9
            print("node: \(node.processorSeconds - before.busy) s busy in \(seconds) s")
        }
        let commands = UInt64(transactions * commandsEach)
        guard answers.errors == 0, answers.accepted + answers.refused == commands else {
            throw NodeProcessFault(
                reason: "\(answers.errors) errors, \(answers.accepted) commands accepted and "
                    + "\(answers.refused) refused of \(commands); " + text(of: answers))
        }
        // Orders that find their taker's price gone are refused; more would be another mix.
        guard answers.refused * 100 <= commands else {
            throw NodeProcessFault(reason: "\(answers.refused) of \(commands) commands refused")
        }
        return Double(answers.nanoseconds)
    }

    private mutating func command(of account: Int) -> Command {
        guard isQuotingFirstMarket else { return stream.command(of: account) }
        moves += 1
        return NodeOrderStream.quote(account, 0, moves)
    }

    private func text(of answers: yardstick_answers) -> String {
        var copy = answers
        return unsafe withUnsafeBytes(of: &copy.first) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
