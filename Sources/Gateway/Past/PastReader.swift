/// Questions answered out of a history's database. It runs where the connection is, on a thread of
/// the node's; nothing of the gateway is touched here.

import Canonical
import FixedPoint
package import History
import Ledger

/// Reads one history.
package struct PastReader {
    private let store: HistoryStore

    /// - Parameter store: opened to read.
    package init(_ store: HistoryStore) { self.store = store }

    /// Most orders of one label, and most fills of one order, in an answer.
    private static let listLimit = 1_000
    /// Hours of funding in one answer, at most: more than a year.
    private static let fundingLimit = HistoryWindow.rowLimit
    /// Pages of lines that are looked through for those about some instruments.
    private static let pageLimit = 50

    /// The answer to a question.
    ///
    /// - Throws: `HistoryFault`.
    package func answer(_ question: PastQuestion) throws(HistoryFault) -> PastAnswer {
        PastAnswer(rows: try rows(question))
    }

    private func rows(_ question: PastQuestion) throws(HistoryFault) -> PastRows {
        switch question {
        case .trades(let scope, let range):
            let page = try store.trades(of: scope, HistoryWindow(range))
            return .trades(PastPage(page.rows.map { TradeRecord($0) }, hasMore: page.hasMore))
        case .candles(let instrument, let minutes, let spans):
            return .candles(
                try store.candles(of: instrument, minutes: minutes, spans: spans)
                    .map { Candle($0) },
                before: try store.close(
                    of: instrument, minutes: minutes, before: spans.lowerBound))
        case .funding(let instrument, let times):
            return .funding(
                try store.funding(of: instrument, in: times, limit: PastReader.fundingLimit)
                    .map { FundingRecord($0) })
        case .settlements(let scope, let range):
            let page = try store.settlements(of: scope, HistoryWindow(range))
            return .settlements(
                PastPage(page.rows.map { SettlementRecord($0) }, hasMore: page.hasMore))
        case .deliveries(let underlying, let offset, let count):
            let found = try store.deliveries(of: underlying, offset: offset, limit: count)
            return .deliveries(found.rows.map { DeliveryRecord($0) }, total: found.total)
        default: return try rowsOfAccount(question)
        }
    }

    private func rowsOfAccount(_ question: PastQuestion) throws(HistoryFault) -> PastRows {
        switch question {
        case .order(let account, let order):
            let row = try store.order(order, of: account)
            return .orders(row.map { [OrderEntry($0)] } ?? [])
        case .labelled(let account, let label):
            let rows = try store.orders(of: account, label: label, limit: PastReader.listLimit)
            return .orders(rows.map { OrderEntry($0) })
        case .ended(let account, let scope, let includesUnfilled, let offset, let count):
            var wish = OrderWish()
            wish.scope = scope
            wish.includesUnfilled = includesUnfilled
            var window = HistoryWindow(limit: count)
            window.offset = offset
            let page = try store.endedOrders(of: account, wish, window)
            return .orders(page.rows.map { OrderEntry($0) })
        case .fills(let account, let scope, let range):
            let page = try store.fills(of: account, scope, HistoryWindow(range))
            return .fills(try fills(page, of: account))
        case .fillsOfOrder(let account, let order):
            var window = HistoryWindow(limit: HistoryWindow.rowLimit)
            window.isAscending = true
            var fills = try fills(try store.fills(of: order, account, window), of: account)
            if let row = try store.order(order, of: account) {
                fills.orders[order.number] = OrderEntry(row)
            }
            return .fills(fills)
        case .log(let account, let choice, let range):
            return .log(try log(of: account, choice, range))
        case .page(let account, let choice, let offset, let count):
            return try page(of: account, choice, offset: offset, count: count)
        default: preconditionFailure("Invariant: a question is of markets or of an account")
        }
    }

    private func fills(
        _ page: HistoryPage<FillRow>, of account: AccountIdentifier
    ) throws(HistoryFault) -> OrderedPage<UserTrade> {
        OrderedPage(
            page: PastPage(page.rows.map { UserTrade($0) }, hasMore: page.hasMore),
            orders: try orders(page.rows.map { $0.order }, of: account))
    }

    private func orders(
        _ numbers: [OrderIdentifier], of account: AccountIdentifier
    ) throws(HistoryFault) -> [UInt64: OrderEntry] {
        var orders: [UInt64: OrderEntry] = [:]
        for number in Set(numbers.map { $0.number }) {
            let row = try store.order(OrderIdentifier(number), of: account)
            if let row { orders[number] = OrderEntry(row) }
        }
        return orders
    }

    // Lines of a log.

    private func log(
        of account: AccountIdentifier, _ choice: LineChoice, _ range: PastRange
    ) throws(HistoryFault) -> OrderedPage<LogEntry> {
        var window = HistoryWindow(range)
        var found: [LogEntry] = []
        var hasMore = true
        for _ in 0..<PastReader.pageLimit where hasMore && found.count <= range.count {
            let page = try store.statement(
                of: account, kinds: choice.kinds, currency: choice.currency, in: .all, window)
            found += page.rows.map { LogEntry($0) }.filter { choice.isAbout($0.instrument) }
            hasMore = page.hasMore
            guard let last = page.rows.last, last.event > window.events.lowerBound else { break }
            window.events = window.events.lowerBound...(last.event - 1)
            if choice.instruments == nil { break }
        }
        var end = min(range.count, found.count)
        while end > 0, end < found.count, found[end].number == found[end - 1].number { end += 1 }
        let page = PastPage(Array(found[..<end]), hasMore: hasMore || end < found.count)
        let numbers = page.elements.compactMap { entry -> OrderIdentifier? in
            if case .trade(let fill) = entry.kind { fill.order } else { nil }
        }
        return OrderedPage(page: page, orders: try orders(numbers, of: account))
    }

    private func page(
        of account: AccountIdentifier, _ choice: LineChoice, offset: Int, count: Int
    ) throws(HistoryFault) -> PastRows {
        let kinds = choice.kinds ?? EntryKind.allCases
        var window = HistoryWindow(limit: count)
        window.offset = offset
        let page = try store.statement(
            of: account, kinds: kinds, currency: choice.currency, in: .all, window)
        return .page(
            page.rows.prefix(count).map { LogEntry($0) },
            total: try store.countEntries(of: account, kinds, choice.currency))
    }
}

extension LineChoice {
    fileprivate func isAbout(_ instrument: InstrumentIdentifier?) -> Bool {
        guard let instruments else { return true }
        return instrument.map { instruments.contains($0.number) } ?? false
    }
}

extension HistoryWindow {
    init(_ range: PastRange) {
        self.init(limit: range.count)
        let last = UInt64(Int64.max)
        events = min(range.numbers.lowerBound, last)...min(range.numbers.upperBound, last)
        times =
            min(
                range.times.lowerBound, Timestamp(nanoseconds: last))...min(
                range.times.upperBound, Timestamp(nanoseconds: last))
        isAscending = range.isAscending
    }
}
