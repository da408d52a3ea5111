/// What is remembered of liquidations, step by step: made from the events of blocks, as the trades
/// beside them, and forgotten when there are too many. All of it is public state: accounts are
/// numbers, and what was done to them stands in the block.

package import Canonical
import Catalogue
package import FixedPoint
import Ledger
import Markets

/// A step out of liquidation, as the API names it.
package enum LiquidationStep: String, CaseIterable, Sendable {
    /// The account fell below maintenance: the engine has taken over.
    case call
    /// A part was closed on the book.
    case order
    /// The fee on what was closed on the book.
    case fee
    /// A part went to a provider of the backstop.
    case slice
    /// A part was closed against the other side.
    case deleverage
    /// Collateral is sold to cover a debt.
    case conversion
    /// The insurance fund paid.
    case fund
    /// Another account paid.
    case sharedLoss = "shared_loss"
    /// What nobody could be asked for.
    case badDebt = "bad_debt"
    case end
}

/// One step.
package struct LiquidationRecord: Equatable, Sendable {
    package let time: Timestamp
    package let height: UInt64
    /// The number of the event on the chain.
    package let event: UInt64
    /// Who is liquidated.
    package let account: AccountIdentifier
    package let step: LiquidationStep
    /// Who took a part or paid for it, where it is one account.
    package var counterparty: AccountIdentifier?
    package var instrument: InstrumentIdentifier?
    /// Not negative.
    package var quantity: Quantity?
    /// At which it was closed.
    package var price: IndexPrice?
    /// What it comes to: of calls and ends the account's equity, of conversions its cash.
    package var value: Amount?
    package var fee: Amount?

    init(_ step: LiquidationStep, of account: AccountIdentifier, _ reading: BlockReading) {
        time = reading.time
        height = reading.height
        event = reading.number
        self.account = account
        self.step = step
    }
}

extension MarketRecord {
    /// Remembers what an event says of a liquidation.
    mutating func noteLiquidation(_ event: Event, _ reading: inout BlockReading) {
        switch event {
        case .traded(let trade), .auctionTraded(let trade): noteForced(trade, &reading)
        case .liquidationStarted(let account, let equity, _):
            keep(.call, of: account, &reading) { $0.value = equity }
        case .liquidationEnded(let account, let equity, _):
            keep(.end, of: account, &reading) { $0.value = equity }
        case .liquidationFee(let account, let amount):
            keep(.fee, of: account, &reading) { $0.fee = amount }
        case .conversionStarted(let account, let debt):
            keep(.conversion, of: account, &reading) { $0.value = -debt }
        case .conversionEnded(let account, let debt):
            keep(.end, of: account, &reading) { $0.value = -debt }
        case .sliceMoved(let move):
            let mark = marks[Int(move.instrument.number)]
            keep(.slice, of: move.account, &reading) { record in
                record.counterparty = move.provider
                record.instrument = move.instrument
                record.quantity = move.quantity.magnitude
                record.price = mark
                record.value = move.notional
            }
        case .sliceTaken(let sale):
            keep(.slice, of: sale.account, &reading) { record in
                record.counterparty = sale.provider
                record.fee = sale.payment
            }
        case .deleveraged(let closing):
            let mark = marks[Int(closing.instrument.number)]
            keep(.deleverage, of: closing.account, &reading) { record in
                record.counterparty = closing.counterparty
                record.instrument = closing.instrument
                record.quantity = closing.quantity.magnitude
                record.price = mark
                record.value = closing.notional
            }
        case .insurancePaid(let account, let amount):
            keep(.fund, of: account, &reading) { $0.value = amount }
        case .lossShared(let account, let payer, let amount):
            keep(.sharedLoss, of: account, &reading) { record in
                record.counterparty = payer
                record.value = amount
            }
        case .badDebt(let account, let amount):
            keep(.badDebt, of: account, &reading) { $0.value = amount }
        default: return
        }
    }

    /// A trade whose maker or taker the engine sent for an account.
    private mutating func noteForced(_ trade: Trade, _ reading: inout BlockReading) {
        let sides = [
            (trade.makerOrder, trade.maker, trade.makerFee),
            (trade.takerOrder, trade.taker, trade.takerFee),
        ]
        for (order, account, fee) in sides {
            guard let place = orders[order.number], place.isForced else { continue }
            let price = reading.ledger.catalogue.instrument(trade.instrument).map { instrument in
                IndexPrice(units: Int64(clamping: instrument.micros(trade.price)))
            }
            keep(place.isLiquidation ? .order : .conversion, of: account, &reading) { record in
                record.instrument = trade.instrument
                record.quantity = trade.quantity
                record.price = price
                record.value = trade.notional
                record.fee = fee
            }
        }
    }

    private mutating func keep(
        _ step: LiquidationStep, of account: AccountIdentifier, _ reading: inout BlockReading,
        _ fill: (inout LiquidationRecord) -> Void
    ) {
        var record = LiquidationRecord(step, of: account, reading)
        fill(&record)
        liquidations.append(record)
        reading.changes.liquidations.append(record)
    }
}
