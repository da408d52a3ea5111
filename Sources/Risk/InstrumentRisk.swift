/// What one lot of an instrument is worth now, and what it would gain or lose in each scenario. It
/// is derived from prices and rules, made again at every repricing, and never stored.

import Canonical
public import Catalogue
import FixedPoint

/// The valuation of one instrument at one moment, per lot, in 2^-fractionBits µ.
public struct InstrumentRisk: Sendable {
    public let instrument: Instrument
    public let fractionBits: Int64
    /// What it was valued by; nil before the first time, and after the last.
    public private(set) var quote: InstrumentQuote?
    /// The worth at the mark: maintenance margin, liquidation, deleveraging.
    public private(set) var markValue: Int64 = 0
    /// The worth of a long lot for initial margin: the lower of mark and stable price.
    public private(set) var longValue: Int64 = 0
    /// The worth of a short lot for initial margin: the higher of the two.
    public private(set) var shortValue: Int64 = 0
    /// Gain of a long lot per initial scenario, the rule's factor included.
    public internal(set) var initialDelta: [Lanes] = []
    /// Gain of a long lot per maintenance scenario, the rule's factor included.
    public internal(set) var maintenanceDelta: [Lanes] = []
    /// What a lot is charged beside the scenarios, under the initial rule.
    public internal(set) var initialCharge = LotCharge()
    /// The same under the maintenance rule.
    public internal(set) var maintenanceCharge = LotCharge()
    /// The least that an open order counts as losing, per lot.
    public internal(set) var orderFloor: Int64 = 0
    /// One lot of the underlying at the index.
    var underlyingWorth: Int64 = 0
    /// What a lot's exposure to the price of the underlying is worth; not negative.
    public internal(set) var exposureWorth: Int64 = 0
    /// Delta × index of a long lot.
    public internal(set) var deltaWorth: Int64 = 0
    /// Of an option whose rule asks something expiry by expiry.
    var expiryFactors: ExpiryFactors?
    /// The worth by the model that the scenarios start from.
    var modelValue: Int64 = 0

    public init(instrument: Instrument, fractionBits: Int64) {
        self.instrument = instrument
        self.fractionBits = fractionBits
    }

    /// Whether it can be valued.
    public var isPriced: Bool { quote != nil }

    /// Forgets the valuation: after the last settlement.
    mutating func retire() {
        self = InstrumentRisk(instrument: instrument, fractionBits: fractionBits)
    }

    /// The margin of one lot under the maintenance rule, held alone on a side; positive.
    public func maintenancePerLot(isLong: Bool) -> Int64 {
        var worst: Int64 = 0
        for lanes in maintenanceDelta {
            worst = min(worst, isLong ? lanes.min() : -lanes.max())
        }
        return -worst + maintenanceCharge.alone(isLong: isLong)
    }

    /// Sets what a lot is worth.
    ///
    /// - Parameter stable: at the stable price.
    mutating func setWorth(mark: Int64, stable: Int64, quote: InstrumentQuote) {
        self.quote = quote
        markValue = mark
        longValue = min(mark, stable)
        shortValue = max(mark, stable)
    }
}

/// What one lot is charged beside the scenarios, in 2^-fractionBits µ; nothing is negative but the
/// funding.
public struct LotCharge: Equatable, Sendable {
    /// On each lot that could be held.
    public var floor: Int64 = 0
    /// On each lot that is short net, over the options that it is netted with.
    public var shortFloor: Int64 = 0
    /// What a long lot will pay in funding; negative if it receives.
    public var fundingDue: Int64 = 0

    /// Of one lot held alone.
    func alone(isLong: Bool) -> Int64 {
        floor + (isLong ? 0 : shortFloor) + max(0, isLong ? fundingDue : -fundingDue)
    }
}
