/// The embedded sequencer: makes a block when there is work or when time demands one, applies it,
/// writes it to disk, and only then lets anybody hear of it.
///
///     wait ─▶ take (mempool, observations) ─▶ apply ─▶ commit ─▶ (follower) ─▶ publish ─▶ wait
///
/// One thread runs it. While it applies and commits it holds the ledger's gate, so what the API
/// shows is always on disk; it makes the next block when the gateway has taken in the last one.

import Canonical
import Cryptography
import Custody
import FixedPoint
import Foundation
import Gateway
import Ledger
import Oracle
import Replication

/// How often blocks are made.
package struct BlockPace: Sendable {
    /// Nanoseconds between two blocks, at least.
    package var interval: UInt64
    /// Nanoseconds after which a block is made without work.
    package var idle: UInt64
    /// Most transactions of a block.
    package var transactions: Int
    /// Blocks after which old ones are forgotten; 0 keeps all.
    package var pruning: UInt64

    package init(interval: UInt64, idle: UInt64, transactions: Int, pruning: UInt64 = 0) {
        self.interval = interval
        self.idle = idle
        self.transactions = transactions
        self.pruning = pruning
    }
}

extension BlockPace {
    init(_ configuration: NodeConfiguration) {
        self.init(
            interval: UInt64(configuration.blockInterval) * NodeClock.nanosecondsPerMillisecond,
            idle: UInt64(configuration.blockIdle) * NodeClock.nanosecondsPerMillisecond,
            transactions: configuration.blockTransactions,
            // Seldom enough to cost nothing, and never more than half as much again is kept.
            pruning: configuration.keepBlocks > 0
                ? UInt64(max(1, min(configuration.keepBlocks / 2, 1_000))) : 0)
    }
}

/// What a block did, the ledger after it, the header before (nil for the first block) and its own.
typealias Certify = @Sendable (BlockOutcome, Ledger, BlockHeader?, BlockHeader) -> Void

/// Makes blocks until it is stopped.
final class Engine: @unchecked Sendable {
    private let gate: LedgerGate
    private let store: BlockStore
    private let mempool: Mempool
    private let observations: ObservationPool
    private let admitted: AdmittedSignatures
    private let verifier: RememberingVerifier<NativeVerifier>
    private let pace: BlockPace
    private let clock: NodeClock
    private let metrics: Metrics
    private let followers: AcknowledgementWait
    private let tell: @Sendable (ServiceNews) -> Void
    private let publish: @Sendable (CommittedBlock) -> Void
    private let prunable: @Sendable () -> UInt64
    private let certify: Certify
    private let condition = NSCondition()
    private var isStopping = false
    private var isHalted = false

    /// - Parameters:
    ///   - followers: where a block waits for a follower, if it does.
    ///   - tell: lets the service hear of what it sends to followers.
    ///   - publish: tells of a block that is on disk, and returns when it has been heard.
    ///   - prunable: the height below which nobody in this process needs blocks any more.
    ///   - certify: writes the certificates of a block that is on disk.
    init(
        gate: LedgerGate, store: BlockStore, mempool: Mempool, observations: ObservationPool,
        verifier: NativeVerifier, pace: BlockPace, clock: NodeClock, metrics: Metrics,
        followers: AcknowledgementWait, tell: @escaping @Sendable (ServiceNews) -> Void,
        publish: @escaping @Sendable (CommittedBlock) -> Void,
        prunable: @escaping @Sendable () -> UInt64 = { .max },
        certify: @escaping Certify = { _, _, _, _ in }
    ) {
        self.gate = gate
        self.store = store
        self.mempool = mempool
        self.observations = observations
        admitted = AdmittedSignatures(
            capacity: pace.transactions + Engine.mostBundles, bytes: Engine.memoryBytes)
        self.verifier = RememberingVerifier(admitted, inner: verifier)
        self.pace = pace
        self.clock = clock
        self.metrics = metrics
        self.followers = followers
        self.tell = tell
        self.publish = publish
        self.prunable = prunable
        self.certify = certify
    }

    /// Bundles of one block, at most: one a publisher.
    private static let mostBundles = 1_024
    /// Bytes of messages that are remembered as verified, at most.
    private static let memoryBytes = 256 << 20

    /// Something waits for a block.
    func wake() {
        condition.lock()
        condition.signal()
        condition.unlock()
    }

    /// Ends `run` when all that was admitted is in a block; the mempool takes no more by then.
    func stop() {
        followers.stop()
        condition.lock()
        isStopping = true
        condition.signal()
        condition.unlock()
    }

    /// Ends `run` before the next block.
    func halt() {
        condition.lock()
        isHalted = true
        condition.signal()
        condition.unlock()
    }

    /// The body of the thread.
    ///
    /// - Throws: `StorageFault` when a block cannot be written, or another node leads; nothing was
    ///   told of the block then.
    func run() throws(StorageFault) {
        // Where blocks wait for a follower, so does the last one of before the start.
        if followers.isNeeded {
            guard try followers.wait(for: store.chainTip.height) else { return }
            let seen = DispatchSemaphore(value: 0)
            tell(.released(seen: seen))
            seen.wait()
        }
        var last = MonotonicTime.now
        while waitForWork(since: last) {
            last = MonotonicTime.now
            guard try makeBlock() else { return }
        }
        // Says so where it has been deposed.
        _ = try followers.wait(for: 0)
    }

    /// Nanoseconds between two looks at transactions whose signatures are still being checked.
    private static let drainingPause: UInt64 = 5_000_000

    /// Waits until a block is due; false when the engine stops.
    private func waitForWork(since last: UInt64) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !isHalted {
            let elapsed = MonotonicTime.now - last
            var due = mempool.isReady || !observations.isEmpty ? pace.interval : pace.idle
            if isStopping {
                if mempool.isReady { return true }
                if mempool.isEmpty { return false }
                due = elapsed + Engine.drainingPause
            }
            if elapsed >= due { return true }
            let wait = Double(due - elapsed) / 1_000_000_000
            _ = condition.wait(until: Date(timeIntervalSinceNow: wait))
        }
        return false
    }

    /// Makes a block of a given time before the engine runs.
    ///
    /// - Precondition: the time is later than the last block's, and bundles ascend.
    func preload(
        at time: Timestamp, observations: [ObservationBundle], transactions: [[UInt8]]
    ) throws(StorageFault) -> CommittedBlock {
        try gate.enter { (ledger) throws(StorageFault) in
            let block = Block(
                height: ledger.height + 1, time: time, observations: observations,
                transactions: transactions)
            let outcome = apply(block, to: ledger)
            try commit(block, outcome, of: ledger)
            return CommittedBlock(outcome: outcome, time: time, transactions: transactions)
        }
    }

    /// - Returns: false where the node stops while the block still waits for a follower.
    private func makeBlock() throws(StorageFault) -> Bool {
        let taken = mempool.takeReady(upTo: pace.transactions)
        let bundles = observations.take()
        let attested = observations.takeAttested()
        let committed = try gate.change { (ledger) throws(StorageFault) in
            let time = max(clock.now(), ledger.time.advanced(by: Duration(nanoseconds: 1)))
            let block = Block(
                height: ledger.height + 1, time: time, observations: bundles.map(\.bundle),
                attested: attested, transactions: taken.map(\.bytes))
            for bundle in bundles { admitted.insert(bundle.statement) }
            for transaction in taken { admitted.insert(transaction.statement) }
            let outcome = apply(block, to: ledger)
            try commit(block, outcome, of: ledger)
            return CommittedBlock(
                outcome: outcome, time: time, tickets: taken.map(\.ticket),
                transactions: block.transactions)
        }
        count(committed, bundles: bundles.count, attested: attested.count)
        followers.committed(committed.outcome.height)
        if followers.isNeeded { tell(.stored(store.chainTip)) }
        guard try followers.wait(for: committed.outcome.height) else { return false }
        let began = MonotonicTime.now
        publish(committed)
        metrics.record(.publish, nanoseconds: MonotonicTime.now - began)
        if pace.pruning > 0, committed.outcome.height % pace.pruning == 0 {
            try store.prune(below: min(store.prunableBelow, prunable()))
        }
        return true
    }

    private func apply(_ block: Block, to ledger: Ledger) -> BlockOutcome {
        let began = MonotonicTime.now
        defer { metrics.record(.apply, nanoseconds: MonotonicTime.now - began) }
        do throws(BlockFault) {
            return try ledger.apply(block, verifier: verifier)
        } catch {
            preconditionFailure("Invariant: the sequencer makes canonical blocks, not \(error)")
        }
    }

    private func commit(
        _ block: Block, _ outcome: BlockOutcome, of ledger: Ledger
    ) throws(StorageFault) {
        let encoded = block.canonicalBytes
        let applied = AppliedBlock(outcome, time: block.time)
        let before = store.tip
        let header = BlockHeader(
            chain: ledger.chain, following: before, term: try store.term, block: encoded,
            applied: applied)
        let began = MonotonicTime.now
        defer { metrics.record(.commit, nanoseconds: MonotonicTime.now - began) }
        try store.commit(
            BlockRecord(header: header, block: encoded, outcome: applied.outcome),
            leaves: ledger.changedLeaves)
        certify(outcome, ledger, before, header)
    }

    private func count(_ block: CommittedBlock, bundles: Int, attested: Int) {
        metrics.add(.blocks)
        metrics.add(.transactions, block.tickets.count)
        metrics.add(.commands, block.outcome.receipts.count)
        metrics.add(.refusedCommands, block.outcome.receipts.count { $0.refusal != nil })
        metrics.add(.events, block.outcome.events.count)
        metrics.add(.observations, bundles)
        metrics.add(.attested, attested)
    }
}
