/// Where transactions wait: first for their signature to be checked, then for a block. All room is
/// bounded, in transactions and in bytes, and each class has its own share, so that nobody's flood
/// keeps a cancel out:
///
///     submit ─▶ unverified ─(verifying threads)─▶ reducing ─┐
///                                              └▶ adding ───┴─▶ block
///
/// What has not been verified may have been sent by anybody under any account's name. The gateway
/// therefore bounds it by session, and no account is charged for it: accounts are only charged for
/// what they have signed (`CommandLimits`).

package import Canonical
package import Cryptography
import FixedPoint
import Foundation
package import Gateway
package import Ledger

/// A transaction on its way, and whom to tell about it.
package struct PendingTransaction: Sendable {
    /// Names the sender's question.
    package let ticket: Ticket
    package let bytes: [UInt8]
    /// What its signer is said to have signed, by the key of the time of admission.
    package let statement: SignedStatement
    /// The account it acts for, if it does for one.
    package let account: AccountIdentifier?
    /// How many commands it holds.
    package let commands: Int
    /// Whether all it can do is reduce risk: cancels and money coming in.
    package let isReducing: Bool

    package init(
        ticket: Ticket, bytes: [UInt8], statement: SignedStatement, account: AccountIdentifier?,
        commands: Int, isReducing: Bool
    ) {
        self.ticket = ticket
        self.bytes = bytes
        self.statement = statement
        self.account = account
        self.commands = commands
        self.isReducing = isReducing
    }

    package init(
        ticket: Ticket, bytes: [UInt8], transaction: Transaction, statement: SignedStatement
    ) {
        self.init(
            ticket: ticket, bytes: bytes, statement: statement,
            account: transaction.signer.account, commands: transaction.commands.count,
            isReducing: transaction.commands.allSatisfy(\.isRiskReducing))
    }
}

/// How much may wait.
package struct MempoolLimits: Sendable {
    /// Transactions that are verified and wait for a block.
    package var transactions: Int
    /// Transactions whose signature has not been checked.
    package var unverified: Int
    /// Bytes of all that wait.
    package var bytes: Int

    package init(
        transactions: Int, unverified: Int = 32_768,
        bytes: Int = 128 << 20
    ) {
        self.transactions = transactions
        self.unverified = unverified
        self.bytes = bytes
    }
}

/// The waiting transactions. Safe to use from any thread.
package final class Mempool: @unchecked Sendable {
    private let limits: MempoolLimits
    private let condition = NSCondition()
    // All below only under the lock.
    private var unverified: [PendingTransaction] = []
    /// Taken out to be verified, and not yet back.
    private var verifying = 0
    private var reducing: [PendingTransaction] = []
    private var adding: [PendingTransaction] = []
    private var bytes = 0
    private var isStopping = false
    /// Called when something waits for a block; set once before use.
    package var onReady: (@Sendable () -> Void)?

    package init(limits: MempoolLimits) { self.limits = limits }

    /// The share of the room above which new risk is shed, in percent: the rest is kept for what
    /// reduces risk.
    private static let sheddingShare = 75

    /// What is told to who finds no room, with the time in which many blocks are made.
    private static let full = AdmissionRefusal.overloaded(
        retryAfter: Duration(nanoseconds: 100 * NodeClock.nanosecondsPerMillisecond))

    /// Takes a transaction in, to be verified.
    ///
    /// - Throws: `AdmissionRefusal.overloaded` or `.unavailable`; nothing has changed then.
    package func submit(_ transaction: PendingTransaction) throws(AdmissionRefusal) {
        condition.lock()
        defer { condition.unlock() }
        guard !isStopping else { throw .unavailable }
        let waiting = unverified.count + verifying
        let size = transaction.bytes.count
        guard waiting < limits.unverified, bytes + size <= limits.bytes else { throw Mempool.full }
        if !transaction.isReducing {
            guard waiting * 100 < limits.unverified * Mempool.sheddingShare,
                adding.count < limits.transactions * Mempool.sheddingShare / 100,
                (bytes + size) * 100 <= limits.bytes * Mempool.sheddingShare
            else { throw Mempool.full }
        }
        guard reducing.count + adding.count < limits.transactions else { throw Mempool.full }
        bytes += size
        unverified.append(transaction)
        condition.broadcast()
    }

    /// Takes up to `count` transactions to verify, oldest first; waits for the first. Nil when the
    /// pool has stopped.
    package func takeUnverified(upTo count: Int) -> [PendingTransaction]? {
        condition.lock()
        defer { condition.unlock() }
        while unverified.isEmpty {
            if isStopping { return nil }
            condition.wait()
        }
        let taken = Array(unverified.prefix(count))
        unverified.removeFirst(taken.count)
        verifying += taken.count
        return taken
    }

    /// Gives transactions back that were taken to be verified.
    ///
    /// - Parameter accepted: by transaction, whether it may wait for a block now.
    package func settle(_ transactions: [PendingTransaction], accepted: [Bool]) {
        condition.lock()
        verifying -= transactions.count
        var isReady = false
        for (place, transaction) in transactions.enumerated() {
            if accepted[place] {
                isReady = true
                if transaction.isReducing {
                    reducing.append(transaction)
                } else {
                    adding.append(transaction)
                }
            } else {
                bytes -= transaction.bytes.count
            }
        }
        condition.unlock()
        if isReady { onReady?() }
    }

    /// Takes what goes into the next block: what reduces risk first.
    package func takeReady(upTo count: Int) -> [PendingTransaction] {
        condition.lock()
        defer { condition.unlock() }
        var taken = Array(reducing.prefix(count))
        reducing.removeFirst(taken.count)
        let more = adding.prefix(count - taken.count)
        adding.removeFirst(more.count)
        taken += more
        for transaction in taken { bytes -= transaction.bytes.count }
        return taken
    }

    /// Whether something waits for a block.
    package var isReady: Bool {
        condition.lock()
        defer { condition.unlock() }
        return !reducing.isEmpty || !adding.isEmpty
    }

    /// Whether nothing waits, neither for a signature check nor for a block.
    var isEmpty: Bool {
        condition.lock()
        defer { condition.unlock() }
        return unverified.isEmpty && verifying == 0 && reducing.isEmpty && adding.isEmpty
    }

    /// What waits: for a signature check, for a block, and the bytes of both.
    package var occupancy: (unverified: Int, ready: Int, bytes: Int) {
        condition.lock()
        defer { condition.unlock() }
        return (unverified.count + verifying, reducing.count + adding.count, bytes)
    }

    /// Takes nothing in any more; who waits for work gets nil once there is none.
    package func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        condition.unlock()
    }
}
