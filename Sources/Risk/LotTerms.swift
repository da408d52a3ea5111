/// What the hot path needs of an instrument's valuation, in one piece without references: the same
/// figures as in `InstrumentRisk`, copied at every repricing.

import Canonical
import Catalogue
import FixedPoint

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
    }

    /// Whether there has been a price yet.
    var isPriced: Bool { markValue > 0 }

    /// The worth for initial margin on a side: the worse for the holder.
    func initialValue(isLong: Bool) -> Int64 { isLong ? longValue : shortValue }
}
