/// The runner of `rampart-lab replay`: prices through signed observations, traders through signed
/// transactions, all of it through `Ledger.apply`, block by block.

package import Documents
import Canonical
package import Ledger

package enum Replay {
    /// Replays `inputs`, telling `progress` as it goes.
    ///
    /// - Parameter audit: makes everything that is kept incrementally again from scratch after
    ///   every block, and stops at the first difference. Slow.
    /// - Parameter log: gets the encoded genesis, then every encoded block.
    /// - Parameter certify: gets every block, what it did, and the ledger after it with what
    ///   certificates are made of; nil collects nothing.
    /// - Throws: `InputFault` before the first block if the genesis or the prices are refused;
    ///   after a failed audit, with the block's height.
    package static func run(
        _ inputs: ReplayInputs, audit: Bool = false, log: ([UInt8]) -> Void = { _ in },
        certify: ((Block, BlockOutcome, Ledger) -> Void)? = nil,
        progress: (ReplayProgress) -> Void
    ) throws(InputFault) -> ReplayResult {
        let keys = LabKeys(seed: inputs.seed)
        var run = Run(
            plan: try ReplayPlan(inputs, keys: keys), keys: keys, seed: inputs.seed, audit: audit)
        log(run.plan.genesis.canonicalBytes)
        let clock = ContinuousClock()
        let began = clock.now
        for stretch in run.stretches {
            var time = stretch.lowerBound
            while time < stretch.upperBound {
                log(try run.makeBlock(at: time, certify).canonicalBytes)
                time += run.interval
                progress(
                    ReplayProgress(
                        time: min(time, stretch.upperBound), start: run.plan.start,
                        end: run.plan.end, blocks: run.recorder.summary.blocks,
                        orders: run.recorder.summary.orders,
                        elapsed: nanoseconds(clock.now - began)))
            }
        }
        return run.finish(wallNanoseconds: nanoseconds(clock.now - began))
    }

    private static func nanoseconds(_ span: Swift.Duration) -> UInt64 {
        let (seconds, attoseconds) = span.components
        return UInt64(seconds) * TimeText.second + UInt64(attoseconds / 1_000_000_000)
    }
}
