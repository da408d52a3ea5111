/// The orders that are open, by number. Those that have ended are rows and nothing else.

import Canonical
import FixedPoint
import Ledger
import Markets

/// What the projection knows of orders.
struct OpenOrders {
    private var open: [UInt64: OrderRow] = [:]
    /// Open ones that are not yet in the batch as they are now.
    private(set) var changed: Set<UInt64> = []

    subscript(order: OrderIdentifier) -> OrderRow? { open[order.number] }

    mutating func insert(_ row: OrderRow) {
        open[row.number.number] = row
        changed.insert(row.number.number)
    }

    /// Changes an open order.
    ///
    /// - Returns: as it is then; nil where it is not open.
    @discardableResult
    mutating func change(
        _ order: OrderIdentifier, _ change: (inout OrderRow) -> Void
    ) -> OrderRow? {
        guard let place = open.index(forKey: order.number) else { return nil }
        change(&open.values[place])
        changed.insert(order.number)
        return open.values[place]
    }

    /// Forgets an order that has ended.
    mutating func remove(_ order: OrderIdentifier) {
        open[order.number] = nil
        changed.remove(order.number)
    }

    mutating func flush(into batch: inout HistoryBatch) {
        for number in changed.sorted() {
            if let row = open[number] { batch.orders.append(row) }
        }
        changed.removeAll(keepingCapacity: true)
    }

    mutating func restore(from store: HistoryStore) throws(HistoryFault) {
        try store.forEach(OrderRow.self, where: "ended IS NULL") { (row) throws(HistoryFault) in
            open[row.number.number] = row
        }
    }
}

extension OrderRow {
    /// Of an acceptance.
    init(_ acceptance: OrderAcceptance, _ group: InstrumentGroup, _ reading: BlockReading) {
        number = acceptance.order
        account = acceptance.account
        instrument = acceptance.instrument
        self.group = group
        flags = acceptance.flags
        client = acceptance.clientIdentifier
        created = reading.time
        updated = reading.time
        accepted = reading.number
        state = acceptance.trigger == nil ? .open : .untriggered
        // Only a market order that waits is admitted without a limit; of one that does not the
        // request says so.
        limit = acceptance.limit == .zero ? nil : acceptance.limit
        quantity = acceptance.quantity
        trigger = acceptance.trigger
    }

    /// Adds what its request says and no event does.
    mutating func complete(with request: OrderRequest) {
        label = request.label
        display = request.display
        isPostOnly = request.postOnly
        rejectsPostOnly = request.postOnly && !request.slides
        if request.limit == nil { limit = nil }
    }
}
