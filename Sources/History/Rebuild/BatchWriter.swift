/// Writes batches on a thread of its own. What waits is bounded: who hands over waits in turn.

import Foundation

/// A thread that writes.
final class BatchWriter: @unchecked Sendable {
    private let store: HistoryStore
    private let condition = NSCondition()
    // Guarded by the condition.
    private var waiting: [HistoryBatch] = []
    private var fault: HistoryFault?
    private var isEnding = false
    private var isDone = false

    /// Batches that may wait.
    private static let limit = 2

    /// - Parameter store: of which nobody else makes use until `stop` or `finish` has returned.
    init(_ store: HistoryStore) {
        self.store = store
        let thread = Thread { [self] in work() }
        thread.name = "history writer"
        thread.start()
    }

    /// Hands over a batch.
    ///
    /// - Throws: why an earlier one could not be written.
    func hand(_ batch: consuming HistoryBatch) throws(HistoryFault) {
        condition.lock()
        defer { condition.unlock() }
        while waiting.count >= BatchWriter.limit, fault == nil { condition.wait() }
        if let fault { throw fault }
        waiting.append(batch)
        condition.broadcast()
    }

    /// Waits until all is written.
    func finish() throws(HistoryFault) {
        stop()
        if let fault { throw fault }
    }

    /// Ends the thread; what waits is written first, unless something failed.
    func stop() {
        condition.lock()
        isEnding = true
        condition.broadcast()
        while !isDone { condition.wait() }
        condition.unlock()
    }

    private func work() {
        while let batch = take() {
            do throws(HistoryFault) { try store.write(batch) } catch {
                condition.lock()
                fault = error
                condition.broadcast()
                condition.unlock()
                break
            }
        }
        condition.lock()
        isDone = true
        condition.broadcast()
        condition.unlock()
    }

    private func take() -> HistoryBatch? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, !isEnding { condition.wait() }
        guard !waiting.isEmpty else { return nil }
        defer { condition.broadcast() }
        return waiting.removeFirst()
    }
}
