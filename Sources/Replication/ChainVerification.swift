/// The whole chain once more: every block applied again, and everything that is recorded about it
/// compared. What `rampart verify chain` runs, on a store that no node has open.

package import Canonical

/// What a verification went through.
package struct VerificationReport: Equatable, Sendable {
    /// The height that the machine started from.
    package var from: UInt64
    /// The height of the tip.
    package var to: UInt64
    /// The tip's root, which the machine came to.
    package var root: Digest
}

extension BlockStore {
    /// Replays the chain from where the machine stands to the tip.
    ///
    /// - Parameter machine: in its state before the first block; or, where blocks have been pruned,
    ///   in that of a snapshot from the time before them (`Snapshot.load`).
    /// - Throws: `StorageFault` that names the first height that differs: `.brokenChain` (header or
    ///   payload digest), `.refusedBlock`, `.diverged` (root, time, event number or outcome),
    ///   `.missingBlock`, `.corrupted`, `.wrongChain`.
    package func verifyChain<Machine: StateMachine & ~Copyable>(
        _ machine: inout Machine, progress: (ReplayProgress) -> Void = { _ in }
    ) throws(StorageFault) -> VerificationReport {
        guard machine.chain == chain else {
            throw .wrongChain(expected: chain, found: machine.chain)
        }
        let start = machine.height
        var last: BlockHeader?
        if start > 0 {
            guard let header = try header(at: start) else { throw .missingBlock(height: start) }
            guard header.root == machine.root else { throw .diverged(height: start, in: .root) }
            last = header
        }
        let end = chainTip
        guard start <= end.height else { throw .missingBlock(height: start) }
        while (last?.height ?? 0) < end.height {
            let record = try record(at: (last?.height ?? 0) + 1)
            try Replay.apply(record, to: &machine, following: last)
            last = record.header
            let done = record.header.height - start
            if done % Replay.progressStep == 0 || record.header.height == end.height {
                progress(
                    ReplayProgress(stage: .replaying, done: done, total: end.height - start))
            }
        }
        guard last?.hash ?? chain == end.hash else { throw .tipDiffers(height: end.height) }
        return VerificationReport(from: start, to: end.height, root: machine.root)
    }
}
