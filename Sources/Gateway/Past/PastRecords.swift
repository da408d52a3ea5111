/// Rows of the history as the gateway's own records. Field by field, nothing is made up: what the
/// gateway remembers of an event is in the row that the same event made.

import Canonical
import FixedPoint
import History
import Ledger
import Markets

extension TradeRecord {
    /// A volatility is known while a trade is remembered only: no block says it.
    init(_ row: TradeRow) {
        self.init(
            number: row.event, time: row.time, instrument: row.instrument,
            direction: row.takerSide, price: row.price, quantity: row.quantity,
            tick: TickDirection(row.tick), mark: row.mark, index: row.index, volatility: nil,
            isMakerLiquidation: row.isMakerLiquidation,
            isTakerLiquidation: row.isTakerLiquidation)
    }
}

extension TickDirection {
    init(_ tick: TradeTick) {
        switch tick {
        case .plus: self = .plus
        case .zeroPlus: self = .zeroPlus
        case .minus: self = .minus
        case .zeroMinus: self = .zeroMinus
        }
    }
}

extension Candle {
    init(_ row: CandleRow) {
        self.init(
            span: row.span, open: row.open, high: row.high, low: row.low, close: row.close,
            volume: row.volume, cost: row.cost)
    }
}

extension FundingRecord {
    init(_ row: FundingRow) {
        self.init(
            time: row.time, index: row.index, previousIndex: row.previousIndex, rate: row.rate)
    }
}

extension SettlementRecord {
    init(_ row: SettlementRow) {
        self.init(
            number: row.event, instrument: row.instrument, time: row.time, price: row.price,
            mark: row.mark, longs: row.longs, profit: row.profit)
    }
}

extension DeliveryRecord {
    init(_ row: DeliveryRow) { self.init(expiry: row.expiry, price: row.price) }
}

extension UserTrade {
    init(_ row: FillRow) {
        self.init(
            number: row.event, time: row.time, order: row.order, instrument: row.instrument,
            side: row.side, isMaker: row.isMaker, price: row.price, quantity: row.quantity,
            fee: row.fee,
            liquidation: LiquidationSide(
                maker: row.isMakerLiquidation, taker: row.isTakerLiquidation),
            mark: row.mark, index: row.index, tickDirection: TickDirection(row.tick),
            profit: row.profit, fillsOrder: row.fillsOrder)
    }
}

extension OrderEntry {
    init(_ row: OrderRow) {
        self.init(
            identifier: row.number, account: row.account, instrument: row.instrument,
            flags: row.flags,
            origin: row.flags.isLiquidation
                ? .liquidation : row.flags.isConversion ? .conversion : .client,
            created: row.created, updated: row.updated, status: OrderStatus(row),
            limit: row.limit, quantity: row.quantity, filled: row.filled,
            filledTicks: row.filledTicks, fees: row.fees, trigger: row.trigger,
            isTriggered: row.isTriggered, refusal: row.refusal, isReplaced: row.isReplaced,
            display: row.display, isPostOnly: row.isPostOnly,
            rejectsPostOnly: row.rejectsPostOnly, label: row.label)
    }
}

extension OrderStatus {
    init(_ row: OrderRow) {
        switch row.state {
        case .untriggered: self = .untriggered
        case .open: self = .open
        case .filled: self = .filled
        case .rejected: self = .rejected(row.refusal)
        case .cancelled:
            let end = row.reason.flatMap {
                Event.orderClosed(row.number, remaining: .zero, $0).orderEnd
            }
            self = .cancelled(end ?? .left(word: "user_request"))
        }
    }
}

extension EntryCurrency {
    /// The same in the log's terms.
    var currency: LogCurrency {
        switch self {
        case .quote: .quote
        case .asset(let instrument): .asset(instrument)
        }
    }
}

extension EntryKind {
    /// Those that are settlements of a type of Deribit's.
    static func ofSettlements(_ type: String?) -> [EntryKind] {
        switch type {
        case nil: [.funding, .delivery]
        case "settlement": [.funding]
        case "delivery": [.delivery]
        default: []
        }
    }
}

extension LogKind {
    /// The kinds of lines that a word of the log stands for.
    static func entryKinds(of word: String) -> [EntryKind] {
        switch word {
        case "trade": [.trade]
        case "deposit": [.deposit]
        case "withdrawal": [.withdrawal]
        case "transfer": [.transfer]
        case "settlement": [.funding]
        case "delivery": [.delivery]
        case "interest": [.interest]
        case "liquidation": [.liquidationFee]
        case "deleverage": [.deleverage]
        case "socialized_fund": [.lossCovered, .lossPaid]
        case "slice": [.slice]
        case "slice_payment": [.slicePayment]
        case "backstop_pay": [.backstopPay]
        case "maker_rebate": [.makerRebate]
        default: []
        }
    }

    init(_ row: EntryRow) {
        var outside = Bytes32()
        if case .outside(let place) = row.detail { outside = place }
        let other = row.other ?? row.account
        switch row.kind {
        case .deposit: self = .deposit(reference: outside)
        case .withdrawal: self = .withdrawal(destination: outside)
        case .transfer: self = .transfer(other: other, isIncoming: row.change > 0)
        case .funding: self = .funding
        case .delivery:
            guard case .settlement(let kind) = row.detail else {
                self = .correction
                return
            }
            self = .delivery(kind)
        case .interest: self = .interest
        case .liquidationFee: self = .liquidationFee
        case .deleverage: self = .deleverage(other: other)
        case .lossCovered, .lossPaid: self = .socialised
        case .slice: self = .slice
        case .slicePayment: self = .slicePayment
        case .backstopPay: self = .backstopPay
        case .makerRebate: self = .makerRebate
        case .trade: self = .correction
        }
    }
}

extension LogEntry {
    init(_ line: StatementLine) {
        switch line {
        case .entry(let row): self.init(row)
        case .fill(let row):
            self.init(
                number: row.event, time: row.time, kind: .trade(UserTrade(row)),
                currency: .quote, change: line.change, balance: line.balance,
                instrument: row.instrument, position: row.position, quantity: row.quantity,
                profit: row.profit)
        case .asset(let row):
            self.init(
                number: row.event, time: row.time, kind: .trade(UserTrade(row)),
                currency: .asset(row.instrument), change: line.change, balance: line.balance,
                instrument: row.instrument, quantity: row.quantity)
        }
    }

    private init(_ row: EntryRow) {
        self.init(
            number: row.event, time: row.time, kind: LogKind(row),
            currency: row.currency.currency, change: row.change, balance: row.balance,
            instrument: row.instrument, position: row.position, quantity: row.quantity,
            profit: row.profit)
        switch row.detail {
        case .closing(let deleverage): closing = deleverage
        case .demand(let demand): self.demand = demand
        case .none, .outside, .settlement: break
        }
    }

    /// Whether memory has the order that it names.
    func isKnown(in book: AccountBook) -> Bool {
        guard case .trade(let fill) = kind else { return true }
        return book.knows(fill.order)
    }
}
