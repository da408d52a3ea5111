/// What each event does to the history.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

extension HistoryProjection {
    /// Takes in one event.
    mutating func read(_ event: Event, _ reading: inout BlockReading) throws(HistoryFault) {
        switch event {
        case .accountOpened(let account, _, let compartment):
            guard money.open(account, compartment) else {
                throw reading.contradiction("account \(account.number) is not the next")
            }
        case .instrumentListed(let identifier, let instrument):
            guard markets[identifier] == nil else { return }
            markets.list(instrument, at: reading.time)
        case .indexChanged(let underlying, let index, let stable):
            markets.setIndex(index, stable: stable, of: underlying, at: reading.time, &batch)
        case .markChanged(let instrument, let mark, let rate):
            _ = try market(instrument, reading)
            markets.setMark(mark, rate: rate, of: instrument, at: reading.time, &batch)
        case .instrumentSettled(let instrument, let price, let lotPayout):
            try settle(instrument, price, lotPayout, &reading)
        case .traded(let trade): try take(trade, isAuction: false, &reading)
        case .auctionTraded(let trade): try take(trade, isAuction: true, &reading)
        case .orderAccepted, .orderRested, .orderRefreshed, .orderAmended, .orderTriggered,
            .triggerRefused, .orderClosed:
            try readOrder(event, &reading)
        default:
            try readMoney(event, &reading)
            readLiquidation(event, reading)
        }
    }

    /// A market that is known to exist.
    func market(
        _ instrument: InstrumentIdentifier, _ reading: BlockReading
    ) throws(HistoryFault) -> MarketState {
        guard let market = markets[instrument] else {
            throw reading.contradiction("instrument \(instrument.number) is not listed")
        }
        return market
    }

    // Orders.

    private mutating func readOrder(
        _ event: Event, _ reading: inout BlockReading
    ) throws(HistoryFault) {
        let time = reading.time
        switch event {
        case .orderAccepted(let acceptance):
            let group = try market(acceptance.instrument, reading).group
            var row = OrderRow(acceptance, group, reading)
            if let request = reading.requests.request(of: acceptance.order) {
                row.complete(with: request)
            }
            orders.insert(row)
        case .orderRested(let rest), .orderRefreshed(let rest):
            orders.change(rest.order) { row in
                row.limit = rest.price
                row.updated = time
            }
        case .orderAmended(let rest):
            let waits = orders[rest.order]?.trigger != nil
            let price = waits ? reading.requests.triggerPrice(of: rest.order) : nil
            orders.change(rest.order) { row in row.amend(rest, trigger: price, at: time) }
        case .orderTriggered(let order):
            orders.change(order) { row in
                row.isTriggered = true
                row.state = .open
                row.updated = time
            }
        case .triggerRefused(let order, let refusal):
            orders.change(order) { $0.refusal = refusal }
        case .orderClosed(let order, _, let reason):
            let number = reading.number
            let ended = orders.change(order) { row in
                row.updated = time
                row.ended = number
                row.reason = reason
                row.state =
                    switch reason {
                    case .filled: .filled
                    case .refusedAtTrigger: .rejected
                    default: .cancelled
                    }
            }
            guard let ended else { return }
            batch.orders.append(ended)
            orders.remove(order)
        default: return
        }
    }

    // Ends of contracts.

    private mutating func settle(
        _ instrument: InstrumentIdentifier, _ price: IndexPrice, _ lotPayout: Amount,
        _ reading: inout BlockReading
    ) throws(HistoryFault) {
        let market = try market(instrument, reading)
        var row = SettlementRow(
            event: reading.number, time: reading.time, instrument: instrument,
            group: market.group, price: price, lotPayout: lotPayout, mark: market.row.mark,
            longs: .zero, profit: .zero)
        if let place = reading.settlements.firstIndex(where: { $0.instrument == instrument }) {
            row.longs = reading.settlements[place].longs
            row.profit = reading.settlements[place].profit
            reading.settlements.remove(at: place)
        }
        reading.settlements.append(row)
        markets.deliver(price, instrument, &batch)
    }

    /// Adds a position to what its contract's end says of all.
    func count(
        _ settlement: PositionSettlement, _ group: InstrumentGroup, _ reading: inout BlockReading
    ) {
        let known = reading.settlements.firstIndex { $0.instrument == settlement.instrument }
        let place = known ?? reading.settlements.count
        if known == nil {
            reading.settlements.append(
                SettlementRow(
                    event: SettlementRow.unsettled, time: reading.time,
                    instrument: settlement.instrument, group: group, price: .zero,
                    lotPayout: .zero, mark: .zero, longs: .zero, profit: .zero))
        }
        let lots = max(settlement.quantity.units, 0)
        let profit = max(settlement.profit.units, 0)
        reading.settlements[place].longs = Quantity(
            units: reading.settlements[place].longs.units.addingClamped(lots))
        reading.settlements[place].profit = Amount(
            units: reading.settlements[place].profit.units.addingClamped(profit))
    }
}

extension SettlementRow {
    /// Of a contract whose positions have been settled and whose price has not been said yet.
    static var unsettled: UInt64 { .max }
}

extension OrderRow {
    mutating func amend(_ rest: OrderRest, trigger price: Price?, at time: Timestamp) {
        if limit != nil { limit = rest.price }
        quantity = Quantity(units: filled.units.addingClamped(rest.remaining.units))
        isReplaced = true
        updated = time
        if let trigger, let price {
            self.trigger = Trigger(trigger.kind, on: trigger.reference, at: price)
        }
    }
}
