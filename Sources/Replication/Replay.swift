/// From what is stored to a machine that stands at the tip, with every root compared on the way.

package import Canonical

/// How far a start or a check has come.
package struct ReplayProgress: Equatable, Sendable {
    /// What is being done.
    package enum Stage: Sendable {
        /// Leaves are read.
        case reading
        /// The machine takes them over.
        case restoring
        /// Blocks are applied again.
        case replaying
    }

    package var stage: Stage
    /// Leaves or blocks done.
    package var done: UInt64
    /// Blocks in all; 0 where it is not known.
    package var total: UInt64
}

/// What a start did.
package struct StartReport: Equatable, Sendable {
    /// The height of the leaves that the machine started from.
    package var leafHeight: UInt64
    /// How many leaves it read; 0 where the machine stood there already.
    package var leaves: Int
    /// How many blocks it applied again.
    package var replayed: UInt64
}

/// Applying blocks that once were applied, with nothing taken on trust.
package enum Replay {
    /// Leaves or blocks between two reports of progress.
    static let progressStep: UInt64 = 4_096

    /// Applies a record to a machine that stands at the block before.
    ///
    /// - Parameter last: the header before; nil where the record is the chain's first.
    /// - Throws: `StorageFault.brokenChain` before the machine is touched, `.refusedBlock`, or
    ///   `.diverged`; the machine is of no use after the latter.
    package static func apply<Machine: StateMachine & ~Copyable>(
        _ record: BlockRecord, to machine: inout Machine, following last: BlockHeader?
    ) throws(StorageFault) {
        let header = record.header
        if let fault = record.fault(following: last, on: machine.chain) {
            throw .brokenChain(height: header.height, fault: fault)
        }
        let applied: AppliedBlock
        do throws(Machine.BlockRefusal) {
            applied = try machine.apply(encoded: record.block)
        } catch {
            throw .refusedBlock(height: header.height, reason: "\(error)")
        }
        if let divergence = divergence(applied, machine.height, record) {
            throw .diverged(height: header.height, in: divergence)
        }
    }

    private static func divergence(
        _ applied: AppliedBlock, _ height: UInt64, _ record: BlockRecord
    ) -> Divergence? {
        let header = record.header
        if applied.root != header.root { return .root }
        if applied.time != header.time || height != header.height { return .time }
        if applied.firstEvent != header.firstEvent { return .firstEvent }
        return applied.outcome == record.outcome ? nil : .outcome
    }
}

extension BlockStore {
    /// Brings a machine from its state before the first block to the tip: by the last leaves and
    /// the blocks behind them. The machine's root is that of the tip's header when this returns.
    ///
    /// - Parameter machine: made from the chain's genesis and not used yet.
    /// - Throws: `StorageFault`: `.wrongChain`, `.refusedLeaves`, and what `Replay.apply` throws.
    package func start<Machine: StateMachine & ~Copyable>(
        _ machine: inout Machine, progress: (ReplayProgress) -> Void = { _ in }
    ) throws(StorageFault) -> StartReport {
        guard machine.chain == chain else {
            throw .wrongChain(expected: chain, found: machine.chain)
        }
        let mark = writer.mark
        let count = try restore(&machine, mark: mark, progress: progress)
        var last = try mark.height == 0 ? nil : header(at: mark.height)
        let end = chainTip.height
        while (last?.height ?? 0) < end {
            let record = try record(at: (last?.height ?? 0) + 1)
            try Replay.apply(record, to: &machine, following: last)
            let header = record.header
            if header.height > writer.appendedHeight {
                writer.append(
                    machine.changedLeaves(),
                    mark: LeafMark(height: header.height, hash: header.hash, root: header.root))
            }
            last = header
            let done = header.height - mark.height
            if done % Replay.progressStep == 0 || header.height == end {
                progress(ReplayProgress(stage: .replaying, done: done, total: end - mark.height))
            }
        }
        return StartReport(leafHeight: mark.height, leaves: count, replayed: end - mark.height)
    }

    /// Puts the leaves on disk into the machine, and says how many they are.
    private func restore<Machine: StateMachine & ~Copyable>(
        _ machine: inout Machine, mark: LeafMark, progress: (ReplayProgress) -> Void
    ) throws(StorageFault) -> Int {
        if let header = try header(at: mark.height), header.root != mark.root {
            throw .refusedLeaves(height: mark.height, reason: "their root is not the header's")
        }
        if machine.height == mark.height && machine.root == mark.root { return 0 }
        let leaves = try readLeaves(progress)
        progress(ReplayProgress(stage: .restoring, done: 0, total: 0))
        do throws(Machine.RestoreRefusal) {
            try machine.restore(leaves, root: mark.root)
        } catch {
            throw .refusedLeaves(height: mark.height, reason: "\(error)")
        }
        guard machine.height == mark.height else {
            throw .refusedLeaves(height: mark.height, reason: "they say \(machine.height)")
        }
        guard machine.root == mark.root else {
            throw .diverged(height: mark.height, in: .root)
        }
        return leaves.count
    }

    /// All leaves on disk, as they stand at the mark.
    func readLeaves(_ progress: (ReplayProgress) -> Void) throws(StorageFault) -> LeafList {
        var leaves = LeafList()
        try withDatabases { (opened) throws(StorageFault) in
            try opened.leaves.forEach(in: LeafFamily.leaves.rawValue) { key, value in
                leaves.append(key: key, value: value)
                if UInt64(leaves.count) % Replay.progressStep == 0 {
                    let done = UInt64(leaves.count)
                    progress(ReplayProgress(stage: .reading, done: done, total: 0))
                }
                return true
            }
        }
        return leaves
    }

    /// Applies a record that came from elsewhere and stores it: how followers and imported logs go
    /// on. The machine must stand at the tip.
    ///
    /// - Throws: what `Replay.apply` and `commit` throw.
    package func append<Machine: StateMachine & ~Copyable>(
        _ record: BlockRecord, applyingTo machine: inout Machine
    ) throws(StorageFault) {
        try Replay.apply(record, to: &machine, following: tip)
        try commit(record, leaves: machine.changedLeaves())
    }
}
