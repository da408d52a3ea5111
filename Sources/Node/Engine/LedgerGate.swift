/// The ledger between two threads: the engine changes it, the service reads it between blocks. What
/// is seen through the gate is always the state after a block that is on disk.

import Foundation
package import Ledger

/// Holds the ledger and lets one thread at a time at it.
package final class LedgerGate: @unchecked Sendable {
    private let lock = NSLock()
    private let ledger: Ledger

    package init(_ ledger: Ledger) { self.ledger = ledger }

    /// Runs `body` while nobody else is at the ledger.
    package func enter<Result, Failure: Error>(
        _ body: (Ledger) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(ledger)
    }
}
