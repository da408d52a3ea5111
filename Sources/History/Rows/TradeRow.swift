/// A trade as the public sees it, with who stood on either side.

package import Canonical
package import Catalogue
package import FixedPoint
package import Markets

/// What questions about markets are asked by: instruments of one compartment, underlying and kind
/// are found together.
package struct InstrumentGroup: Hashable, Sendable {
    package let number: Int64

    package init(_ instrument: Instrument) {
        let kind: Int64 =
            switch instrument.kind {
            case .perpetual, .future: 0
            case .option: 1
            case .spot: 2
            }
        number =
            Int64(instrument.compartment.number) << 32
            | Int64(instrument.underlying.number) << 8 | kind
    }

    init(number: Int64) { self.number = number }
}

/// Where a price went with a trade; the numbers of Deribit's `tick_direction`.
package enum TradeTick: UInt8, Sendable {
    case plus = 0
    case zeroPlus = 1
    case minus = 2
    case zeroMinus = 3

    /// What follows on it at a price.
    func next(from last: Price?, to price: Price) -> TradeTick {
        guard let last, price != last else {
            return self == .plus || self == .zeroPlus ? .zeroPlus : .zeroMinus
        }
        return price > last ? .plus : .minus
    }
}

/// One trade.
package struct TradeRow: HistoryRow {
    /// Its number on the chain: unique, growing.
    package var event: UInt64
    package var time: Timestamp
    package var instrument: InstrumentIdentifier
    package var group: InstrumentGroup
    package var takerSide: Side
    package var price: Price
    package var quantity: Quantity
    package var notional: Amount
    package var tick: TradeTick
    /// As they stood when it happened.
    package var mark: IndexPrice
    package var index: IndexPrice
    package var maker: AccountIdentifier
    package var makerOrder: OrderIdentifier
    package var taker: AccountIdentifier
    package var takerOrder: OrderIdentifier
    /// Whether the engine sent the order, for an account below maintenance.
    package var isMakerLiquidation: Bool
    package var isTakerLiquidation: Bool
    package var isAuction: Bool

    package static let table = Table(
        "trades", key: 1,
        [
            .integer("event"), .integer("time"), .integer("instrument"), .integer("market"),
            .integer("taker_side"), .integer("price"), .integer("quantity"),
            .integer("notional"), .integer("tick"), .integer("mark"), .integer("index_price"),
            .integer("maker"), .integer("maker_order"), .integer("taker"),
            .integer("taker_order"), .integer("maker_liquidation"),
            .integer("taker_liquidation"), .integer("auction"),
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
        values.put(UInt64(takerSide.rawValue))
        values.put(price)
        values.put(quantity)
        values.put(notional)
        values.put(UInt64(tick.rawValue))
        values.put(mark)
        values.put(index)
        values.put(maker)
        values.put(makerOrder)
        values.put(taker)
        values.put(takerOrder)
        values.put(isMakerLiquidation)
        values.put(isTakerLiquidation)
        values.put(isAuction)
    }
}

extension TradeRow {
    package init(from fields: inout RowFields) throws(HistoryFault) {
        event = try fields.whole()
        time = try fields.timestamp()
        instrument = try fields.instrument()
        group = InstrumentGroup(number: try fields.integer())
        takerSide = try fields.choice()
        price = try fields.quantity()
        quantity = try fields.quantity()
        notional = try fields.quantity()
        tick = try fields.choice()
        mark = try fields.quantity()
        index = try fields.quantity()
        maker = try fields.account()
        makerOrder = try fields.order()
        taker = try fields.account()
        takerOrder = try fields.order()
        isMakerLiquidation = try fields.boolean()
        isTakerLiquidation = try fields.boolean()
        isAuction = try fields.boolean()
    }
}
