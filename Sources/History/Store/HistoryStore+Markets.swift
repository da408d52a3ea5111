/// Questions about markets: trades, candles, funding, indexes, settlements.

package import Canonical
package import FixedPoint

extension HistoryStore {
    /// Trades.
    package func trades(
        of scope: InstrumentScope, _ window: HistoryWindow
    ) throws(HistoryFault) -> HistoryPage<TradeRow> {
        try page(TradeRow.self, scope, window) { $0.event }
    }

    /// Ends of contracts.
    package func settlements(
        of scope: InstrumentScope, _ window: HistoryWindow
    ) throws(HistoryFault) -> HistoryPage<SettlementRow> {
        try page(SettlementRow.self, scope, window) { $0.event }
    }

    /// A page of rows of several groups is put together of a page of each, so that every one of
    /// them is a walk along an index.
    private func page<Row: HistoryRow>(
        _ type: Row.Type, _ scope: InstrumentScope, _ window: HistoryWindow,
        _ event: (Row) -> UInt64
    ) throws(HistoryFault) -> HistoryPage<Row> {
        switch scope {
        case .all: return try page(type, window) { _ in }
        case .one(let instrument):
            return try page(type, window) { $0.add("instrument", "=", Int64(instrument.number)) }
        case .groups(let groups):
            var part = window
            part.offset = 0
            part.limit = window.limit + window.offset
            var found = HistoryPage<Row>(rows: [], hasMore: false)
            for group in Set(groups) {
                let next = try page(type, part) { $0.add("market", "=", group.number) }
                found.rows += next.rows
                found.hasMore = found.hasMore || next.hasMore
            }
            found.rows.sort {
                window.isAscending ? event($0) < event($1) : event($0) > event($1)
            }
            found.rows.removeFirst(min(window.offset, found.rows.count))
            found.hasMore = found.hasMore || found.rows.count > window.limit
            found.rows = Array(found.rows.prefix(window.limit))
            return found
        }
    }

    /// The hours of funding that begin in a time, ascending.
    package func funding(
        of instrument: InstrumentIdentifier, in times: ClosedRange<Timestamp>, limit: Int
    ) throws(HistoryFault) -> [FundingRow] {
        var conditions = Conditions(dialect)
        conditions.add("instrument", "=", Int64(instrument.number))
        conditions.add("time", ">=", Int64(clamping: times.lowerBound.nanoseconds))
        conditions.add("time", "<=", Int64(clamping: times.upperBound.nanoseconds))
        return try select(FundingRow.self, conditions, order: "time", limit: limit)
    }

    /// The index at the end of hours, ascending.
    package func indexes(
        of underlying: UnderlyingIdentifier, hours: ClosedRange<UInt64>, limit: Int
    ) throws(HistoryFault) -> [IndexRow] {
        var conditions = Conditions(dialect)
        conditions.add("underlying", "=", Int64(underlying.number))
        conditions.add(hours, of: "hour")
        return try select(IndexRow.self, conditions, order: "hour", limit: limit)
    }

    /// The settlement prices of an underlying, the latest expiry first, and how many there are.
    package func deliveries(
        of underlying: UnderlyingIdentifier, offset: Int, limit: Int
    ) throws(HistoryFault) -> (rows: [DeliveryRow], total: Int) {
        var conditions = Conditions(dialect)
        conditions.add("underlying", "=", Int64(underlying.number))
        let total = try database.number(
            "SELECT count(*) FROM deliveries" + conditions.clause, conditions.values)
        let rows = try select(
            DeliveryRow.self, conditions, order: "expiry DESC", limit: limit, offset: offset)
        return (rows, Int(total ?? 0))
    }

    // Candles.

    /// What traded in each span of a length in which anything did, ascending.
    ///
    /// - Parameters:
    ///   - minutes: the length; it divides a day or is one.
    ///   - spans: in numbers of that length.
    package func candles(
        of instrument: InstrumentIdentifier, minutes: UInt64, spans: ClosedRange<UInt64>
    ) throws(HistoryFault) -> [CandleRow] {
        let base = CandleRow.lengths.last { minutes % $0 == 0 } ?? 1
        let parts = minutes / base
        let first = spans.lowerBound.multipliedClamped(by: parts)
        let last = spans.upperBound.multipliedClamped(by: parts, adding: parts - 1)
        var conditions = Conditions(dialect)
        conditions.add("instrument", "=", Int64(instrument.number))
        conditions.add("length", "=", Int64(base))
        conditions.add(first...last, of: "span")
        let rows = try select(CandleRow.self, conditions, order: "span", limit: .max)
        guard parts > 1 else { return rows }
        var candles: [CandleRow] = []
        for row in rows {
            let span = row.span / parts
            if candles.last?.span == span {
                candles[candles.count - 1].add(
                    high: row.high, low: row.low, close: row.close, volume: row.volume,
                    cost: row.cost)
            } else {
                var candle = row
                candle.length = minutes
                candle.span = span
                candles.append(candle)
            }
        }
        return candles
    }

    /// The price of the last trade before a span; nil where there is none.
    package func close(
        of instrument: InstrumentIdentifier, minutes: UInt64, before span: UInt64
    ) throws(HistoryFault) -> Price? {
        guard span > 0 else { return nil }
        let base = CandleRow.lengths.last { minutes % $0 == 0 } ?? 1
        var conditions = Conditions(dialect)
        conditions.add("instrument", "=", Int64(instrument.number))
        conditions.add("length", "=", Int64(base))
        conditions.add(
            "span", "<", Int64(clamping: span.multipliedClamped(by: minutes / base)))
        return try select(CandleRow.self, conditions, order: "span DESC", limit: 1).first?.close
    }
}

extension UInt64 {
    /// The product and a sum, or the end of what a database holds.
    func multipliedClamped(by factor: UInt64, adding term: UInt64 = 0) -> UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        let (sum, carry) = product.addingReportingOverflow(term)
        return overflow || carry ? UInt64(Int64.max) : Swift.min(sum, UInt64(Int64.max))
    }
}
