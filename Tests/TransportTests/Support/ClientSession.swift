/// A WebSocket client on a thread of its own, with what it has heard.

import Foundation

@testable import Transport

extension WebSocketClient.Event {
    var isEnd: Bool {
        if case .closed = self { true } else { false }
    }
}

/// Ends its client when it goes.
final class ClientSession {
    private final class Log: @unchecked Sendable {
        let condition = NSCondition()
        var events: [WebSocketClient.Event] = []

        func append(_ event: WebSocketClient.Event) {
            condition.lock()
            events.append(event)
            condition.broadcast()
            condition.unlock()
        }
    }

    let client: WebSocketClient
    private let log: Log

    init(_ endpoint: Endpoint, mostMessageBytes: Int = 1 << 20) throws {
        let log = Log()
        let client = try WebSocketClient(endpoint, mostMessageBytes: mostMessageBytes) {
            log.append($0)
        }
        self.log = log
        self.client = client
        Thread.detachNewThread { client.run() }
    }

    deinit { client.close() }

    var events: [WebSocketClient.Event] {
        log.condition.lock()
        defer { log.condition.unlock() }
        return log.events
    }

    /// Waits until `predicate` holds of all events; false after ten seconds, a bound for failing
    /// tests.
    func wait(until predicate: ([WebSocketClient.Event]) -> Bool) -> Bool {
        let end = Date(timeIntervalSinceNow: 60)
        log.condition.lock()
        defer { log.condition.unlock() }
        while !predicate(log.events) {
            if !log.condition.wait(until: end) { return predicate(log.events) }
        }
        return true
    }
}
