/// What one lot of an instrument is worth now, and what it would gain or lose in each scenario. It
/// is derived from prices and rules, made again at every repricing, and never stored.

import Canonical
public import Catalogue
public import FixedPoint

/// The valuation of one instrument at one moment, per lot, in 2^-fractionBits µ.
public struct InstrumentRisk: Sendable {
    public let instrument: Instrument
    public let fractionBits: Int64
    /// The worth at the mark: maintenance margin, liquidation, deleveraging.
    public private(set) var markValue: Int64 = 0
    /// The worth of a long lot for initial margin: the lower of mark and stable price.
    public private(set) var longValue: Int64 = 0
    /// The worth of a short lot for initial margin: the higher of the two.
    public private(set) var shortValue: Int64 = 0
    /// Gain of a long lot per initial scenario, the rule's factor included.
    public private(set) var initialDelta: [Lanes] = []
    /// Gain of a long lot per maintenance scenario, the rule's factor included.
    public private(set) var maintenanceDelta: [Lanes] = []
    /// The gross charge per lot that could be held, under the initial rule.
    public private(set) var initialFloor: Int64 = 0
    /// The gross charge per lot held, under the maintenance rule.
    public private(set) var maintenanceFloor: Int64 = 0
    /// The least that an open order counts as losing, per lot.
    public private(set) var orderFloor: Int64 = 0
    /// What a long lot will pay in funding in eight hours at the current rate; negative if it
    /// receives.
    public private(set) var fundingDue: Int64 = 0

    public init(instrument: Instrument, fractionBits: Int64) {
        self.instrument = instrument
        self.fractionBits = fractionBits
    }

    /// Whether there has been a price yet. An option may be worth nothing and still be priced.
    public private(set) var isPriced = false

    /// Makes everything again from new prices.
    ///
    /// - Parameters:
    ///   - mark, stable: positive, within the underlying's bounds.
    ///   - fundingRate: for eight hours.
    /// - Throws: `ArithmeticFault.overflow` outside the bounds of the catalogue.
    public mutating func reprice(
        mark: IndexPrice, stable: IndexPrice, fundingRate: Ratio, parameters: MarginParameters
    ) throws(ArithmeticFault) {
        let markWorth = try instrument.lotValue(at: mark, fractionBits: fractionBits)
        let stableWorth = try instrument.lotValue(at: stable, fractionBits: fractionBits)
        isPriced = true
        markValue = markWorth
        longValue = min(markWorth, stableWorth)
        shortValue = max(markWorth, stableWorth)
        try Self.setDeltas(&initialDelta, markWorth, parameters.move, parameters.initial)
        try Self.setDeltas(&maintenanceDelta, markWorth, parameters.move, parameters.maintenance)
        initialFloor = try Self.share(parameters.initial.grossFloor, of: markWorth)
        maintenanceFloor = try Self.share(parameters.maintenance.grossFloor, of: markWorth)
        orderFloor = try Self.share(parameters.initial.orderFloor, of: markWorth)
        fundingDue = try Self.share(fundingRate, of: markWorth)
    }

    /// The margin of one lot under the maintenance rule, held alone on a side; positive.
    public func maintenancePerLot(isLong: Bool) -> Int64 {
        var worst: Int64 = 0
        for lanes in maintenanceDelta {
            worst = min(worst, isLong ? lanes.min() : -lanes.max())
        }
        let funding = max(0, isLong ? fundingDue : -fundingDue)
        return -worst + maintenanceFloor + funding
    }

    /// `worth × move × weight × factor` for each scenario, rounded down once: against the long. The
    /// last scenario is repeated to fill the last vector. The room of the last valuation is used
    /// again.
    private static func setDeltas(
        _ deltas: inout [Lanes], _ worth: Int64, _ move: Ratio, _ rule: MarginRule
    ) throws(ArithmeticFault) {
        let vectors = (rule.scenarios.count + 3) / 4
        if deltas.count != vectors {
            deltas = [Lanes](repeating: Lanes(repeating: 0), count: vectors)
        }
        let one = Int128(Ratio.one.units)
        var last: Int64 = 0
        for lane in 0..<(4 * vectors) {
            if lane < rule.scenarios.count {
                let scenario = rule.scenarios[lane]
                // Both ratios are below 8·10⁹, so that their product with a worth below 2³⁹ fits
                // 128 bits.
                let price = Int128(scenario.move.units) * Int128(move.units) / one
                let weight = Int128(scenario.weight.units) * Int128(rule.factor.units) / one
                last = try divide(Int128(worth) * price * weight, by: one * one, rounding: .down)
            }
            deltas[lane / 4][lane % 4] = last
        }
    }

    /// A share of a worth, rounded up: a charge is never too small.
    private static func share(
        _ ratio: Ratio, of worth: Int64
    ) throws(ArithmeticFault) -> Int64 {
        try divide(
            Int128(worth) * Int128(ratio.units), by: Int128(Ratio.one.units), rounding: .up)
    }
}
