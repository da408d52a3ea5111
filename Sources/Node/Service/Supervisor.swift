/// Tells the system's supervisor how the node is, by systemd's protocol of datagrams
/// (`sd_notify(3)`): ready, stopping, still starting, alive. Where no supervisor listens, it does
/// nothing.

import Foundation
import Synchronization

/// Who started this process and wants to know how it is.
final class Supervisor: Sendable {
    /// That of this process.
    static let process = Supervisor(environment: ProcessInfo.processInfo.environment)

    private let socket: LocalSocket?
    /// Nanoseconds between two signs of life; nil where none are wanted.
    private let interval: UInt64?
    private let lastSign = Mutex<UInt64>(0)

    /// So many signs of life in the time after which the supervisor takes a node for dead.
    private static let signs: UInt64 = 4
    private static let nanosecondsPerMicrosecond: UInt64 = 1_000
    /// Microseconds; whoever waits for longer waits for ever.
    private static let longestWatch: UInt64 = 1 << 50
    /// Microseconds that a start may take from each word of progress on.
    private static let extensionMicroseconds = 120_000_000

    /// - Parameter environment: `NOTIFY_SOCKET` names where the supervisor listens,
    ///   `WATCHDOG_USEC` how often it wants a sign of life, `WATCHDOG_PID` of whom.
    init(environment: [String: String]) {
        socket = environment["NOTIFY_SOCKET"].flatMap { LocalSocket.connect($0, .datagram) }
        let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        interval = environment["WATCHDOG_USEC"].flatMap { UInt64($0) }.flatMap { microseconds in
            isOurs && (1...Supervisor.longestWatch).contains(microseconds)
                ? microseconds * Supervisor.nanosecondsPerMicrosecond / Supervisor.signs : nil
        }
    }

    /// The node serves, or follows.
    func ready(_ status: String) { tell("READY=1\nSTATUS=\(status)") }

    /// The node starts still, and comes on.
    func starting(_ status: String) {
        tell("EXTEND_TIMEOUT_USEC=\(Supervisor.extensionMicroseconds)\nSTATUS=\(status)")
    }

    /// The node ends in order.
    func stopping() { tell("STOPPING=1\nSTATUS=stopping") }

    /// A sign of life, as often as one is wanted. Whoever calls this has just had a turn at what
    /// the node is there for.
    func beat() {
        guard socket != nil, let interval else { return }
        let now = MonotonicTime.now
        let isDue = lastSign.withLock { last in
            guard now - last >= interval else { return false }
            last = now
            return true
        }
        if isDue { tell("WATCHDOG=1") }
    }

    private func tell(_ words: String) { _ = socket?.send(words) }
}
