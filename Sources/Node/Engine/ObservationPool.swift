/// The prices that wait for a block: the newest bundle of each publisher. A bundle is only taken in
/// once its signature has been checked, so that a forged one never takes the place of an honest one.

import Foundation
package import Oracle

/// Signed bundles, one a publisher. Safe from any thread.
package final class ObservationPool: @unchecked Sendable {
    private let lock = NSLock()
    private var bundles: [UInt16: ObservationBundle] = [:]
    /// Called when a bundle has come; set once before use.
    package var onReady: (@Sendable () -> Void)?

    package init() {}

    /// Takes a verified bundle, unless a newer one of its publisher waits.
    package func insert(_ bundle: ObservationBundle) {
        lock.lock()
        let number = bundle.publisher.number
        if let old = bundles[number], old.time >= bundle.time {
            lock.unlock()
            return
        }
        bundles[number] = bundle
        lock.unlock()
        onReady?()
    }

    /// Takes all bundles out, ascending by publisher.
    package func take() -> [ObservationBundle] {
        lock.lock()
        defer { lock.unlock() }
        let taken = bundles.values.sorted { $0.publisher < $1.publisher }
        bundles.removeAll(keepingCapacity: true)
        return taken
    }

    package var isEmpty: Bool {
        lock.lock()
        defer { lock.unlock() }
        return bundles.isEmpty
    }
}
