/// What the hot path needs of an instrument's valuation, in one piece without references: the same
/// figures as in `InstrumentRisk`, copied at every repricing.

import Canonical
import Catalogue
import FixedPoint
import Markets

/// The valuation of one lot, in 2^-fractionBits µ.
struct LotTerms: Sendable {
    let underlying: UnderlyingIdentifier
    let fractionBits: Int64
    /// Micro-units of one tick on one lot.
    let tickValue: Int64
    let markValue: Int64
    let longValue: Int64
    let shortValue: Int64
    let initialFloor: Int64
    let maintenanceFloor: Int64
    let orderFloor: Int64
    let fundingDue: Int64
    /// Whether there has been a price yet.
    let isPriced: Bool

    init(_ risk: InstrumentRisk) {
        underlying = risk.instrument.underlying
        fractionBits = risk.fractionBits
        tickValue = risk.instrument.tickValue
        markValue = risk.markValue
        longValue = risk.longValue
        shortValue = risk.shortValue
        initialFloor = risk.initialFloor
        maintenanceFloor = risk.maintenanceFloor
        orderFloor = risk.orderFloor
        fundingDue = risk.fundingDue
        isPriced = risk.isPriced
    }

    /// The worth for initial margin on a side: the worse for the holder.
    func initialValue(isLong: Bool) -> Int64 { isLong ? longValue : shortValue }

    /// What all that fills could lead to is charged under the initial rule, in 2^-fractionBits µ.
    func initialCharge(_ exposure: Exposure) -> Int64 {
        initialFloor * exposure.grossReach.units
    }

    /// What a position is charged under the maintenance rule, the funding that it will pay
    /// included, in 2^-fractionBits µ.
    func maintenanceCharge(_ held: Int64) -> Int64 {
        maintenanceFloor * abs(held) + max(0, fundingDue * held)
    }

    /// An order's part of O: what it would add to equity if it filled at its limit, and the most
    /// that it may count as.
    ///
    /// - Parameter tier: of the account; the higher of its fees counts, on each lot rounded up.
    func part(of order: OrderSize, _ side: Side, _ tier: FeeTier) -> OrderPart {
        guard order.lots != .zero else { return OrderPart() }
        let lots = order.lots.units
        let notional = order.price.units * tickValue
        // At most 2³⁰ (`Bounds.largestLotWorth`) times 2²⁴ (`Bounds.largestFee`).
        let share = notional * max(tier.maker.units, tier.taker.units, 0)
        let fee = (share + Ratio.one.units - 1) / Ratio.one.units
        let value = initialValue(isLong: side == .buy)
        let perLot =
            side.sign * (value - (notional &<< fractionBits)) - (fee &<< fractionBits)
        return OrderPart(
            gain: perLot * lots, floor: -orderFloor * lots, lots: side.sign * lots)
    }
}
