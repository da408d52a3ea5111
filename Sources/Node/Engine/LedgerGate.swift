/// The ledger between two threads: the engine changes it, the service reads it between blocks. What
/// is seen through `look` is always the state after a block that the gateway has heard of: it is on
/// disk, and where the node waits for a follower, on the follower's disk too.

import Foundation
package import Ledger

/// Holds the ledger and lets one thread at a time at it.
package final class LedgerGate: @unchecked Sendable {
    private let lock = NSLock()
    private let ledger: Ledger
    /// Whether the ledger knows of a block that nobody may be told of. Only under the lock.
    private var isAhead = false
    /// Whether that is so for ever. Only under the lock.
    private var isClosed = false

    package init(_ ledger: Ledger) { self.ledger = ledger }

    /// Runs `body` while nobody else is at the ledger.
    package func enter<Result, Failure: Error>(
        _ body: (Ledger) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(ledger)
    }

    /// Runs `body`, which changes the ledger. What the ledger says from then on is for nobody to
    /// see until `release`; for ever, where it throws.
    func change<Result, Failure: Error>(
        _ body: (Ledger) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        isAhead = true
        return try body(ledger)
    }

    /// Runs `body` unless the ledger knows more than may be told; nil then.
    func look<Result>(_ body: (Ledger) -> Result) -> Result? {
        lock.lock()
        defer { lock.unlock() }
        return isAhead || isClosed ? nil : body(ledger)
    }

    /// Keeps what the ledger says from everyone until `release`.
    func hold() {
        lock.lock()
        isAhead = true
        lock.unlock()
    }

    /// What the ledger says may be told.
    func release() {
        lock.lock()
        isAhead = false
        lock.unlock()
    }

    /// Keeps what the ledger says from everyone for ever.
    func close() {
        lock.lock()
        isClosed = true
        lock.unlock()
    }
}
