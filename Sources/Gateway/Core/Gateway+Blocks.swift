/// Blocks that are on disk: first the memory of the markets moves, then those are answered who
/// wait, then the channels speak.

package import FixedPoint
package import Ledger
import Catalogue

extension Gateway {
    /// A block is on disk.
    ///
    /// - Parameter ledger: right behind the block.
    package func publish(_ block: CommittedBlock, ledger: Ledger, now: Timestamp) {
        learnNames(ledger)
        let changes = market.apply(block.outcome, time: block.time, ledger, isLast: true)
        let sent = block.tickets.map { ticket in ticket.flatMap { pending[$0]?.transaction } ?? [] }
        desk.records.apply(
            BlockRecord(block, sent: sent), trades: changes.trades, ledger: ledger, isLive: true)
        endRevokedSessions(ledger: ledger, now: now)
        settleTickets(of: block, ledger: ledger, now: now)
        announce(changes, block, ledger: ledger, now: now)
        announceAccounts(ledger: ledger, now: now)
    }

    /// A block of the past, before anybody is served: in the order of the chain.
    ///
    /// - Parameter ledger: behind the last block.
    package func restore(_ block: CommittedBlock, ledger: Ledger) {
        learnNames(ledger)
        let changes = market.apply(block.outcome, time: block.time, ledger, isLast: false)
        if block.outcome.height == 1 {
            market.since = .whole
            desk.records.isFromStart = true
        }
        desk.records.apply(
            BlockRecord(block), trades: changes.trades, ledger: ledger, isLive: false)
    }

    /// The blocks of the past have been told: from here on balances run.
    package func finishRestoring(ledger: Ledger) { desk.records.adoptAll(ledger: ledger) }

    private func learnNames(_ ledger: Ledger) {
        let instruments = ledger.catalogue.instruments
        while names.names.count < instruments.count { names.add(instruments[names.names.count]) }
    }
}
