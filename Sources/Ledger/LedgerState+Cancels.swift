/// Cancelling open orders. A cancel never fails on margin (DESIGN 2, principle 1), and voids what
/// was sent before it (decision 0007).

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Risk

extension LedgerState {
    mutating func cancel(_ order: OrderIdentifier, for account: AccountIdentifier) throws(Refusal) {
        guard let slot = books.slot(of: order, of: account) else { throw .unknownOrder }
        // From here it must succeed.
        closeOrder(slot, reason: .cancelled)
    }

    /// Cancels by the client's name. Whether or not an order has it, placements of the name under
    /// lower nonces are void until the block ends.
    mutating func cancel(
        named name: ClientOrderIdentifier, for account: AccountIdentifier, _ stamp: NonceStamp
    ) throws(Refusal) {
        guard name.number != 0 else { throw .unknownOrder }
        fences.cancel(name, of: account, stamp)
        guard let slot = books.slot(named: name, of: account) else { throw .unknownOrder }
        closeOrder(slot, reason: .cancelled)
    }

    mutating func cancelAll(
        in instrument: InstrumentIdentifier?, for account: AccountIdentifier, _ stamp: NonceStamp
    ) throws(Refusal) {
        if let instrument, catalogue.instrument(instrument) == nil { throw .unknownInstrument }
        // From here it must succeed.
        fences.cancelAll(in: instrument, of: account, stamp)
        closeOrders(of: account, reason: .cancelled) { order, _ in
            instrument == nil || order.instrument == instrument
        }
    }

    /// Cancels all orders of a label; placements of the label under lower nonces are void until the
    /// block ends.
    mutating func cancel(
        labelled label: Label, for account: AccountIdentifier, _ stamp: NonceStamp
    ) throws(Refusal) {
        guard !label.isEmpty else { throw .unknownOrder }
        // From here it must succeed.
        fences.cancel(label, of: account, stamp)
        closeOrders(of: account, reason: .cancelled) { order, state in
            state.books.specialTerms(of: state.books[order.slot]).label == label
        }
    }

    /// Pulls all quotes, or those of one instrument; quotes under lower nonces are void until the
    /// block ends.
    mutating func cancelQuotes(
        in instrument: InstrumentIdentifier?, for account: AccountIdentifier, _ stamp: NonceStamp
    ) throws(Refusal) {
        if let instrument, catalogue.instrument(instrument) == nil { throw .unknownInstrument }
        // From here it must succeed.
        fences.cancelQuotes(in: instrument, of: account, stamp)
        closeOrders(of: account, reason: .cancelled) { order, _ in
            order.flags.isQuote && (instrument == nil || order.instrument == instrument)
        }
    }

    /// Takes an open order out for good, its margin included, and says why.
    mutating func closeOrder(_ slot: OrderSlot, reason: CloseReason) {
        let record = books[slot]
        let terms = books.specialTerms(of: record)
        let remaining = record.shown + terms.hidden
        if terms.trigger == nil { changeRisk(of: record, from: remaining, to: .zero) }
        touch(record)
        books.remove(slot)
        emit(.orderClosed(record.identifier, remaining: remaining, reason))
        closePair(terms.pair, of: record.account)
    }

    /// Closes the open orders that fit, oldest first; not one that is trading just now.
    mutating func closeOrders(
        of account: AccountIdentifier, reason: CloseReason,
        where fits: (OpenOrder, borrowing LedgerState) -> Bool = { _, _ in true }
    ) {
        var place = 0
        while place < books.openOrderCount(of: account) {
            let order = books.openOrder(of: account, at: place)
            guard order.identifier != inFlight, fits(order, self) else {
                place += 1
                continue
            }
            closeOrder(order.slot, reason: reason)
            // The order has left the list, and its pair may have left before it.
            place = books.openOrderPlace(after: order.identifier, of: account)
        }
    }

    /// Closes the orders whose expiry has come.
    mutating func closeExpired() {
        while let slot = books.expired(at: facts.time) { closeOrder(slot, reason: .expired) }
    }

    /// A number that stands behind every other in time priority.
    mutating func takePriority() -> UInt64 {
        defer { facts.nextPriority += 1 }
        return facts.nextPriority
    }

    /// Marks an order's leaf as changed.
    mutating func touch(_ order: OrderRecord) {
        touchedOrders.append((order.identifier, order.account))
    }
}
