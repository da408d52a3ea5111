/// What the hot path needs of an instrument's valuation, in one piece without references: the same
/// figures as in `InstrumentRisk`, copied at every repricing.

import Canonical
import Catalogue
import FixedPoint
import Markets

/// How an option is netted with the other option of its expiry and strike.
enum StrikePair: UInt8, Sendable {
    case none
    /// A call; the put is listed after it.
    case call
    /// A put; the call is listed before it.
    case put
}

/// The valuation of one lot, in 2^-fractionBits µ.
struct LotTerms: Sendable {
    let underlying: UnderlyingIdentifier
    let pair: StrikePair
    let isPriced: Bool
    let isPaidAtFill: Bool
    let fractionBits: Int64
    /// Micro-units of one tick on one lot.
    let tickValue: Int64
    /// What a lot counts in a reach, in 10⁻⁹ units of the underlying; of spot nothing.
    let reachSize: Int64
    let markValue: Int64
    let longValue: Int64
    let shortValue: Int64
    let initial: LotCharge
    let maintenance: LotCharge
    let orderFloor: Int64
    /// The position from which on its concentration is charged, in lots.
    let concentrationFrom: Int64

    init(
        _ risk: InstrumentRisk, pair: StrikePair = .none, concentrationFrom: Int64 = .max
    ) {
        underlying = risk.instrument.underlying
        self.pair = pair
        isPriced = risk.isPriced
        isPaidAtFill = risk.instrument.isPaidAtFill
        fractionBits = risk.fractionBits
        tickValue = risk.instrument.tickValue
        reachSize = risk.instrument.kind == .spot ? 0 : risk.instrument.lotSize
        markValue = risk.markValue
        longValue = risk.longValue
        shortValue = risk.shortValue
        initial = risk.initialCharge
        maintenance = risk.maintenanceCharge
        orderFloor = risk.orderFloor
        self.concentrationFrom = concentrationFrom
    }

    /// The worth for initial margin on a side: the worse for the holder.
    func initialValue(isLong: Bool) -> Int64 { isLong ? longValue : shortValue }

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
