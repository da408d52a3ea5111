/// What events that move money or positions without an order do to what the gateway remembers.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

extension AccountRecords {
    /// Takes in an event that moves money; others change nothing here.
    mutating func takeMoney(_ event: Event, number: UInt64, _ view: EventView) {
        switch event {
        case .deposited(let account, let amount, let reference):
            move(amount, of: account, .deposit(reference: reference), number, view)
        case .withdrawn(let account, let amount, let destination):
            move(-amount, of: account, .withdrawal(destination: destination), number, view)
        case .transferred(let source, let target, let amount):
            move(-amount, of: source, .transfer(other: target, isIncoming: false), number, view)
            move(amount, of: target, .transfer(other: source, isIncoming: true), number, view)
        case .interestCharged(let account, let amount):
            move(-amount, of: account, .interest, number, view)
        case .liquidationFee(let account, let amount):
            move(-amount, of: account, .liquidationFee, number, view)
        case .insurancePaid(let account, let amount):
            move(amount, of: account, .socialised, number, view)
        case .lossShared(let account, _, let amount):
            // The payer's side stands in what he was asked for.
            move(amount, of: account, .socialised, number, view)
        case .lossAsked(let demand): take(demand, number, view)
        case .deleveraged(let deleverage): take(deleverage, number, view)
        case .positionSettled(let settlement): take(settlement, number, view)
        default: takeAssets(event, number: number, view)
        }
    }

    private mutating func takeAssets(_ event: Event, number: UInt64, _ view: EventView) {
        switch event {
        case .assetDeposited(let account, let instrument, let lots, let reference):
            move(lots, instrument, of: account, .deposit(reference: reference), number, view)
        case .assetWithdrawn(let account, let instrument, let lots, let destination):
            move(
                -lots, instrument, of: account, .withdrawal(destination: destination), number,
                view)
        case .assetTransferred(let source, let target, let instrument, let lots):
            move(
                -lots, instrument, of: source, .transfer(other: target, isIncoming: false),
                number, view)
            move(
                lots, instrument, of: target, .transfer(other: source, isIncoming: true), number,
                view)
        default: break
        }
    }

    private mutating func move(
        _ amount: Amount, of account: AccountIdentifier, _ kind: LogKind, _ number: UInt64,
        _ view: EventView
    ) {
        guard let book = touch(account) else { return }
        book.running?.add(amount)
        book.append(
            LogEntry(
                number: number, time: view.block.time, kind: kind, currency: .quote,
                change: amount.units, balance: book.running?.cash.units))
    }

    private mutating func move(
        _ lots: Quantity, _ instrument: InstrumentIdentifier, of account: AccountIdentifier,
        _ kind: LogKind, _ number: UInt64, _ view: EventView
    ) {
        guard let book = touch(account) else { return }
        // The cost of record follows from the ledger when the block ends.
        book.running?.move(instrument, lots: lots, cost: .zero)
        var entry = LogEntry(
            number: number, time: view.block.time, kind: kind, currency: .asset(instrument),
            change: lots.lots, balance: book.running?.quantity(of: instrument).lots)
        entry.instrument = instrument
        entry.quantity = lots.magnitude
        book.append(entry)
    }

    private mutating func take(_ deleverage: Deleverage, _ number: UInt64, _ view: EventView) {
        // Who is long is known of either of the two that is watched, and both reduce.
        let parties = [
            (deleverage.account, deleverage.counterparty),
            (deleverage.counterparty, deleverage.account),
        ]
        for (account, other) in parties {
            guard let book = touch(account) else { continue }
            let held = book.running?.quantity(of: deleverage.instrument) ?? .zero
            let sign = -Int64(held.sign)
            let effect = book.running?.trade(
                deleverage.instrument,
                lots: Quantity(lots: sign * deleverage.quantity.lots),
                notional: Amount(microunits: sign * deleverage.notional.units),
                fundingIndex: fundingIndex(of: deleverage.instrument, view),
                isPaid: view.ledger.accounts.isPaidAtFill(deleverage.instrument))
            let change = (effect?.cash ?? .zero) - (effect?.funding ?? .zero)
            var entry = LogEntry(
                number: number, time: view.block.time, kind: .deleverage(other: other),
                currency: .quote, change: change.units, balance: book.running?.cash.units)
            entry.instrument = deleverage.instrument
            entry.position = book.running?.quantity(of: deleverage.instrument)
            entry.quantity = deleverage.quantity
            entry.profit = effect?.profit
            entry.closing = deleverage
            book.append(entry)
        }
    }

    private mutating func take(_ demand: LossDemand, _ number: UInt64, _ view: EventView) {
        guard let book = touch(demand.payer) else { return }
        book.running?.add(-demand.amount)
        var entry = LogEntry(
            number: number, time: view.block.time, kind: .socialised, currency: .quote,
            change: -demand.amount.units, balance: book.running?.cash.units)
        entry.demand = demand
        book.append(entry)
    }

    private mutating func take(
        _ settlement: PositionSettlement, _ number: UInt64, _ view: EventView
    ) {
        guard let book = touch(settlement.account) else { return }
        let effect = book.running?.trade(
            settlement.instrument, lots: -settlement.quantity, notional: -settlement.payout,
            fundingIndex: fundingIndex(of: settlement.instrument, view),
            isPaid: view.ledger.accounts.isPaidAtFill(settlement.instrument))
        let change = (effect?.cash ?? settlement.profit) - (effect?.funding ?? .zero)
        var entry = LogEntry(
            number: number, time: view.block.time, kind: .delivery(settlement.kind),
            currency: .quote, change: change.units, balance: book.running?.cash.units)
        entry.instrument = settlement.instrument
        entry.position = .zero
        entry.quantity = settlement.quantity.magnitude
        entry.profit = settlement.profit
        book.append(entry)
    }

    private func fundingIndex(
        of instrument: InstrumentIdentifier, _ view: EventView
    ) -> Int64 {
        view.ledger.accounts.totals[Int(instrument.number)].fundingIndex
    }
}
