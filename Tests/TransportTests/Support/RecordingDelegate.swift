/// A delegate that writes down what it hears and does what the test tells it to.

import Foundation
import Synchronization

@testable import Transport

/// What a delegate may hear of connections.
enum Event: Equatable, Sendable {
    case opened(path: String)
    case received([UInt8], isText: Bool)
    case requested(method: HTTPMethod, path: String, body: [UInt8])
    case closed
    case woken
}

/// Keeps events for the test's thread, and answers by `react` on the service thread.
final class RecordingDelegate: ServerDelegate, @unchecked Sendable {
    typealias Reaction = @Sendable (Server, ConnectionIdentifier, Event) -> Void

    private let condition = NSCondition()
    private var kept: [(connection: ConnectionIdentifier?, event: Event)] = []
    private var lastPeer: Peer?
    private var ticks = 0
    private var jobs: [@Sendable (Server) -> Void] = []
    private let react: Reaction
    /// Set before the server runs.
    var server: Server?

    init(_ react: @escaping Reaction) {
        self.react = react
    }

    /// Echoes messages, and bodies of requests.
    static func echoing() -> RecordingDelegate {
        RecordingDelegate { server, connection, event in
            switch event {
            case .received(let message, let isText):
                server.send(isText ? Frame(text: message) : Frame(binary: message), to: connection)
            case .requested(_, _, let body):
                server.respond(
                    HTTPResponse(status: 200, contentType: "application/json", body: body),
                    to: connection)
            case .opened, .closed, .woken: break
            }
        }
    }

    private func note(_ event: Event, on connection: ConnectionIdentifier? = nil) {
        condition.lock()
        kept.append((connection, event))
        condition.broadcast()
        condition.unlock()
        if let connection, let server { react(server, connection, event) }
    }

    func opened(_ connection: ConnectionIdentifier, peer: Peer) {
        condition.lock()
        lastPeer = peer
        condition.unlock()
        note(.opened(path: peer.path), on: connection)
    }

    func received(_ message: [UInt8], isText: Bool, on connection: ConnectionIdentifier) {
        note(.received(message, isText: isText), on: connection)
    }

    func requested(_ request: HTTPRequest, on connection: ConnectionIdentifier) {
        condition.lock()
        lastPeer = request.peer
        condition.unlock()
        note(
            .requested(method: request.method, path: request.path, body: request.body),
            on: connection)
    }

    func closed(_ connection: ConnectionIdentifier) { note(.closed, on: connection) }

    func woken() {
        note(.woken)
        condition.lock()
        let jobs = self.jobs
        self.jobs = []
        condition.unlock()
        if let server { for job in jobs { job(server) } }
    }

    func tick() {
        condition.lock()
        ticks += 1
        condition.broadcast()
        condition.unlock()
    }

    var events: [Event] { locked { kept.map(\.event) } }
    var peer: Peer? { locked { lastPeer } }
    var tickCount: Int { locked { ticks } }

    private func locked<Value>(_ body: () -> Value) -> Value {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }

    /// Waits until `predicate` holds of all events; false after `seconds`, a bound for failing
    /// tests.
    func wait(seconds: Double = 10, until predicate: ([Event]) -> Bool) -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while !predicate(kept.map(\.event)) {
            if !condition.wait(until: end) { return predicate(kept.map(\.event)) }
        }
        return true
    }

    /// Waits for so many ticks since the beginning.
    func waitForTick(_ number: Int) -> Bool {
        let end = Date(timeIntervalSinceNow: 60)
        condition.lock()
        defer { condition.unlock() }
        while ticks < number {
            if !condition.wait(until: end) { return ticks >= number }
        }
        return true
    }

    /// Runs `job` on the service thread and waits for it.
    func onServiceThread<Value: Sendable>(_ job: @escaping @Sendable (Server) -> Value) -> Value? {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Value?>(nil)
        let box = Box(result: result, done: done)
        locked {
            jobs.append { server in
                let value = job(server)
                box.result.withLock { $0 = value }
                box.done.signal()
            }
        }
        server?.wake()
        guard done.wait(timeout: .now() + 60) == .success else { return nil }
        return box.result.withLock { $0 }
    }

    /// Answers every request heard so far; those that have been answered are not harmed.
    func answerAll(_ response: HTTPResponse) {
        let asked = locked { kept.compactMap(\.connection) }
        _ = onServiceThread { server in
            for connection in asked { server.respond(response, to: connection) }
        }
    }

    private final class Box<Value: Sendable>: Sendable {
        let result: Mutex<Value?>
        let done: DispatchSemaphore

        init(result: consuming sending Mutex<Value?>, done: DispatchSemaphore) {
            self.result = result
            self.done = done
        }
    }
}
