/// The steps of liquidations and conversions, as rows of their own.

import Canonical
import FixedPoint
import Ledger

extension HistoryProjection {
    /// Writes the step that an event is; others are none.
    mutating func readLiquidation(_ event: Event, _ reading: BlockReading) {
        guard var row = HistoryProjection.step(of: event) else { return }
        row.event = reading.number
        row.time = reading.time
        row.height = reading.height
        batch.liquidations.append(row)
    }

    private static func step(of event: Event) -> LiquidationRow? {
        switch event {
        case .liquidationStarted(let account, let equity, let requirement):
            return LiquidationRow(account, .call, value: equity, limit: requirement)
        case .liquidationEnded(let account, let equity, let requirement):
            return LiquidationRow(account, .end, value: equity, limit: requirement)
        case .liquidationFee(let account, let fee):
            return LiquidationRow(account, .fee, fee: fee)
        case .deleveraged(let closing):
            return LiquidationRow(
                closing.account, .deleverage, value: closing.notional, closing.instrument,
                closing.quantity, other: closing.counterparty)
        case .sliceMoved(let move), .backstopClosed(let move):
            return LiquidationRow(
                move.account, .slice, value: move.notional, move.instrument,
                move.quantity.magnitude, other: move.provider)
        case .sliceTaken(let sale):
            return LiquidationRow(
                sale.account, .sliceSale, value: sale.payment, limit: sale.equity,
                other: sale.provider)
        case .insurancePaid(let account, let amount):
            return LiquidationRow(account, .fund, value: amount)
        case .lossShared(let account, let payer, let amount):
            return LiquidationRow(account, .sharedLoss, value: amount, other: payer)
        case .badDebt(let account, let amount):
            return LiquidationRow(account, .badDebt, value: amount)
        case .shortfall(let shortfall):
            return LiquidationRow(shortfall.account, .shortfall, value: shortfall.amount)
        case .conversionStarted(let account, let debt):
            return LiquidationRow(account, .conversion, value: debt)
        case .conversionEnded(let account, let debt):
            return LiquidationRow(account, .conversionEnd, value: debt)
        default: return nil
        }
    }
}

extension LiquidationRow {
    /// A step whose event is set by who writes it.
    fileprivate init(
        _ account: AccountIdentifier, _ step: LiquidationStep, value: Amount? = nil,
        limit: Amount? = nil, fee: Amount? = nil, _ instrument: InstrumentIdentifier? = nil,
        _ quantity: Quantity? = nil, other: AccountIdentifier? = nil
    ) {
        self.init(
            event: 0, time: .epoch, height: 0, account: account, step: step,
            instrument: instrument, quantity: quantity, value: value, limit: limit, fee: fee,
            other: other)
    }
}
