/// The runner of `rampart-lab replay`: prices through signed observations, traders through signed
/// transactions, all of it through `Ledger.apply`, block by block.

import Canonical
import Cryptography
import FixedPoint
import Ledger
import Oracle

package enum Replay {
    private static let permille: UInt64 = 1_000
    /// Nanoseconds between blocks, at least.
    private static let leastInterval = 5 * TimeText.second
    /// Replays of long histories make blocks farther apart, so that there are not many more than this.
    private static let mostBlocks: UInt64 = 40_000
    /// How long a simulated transaction is good for.
    private static let lifetime = Duration.seconds(120)

    /// Replays `inputs`, telling `progress` as it goes.
    ///
    /// - Parameter audit: makes everything that is kept incrementally again from scratch after every
    ///   block, and stops at the first difference. Slow.
    /// - Throws: `ReplayFault` before the first block if the genesis or the prices are refused; after a
    ///   failed audit, with the block's height.
    package static func run(
        _ inputs: ReplayInputs, audit: Bool = false, progress: (ReplayProgress) -> Void
    ) throws(ReplayFault) -> ReplayResult {
        let keys = LabKeys(seed: inputs.seed)
        let plan = try ReplayPlan(inputs, keys: keys)
        let (genesis, start, end) = (plan.genesis, plan.start, plan.end)
        let ledger = Ledger(genesis: genesis)
        let interval = interval(span: end - start)
        var population = Population(
            catalogue: genesis.catalogue, seed: inputs.seed, blocks: (end - start) / interval)
        var publishers = LabPublishers(
            histories: plan.histories, count: genesis.publishers.count, seed: inputs.seed)
        var recorder = ReplayRecorder(plan, population: population, seed: inputs.seed)
        var openings = openingTransactions(population, keys: keys, ledger: ledger, start: start)
        let sampling = ReplaySeries.interval(span: end - start)
        var nextSample = start
        let clock = ContinuousClock()
        let began = clock.now
        var time = start
        while time < end {
            let observed = publishers.bundles(at: time, chain: ledger.chain, keys: keys)
            let sent: (encoded: [[UInt8]], orders: Int) =
                openings.isEmpty
                ? population.transactions(
                    ledger: ledger, keys: keys,
                    expiry: Timestamp(nanoseconds: time).advanced(by: lifetime))
                : (openings.removeFirst(), 0)
            let block = Block(
                height: ledger.height + 1, time: Timestamp(nanoseconds: time),
                observations: observed, transactions: sent.encoded)
            recorder.add(
                block, apply(block, to: ledger), orders: sent.orders, ledger: ledger)
            if audit { try check(ledger) }
            if time >= nextSample, openings.isEmpty, ledger.height > 2 {
                recorder.sample(ledger)
                while nextSample <= time { nextSample += sampling }
            }
            time += interval
            progress(
                ReplayProgress(
                    permille: Int((min(time, end) - start) * permille / max(1, end - start)),
                    time: min(time, end), blocks: recorder.summary.blocks,
                    orders: recorder.summary.orders,
                    elapsed: nanoseconds(clock.now - began)))
        }
        let elapsed = nanoseconds(clock.now - began)
        return recorder.finish(
            ledger, population: population, isConserved: ledger.auditFailure() == nil,
            wallNanoseconds: elapsed)
    }

    /// Applies a block that is canonical by construction.
    private static func apply(_ block: Block, to ledger: Ledger) -> BlockOutcome {
        do throws(BlockFault) {
            return try ledger.apply(block, verifier: Ed25519Verifier())
        } catch {
            preconditionFailure("Invariant: the runner makes canonical blocks, not \(error)")
        }
    }

    private static func check(_ ledger: Ledger) throws(ReplayFault) {
        if let failure = ledger.auditFailure() {
            throw ReplayFault(
                file: "block \(ledger.height)", line: nil, reason: "audit failed: \(failure)")
        }
    }

    private static func interval(span: UInt64) -> UInt64 {
        max(leastInterval, (span / mostBlocks / TimeText.second + 1) * TimeText.second)
    }

    /// The first blocks' transactions: accounts, then their money.
    private static func openingTransactions(
        _ population: Population, keys: LabKeys, ledger: Ledger, start: UInt64
    ) -> [[[UInt8]]] {
        let commands = population.openings(in: ledger.catalogue, keys: keys)
        let expiry = Timestamp(nanoseconds: start).advanced(by: .hour)
        var nonce: UInt64 = 0
        return [commands.accounts, commands.deposits].map { list in
            stride(from: 0, to: list.count, by: Transaction.commandLimit).map { first in
                nonce += 1
                let batch = list[first..<min(first + Transaction.commandLimit, list.count)]
                return keys.custodianTransaction(
                    chain: ledger.chain, nonce: nonce, expiry: expiry, commands: Array(batch))
            }
        }
    }

    private static func nanoseconds(_ span: Swift.Duration) -> UInt64 {
        let (seconds, attoseconds) = span.components
        return UInt64(seconds) * TimeText.second + UInt64(attoseconds / 1_000_000_000)
    }
}
