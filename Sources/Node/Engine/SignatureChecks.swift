/// The thread that checks the signatures of what wants into the mempool, many at once, and charges
/// accounts for what they have signed. Who is refused hears of it through the service.

import Canonical
import Cryptography
import Custody
import FixedPoint
import Foundation
import Gateway
import Ledger
import Synchronization

/// Checks signatures until the mempool stops.
final class SignatureChecks: Sendable {
    private let mempool: Mempool
    private let verifier: NativeVerifier
    private let metrics: Metrics
    private let limits: Mutex<CommandLimits>
    private let refuse: @Sendable ([(Ticket, AdmissionRefusal)]) -> Void

    /// Most transactions that are checked in one go: enough to fill both cores with batches.
    private static let most = 512

    /// - Parameter refuse: hears of those that do not pass.
    init(
        mempool: Mempool, verifier: NativeVerifier, limits: CommandLimits, metrics: Metrics,
        refuse: @escaping @Sendable ([(Ticket, AdmissionRefusal)]) -> Void
    ) {
        self.mempool = mempool
        self.verifier = verifier
        self.limits = Mutex(limits)
        self.metrics = metrics
        self.refuse = refuse
    }

    /// The body of the thread.
    func run() {
        while let batch = mempool.takeUnverified(upTo: SignatureChecks.most) {
            let began = MonotonicTime.now
            let verdicts = verifier.verify(batch.map(\.statement))
            metrics.record(.admission, nanoseconds: MonotonicTime.now - began)
            settle(batch, verdicts)
        }
    }

    private func settle(_ batch: [PendingTransaction], _ verdicts: [Bool]) {
        var accepted = verdicts
        var refused: [(Ticket, AdmissionRefusal)] = []
        let now = MonotonicTime.now
        for (place, transaction) in batch.enumerated() {
            guard verdicts[place] else {
                metrics.add(.badSignatures)
                refused.append((transaction.ticket, .refused(.badSignature)))
                continue
            }
            guard let account = transaction.account,
                let wait = limits.withLock({
                    $0.charge(
                        account, commands: transaction.commands,
                        isReducing: transaction.isReducing, at: now)
                })
            else { continue }
            accepted[place] = false
            metrics.add(.rateLimited)
            refused.append(
                (
                    transaction.ticket,
                    .tooFast(
                        retryAfter: Duration(
                            nanoseconds: UInt64(wait) * NodeClock.nanosecondsPerMillisecond))
                ))
        }
        metrics.add(.admitted, batch.count - refused.count)
        mempool.settle(batch, accepted: accepted)
        if !refused.isEmpty { refuse(refused) }
    }
}
