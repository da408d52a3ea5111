/// One run of a scenario through the real ledger with real signatures: every block is made, checked
/// and applied as a node would, and at the end everything is made again from scratch.

package import Canonical
import Cryptography
import Documents
import FixedPoint
import Ledger
import Oracle

/// What a run came to.
package struct AttackResult: Sendable {
    /// The defences that were off.
    package let off: DefenceSet
    package let blocks: Int
    package let refusals: [AttackCount]
    package let events: [AttackCount]
    /// By group: what it gained.
    package let profits: [Int64]
    /// By account.
    let accountProfits: [Int64]
    package let stateRoot: String
    /// The first thing that was not as it should be at the end; nil if all was.
    package let auditFailure: String?
    let samples: [AttackSample]
    /// The levels that markets had, other than normal.
    let levels: [BreakerStretch]
    /// By expectation of the scenario.
    let values: [Int64]
    /// By compartment: what the fund paid, and what nobody could be asked for.
    let insurance: [Int64]
    let badDebt: [Int64]
    /// By compartment: what profitable accounts paid for bankrupt ones.
    let shared: [Int64]
}

enum AttackRun {
    private static let seed: UInt64 = 1

    /// Runs a scenario with some defences off.
    ///
    /// - Parameters:
    ///   - withOverrides: whether the genesis is that of the second run.
    ///   - isSigned: false leaves signatures out, for searches that run thousands.
    /// - Throws: `InputFault` before the first block where the engine refuses the genesis.
    static func run(
        _ scenario: AttackScenario, off: DefenceSet, withOverrides: Bool, isSigned: Bool = true
    ) throws(InputFault) -> AttackResult {
        let keys = LabKeys(seed: seed, isSigning: isSigned)
        let genesis = try AttackGenesis.genesis(
            of: scenario, off: off, withOverrides: withOverrides, keys: keys)
        let ledger = Ledger(genesis: genesis)
        let publishers = AttackPublishers(scenario)
        var traders = AttackTraders(scenario, publishers: publishers)
        var recorder = AttackRecorder(scenario, catalogue: ledger.catalogue)
        let openings = traders.openings(ledger: ledger, keys: keys, now: genesis.time)
        for (place, transactions) in openings.enumerated() {
            let time = genesis.time.advanced(by: .seconds(UInt64(place + 1)))
            recorder.add(
                apply([], transactions, at: time, to: ledger, isSigned: isSigned), at: 0,
                isOpening: true,
                ledger: ledger)
        }
        var last: Int64 = -1
        for time in stride(
            from: Int64(0), through: scenario.length, by: Int64.Stride(scenario.blockStep))
        where !isPaused(scenario, at: time) {
            let now = Timestamp(
                nanoseconds: scenario.start + UInt64(time) * TimeText.second)
            let transactions = traders.transactions(
                after: last, at: time, ledger: ledger, keys: keys)
            let bundles = publishers.bundles(
                at: time, now: now, chain: ledger.chain, keys: keys)
            recorder.add(
                apply(bundles, transactions, at: now, to: ledger, isSigned: isSigned), at: time,
                ledger: ledger)
            last = time
        }
        return result(of: scenario, off: off, recorder, ledger)
    }

    private static func isPaused(_ scenario: AttackScenario, at time: Int64) -> Bool {
        scenario.faults.contains { $0.kind == .pause && $0.isActive(at: time) }
    }

    private static func apply(
        _ bundles: [ObservationBundle], _ transactions: [[UInt8]], at time: Timestamp,
        to ledger: Ledger, isSigned: Bool
    ) -> BlockOutcome {
        let block = Block(
            height: ledger.height + 1, time: time, observations: bundles,
            transactions: transactions)
        do throws(BlockFault) {
            return isSigned
                ? try ledger.apply(block, verifier: PortableVerifier())
                : try ledger.apply(block, verifier: TrustingVerifier())
        } catch {
            preconditionFailure("Invariant: the runner makes canonical blocks, not \(error)")
        }
    }

    private static func result(
        of scenario: AttackScenario, off: DefenceSet, _ recorder: AttackRecorder, _ ledger: Ledger
    ) -> AttackResult {
        AttackResult(
            off: off, blocks: recorder.blocks, refusals: recorder.refusals,
            events: recorder.events,
            profits: scenario.groups.map { recorder.value(of: .profit, $0, ledger) },
            accountProfits: scenario.accounts.map {
                recorder.value(of: .profit, $0.name, ledger)
            },
            stateRoot: ledger.root.storage.hexadecimal, auditFailure: ledger.auditFailure(),
            samples: recorder.samples, levels: recorder.levels(ledger),
            values: scenario.expectations.map {
                recorder.value(of: $0.measure, $0.of, ledger)
            },
            insurance: scenario.compartments.map {
                recorder.value(of: .insurance, $0.name, ledger)
            },
            badDebt: scenario.compartments.map { recorder.value(of: .badDebt, $0.name, ledger) },
            shared: scenario.compartments.map { recorder.value(of: .shared, $0.name, ledger) })
    }
}
