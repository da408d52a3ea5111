/// What stands between a claim and its judgement: signatures that were seen before, clocks that are
/// off, and whoever tries one secret after another. All of it is bounded, whoever sends what.

package import FixedPoint

/// Guards the doors of authentication.
package struct AuthenticationGuard {
    /// Its limits.
    package struct Limits: Equatable, Sendable {
        /// How far a signature's time may lie from ours, either way.
        package var clockSkew = Duration.seconds(60)
        /// Failures of one client name in a row before it has to wait.
        package var failures = 10
        /// How long a failure counts.
        package var failureSpan = Duration.seconds(60)
        /// Most client names whose failures are counted; the oldest gives way.
        package var clients = 10_000
        /// Most signatures remembered; more in two skews are refused.
        package var nonces = 1_000_000

        package init() {}
    }

    /// What it says no with.
    package enum Verdict: Error, Equatable, Sendable {
        /// The time is too far from ours.
        case clockOff
        /// The client has used this nonce in the time in which it could be used.
        case replayed
        /// Too many failures; try again after so long.
        case throttled(Duration)
        /// Too many signatures at once; try again later.
        case busy
    }

    private struct Nonce: Hashable {
        let client: String
        let text: String
    }

    package let limits: Limits
    /// The nonces of this span of two skews and of the last.
    private var current: Set<Nonce> = []
    private var previous: Set<Nonce> = []
    private var spanStart = Timestamp.epoch
    private var failures: [String: [Timestamp]] = [:]
    /// Client names in the order of their first failure.
    private var failing: [String] = []

    package init(limits: Limits = Limits()) { self.limits = limits }

    /// That a signature's time is near ours and that its nonce is new, which it then no longer is.
    /// To be asked after the signature has proven right, so that nobody uses up a nonce of others.
    ///
    /// - Parameter milliseconds: since 1970.
    /// - Throws: `Verdict.clockOff`, `.replayed`, `.busy`.
    mutating func admit(
        client: String, nonce: String, milliseconds: UInt64, at now: Timestamp
    ) throws(Verdict) {
        let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(
            by: AuthenticationGuard.nanosecondsPerMillisecond)
        guard !overflow else { throw .clockOff }
        let stated = Timestamp(nanoseconds: nanoseconds)
        guard
            max(now.elapsed(since: stated), stated.elapsed(since: now)) <= limits.clockSkew
        else { throw .clockOff }
        turn(to: now)
        // Nothing can replace the time: a nonce is used once however the time beside it varies.
        let key = Nonce(client: client, text: nonce)
        guard !current.contains(key), !previous.contains(key) else { throw .replayed }
        guard current.count < limits.nonces else { throw .busy }
        current.insert(key)
    }

    /// A signature can come again as long as its time is within the skew, either way: so each nonce
    /// is kept for two skews at least.
    private mutating func turn(to now: Timestamp) {
        let span = Duration(nanoseconds: 2 * limits.clockSkew.nanoseconds)
        let elapsed = now.elapsed(since: spanStart)
        guard elapsed >= span else { return }
        let isNext = elapsed.nanoseconds < 2 * span.nanoseconds
        previous = isNext ? current : []
        current = []
        spanStart = isNext ? spanStart.advanced(by: span) : now
    }

    /// That a client name has not failed too often of late.
    ///
    /// - Throws: `Verdict.throttled`.
    mutating func checkFailures(of client: String, at now: Timestamp) throws(Verdict) {
        guard var times = failures[client] else { return }
        times.removeAll { now.elapsed(since: $0) >= limits.failureSpan }
        failures[client] = times
        guard times.count >= limits.failures, let oldest = times.first else { return }
        let passed = now.elapsed(since: oldest).nanoseconds
        throw .throttled(Duration(nanoseconds: limits.failureSpan.nanoseconds - passed))
    }

    /// Takes note of a failure.
    mutating func noteFailure(of client: String, at now: Timestamp) {
        if failures[client] == nil {
            if failing.count >= limits.clients {
                failures[failing.removeFirst()] = nil
            }
            failing.append(client)
        }
        failures[client, default: []].append(now)
    }

    /// Takes note that a client has proven itself.
    mutating func noteSuccess(of client: String) {
        guard failures.removeValue(forKey: client) != nil else { return }
        failing.removeAll { $0 == client }
    }

    private static let nanosecondsPerMillisecond: UInt64 = 1_000_000
}
