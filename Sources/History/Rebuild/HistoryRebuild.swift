/// A history made again from the first block on: beside the one that is there, which stays as it is
/// until the new one is whole. Blocks are read and turned into rows on the caller's thread, and
/// written on another, so that both cores work.
///
/// Where the source gives up, such as a block log that does not verify, nothing is left behind.

package import Ledger

/// Blocks of a chain from its first, in order.
package protocol HistorySource {
    associatedtype Failure: Error

    /// The next block; nil at the end.
    mutating func next() throws(Failure) -> HistoryBlock?
}

/// Why a history was not made again.
package enum RebuildFault<Failure: Error>: Error {
    /// The blocks cannot be had, or are not to be trusted.
    case source(Failure)
    case history(HistoryFault)
}

/// What a rebuild has done.
package struct RebuildProgress: Sendable {
    package var height: UInt64
    /// Rows that were made.
    package var rows: Int
}

/// Makes a history again.
package enum HistoryRebuild {
    /// Rows that are written in one transaction.
    static let batchSize = 100_000

    /// Makes the history of a chain again, and puts it in the place of the one that was there.
    ///
    /// - Parameter progress: called after each batch, on this thread.
    /// - Returns: until where it goes; nil of a chain without blocks.
    package static func run<Source: HistorySource>(
        _ location: HistoryLocation, genesis: Genesis, from source: inout Source,
        progress: (RebuildProgress) -> Void = { _ in }
    ) throws(RebuildFault<Source.Failure>) -> HistoryMark? {
        let site: RebuildSite
        do throws(HistoryFault) { site = try RebuildSite(location, chain: genesis.chain) } catch {
            throw .history(error)
        }
        do throws(RebuildFault<Source.Failure>) {
            let mark = try fill(site.store, genesis, &source, progress)
            do throws(HistoryFault) { try site.finish() } catch { throw .history(error) }
            return mark
        } catch {
            site.discard()
            throw error
        }
    }

    /// Fills an empty history.
    package static func fill<Source: HistorySource>(
        _ store: HistoryStore, _ genesis: Genesis, _ source: inout Source,
        _ progress: (RebuildProgress) -> Void = { _ in }
    ) throws(RebuildFault<Source.Failure>) -> HistoryMark? {
        var projection = HistoryProjection(genesis: genesis)
        var done = RebuildProgress(height: 0, rows: 0)
        do throws(HistoryFault) { try store.beginLoading() } catch { throw .history(error) }
        let writer = BatchWriter(store)
        defer { writer.stop() }
        while true {
            let block: HistoryBlock?
            do throws(Source.Failure) { block = try source.next() } catch { throw .source(error) }
            do throws(HistoryFault) {
                if let block { try projection.take(block) }
                guard block == nil || projection.pendingRows >= batchSize else { continue }
                let batch = projection.takeBatch()
                done.rows += batch.rowCount
                done.height = projection.mark?.height ?? 0
                try writer.hand(batch)
                progress(done)
                guard block == nil else { continue }
                try writer.finish()
                try store.endLoading()
                return projection.mark
            } catch {
                throw .history(error)
            }
        }
    }
}
