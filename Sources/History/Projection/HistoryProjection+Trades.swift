/// What a trade does: a row for the public, and one for each side.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets

extension HistoryProjection {
    /// Takes in a trade.
    mutating func take(
        _ trade: Trade, isAuction: Bool, _ reading: inout BlockReading
    ) throws(HistoryFault) {
        let market = try market(trade.instrument, reading)
        guard let maker = orders[trade.makerOrder], let taker = orders[trade.takerOrder],
            maker.account == trade.maker, taker.account == trade.taker
        else { throw reading.contradiction("an order that trades is not open") }
        try known(trade.maker, reading)
        try known(trade.taker, reading)
        let row = TradeRow(
            event: reading.number, time: reading.time, instrument: trade.instrument,
            group: market.group, takerSide: trade.takerSide, price: trade.price,
            quantity: trade.quantity, notional: trade.notional,
            tick: markets.count(trade, at: reading.time, &batch), mark: market.row.mark,
            index: markets.index(of: market.row.terms), maker: trade.maker,
            makerOrder: trade.makerOrder, taker: trade.taker, takerOrder: trade.takerOrder,
            isMakerLiquidation: maker.flags.isLiquidation,
            isTakerLiquidation: taker.flags.isLiquidation, isAuction: isAuction)
        batch.trades.append(row)
        try fill(trade, row, market, isMaker: true, &reading)
        try fill(trade, row, market, isMaker: false, &reading)
        for order in [maker, taker] where order.flags.isLiquidation {
            batch.liquidations.append(
                LiquidationRow(
                    event: reading.number, time: reading.time, height: reading.height,
                    account: order.account, step: .order, instrument: trade.instrument,
                    quantity: trade.quantity, price: trade.price, value: trade.notional,
                    other: order.number == maker.number ? trade.taker : trade.maker))
        }
    }

    private mutating func fill(
        _ trade: Trade, _ row: TradeRow, _ market: MarketState, isMaker: Bool,
        _ reading: inout BlockReading
    ) throws(HistoryFault) {
        let account = isMaker ? trade.maker : trade.taker
        let side = isMaker ? trade.takerSide.opposite : trade.takerSide
        let fee = isMaker ? trade.makerFee : trade.takerFee
        let effect: TradeEffect
        do throws(ArithmeticFault) {
            effect = try money.trade(
                market, of: account, lots: Quantity(lots: side.sign * trade.quantity.units),
                notional: Amount(microunits: side.sign * trade.notional.units))
            try money.add(-fee, to: account)
        } catch {
            throw reading.contradiction("an amount is out of range")
        }
        let change = effect.cash - fee
        let time = reading.time
        let order = orders.change(isMaker ? trade.makerOrder : trade.takerOrder) { order in
            order.filled += trade.quantity
            order.filledTicks += Int128(trade.price.units) * Int128(trade.quantity.units)
            order.fees += fee
            order.updated = time
        }
        guard let order, order.flags.side == side, order.filled <= order.quantity else {
            throw reading.contradiction("an order trades more than it has")
        }
        writeFunding(effect, market, of: account, after: change, &reading)
        batch.fills.append(
            FillRow(
                account: account, event: reading.number, isMaker: isMaker, time: time,
                order: order.number, instrument: trade.instrument, group: market.group,
                flags: order.flags, price: trade.price, quantity: trade.quantity,
                notional: trade.notional, fee: fee, isMakerLiquidation: row.isMakerLiquidation,
                isTakerLiquidation: row.isTakerLiquidation, mark: row.mark, index: row.index,
                tick: row.tick, profit: effect.profit,
                fillsOrder: order.filled == order.quantity, change: change,
                balance: money.cash(of: account), position: effect.position,
                isSpot: market.row.terms.kind == .spot, label: order.label))
    }
}
