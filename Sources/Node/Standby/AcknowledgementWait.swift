/// Where the engine waits for a follower: a block that is on the leader's disk is nobody's to know
/// of before a follower has it too (`follow.synchronous`). The service thread says what followers
/// have; the engine waits for it.

import Foundation
import Replication

/// The wait of one thread for what another hears. A leader on its own never waits.
final class AcknowledgementWait: @unchecked Sendable {
    /// Whether a block waits for a follower at all.
    let isNeeded: Bool
    /// The term in which this node leads.
    private let term: UInt64
    private let condition = NSCondition()
    // All below only under the lock.
    private var gate: AcknowledgementGate
    private var deadline: Date?
    private var promised: UInt64?

    /// Seconds for which a node that is told to stop still waits for its follower.
    private static let patience: TimeInterval = 5

    /// - Parameters:
    ///   - isNeeded: whether blocks wait for a follower.
    ///   - height: the leader's tip.
    init(isNeeded: Bool, term: UInt64, height: UInt64) {
        self.isNeeded = isNeeded
        self.term = term
        gate = AcknowledgementGate(required: isNeeded ? 1 : 0, height: height)
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }

    /// The leader has a block on disk.
    func committed(_ height: UInt64) {
        locked {
            _ = gate.committed(height)
            condition.broadcast()
        }
    }

    /// A follower has everything up to a height on disk.
    func follower(_ number: UInt64, has height: UInt64) {
        locked { if gate.follower(number, has: height) { condition.broadcast() } }
    }

    func followerLeft(_ number: UInt64) { locked { gate.followerLeft(number) } }

    /// Another node leads in a higher term; nothing of this one counts any more.
    func depose(promised term: UInt64) {
        locked {
            promised = max(promised ?? 0, term)
            condition.broadcast()
        }
    }

    /// The node stops: what waits has a little longer.
    func stop() {
        locked {
            deadline = deadline ?? Date(timeIntervalSinceNow: AcknowledgementWait.patience)
            condition.broadcast()
        }
    }

    /// Returns when a height may be told of; false when the node stops before.
    ///
    /// - Throws: `StorageFault.staleTerm` when another node leads.
    func wait(for height: UInt64) throws(StorageFault) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let promised { throw .staleTerm(promised: promised, found: term) }
            guard isNeeded, gate.acknowledged < height else { return true }
            if let deadline {
                guard condition.wait(until: deadline) else { return false }
            } else {
                condition.wait()
            }
        }
    }
}
