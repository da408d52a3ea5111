/// What goes into the gateway and what comes out of it: values, so that whoever holds the sockets
/// performs them and nothing here waits for anything.

import Canonical
package import Cryptography
package import FixedPoint
package import Ledger
package import Oracle
package import PullOracle

/// One connection, numbered by the transport; never used again.
package struct SessionIdentifier: Hashable, Comparable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// A transaction on its way into a block, numbered by the gateway.
package struct Ticket: Hashable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) { self.number = number }
}

/// How a session speaks.
package enum SessionTransport: Sendable {
    case webSocket
    case http
}

/// A message as it goes out. Many sessions share one.
package typealias Frame = [UInt8]

/// A request over HTTP.
package struct APIRequest: Sendable {
    /// Those that the API knows; the transport answers the others itself.
    package enum Verb: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package var verb: Verb
    /// Up to the question mark, as it was sent.
    package var path: String
    /// What follows the question mark, as it was sent; empty where there is none.
    package var query: String
    /// The value of the header, if there is one.
    package var authorization: String?
    package var body: [UInt8]

    package init(
        verb: Verb, path: String, query: String = "", authorization: String? = nil,
        body: [UInt8] = []
    ) {
        self.verb = verb
        self.path = path
        self.query = query
        self.authorization = authorization
        self.body = body
    }

    /// The path and query as they stand in the request line, which is what a client signs.
    package var target: String { query.isEmpty ? path : path + "?" + query }
}

/// An answer over HTTP. All bodies are JSON.
package struct APIResponse: Equatable, Sendable {
    package let status: UInt16
    package let body: Frame
    /// When to try again, in whole seconds; for the header `Retry-After`.
    package let retryAfter: UInt64?

    package init(status: UInt16, body: Frame, retryAfter: UInt64? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
    }
}

/// Why a session is closed, as codes of RFC 6455 and of its private range.
package enum CloseReason: UInt16, Sendable {
    /// It did not answer `test_request`.
    case heartbeatMissed = 4_000
    /// It reads slower than its channels speak. The transport's reason; the gateway never skips.
    case tooSlow = 4_001
    /// Its token has expired or was withdrawn.
    case unauthorised = 4_002
}

/// Something for the holder of the sockets and of the mempool to do, in order.
package enum Action: Sendable {
    /// A WebSocket message.
    case send(SessionIdentifier, Frame)
    /// The same WebSocket message to many.
    case broadcast([SessionIdentifier], Frame)
    /// The answer to the one request that an HTTP session has asked.
    case respond(SessionIdentifier, APIResponse)
    case close(SessionIdentifier, CloseReason)
    /// A transaction for admission. `publish` or `refuse` brings its ticket back.
    case submit(Ticket, [UInt8])
    /// A question for the history, which must know the block of a height. `answer` brings its
    /// ticket back.
    case ask(Ticket, PastQuestion, height: UInt64)
    /// Prices for the next block, with the signature that has been checked.
    case observe(ObservationBundle, SignedStatement)
    /// An attested payload for the next block, whose signatures have been checked, and the prices
    /// that it brings; none of a guardian set.
    case attest([UInt8], [AttestedPrice])
}

/// A block that is on disk.
package struct CommittedBlock: Sendable {
    package let outcome: BlockOutcome
    package let time: Timestamp
    /// By transaction of the block: the ticket, where the gateway submitted it.
    package let tickets: [Ticket?]
    /// As they stand in the block: what events do not say of orders, such as labels, is read there.
    package let transactions: [[UInt8]]

    package init(
        outcome: BlockOutcome, time: Timestamp, tickets: [Ticket?] = [],
        transactions: [[UInt8]] = []
    ) {
        self.outcome = outcome
        self.time = time
        self.tickets = tickets
        self.transactions = transactions
    }
}

/// Why a transaction never got into a block.
package enum AdmissionRefusal: Error, Equatable, Sendable {
    /// The ledger would refuse it as a whole, or it cannot be one.
    case refused(Refusal)
    /// Its account sends faster than it may.
    case tooFast(retryAfter: Duration)
    /// New risk is shed, since the queue is full.
    case overloaded(retryAfter: Duration)
    /// The node does not make blocks just now: it starts, stops or follows another.
    case unavailable
}
