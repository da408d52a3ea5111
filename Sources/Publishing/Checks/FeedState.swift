/// What is known of one feed: what it said last, when that changed, and what is wrong with it taken
/// by itself.

package import FixedPoint

/// One feed as it stands.
package struct FeedState: Sendable {
    private let limits: FeedLimits
    /// What was read last, and is still believed.
    package private(set) var quote: Quote?
    package private(set) var price: IndexPrice?
    /// When that was.
    package private(set) var readAt: UInt64 = 0
    /// When it last said something new.
    private var changedAt: UInt64 = 0
    private var lastSaid: Quote?
    /// What was wrong with the last attempt; nil where nothing was.
    private var fault: Finding? = .waiting
    /// A price beyond the jump, and since when the feed has kept to it.
    var held: (price: IndexPrice, since: UInt64)?
    /// Of its last request, in nanoseconds.
    package var latency: UInt64 = 0

    init(_ limits: FeedLimits) { self.limits = limits }

    /// Takes what the feed says.
    mutating func read(_ quote: Quote, at now: UInt64) {
        do throws(Finding) {
            price = try quote.price()
        } catch {
            return fail(error)
        }
        if let lastSaid, lastSaid.isSame(as: quote) {
            // Since `changedAt` nothing has changed.
        } else {
            changedAt = now
        }
        lastSaid = quote
        self.quote = quote
        readAt = now
        fault = nil
    }

    /// The feed has not said anything that can be used.
    mutating func fail(_ finding: Finding) {
        fault = finding
        if finding.discredits {
            quote = nil
            price = nil
        }
    }

    /// What is wrong with the feed taken by itself; nil where nothing is.
    package func finding(at now: UInt64) -> Finding? {
        guard let quote else { return fault ?? .waiting }
        guard FeedState.age(of: readAt, at: now) <= limits.mostAge else { return fault ?? .late }
        if let time = quote.time {
            if time > now, time - now > limits.mostSkew {
                return .clockSkew((time - now) / FeedState.second)
            }
            let age = FeedState.age(of: time, at: now)
            if age > limits.mostAge { return .stale(age / FeedState.second) }
        }
        let unchanged = FeedState.age(of: changedAt, at: now)
        if limits.frozenAfter > 0, unchanged > limits.frozenAfter {
            return .frozen(unchanged / FeedState.second)
        }
        return nil
    }

    static let second: UInt64 = 1_000_000_000

    /// Zero for what lies ahead.
    static func age(of time: UInt64, at now: UInt64) -> UInt64 { now > time ? now - time : 0 }
}
