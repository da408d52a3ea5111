/// What a block did with the orders and withdrawals of one transaction, read from the block's
/// events: receipts say only what was accepted. It costs a look at every event of the block, so it
/// is told to those who ask.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

/// What became of one order in its block.
struct OrderDetails {
    var instrument: InstrumentIdentifier?
    var filled: Int64 = 0
    /// Sum of ticks times lots.
    private var worth = Int128(0)
    /// Paid; negative is received.
    var fee = Amount.zero
    var end: OrderEnd?
    var isWaiting = false

    /// - Parameter events: of the order's block.
    init(_ order: OrderIdentifier, _ events: [Event]) {
        for event in events {
            switch event {
            case .orderAccepted(let acceptance) where acceptance.order == order:
                instrument = acceptance.instrument
                isWaiting = acceptance.trigger != nil
            case .orderTriggered(order): isWaiting = false
            case .traded(let trade), .auctionTraded(let trade):
                if trade.takerOrder == order { add(trade, trade.takerFee) }
                if trade.makerOrder == order { add(trade, trade.makerFee) }
            case .orderClosed(order, _, _): end = event.orderEnd
            default: break
            }
        }
    }

    private mutating func add(_ trade: Trade, _ fee: Amount) {
        filled += trade.quantity.lots
        worth += Int128(trade.price.ticks) * Int128(trade.quantity.lots)
        self.fee += fee
    }

    /// Deribit's word for where the order stands.
    var state: String {
        switch end {
        case .filled: "filled"
        case .refusedAtTrigger: "rejected"
        case .left: "cancelled"
        case nil: isWaiting ? "untriggered" : "open"
        }
    }

    /// Average price in 10⁻⁶ of the quote asset, rounded to the nearest; nil without a fill.
    func averagePrice(_ instrument: Instrument) -> Int128? {
        guard filled > 0 else { return nil }
        return (2 * worth * Int128(instrument.tickSize.units) + Int128(filled))
            / (2 * Int128(filled))
    }
}

extension Schema {
    /// Of a receipt of `public/submit_transaction`, where details are asked for.
    static let receiptDetails: [Property] = [
        .optional(
            "order_state", .oneOf(["open", "filled", "cancelled", "rejected", "untriggered"])),
        .optional("cancel_reason", .text()), .optional("filled_amount", .decimal),
        .optional("average_price", .nullable(.decimal)),
        .optional("fee", .decimal, "Paid; negative is received."),
    ]

    /// Of the whole answer.
    static let withdrawalDetails = Property.optional(
        "withdrawals",
        .list(
            .object([
                .required("state", .oneOf(["sent", "queued", "cancelled"])),
                .required("amount", .decimal),
            ])), "Of the signer's account in this block, where details are asked for.")
}

extension JSONWriter {
    /// The fields of an order's receipt.
    mutating func details(_ details: OrderDetails, _ instrument: Instrument) {
        put("order_state", details.state)
        if case .left(let word)? = details.end { put("cancel_reason", word) }
        put("filled_amount", Quantity(lots: details.filled), of: instrument)
        if let price = details.averagePrice(instrument) {
            put("average_price", wide: price, decimals: APIDecimals.price)
        } else {
            putNull("average_price")
        }
        put("fee", details.fee)
    }

    /// What became of withdrawals of an account.
    mutating func withdrawals(of account: AccountIdentifier, _ events: [Event]) {
        name("withdrawals")
        beginArray()
        for event in events {
            let found: (state: String, amount: Amount)? =
                switch event {
                case .withdrawn(account, let amount, _): ("sent", amount)
                case .withdrawalQueued(account, let amount, _): ("queued", amount)
                case .withdrawalCancelled(account, let amount),
                    .withdrawalUnqueued(account, let amount):
                    ("cancelled", amount)
                default: nil
                }
            guard let found else { continue }
            beginObject()
            put("state", found.state)
            put("amount", found.amount)
            endObject()
        }
        endArray()
    }
}
