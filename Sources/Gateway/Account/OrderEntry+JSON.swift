/// Orders, fills and lines of the log as Deribit writes them.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

/// An instrument with its names on the wire.
struct InstrumentFace {
    /// `BTC_USDC-PERPETUAL`.
    let name: String
    let instrument: Instrument
    /// Of the compartment, in which prices, fees and margins are.
    let currency: String

    /// The name of a trade, the same as in public: the quote asset and the number of its event.
    func tradeName(_ number: UInt64) -> String { "\(currency)-\(number)" }
}

extension JSONWriter {
    /// An order.
    mutating func order(_ entry: OrderEntry, _ face: InstrumentFace) {
        let instrument = face.instrument
        beginObject()
        put("order_id", String(entry.identifier.number))
        put("order_state", entry.status.word)
        put("order_type", entry.type)
        put("time_in_force", entry.timeInForce)
        put("instrument_name", face.name)
        put("direction", entry.side.word)
        if let limit = entry.limit {
            put("price", limit, of: instrument)
        } else {
            put("price", "market_price")
        }
        put("amount", entry.quantity, of: instrument)
        put("contracts", entry.quantity.lots)
        put("filled_amount", entry.filled, of: instrument)
        if let average = entry.averagePrice(tickSize: instrument.tickSize) {
            put("average_price", wide: average, decimals: APIDecimals.price)
        } else {
            put("average_price", 0, decimals: 0)
        }
        put("commission", entry.fees)
        put("creation_timestamp", entry.created)
        put("last_update_timestamp", entry.updated)
        orderTerms(entry, instrument)
        orderTrigger(entry, instrument)
        endObject()
    }

    private mutating func orderTerms(_ entry: OrderEntry, _ instrument: Instrument) {
        put("label", String(decoding: entry.label.bytes, as: UTF8.self))
        put("post_only", entry.isPostOnly)
        put("reject_post_only", entry.rejectsPostOnly)
        put("reduce_only", entry.flags.reduceOnly)
        put("mmp", entry.flags.isProtected)
        put("quote", entry.flags.isQuote)
        put("api", entry.origin == .client)
        put("web", false)
        put("is_liquidation", entry.origin != .client)
        put("is_rebalance", false)
        put("replaced", entry.isReplaced)
        let shown = entry.display ?? entry.quantity
        put("max_show", shown, of: instrument)
        put("display_amount", shown, of: instrument)
    }

    private mutating func orderTrigger(_ entry: OrderEntry, _ instrument: Instrument) {
        if let trigger = entry.trigger {
            put("trigger", trigger.reference == .mark ? "mark_price" : "index_price")
            put("trigger_price", trigger.price, of: instrument)
            put("stop_price", trigger.price, of: instrument)
            put("triggered", entry.isTriggered)
        }
        switch entry.status {
        case .cancelled(let end): put("cancel_reason", end.word)
        case .rejected(let refusal):
            put("reject_reason", refusal.map { String(describing: $0) } ?? "rejected")
        case .untriggered, .open, .filled: break
        }
    }

    /// A fill.
    ///
    /// - Parameter order: what is remembered of its order.
    mutating func userTrade(
        _ trade: UserTrade, _ order: OrderEntry?, _ face: InstrumentFace
    ) {
        let instrument = face.instrument
        beginObject()
        put("trade_id", face.tradeName(trade.number))
        put("trade_seq", trade.sequence)
        put("instrument_name", face.name)
        put("timestamp", trade.time)
        put("order_id", String(trade.order.number))
        put("order_type", order?.type ?? "limit")
        putNull("matching_id")
        put("direction", trade.side.word)
        put("tick_direction", trade.tickDirection.rawValue)
        put("price", trade.price, of: instrument)
        put("amount", trade.quantity, of: instrument)
        put("contracts", trade.quantity.lots)
        put("index_price", trade.index)
        put("mark_price", trade.mark)
        put("fee", trade.fee)
        put("fee_currency", face.currency)
        put("liquidity", trade.isMaker ? "M" : "T")
        if let liquidation = trade.liquidation { put("liquidation", liquidation.rawValue) }
        put("state", trade.fillsOrder ? "filled" : "open")
        put("self_trade", false)
        put("api", order?.origin == .client)
        put("post_only", order?.isPostOnly ?? false)
        put("reduce_only", order?.flags.reduceOnly ?? false)
        put("mmp", order?.flags.isProtected ?? false)
        if let label = order?.label, !label.isEmpty {
            put("label", String(decoding: label.bytes, as: UTF8.self))
        }
        if let profit = trade.profit { put("profit_loss", profit) }
        endObject()
    }
}

extension Side {
    /// Deribit's word.
    var word: String { self == .buy ? "buy" : "sell" }
}
