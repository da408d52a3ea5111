/// What was done to accounts short of margin, step by step.

package import Canonical
package import FixedPoint

/// A step. The numbers stand in databases: none is used again.
package enum LiquidationStep: UInt8, CaseIterable, Sendable {
    /// Below maintenance: value is the equity, limit the requirement.
    case call = 0
    /// Lots of an order of the engine's traded.
    case order = 1
    /// A slice went to a provider at the mark.
    case slice = 2
    /// What the providers were paid for slices.
    case sliceSale = 3
    /// Closed against an account of the other side.
    case deleverage = 4
    /// The fee of an order of the engine's.
    case fee = 5
    /// The insurance fund paid.
    case fund = 6
    /// Another account paid a part.
    case sharedLoss = 7
    /// What nobody could be asked for.
    case badDebt = 8
    /// Back above maintenance: value is the equity, limit the requirement.
    case end = 9
    /// Collateral is being sold for a debt: value is the debt.
    case conversion = 10
    case conversionEnd = 11
    /// What a bankrupt account lacks.
    case shortfall = 12
}

/// One step.
package struct LiquidationRow: HistoryRow {
    package var event: UInt64
    package var time: Timestamp
    package var height: UInt64
    package var account: AccountIdentifier
    package var step: LiquidationStep
    package var instrument: InstrumentIdentifier?
    /// Lots, not negative.
    package var quantity: Quantity?
    /// Ticks, of what traded in a book.
    package var price: Price?
    /// Notional, payment, debt or equity, by the step.
    package var value: Amount?
    /// The requirement, where value is the equity.
    package var limit: Amount?
    package var fee: Amount?
    /// Who took the position, or paid.
    package var other: AccountIdentifier?

    package static let table = Table(
        "liquidations", key: 2,
        [
            .integer("event"), .integer("account"), .integer("time"), .integer("height"),
            .integer("step"), .integer("instrument").optional, .integer("quantity").optional,
            .integer("price").optional, .integer("value").optional,
            .integer("limit_value").optional, .integer("fee").optional,
            .integer("other").optional,
        ],
        indexes: [TableIndex(columns: ["account", "event"])])

    package func put(into values: inout RowValues) {
        values.put(event)
        values.put(account)
        values.put(time)
        values.put(height)
        values.put(UInt64(step.rawValue))
        values.put(instrument)
        values.put(quantity)
        values.put(price)
        values.put(value)
        values.put(limit)
        values.put(fee)
        values.put(other)
    }
}

extension LiquidationRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        event = try fields.whole()
        account = try fields.account()
        time = try fields.timestamp()
        height = try fields.whole()
        step = try fields.choice()
        instrument = try fields.optionalInstrument()
        quantity = try fields.optionalQuantity()
        price = try fields.optionalQuantity()
        value = try fields.optionalQuantity()
        limit = try fields.optionalQuantity()
        fee = try fields.optionalQuantity()
        other = try fields.optionalAccount()
    }
}
