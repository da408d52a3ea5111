/// Where things stand at the mark: what the projection needs to go on from there. Who starts with
/// a history reads these and no block of the past.

package import Canonical
package import Catalogue
package import FixedPoint

/// The money of one account.
package struct BalanceRow: HistoryRow {
    package var account: AccountIdentifier
    package var compartment: CompartmentIdentifier
    /// Negative is a debt.
    package var cash: Amount

    package static let table = Table(
        "balances", key: 1, isChanging: true,
        [.integer("account"), .integer("compartment"), .integer("cash")])

    package func put(into values: inout RowValues) {
        values.put(account)
        values.put(UInt64(compartment.number))
        values.put(cash)
    }
}

/// What an account holds of an instrument; all zero where it holds nothing any more.
package struct HoldingRow: HistoryRow {
    package var account: AccountIdentifier
    package var instrument: InstrumentIdentifier
    package var quantity: Quantity
    /// What the lots cost, signed as the quantity.
    package var cost: Amount
    /// Of the instrument when funding was last settled.
    package var fundingIndex: Int64

    package static let table = Table(
        "holdings", key: 2, isChanging: true,
        [
            .integer("account"), .integer("instrument"), .integer("quantity"),
            .integer("cost"), .integer("funding_index"),
        ],
        indexes: [
            TableIndex(columns: ["account", "instrument"], condition: "quantity <> 0")
        ])

    package func put(into values: inout RowValues) {
        values.put(account)
        values.put(instrument)
        values.put(quantity)
        values.put(cost)
        values.put(fundingIndex)
    }
}

/// An instrument, with where its market stands.
package struct InstrumentRow: HistoryRow {
    package var instrument: InstrumentIdentifier
    package var symbol: String
    package var listed: Timestamp
    package var terms: Instrument
    package var mark: IndexPrice
    /// Of the last trade; nil before the first.
    package var lastPrice: Price?
    package var lastTick: TradeTick
    package var fundingIndex: Int64
    /// The hour of funding that was written last, in hours since 1970, and the index in it.
    package var fundingHour: UInt64?
    package var fundingPrice: IndexPrice

    package static let table = Table(
        "instruments", key: 1, isChanging: true,
        [
            .integer("instrument"), .text("symbol"), .integer("listed"), .bytes("terms"),
            .integer("mark"), .integer("last_price").optional, .integer("last_tick"),
            .integer("funding_index"), .integer("funding_hour").optional,
            .integer("funding_price"),
        ])

    package func put(into values: inout RowValues) {
        values.put(instrument)
        values.put(.text(symbol))
        values.put(listed)
        values.put(terms.canonicalBytes)
        values.put(mark)
        values.put(lastPrice)
        values.put(UInt64(lastTick.rawValue))
        values.put(fundingIndex)
        values.put(optional: fundingHour)
        values.put(fundingPrice)
    }
}

/// Where an index stands.
package struct UnderlyingRow: HistoryRow {
    package var underlying: UnderlyingIdentifier
    package var index: IndexPrice
    /// What it is smoothed to.
    package var stable: IndexPrice

    package static let table = Table(
        "underlyings", key: 1, isChanging: true,
        [.integer("underlying"), .integer("index_price"), .integer("stable_price")])

    package func put(into values: inout RowValues) {
        values.put(underlying)
        values.put(index)
        values.put(stable)
    }
}

extension BalanceRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        account = try fields.account()
        compartment = CompartmentIdentifier(try fields.whole())
        cash = try fields.quantity()
    }
}

extension HoldingRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        account = try fields.account()
        instrument = try fields.instrument()
        quantity = try fields.quantity()
        cost = try fields.quantity()
        fundingIndex = try fields.integer()
    }
}

extension InstrumentRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        instrument = try fields.instrument()
        symbol = try fields.text()
        listed = try fields.timestamp()
        terms = try fields.value(of: Instrument.self)
        mark = try fields.quantity()
        lastPrice = try fields.optionalQuantity()
        lastTick = try fields.choice()
        fundingIndex = try fields.integer()
        fundingHour = try fields.optionalWhole()
        fundingPrice = try fields.quantity()
    }
}

extension UnderlyingRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        underlying = try fields.underlying()
        index = try fields.quantity()
        stable = try fields.quantity()
    }
}
