/// A client that sends signed transactions over a WebSocket as fast as answers come, and remembers
/// every answer.
import Foundation
import JSON
import Testing
import Transport

@testable import Node

/// What a node has acknowledged of a transaction.
struct Acknowledgement: Equatable, Sendable {
    let height: UInt64
    let place: Int
    /// By command, whether it was accepted.
    let accepted: [Bool]
}

/// One connection that sends a list of transactions.
final class LoadClient: @unchecked Sendable {
    /// Transactions that are sent ahead of their answers.
    private static let window = 64

    private let transactions: [[UInt8]]
    private let condition = NSCondition()
    private var client: WebSocketClient?
    // All below only under the lock.
    private var next = 0
    private var acknowledged: [Int: Acknowledgement] = [:]
    private var refused: [Int: String] = [:]
    private var isOver = false

    /// Connects and begins.
    init(port: UInt16, _ transactions: [[UInt8]]) throws {
        self.transactions = transactions
        let endpoint = Endpoint(host: "127.0.0.1", port: port, path: "/ws/api/v2")
        let client = try WebSocketClient(endpoint) { [weak self] in self?.hear($0) }
        self.client = client
        Thread { client.run() }.start()
    }

    deinit { client?.abandon() }

    private func send() {
        guard next < transactions.count else { return }
        let hex = HexText.text(transactions[next])
        let body =
            "{\"jsonrpc\":\"2.0\",\"id\":\(next),\"method\":\"public/submit_transaction\","
            + "\"params\":{\"transaction\":\"\(hex)\"}}"
        next += 1
        client?.send(Array(body.utf8), isText: true)
    }

    private func hear(_ event: WebSocketClient.Event) {
        condition.withLock {
            switch event {
            case .opened: for _ in 0..<LoadClient.window { send() }
            case .received(let message, _): take(message)
            case .closed: isOver = true
            }
            condition.broadcast()
        }
    }

    private func take(_ message: [UInt8]) {
        guard let answer = try? JSONParser().parse(message),
            let number = answer["id"]?.number?.integer.flatMap({ Int(exactly: $0) })
        else {
            Issue.record("no answer: \(String(decoding: message, as: UTF8.self))")
            return
        }
        if let result = answer["result"], let height = result["height"]?.number?.integer,
            let place = result["place"]?.number?.integer
        {
            acknowledged[number] = Acknowledgement(
                height: UInt64(height), place: Int(place),
                accepted: (result["receipts"]?.elements ?? []).map {
                    $0["accepted"]?.boolean == true
                })
        } else {
            refused[number] = answer["error"]?.compactText ?? ""
        }
        send()
    }

    /// Waits until so many have been answered, or the connection is gone.
    func wait(answers count: Int) {
        condition.withLock {
            while acknowledged.count + refused.count < count, !isOver { condition.wait() }
        }
    }

    /// Waits until the connection is gone.
    func waitForEnd() { condition.withLock { while !isOver { condition.wait() } } }

    /// What was acknowledged, by transaction.
    var acknowledgements: [(bytes: [UInt8], what: Acknowledgement)] {
        condition.withLock { acknowledged.sorted { $0.key < $1.key } }
            .map { (transactions[$0.key], $0.value) }
    }

    /// The errors, by transaction.
    var refusals: [(bytes: [UInt8], error: String)] {
        condition.withLock { refused.sorted { $0.key < $1.key } }
            .map { (transactions[$0.key], $0.value) }
    }

    /// Those that were not sent.
    var unsent: [[UInt8]] { condition.withLock { Array(transactions[next...]) } }

    /// Those that were sent and never answered.
    var unanswered: [[UInt8]] {
        condition.withLock {
            (0..<next).filter { acknowledged[$0] == nil && refused[$0] == nil }
        }.map { transactions[$0] }
    }
}
