/// The prices that wait for a block: the newest bundle of each publisher, and what others attest
/// (`AttestedQueue`). A bundle is only taken in
/// once its signature has been checked, so that a forged one never takes the place of an honest
/// one.

import Canonical
package import Cryptography
import Foundation
package import Oracle

/// A bundle that waits for a block, and what its publisher signed.
package struct PendingBundle: Sendable {
    package let bundle: ObservationBundle
    package let statement: SignedStatement

    package init(_ bundle: ObservationBundle, _ statement: SignedStatement) {
        self.bundle = bundle
        self.statement = statement
    }
}

/// Signed bundles, one a publisher. Safe from any thread.
package final class ObservationPool: @unchecked Sendable {
    private let lock = NSLock()
    private var bundles: [UInt16: PendingBundle] = [:]
    private var attested = AttestedQueue()
    /// Called when prices have come; set once before use.
    package var onReady: (@Sendable () -> Void)?

    package init() {}

    /// Takes a verified bundle, unless a newer one of its publisher waits.
    package func insert(_ pending: PendingBundle) {
        lock.lock()
        let number = pending.bundle.publisher.number
        if let old = bundles[number], old.bundle.time >= pending.bundle.time {
            lock.unlock()
            return
        }
        bundles[number] = pending
        lock.unlock()
        onReady?()
    }

    /// Takes a verified payload, unless all that it says waits already.
    package func insert(_ pending: PendingAttested) {
        lock.lock()
        let isNews = attested.insert(pending)
        lock.unlock()
        if isNews { onReady?() }
    }

    /// Takes all attested payloads out, in the order in which they came.
    package func takeAttested() -> [[UInt8]] {
        lock.lock()
        defer { lock.unlock() }
        return attested.take()
    }

    /// Takes all bundles out, ascending by publisher.
    package func take() -> [PendingBundle] {
        lock.lock()
        defer { lock.unlock() }
        let taken = bundles.values.sorted { $0.bundle.publisher < $1.bundle.publisher }
        bundles.removeAll(keepingCapacity: true)
        return taken
    }

    package var isEmpty: Bool {
        lock.lock()
        defer { lock.unlock() }
        return bundles.isEmpty && attested.isEmpty
    }
}
