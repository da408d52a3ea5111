/// The thread that answers the gateway's questions out of the history, one after the other, over a
/// connection of its own. It never keeps anybody for ever: what waits is bounded, what nobody waits
/// for any more is dropped, and a history that lags behind is said to.

import Canonical
import Foundation
import Gateway
import History

/// Answers questions until it is stopped.
final class HistoryDesk: @unchecked Sendable {
    /// One question.
    private struct Entry {
        let ticket: Ticket
        let question: PastQuestion
        /// The block that the answer must know of.
        let height: UInt64
        let since: UInt64
    }

    private let location: HistoryLocation
    private let chain: Digest
    private let keeper: HistoryKeeper
    private let log: Log
    private let answer: @Sendable (Ticket, Result<PastAnswer, PastFault>) -> Void
    private let condition = NSCondition()
    // Both only under the lock.
    private var entries: [Entry] = []
    private var isStopping = false
    // Only the thread's own.
    private var reader: PastReader?
    private var hasFailed = false

    /// Most questions that wait.
    static let limit = 256
    /// Milliseconds that the history is given to catch up with a question.
    private static let patience: UInt64 = 2_000
    /// Nanoseconds after which the gateway has given up.
    private static let oldest: UInt64 = 10_000_000_000

    /// - Parameter answer: brings an answer back to the gateway's thread.
    init(
        _ location: HistoryLocation, chain: Digest, keeper: HistoryKeeper, log: Log,
        answer: @escaping @Sendable (Ticket, Result<PastAnswer, PastFault>) -> Void
    ) {
        self.location = location
        self.chain = chain
        self.keeper = keeper
        self.log = log
        self.answer = answer
    }

    /// Takes a question; from any thread.
    func put(_ ticket: Ticket, _ question: PastQuestion, height: UInt64) {
        let isTaken = condition.withLock {
            guard !isStopping, entries.count < HistoryDesk.limit else { return false }
            entries.append(
                Entry(
                    ticket: ticket, question: question, height: height,
                    since: MonotonicTime.now))
            condition.signal()
            return true
        }
        if !isTaken { answer(ticket, .failure(.busy)) }
    }

    /// Ends `run`; from any thread.
    func stop() {
        condition.withLock {
            isStopping = true
            condition.signal()
        }
    }

    /// The body of the thread.
    func run() {
        while let entry = next() {
            guard MonotonicTime.now - entry.since < HistoryDesk.oldest else { continue }
            answer(entry.ticket, result(of: entry))
        }
        reader = nil
    }

    private func next() -> Entry? {
        condition.withLock {
            while entries.isEmpty, !isStopping { condition.wait() }
            return isStopping ? nil : entries.removeFirst()
        }
    }

    private func result(of entry: Entry) -> Result<PastAnswer, PastFault> {
        if let fault = keeper.wait(for: entry.height, milliseconds: HistoryDesk.patience) {
            return .failure(fault)
        }
        do throws(HistoryFault) {
            return .success(try read(entry.question))
        } catch {
            reader = nil
            if !hasFailed { log.write(.warning, "history not read", ["reason": "\(error)"]) }
            hasFailed = true
            return .failure(.unavailable(reason: HistoryDesk.reason(error)))
        }
    }

    /// Over a connection that stands, and if it has broken over a new one.
    private func read(_ question: PastQuestion) throws(HistoryFault) -> PastAnswer {
        if let reader {
            do throws(HistoryFault) {
                return try reader.answer(question)
            } catch {
                guard case .unavailable = error else { throw error }
            }
        }
        let opened = PastReader(try HistoryStore(location, chain: chain, mode: .reading))
        let answer = try opened.answer(question)
        reader = opened
        hasFailed = false
        return answer
    }

    /// What clients are told; the log says more.
    private static func reason(_ fault: HistoryFault) -> String {
        switch fault {
        case .unavailable: "its database does not answer"
        case .busy: "its database is busy"
        default: "the operator must look after its database"
        }
    }
}
