/// The state of a replay between two blocks, and the making of the next.

import Documents
import Canonical
import Cryptography
import FixedPoint
import Ledger
import Oracle

extension Replay {
    /// A replay under way.
    struct Run {
        /// Nanoseconds between blocks, at least.
        private static let leastInterval = 5 * TimeText.second
        /// Replays of long histories make blocks farther apart, so that there are not many more
        /// than this.
        private static let mostBlocks: UInt64 = 40_000
        /// Time without any price that is lived through; a longer one is skipped.
        private static let longestGap = 24 * 3_600 * TimeText.second
        /// How long a simulated transaction is good for.
        private static let lifetime = Duration.seconds(120)

        let plan: ReplayPlan
        /// When there are prices, in nanoseconds since 1970.
        let stretches: [Range<UInt64>]
        /// Nanoseconds between blocks.
        let interval: UInt64
        private let keys: LabKeys
        private let audit: Bool
        private let ledger: Ledger
        private var population: Population
        private var publishers: LabPublishers
        private(set) var recorder: ReplayRecorder
        private var openings: [[[UInt8]]]
        private let sampling: UInt64
        private var nextSample: UInt64

        init(plan: ReplayPlan, keys: LabKeys, seed: UInt64, audit: Bool) {
            self.plan = plan
            self.keys = keys
            self.audit = audit
            ledger = Ledger(genesis: plan.genesis)
            stretches = PriceCoverage.stretches(
                of: plan.histories, joiningGapsUpTo: Run.longestGap)
            let covered = Run.length(of: stretches)
            interval = Run.interval(covering: covered)
            population = Population(
                catalogue: plan.genesis.catalogue, seed: seed, blocks: covered / interval)
            publishers = LabPublishers(
                histories: plan.histories, genesis: plan.genesis, seed: seed)
            recorder = ReplayRecorder(plan, population: population, seed: seed)
            sampling = ReplaySeries.interval(span: covered)
            nextSample = plan.start
            openings = Run.openings(population, keys: keys, ledger: ledger, start: plan.start)
        }

        /// Nanoseconds between the blocks of a replay of histories.
        static func interval(of histories: [PriceHistory]) -> UInt64 {
            interval(
                covering: length(
                    of: PriceCoverage.stretches(of: histories, joiningGapsUpTo: longestGap)))
        }

        private static func interval(covering length: UInt64) -> UInt64 {
            max(leastInterval, (length / mostBlocks / TimeText.second + 1) * TimeText.second)
        }

        private static func length(of stretches: [Range<UInt64>]) -> UInt64 {
            stretches.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
        }

        /// Makes and applies the block of a time, which must lie after the last one's.
        ///
        /// - Throws: `InputFault` after a failed audit.
        mutating func makeBlock(
            at time: UInt64, _ certify: ((Block, BlockOutcome, Ledger) -> Void)?
        ) throws(InputFault) -> Block {
            ledger.collectsEvidence = certify != nil
            let observed = publishers.bundles(at: time, ledger: ledger, keys: keys)
            let isOpening = !openings.isEmpty
            let sent: (encoded: [[UInt8]], orders: Int) =
                isOpening
                ? (openings.removeFirst(), 0)
                : population.transactions(
                    ledger: ledger, keys: keys,
                    expiry: Timestamp(nanoseconds: time).advanced(by: Run.lifetime))
            let block = Block(
                height: ledger.height + 1, time: Timestamp(nanoseconds: time),
                observations: observed, transactions: sent.encoded)
            recorder.options.approach(time, ledger: ledger)
            let outcome = apply(block)
            recorder.add(block, outcome, orders: sent.orders, ledger: ledger)
            certify?(block, outcome, ledger)
            if audit, let failure = ledger.auditFailure() {
                throw InputFault(
                    file: "block \(ledger.height)", line: nil, reason: "audit failed: \(failure)")
            }
            guard time >= nextSample, !isOpening else { return block }
            recorder.sample(ledger)
            nextSample = time + sampling - (time - plan.start) % sampling
            return block
        }

        /// The result so far.
        mutating func finish(wallNanoseconds: UInt64) -> ReplayResult {
            recorder.finish(
                ledger, population: population, isConserved: ledger.auditFailure() == nil,
                wallNanoseconds: wallNanoseconds)
        }

        /// Applies a block that is canonical by construction.
        private func apply(_ block: Block) -> BlockOutcome {
            do throws(BlockFault) {
                return try ledger.apply(block, verifier: PortableVerifier())
            } catch {
                preconditionFailure("Invariant: the runner makes canonical blocks, not \(error)")
            }
        }

        /// The first blocks' transactions: accounts, then their money.
        private static func openings(
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
                        chain: ledger.chain, nonce: nonce, expiry: expiry,
                        commands: Array(batch))
                }
            }
        }
    }
}
