/// The way of bundles to the node: one at a time, and after a failure again, later and later, with
/// what is known then.

import FixedPoint
import Oracle

/// What is under way to the node.
package struct Delivery: Sendable {
    /// The first wait after a failure, and the longest. Ours: an index is stale within seconds.
    private static let firstWait: UInt64 = 250_000_000
    private static let longestWait: UInt64 = 5_000_000_000

    package private(set) var isInFlight = false
    /// In a row.
    package private(set) var failures = 0
    /// Of the last failure; nil after a success.
    package private(set) var lastReason: String?
    /// Bundles that the node has taken.
    package private(set) var count: UInt64 = 0
    private var retryAt: UInt64 = 0
    /// The time of the last bundle.
    private var lastTime: UInt64 = 0
    private var prices: [(place: Int, last: LastPrice)] = []

    /// When the next bundle may go; nil while one is under way.
    var readyAt: UInt64? { isInFlight ? nil : retryAt }

    func isReady(at now: UInt64) -> Bool { !isInFlight && now >= retryAt }

    /// What is under way of a price of the plan.
    func pending(_ place: Int) -> LastPrice? {
        isInFlight ? prices.first { $0.place == place }?.last : nil
    }

    /// - Returns: the time of the bundle, above that of the last one.
    mutating func begin(at now: UInt64, prices: [(place: Int, verdict: MadePrice)]) -> UInt64 {
        isInFlight = true
        lastTime = max(now, lastTime + 1)
        self.prices = prices.compactMap { place, verdict in
            verdict.observation.map { (place, LastPrice(price: $0.price, time: now)) }
        }
        return lastTime
    }

    /// - Returns: what has been sent, by price of the plan.
    mutating func succeeded() -> [(place: Int, last: LastPrice)] {
        isInFlight = false
        failures = 0
        lastReason = nil
        count += 1
        return prices
    }

    mutating func failed(_ reason: String, at now: UInt64, chance: UInt64) {
        isInFlight = false
        failures += 1
        lastReason = reason
        retryAt =
            now
            + FetchSchedule.wait(
                after: failures, period: Delivery.firstWait, longest: Delivery.longestWait,
                chance: chance)
    }
}
