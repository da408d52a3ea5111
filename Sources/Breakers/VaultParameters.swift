/// What holds back a compartment: how fast its vault may empty, and what trips all its markets at
/// once. Outflow is of `facts/risk.md` ("Net outflow 3 %/h, 10 %/day"); the rest is ours.

public import Canonical
public import FixedPoint

/// The limits of a vault and its compartment.
public struct VaultParameters: Equatable, Sendable {
    /// The share of a vault that may leave within an hour, net by account, in `(0, 1]`.
    public var hourlyOutflow: Ratio
    /// The same within a day; not below `hourlyOutflow`.
    public var dailyOutflow: Ratio
    /// What an account may take out within a day in the lane for small withdrawals.
    public var smallAmount: Amount
    /// The share of a vault that may leave by that lane within an hour, in `0 ... 1`.
    public var smallOutflow: Ratio
    /// The share of a compartment's open interest whose owners may be liquidated within five
    /// minutes, in `(0, 1]`.
    public var liquidationShare: Ratio
    /// However small the open interest, so much may be.
    public var liquidationFloor: Amount
    /// The share of its insurance fund that may be paid out within an hour, in `(0, 1]`.
    public var drawdownShare: Ratio
    /// However small the fund, so much may be.
    public var drawdownFloor: Amount
    /// A trigger is clear below this share of its threshold, in `(0, 1]`.
    public var clearShare: Ratio
    /// How long a trigger must be clear.
    public var cooling: Duration
    /// When a hold ends that is not renewed; longer than the cooling.
    public var expiry: Duration

    public init(
        hourlyOutflow: Ratio, dailyOutflow: Ratio, smallAmount: Amount, smallOutflow: Ratio,
        liquidationShare: Ratio, liquidationFloor: Amount, drawdownShare: Ratio,
        drawdownFloor: Amount, clearShare: Ratio, cooling: Duration, expiry: Duration
    ) {
        self.hourlyOutflow = hourlyOutflow
        self.dailyOutflow = dailyOutflow
        self.smallAmount = smallAmount
        self.smallOutflow = smallOutflow
        self.liquidationShare = liquidationShare
        self.liquidationFloor = liquidationFloor
        self.drawdownShare = drawdownShare
        self.drawdownFloor = drawdownFloor
        self.clearShare = clearShare
        self.cooling = cooling
        self.expiry = expiry
    }

    /// For a venue: 3 % an hour and 10 % a day, small up to $10,000.
    public static let standard = VaultParameters(
        hourlyOutflow: Ratio(basisPoints: 300), dailyOutflow: Ratio(basisPoints: 1_000),
        smallAmount: Amount(microunits: 10_000_000_000), smallOutflow: Ratio(basisPoints: 100),
        liquidationShare: Ratio(basisPoints: 1_000),
        liquidationFloor: Amount(microunits: 2_000_000_000_000),
        drawdownShare: Ratio(basisPoints: 2_500),
        drawdownFloor: Amount(microunits: 50_000_000_000),
        clearShare: Ratio(basisPoints: 5_000), cooling: .seconds(300), expiry: .seconds(900))

    /// How long holds last.
    public var terms: HoldTerms { HoldTerms(cooling: cooling, expiry: expiry) }

    /// A reading of a measure with a threshold of its own.
    public func reading(
        _ trigger: BreakerTrigger, _ measured: Int64, threshold: Int64
    ) -> BreakerReading {
        let one = Int128(Ratio.one.units)
        let clearing = (Int128(threshold) * Int128(clearShare.units) + one - 1) / one
        return BreakerReading(
            trigger, measured: measured, threshold: threshold, clearing: Int64(clearing))
    }

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        func isShare(_ ratio: Ratio) -> Bool { ratio.isPositive && ratio <= .one }
        if !isShare(hourlyOutflow) { return "hourlyOutflow" }
        if !isShare(dailyOutflow) || dailyOutflow < hourlyOutflow { return "dailyOutflow" }
        if smallAmount.isNegative { return "smallAmount" }
        if smallOutflow.isNegative || smallOutflow > .one { return "smallOutflow" }
        if !isShare(liquidationShare) { return "liquidationShare" }
        if !liquidationFloor.isPositive { return "liquidationFloor" }
        if !isShare(drawdownShare) { return "drawdownShare" }
        if !drawdownFloor.isPositive { return "drawdownFloor" }
        if !isShare(clearShare) { return "clearShare" }
        if cooling == .zero || cooling > .day { return "cooling" }
        if expiry <= cooling || expiry > GuardianTerms.longest { return "expiry" }
        return nil
    }
}

extension VaultParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(hourlyOutflow)
        encoder.append(dailyOutflow)
        encoder.append(smallAmount)
        encoder.append(smallOutflow)
        encoder.append(liquidationShare)
        encoder.append(liquidationFloor)
        encoder.append(drawdownShare)
        encoder.append(drawdownFloor)
        encoder.append(clearShare)
        encoder.append(cooling.nanoseconds)
        encoder.append(expiry.nanoseconds)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        hourlyOutflow = try decoder.quantity()
        dailyOutflow = try decoder.quantity()
        smallAmount = try decoder.quantity()
        smallOutflow = try decoder.quantity()
        liquidationShare = try decoder.quantity()
        liquidationFloor = try decoder.quantity()
        drawdownShare = try decoder.quantity()
        drawdownFloor = try decoder.quantity()
        clearShare = try decoder.quantity()
        cooling = Duration(nanoseconds: try decoder.uint64())
        expiry = Duration(nanoseconds: try decoder.uint64())
    }
}
