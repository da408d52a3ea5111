/// The way of a transaction into the mempool, cheapest check first: size, form, chain, signer,
/// expiry, nonce and scope on the service thread, by the ledger's own rules; then the signature and
/// the account's rate on threads of their own (`SignatureChecks`).

import Canonical
import Cryptography
package import FixedPoint
package import Gateway
package import Ledger

/// Takes transactions in.
package struct Admission {
    private let mempool: Mempool
    private let metrics: Metrics

    package init(mempool: Mempool, metrics: Metrics) {
        self.mempool = mempool
        self.metrics = metrics
    }

    /// Judges an encoded transaction and puts it where its signature is checked.
    ///
    /// - Throws: `AdmissionRefusal`; nothing waits then.
    package func admit(
        _ bytes: [UInt8], ticket: Ticket, ledger: Ledger, now: Timestamp
    ) throws(AdmissionRefusal) {
        do throws(AdmissionRefusal) {
            try mempool.submit(try judge(bytes, ticket: ticket, ledger: ledger, now: now))
        } catch {
            metrics.add(error.isOverload ? .shed : .notAdmitted)
            throw error
        }
    }

    /// Everything but the signature and the rate.
    private func judge(
        _ bytes: [UInt8], ticket: Ticket, ledger: Ledger, now: Timestamp
    ) throws(AdmissionRefusal) -> PendingTransaction {
        guard bytes.count <= Transaction.byteLimit else { throw .refused(.malformed) }
        let transaction: Transaction
        do {
            transaction = try Transaction(canonicalBytes: bytes)
        } catch {
            throw .refused(.malformed)
        }
        if let refusal = ledger.admissionRefusal(of: transaction, at: now) {
            throw .refused(refusal)
        }
        guard let statement = ledger.statement(of: transaction, encoded: bytes) else {
            throw .refused(.unknownSigner)
        }
        return PendingTransaction(
            ticket: ticket, bytes: bytes, transaction: transaction, statement: statement)
    }
}

extension AdmissionRefusal {
    /// Whether it comes from too much waiting, not from the transaction.
    fileprivate var isOverload: Bool {
        if case .overloaded = self { true } else { false }
    }
}
