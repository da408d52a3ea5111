/// What each event of a block does to what the gateway remembers.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Oracle

extension AccountRecords {
    /// Takes in one event.
    mutating func take(
        _ event: Event, number: UInt64, _ view: EventView, _ requests: inout RequestFinder
    ) {
        switch event {
        case .orderAccepted(let acceptance):
            guard let book = touch(acceptance.account) else { return }
            var entry = OrderEntry(acceptance, at: view.block.time)
            if let request = requests.request(of: acceptance.order) {
                entry.complete(with: request)
            } else if view.isLive,
                let terms = view.ledger.openTerms(of: acceptance.order, acceptance.account)
            {
                entry.label = terms.label
                entry.display = terms.display == .zero ? nil : terms.display
            }
            setOwner(acceptance.account, of: acceptance.order)
            book.insert(entry)
        case .orderRested(let rest), .orderRefreshed(let rest):
            touch(ownerOf: rest.order)?.change(rest.order) { entry in
                entry.limit = rest.price
                entry.updated = view.block.time
            }
        case .orderAmended(let rest): amend(rest, view)
        case .orderTriggered(let order):
            touch(ownerOf: order)?.change(order) { entry in
                entry.isTriggered = true
                entry.status = .open
                entry.updated = view.block.time
            }
        case .triggerRefused(let order, let refusal):
            touch(ownerOf: order)?.change(order) { $0.refusal = refusal }
        case .orderClosed(let order, _, _):
            if let end = event.orderEnd { close(order, end, view) }
        case .traded(let trade), .auctionTraded(let trade): take(trade, number: number, view)
        case .protectionTripped(let account, let underlying):
            touch(account)?.changes.trips.append(underlying)
        case .agentSet(let account, _, _), .agentRevoked(let account, _),
            .masterRotated(let account, _):
            touch(account)?.changes.hasNewKeys = true
        default: takeMoney(event, number: number, view)
        }
    }

    private mutating func amend(_ rest: OrderRest, _ view: EventView) {
        guard let book = touch(ownerOf: rest.order) else { return }
        let trigger =
            view.isLive
            ? view.ledger.waitingTrigger(of: rest.order, account: book.account) : nil
        book.change(rest.order) { entry in
            if entry.limit != nil { entry.limit = rest.price }
            entry.quantity = entry.filled + rest.remaining
            entry.isReplaced = true
            entry.updated = view.block.time
            if let trigger { entry.trigger = trigger }
        }
    }

    private mutating func close(
        _ order: OrderIdentifier, _ end: OrderEnd, _ view: EventView
    ) {
        guard let book = touch(ownerOf: order) else { return }
        book.change(order) { entry in
            entry.updated = view.block.time
            switch end {
            case .filled: entry.status = .filled
            case .refusedAtTrigger: entry.status = .rejected(entry.refusal)
            case .left: entry.status = .cancelled(end)
            }
        }
        forgetOwner(of: order)
    }

    // Trades.

    private mutating func take(_ trade: Trade, number: UInt64, _ view: EventView) {
        guard let seen = view.trade(number) else { return }
        let liquidation = LiquidationSide(
            maker: seen.isMakerLiquidation, taker: seen.isTakerLiquidation)
        for isMaker in [true, false] {
            let account = isMaker ? trade.maker : trade.taker
            guard let book = touch(account) else { continue }
            let side = isMaker ? trade.takerSide.opposite : trade.takerSide
            let order = isMaker ? trade.makerOrder : trade.takerOrder
            let fee = isMaker ? trade.makerFee : trade.takerFee
            var fill = UserTrade(
                number: number, time: view.block.time, order: order,
                instrument: trade.instrument, side: side, isMaker: isMaker, price: trade.price,
                quantity: trade.quantity, fee: fee, liquidation: liquidation, mark: seen.mark,
                index: seen.index, tickDirection: seen.tick)
            book.change(order) { entry in
                entry.filled += trade.quantity
                entry.filledTicks += Int128(trade.price.ticks) * Int128(trade.quantity.lots)
                entry.fees += fee
                entry.updated = view.block.time
                fill.fillsOrder = entry.remaining == .zero
            }
            book.append(fill)
            bookTrade(fill, notional: trade.notional, book, view)
        }
    }

    /// Lets cash and position run through a trade, and writes the log.
    private func bookTrade(
        _ fill: UserTrade, notional: Amount, _ book: AccountBook, _ view: EventView
    ) {
        var fill = fill
        let isPaid = view.ledger.accounts.isPaidAtFill(fill.instrument)
        let signed = Quantity(lots: fill.side.sign * fill.quantity.lots)
        let cost = Amount(microunits: fill.side.sign * notional.units)
        let effect = book.running?.trade(
            fill.instrument, lots: signed, notional: cost,
            fundingIndex: view.ledger.accounts.totals[Int(fill.instrument.number)].fundingIndex,
            isPaid: isPaid)
        if let effect {
            fill.profit = effect.profit
            book.setProfit(effect.profit)
            book.logFunding(effect.funding, before: fill, change: effect.cash)
        }
        book.running?.add(-fill.fee)
        let change = (effect?.cash ?? (isPaid ? -cost : .zero)) - fill.fee
        var entry = LogEntry(
            number: fill.number, time: fill.time, kind: .trade(fill), currency: .quote,
            change: change.units, balance: book.running?.cash.units)
        entry.instrument = fill.instrument
        entry.position = book.running?.quantity(of: fill.instrument)
        entry.quantity = fill.quantity
        entry.profit = effect?.profit
        book.append(entry)
        guard view.ledger.catalogue.instruments[Int(fill.instrument.number)].kind == .spot else {
            return
        }
        entry = LogEntry(
            number: fill.number, time: fill.time, kind: .trade(fill),
            currency: .asset(fill.instrument), change: signed.lots,
            balance: book.running?.quantity(of: fill.instrument).lots)
        entry.instrument = fill.instrument
        entry.quantity = fill.quantity
        book.append(entry)
    }
}

extension AccountBook {
    /// Writes the funding that was due when a position changed.
    ///
    /// - Parameter change: by how much the change itself moved cash, which has run already.
    func logFunding(_ funding: Amount, before fill: UserTrade, change: Amount) {
        guard funding != .zero, let running else { return }
        var entry = LogEntry(
            number: fill.number, time: fill.time, kind: .funding, currency: .quote,
            change: -funding.units, balance: (running.cash - change).units)
        entry.instrument = fill.instrument
        append(entry)
    }
}

extension Ledger {
    /// The special terms of an order that is open.
    func openTerms(of order: OrderIdentifier, _ account: AccountIdentifier) -> SpecialTerms? {
        books.slot(of: order, of: account).map { books.specialTerms(of: books[$0]) }
    }

    /// The trigger that an open order waits for.
    func waitingTrigger(of order: OrderIdentifier, account: AccountIdentifier) -> Trigger? {
        openTerms(of: order, account)?.trigger
    }
}
