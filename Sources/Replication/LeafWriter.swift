/// Writes changed leaves behind the blocks: collected in memory, written together every so many
/// blocks or bytes by a thread of its own, each time as one batch with the height they stand at.
///
/// Leaves have a database of their own, apart from the blocks, since RocksDB writes one batch after
/// the other: thousands of leaves in front of a block would hold up whoever waits for it.
///
/// Invariants:
/// 1. The leaves on disk are exactly those of the block that the mark beside them names; they and
///    the mark change in one batch.
/// 2. `pending` holds the changes of the blocks behind the mark, one by one without a gap.
/// 3. Only `append`, `recover` and `stop` come from outside; the thread alone writes.

import Canonical

/// At which block leaves stand.
struct LeafMark: Equatable, Sendable {
    /// 0 before the first block.
    var height: UInt64
    /// The block's header hash; the chain's identifier before the first block.
    var hash: Digest
    /// What the leaves hash to.
    var root: Digest
}

extension LeafMark: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(height)
        encoder.append(hash)
        encoder.append(root)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        height = try decoder.uint64()
        hash = try decoder.value()
        root = try decoder.value()
    }
}

/// The collected changes and the thread that writes them.
final class LeafWriter: @unchecked Sendable {
    private let monitor = Monitor()
    private let options: StoreOptions
    private var database: Database?
    private var pending: [(mark: LeafMark, leaves: LeafList)] = []
    private var pendingBytes = 0
    private var written: LeafMark
    private var fault: StorageFault?
    private var isFlushWanted = false
    private var isWriting = false
    private var isStopping = false
    private var worker: Worker?

    init(_ database: Database, mark: LeafMark, options: StoreOptions) throws(StorageFault) {
        self.database = database
        self.options = options
        written = mark
        worker = try Worker { [self] in run() }
    }

    /// At which block the leaves on disk stand.
    var mark: LeafMark { monitor.locked { written } }

    /// The height of the last block whose changes were taken over.
    var appendedHeight: UInt64 { monitor.locked { pending.last?.mark.height ?? written.height } }

    /// - Throws: what the thread met at its last write.
    func check() throws(StorageFault) {
        if let fault = monitor.locked({ fault }) { throw fault }
    }

    /// Takes over the changes of the next block. It waits while more is pending than the options
    /// allow, so that memory stays bounded when the disk is slow.
    func append(_ leaves: LeafList, mark: LeafMark) {
        monitor.locked {
            while pendingBytes > options.mostPendingBytes && fault == nil && !isStopping {
                monitor.wait()
            }
            pending.append((mark, leaves))
            pendingBytes += leaves.byteCount
            if isReady { monitor.wakeAll() }
        }
    }

    /// Writes everything that is pending, and returns when the disk has it.
    func flush() throws(StorageFault) {
        let fault: StorageFault? = monitor.locked {
            isFlushWanted = true
            monitor.wakeAll()
            while self.fault == nil && !isStopping && !(pending.isEmpty && !isWriting) {
                monitor.wait()
            }
            isFlushWanted = false
            return self.fault
        }
        if let fault { throw fault }
    }

    /// Lets go of the database, so that it can be opened again.
    func release() {
        monitor.locked {
            while isWriting { monitor.wait() }
            database = nil
        }
    }

    /// Goes on with the database opened again.
    ///
    /// - Parameter mark: at which block its leaves stand now.
    func resume(_ database: Database, mark: LeafMark) {
        monitor.locked {
            self.database = database
            fault = nil
            // A write that failed may be there all the same.
            while let first = pending.first, first.mark.height <= mark.height {
                pendingBytes -= first.leaves.byteCount
                pending.removeFirst()
            }
            written = mark
            monitor.wakeAll()
        }
    }

    /// Ends the thread; what is pending is made again from the blocks at the next start.
    func stop() {
        let worker = monitor.locked {
            isStopping = true
            monitor.wakeAll()
            defer { self.worker = nil }
            return self.worker
        }
        worker?.join()
        monitor.locked { database = nil }
    }

    /// Inside the lock: whether the thread has something to do.
    private var isReady: Bool {
        fault == nil && database != nil && !pending.isEmpty
            && (isFlushWanted || pending.count >= options.leafBlocks
                || pendingBytes >= options.leafBytes)
    }

    private func run() {
        while true {
            let next: (Database, [(mark: LeafMark, leaves: LeafList)])? = monitor.locked {
                while !isStopping && !isReady { monitor.wait() }
                guard let database, !isStopping else { return nil }
                isWriting = true
                return (database, pending)
            }
            guard let (database, changes) = next, let last = changes.last?.mark else { return }
            var met: StorageFault?
            do throws(StorageFault) {
                try database.write(LeafWriter.batch(changes, mark: last, of: database))
            } catch {
                met = error
            }
            monitor.locked {
                isWriting = false
                if let met {
                    fault = met
                } else {
                    pending.removeFirst(changes.count)
                    pendingBytes -= changes.reduce(0) { $0 + $1.leaves.byteCount }
                    written = last
                }
                monitor.wakeAll()
            }
        }
    }

    /// The last change of every key, and the mark. Keys ascend: RocksDB finds the place of a key
    /// that follows the one before several times as fast.
    private static func batch(
        _ changes: [(mark: LeafMark, leaves: LeafList)], mark: LeafMark, of database: Database
    ) -> WriteBatch {
        let batch = WriteBatch()
        var last: LeafChange?
        for change in LeafChange.ascending(changes.map { $0.leaves }) {
            if let last, last.key == change.key { continue }
            last = change
            let values = changes[change.block].leaves.values
            let range = values.range(of: change.leaf)
            if range.isEmpty {
                batch.delete(change.key.span, in: LeafFamily.leaves.rawValue, of: database)
            } else {
                batch.put(
                    change.key.span, values.storage.span.extracting(range),
                    in: LeafFamily.leaves.rawValue, of: database)
            }
        }
        batch.put(
            LeafFamily.markKey, mark.canonicalBytes, in: LeafFamily.facts.rawValue,
            of: database)
        return batch
    }
}
