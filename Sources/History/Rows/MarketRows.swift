/// What happened in a market beside trades: funding by the hour, the index by the hour, the ends of
/// contracts, and candles.

package import Canonical
package import FixedPoint

/// The funding of one hour of a perpetual.
package struct FundingRow: HistoryRow {
    package var instrument: InstrumentIdentifier
    /// When the hour began.
    package var time: Timestamp
    package var index: IndexPrice
    /// Of the hour before that is kept.
    package var previousIndex: IndexPrice
    /// What longs pay for eight hours, as a share of the index.
    package var rate: Ratio

    package static let table = Table(
        "funding", key: 2,
        [
            .integer("instrument"), .integer("time"), .integer("index_price"),
            .integer("previous_index"), .integer("rate"),
        ])

    package func put(into values: inout RowValues) {
        values.put(instrument)
        values.put(time)
        values.put(index)
        values.put(previousIndex)
        values.put(rate)
    }
}

/// The last index of an hour.
package struct IndexRow: HistoryRow {
    package var underlying: UnderlyingIdentifier
    /// Hours since 1970.
    package var hour: UInt64
    package var price: IndexPrice

    package static let table = Table(
        "indexes", key: 2, isChanging: true,
        [.integer("underlying"), .integer("hour"), .integer("price")])

    package func put(into values: inout RowValues) {
        values.put(underlying)
        values.put(hour)
        values.put(price)
    }
}

/// The end of a contract.
package struct SettlementRow: HistoryRow {
    package var event: UInt64
    package var time: Timestamp
    package var instrument: InstrumentIdentifier
    package var group: InstrumentGroup
    /// The settlement price of the underlying.
    package var price: IndexPrice
    /// What one lot is worth at it.
    package var lotPayout: Amount
    package var mark: IndexPrice
    /// What was held long.
    package var longs: Quantity
    /// What all winners have won.
    package var profit: Amount

    package static let table = Table(
        "settlements", key: 1,
        [
            .integer("event"), .integer("time"), .integer("instrument"), .integer("market"),
            .integer("price"), .integer("lot_payout"), .integer("mark"), .integer("longs"),
            .integer("profit"),
        ],
        indexes: [
            TableIndex(columns: ["instrument", "event"]),
            TableIndex(columns: ["market", "event"]),
        ])

    package func put(into values: inout RowValues) {
        values.put(event)
        values.put(time)
        values.put(instrument)
        values.put(group.number)
        values.put(price)
        values.put(lotPayout)
        values.put(mark)
        values.put(longs)
        values.put(profit)
    }
}

/// The settlement price of an underlying at an expiry.
package struct DeliveryRow: HistoryRow {
    package var underlying: UnderlyingIdentifier
    package var expiry: Timestamp
    package var price: IndexPrice

    package static let table = Table(
        "deliveries", key: 2,
        [.integer("underlying"), .integer("expiry"), .integer("price")])

    package func put(into values: inout RowValues) {
        values.put(underlying)
        values.put(expiry)
        values.put(price)
    }
}

/// What traded in a span of time.
package struct CandleRow: HistoryRow {
    package var instrument: InstrumentIdentifier
    /// In minutes.
    package var length: UInt64
    /// When the span began, in its own number: time / length.
    package var span: UInt64
    package var open: Price
    package var high: Price
    package var low: Price
    package var close: Price
    package var volume: Quantity
    package var cost: Amount

    /// The lengths that are kept, in minutes; others are made of the largest that divides them.
    package static let lengths: [UInt64] = [1, 60, 1_440]

    package static let table = Table(
        "candles", key: 3, isChanging: true,
        [
            .integer("instrument"), .integer("length"), .integer("span"), .integer("open"),
            .integer("high"), .integer("low"), .integer("close"), .integer("volume"),
            .integer("cost"),
        ])

    package func put(into values: inout RowValues) {
        values.put(instrument)
        values.put(length)
        values.put(span)
        values.put(open)
        values.put(high)
        values.put(low)
        values.put(close)
        values.put(volume)
        values.put(cost)
    }

    /// Takes in what comes later.
    mutating func add(high: Price, low: Price, close: Price, volume: Quantity, cost: Amount) {
        self.high = max(self.high, high)
        self.low = min(self.low, low)
        self.close = close
        // Sums of a span stay in range unless the venue turns over 9·10¹⁸ in it.
        self.volume = Quantity(units: self.volume.units.addingClamped(volume.units))
        self.cost = Amount(units: self.cost.units.addingClamped(cost.units))
    }
}

extension Int64 {
    /// The sum, or the end of the range.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}

extension FundingRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        instrument = try fields.instrument()
        time = try fields.timestamp()
        index = try fields.quantity()
        previousIndex = try fields.quantity()
        rate = try fields.quantity()
    }
}

extension IndexRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        underlying = try fields.underlying()
        hour = try fields.whole()
        price = try fields.quantity()
    }
}

extension SettlementRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        event = try fields.whole()
        time = try fields.timestamp()
        instrument = try fields.instrument()
        group = InstrumentGroup(number: try fields.integer())
        price = try fields.quantity()
        lotPayout = try fields.quantity()
        mark = try fields.quantity()
        longs = try fields.quantity()
        profit = try fields.quantity()
    }
}

extension DeliveryRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        underlying = try fields.underlying()
        expiry = try fields.timestamp()
        price = try fields.quantity()
    }
}

extension CandleRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        instrument = try fields.instrument()
        length = try fields.whole()
        span = try fields.whole()
        open = try fields.quantity()
        high = try fields.quantity()
        low = try fields.quantity()
        close = try fields.quantity()
        volume = try fields.quantity()
        cost = try fields.quantity()
    }
}
