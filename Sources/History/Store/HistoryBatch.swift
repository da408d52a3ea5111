/// What some blocks in a row made: rows that are new, and rows that are written again because they
/// changed. A batch of one block or of ten thousand leaves the same rows behind.

/// Rows of the blocks from one height to another.
package struct HistoryBatch: Sendable {
    /// Where the history must stand before it; nil for its beginning.
    package var start: HistoryMark?
    package var blocks: [BlockRow] = []
    package var trades: [TradeRow] = []
    package var fills: [FillRow] = []
    package var orders: [OrderRow] = []
    package var entries: [EntryRow] = []
    package var funding: [FundingRow] = []
    package var indexes: [IndexRow] = []
    package var settlements: [SettlementRow] = []
    package var deliveries: [DeliveryRow] = []
    package var candles: [CandleRow] = []
    package var liquidations: [LiquidationRow] = []
    package var balances: [BalanceRow] = []
    package var holdings: [HoldingRow] = []
    package var instruments: [InstrumentRow] = []
    package var underlyings: [UnderlyingRow] = []

    package init(start: HistoryMark?) { self.start = start }

    /// How many rows it has.
    var rowCount: Int {
        trades.count + fills.count + orders.count + entries.count + funding.count
            + indexes.count + settlements.count + deliveries.count + candles.count
            + liquidations.count + balances.count + holdings.count + instruments.count
            + underlyings.count + blocks.count
    }

    /// The values of each table that has any, in the order in which they are written.
    func forEach(
        _ take: (Table, [SQLValue]) throws(HistoryFault) -> Void
    ) throws(HistoryFault) {
        try hand(trades, take)
        try hand(fills, take)
        try hand(orders, take)
        try hand(entries, take)
        try hand(funding, take)
        try hand(indexes, take)
        try hand(settlements, take)
        try hand(deliveries, take)
        try hand(candles, take)
        try hand(liquidations, take)
        try hand(balances, take)
        try hand(holdings, take)
        try hand(instruments, take)
        try hand(underlyings, take)
        try hand(blocks, take)
    }

    private func hand<Row: HistoryRow>(
        _ rows: [Row], _ take: (Table, [SQLValue]) throws(HistoryFault) -> Void
    ) throws(HistoryFault) {
        guard !rows.isEmpty else { return }
        var values = RowValues()
        values.reserve(rows.count * Row.table.columns.count)
        for row in rows { row.put(into: &values) }
        try take(Row.table, values.values)
    }
}
