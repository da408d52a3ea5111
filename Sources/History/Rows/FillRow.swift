/// One side of a trade as its account sees it, with what it did to the account's money. The lines
/// of the statement that a fill makes follow from it (`StatementLine`), so they are not written
/// twice.

package import Canonical
package import FixedPoint
package import Markets

/// One side of a trade.
package struct FillRow: HistoryRow {
    package var account: AccountIdentifier
    /// The number of the trade.
    package var event: UInt64
    package var isMaker: Bool
    package var time: Timestamp
    package var order: OrderIdentifier
    package var instrument: InstrumentIdentifier
    package var group: InstrumentGroup
    package var flags: OrderFlags
    package var price: Price
    package var quantity: Quantity
    package var notional: Amount
    /// Negative is a rebate.
    package var fee: Amount
    package var isMakerLiquidation: Bool
    package var isTakerLiquidation: Bool
    package var mark: IndexPrice
    package var index: IndexPrice
    package var tick: TradeTick
    /// What it realised.
    package var profit: Amount
    /// Whether nothing of its order was left after it.
    package var fillsOrder: Bool
    /// By how much cash moved: profit, or the price where it is paid at the fill, less the fee.
    package var change: Amount
    /// Cash after it.
    package var balance: Amount
    /// Lots after it.
    package var position: Quantity
    /// Whether the instrument is spot, so that lots are an asset that moves.
    package var isSpot: Bool
    package var label: Label

    package var side: Side { flags.side }

    package static let table = Table(
        "fills", key: 3,
        [
            .integer("account"), .integer("event"), .integer("maker"), .integer("time"),
            .integer("order_number"), .integer("instrument"), .integer("market"),
            .integer("flags"), .integer("price"), .integer("quantity"), .integer("notional"),
            .integer("fee"), .integer("maker_liquidation"), .integer("taker_liquidation"),
            .integer("mark"), .integer("index_price"), .integer("tick"), .integer("profit"),
            .integer("fills_order"), .integer("change"), .integer("balance"),
            .integer("position"), .integer("spot"), .text("label"),
        ],
        indexes: [
            TableIndex(columns: ["account", "instrument", "event"]),
            TableIndex(columns: ["order_number", "event"]),
        ])

    package func put(into values: inout RowValues) {
        values.put(account)
        values.put(event)
        values.put(isMaker)
        values.put(time)
        values.put(order)
        values.put(instrument)
        values.put(group.number)
        values.put(flags)
        values.put(price)
        values.put(quantity)
        values.put(notional)
        values.put(fee)
        values.put(isMakerLiquidation)
        values.put(isTakerLiquidation)
        values.put(mark)
        values.put(index)
        values.put(UInt64(tick.rawValue))
        values.put(profit)
        values.put(fillsOrder)
        values.put(change)
        values.put(balance)
        values.put(position)
        values.put(isSpot)
        values.put(label)
    }
}

extension FillRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        account = try fields.account()
        event = try fields.whole()
        isMaker = try fields.boolean()
        time = try fields.timestamp()
        order = try fields.order()
        instrument = try fields.instrument()
        group = InstrumentGroup(number: try fields.integer())
        flags = try fields.flags()
        price = try fields.quantity()
        quantity = try fields.quantity()
        notional = try fields.quantity()
        fee = try fields.quantity()
        isMakerLiquidation = try fields.boolean()
        isTakerLiquidation = try fields.boolean()
        mark = try fields.quantity()
        index = try fields.quantity()
        tick = try fields.choice()
        profit = try fields.quantity()
        fillsOrder = try fields.boolean()
        change = try fields.quantity()
        balance = try fields.quantity()
        position = try fields.quantity()
        isSpot = try fields.boolean()
        label = try fields.label()
    }
}
