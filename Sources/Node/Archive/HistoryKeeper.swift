/// The thread that keeps the history: it reads blocks out of the store, from the history's mark to
/// the last that may be told of, and writes what they make of rows.
///
///     engine ─▶ note(height) · · · ▶ keeper ─▶ store (read) ─▶ projection ─▶ database
///
/// Nobody waits for it and nothing queues up before it: what it has not written yet stands in the
/// block log, whether it is one block behind or all of them. A database that does not answer is
/// tried again, with a pause; one that cannot be this chain's history is left alone.

import Canonical
import Foundation
import Gateway
import History
import Ledger
import Replication

/// How the keeping goes.
enum HistoryStage: Equatable, Sendable {
    case opening
    case keeping
    /// The database does not answer; it is tried again.
    case waiting(reason: String)
    /// There is no going on; until the node is started again none is kept.
    case refused(reason: String)
}

/// Keeps one history.
final class HistoryKeeper: @unchecked Sendable {
    private let location: HistoryLocation
    private let genesis: Genesis
    private let blocks: BlockStore
    private let log: Log
    private let condition = NSCondition()
    // All only under the lock.
    private var tip: UInt64
    private var height: UInt64 = 0
    private var stage = HistoryStage.opening
    private var deadline: UInt64?
    // Only the thread's own.
    private var writer: HistoryWriter?
    private var pause = HistoryKeeper.shortestPause

    /// Nanoseconds between two attempts to reach a database.
    private static let shortestPause: UInt64 = 250_000_000
    private static let longestPause: UInt64 = 30_000_000_000
    /// Nanoseconds for which a node that ends lets the history catch up.
    private static let grace: UInt64 = 10_000_000_000

    /// - Parameter blocks: whose tip may be told of.
    init(_ location: HistoryLocation, genesis: Genesis, blocks: BlockStore, log: Log) {
        self.location = location
        self.genesis = genesis
        self.blocks = blocks
        self.log = log
        tip = blocks.chainTip.height
    }

    // From any thread.

    /// A block may be told of.
    func note(_ height: UInt64) {
        condition.withLock {
            tip = max(tip, height)
            condition.broadcast()
        }
    }

    /// Ends `run` when it has caught up, or soon.
    func stop() {
        condition.withLock {
            deadline = deadline ?? MonotonicTime.now + HistoryKeeper.grace
            condition.broadcast()
        }
    }

    /// Where it stands, and of how many blocks.
    var standing: (height: UInt64, tip: UInt64, stage: HistoryStage) {
        condition.withLock { (height, tip, stage) }
    }

    /// The lowest block that is still to be read; none where nothing is kept any more.
    var neededFrom: UInt64 {
        condition.withLock {
            if case .refused = stage { return .max }
            // Before it is opened nobody knows.
            return stage == .opening ? 0 : height + 1
        }
    }

    /// Waits until the history has a block.
    ///
    /// - Returns: why it has not, where it does not come in time.
    func wait(for wanted: UInt64, milliseconds: UInt64) -> PastFault? {
        let end = Date(timeIntervalSinceNow: Double(milliseconds) / 1_000)
        return condition.withLock {
            while true {
                switch stage {
                case .keeping where height >= wanted: return nil
                case .keeping, .opening: break
                case .waiting(let reason), .refused(let reason):
                    return .unavailable(reason: reason)
                }
                guard deadline == nil, condition.wait(until: end) else {
                    return .behind(height: height, of: tip)
                }
            }
        }
    }

    // The thread.

    /// The body of the thread.
    func run() {
        while let end = nextTip() {
            do throws(KeepingFault) {
                try advance(to: end)
                pause = HistoryKeeper.shortestPause
            } catch {
                writer = nil
                guard error.isPassing else {
                    enter(.refused(reason: HistoryKeeper.publicReason))
                    log.write(.error, "no history", ["reason": error.text])
                    return
                }
                rest(after: error)
            }
        }
    }

    /// What clients are told; the log says more.
    private static let publicReason = "the operator must look after its database"

    /// The height to reach; nil when it is time to end. Waits while there is nothing to do.
    private func nextTip() -> UInt64? {
        condition.withLock {
            while true {
                if let deadline, height >= tip || MonotonicTime.now >= deadline { return nil }
                if stage == .opening || height < tip { return tip }
                if case .waiting = stage { return tip }
                condition.wait()
            }
        }
    }

    private func rest(after fault: KeepingFault) {
        let isFirst = condition.withLock {
            if case .waiting = stage { return false }
            return true
        }
        if isFirst {
            log.write(
                .warning, "history waits",
                ["reason": fault.text, "next": "it is tried again, and goes on where it stands"])
        }
        enter(.waiting(reason: "its database does not answer"))
        let end = MonotonicTime.now + pause
        pause = min(pause * 2, HistoryKeeper.longestPause)
        condition.withLock {
            while deadline == nil, MonotonicTime.now < end {
                let left = Double(end - min(end, MonotonicTime.now)) / 1_000_000_000
                _ = condition.wait(until: Date(timeIntervalSinceNow: left))
            }
            // A node that ends does not wait for a database.
            if deadline != nil { deadline = 0 }
        }
    }

    private func enter(_ next: HistoryStage, at height: UInt64? = nil) {
        condition.withLock {
            stage = next
            if let height { self.height = height }
            condition.broadcast()
        }
    }

    private func advance(to end: UInt64) throws(KeepingFault) {
        let writer: HistoryWriter
        if let open = self.writer {
            writer = open
        } else {
            writer = try HistoryWriter(location, genesis: genesis, blocks: blocks)
            self.writer = writer
            log.write(
                .info, "history",
                ["height": "\(writer.height)", "of": "\(blocks.chainTip.height)"])
        }
        enter(.keeping, at: writer.height)
        guard writer.height < end else { return }
        try writer.advance(to: end)
        enter(.keeping, at: writer.height)
    }
}
