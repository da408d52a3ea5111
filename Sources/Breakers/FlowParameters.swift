/// How much one owner may send, and what makes it suspect. Rates are of `facts/risk.md` ("All: 10
/// orders/s, burst 50, cancels 2×"); what makes suspect is ours. A suspicion never refuses by
/// itself: it halves the rate of that owner while it lasts.

public import Canonical
public import FixedPoint

/// The rates of an owner.
public struct FlowParameters: Equatable, Sendable {
    /// Orders a second in the long run, in `1 ... 1,000,000`. A transaction's quotes count as one
    /// order together.
    public var ordersPerSecond: UInt32
    /// Orders at once, in `1 ... 1,000,000`.
    public var burst: UInt32
    /// Cancels may be so many times as frequent, in `1 ... 100`; what exceeds that costs orders.
    public var cancelFactor: UInt32
    /// Fewer orders, or fills, than this within the window make nobody suspect; positive.
    public var leastCount: UInt32
    /// Orders for each fill that make suspect; positive.
    public var ordersPerFill: UInt32
    /// The share of what an owner took that may be on one side, in `(½, 1]`.
    public var oneSidedShare: Ratio
    /// Orders that met the owner's own and left, within the window; positive.
    public var selfTrades: UInt32
    /// The lead of fills with one other owner over all other fills, as a share of all, while what
    /// was bought and sold nearly cancels out, in `(0, 1]`.
    public var ringShare: Ratio
    /// Orders, amendments and cancels within a second that are a burst of stuffing; positive.
    public var stuffingRate: UInt32
    /// Such seconds within the window that make suspect; positive.
    public var stuffingSeconds: UInt32

    public init(
        ordersPerSecond: UInt32, burst: UInt32, cancelFactor: UInt32, leastCount: UInt32,
        ordersPerFill: UInt32, oneSidedShare: Ratio, selfTrades: UInt32, ringShare: Ratio,
        stuffingRate: UInt32, stuffingSeconds: UInt32
    ) {
        self.ordersPerSecond = ordersPerSecond
        self.burst = burst
        self.cancelFactor = cancelFactor
        self.leastCount = leastCount
        self.ordersPerFill = ordersPerFill
        self.oneSidedShare = oneSidedShare
        self.selfTrades = selfTrades
        self.ringShare = ringShare
        self.stuffingRate = stuffingRate
        self.stuffingSeconds = stuffingSeconds
    }

    /// For a venue.
    public static let standard = FlowParameters(
        ordersPerSecond: 10, burst: 50, cancelFactor: 2, leastCount: 100, ordersPerFill: 200,
        oneSidedShare: Ratio(basisPoints: 9_500), selfTrades: 20,
        ringShare: Ratio(basisPoints: 6_000), stuffingRate: 60, stuffingSeconds: 5)

    /// For a laboratory, where a few accounts stand for many.
    public static let laboratory = FlowParameters(
        ordersPerSecond: 100_000, burst: 1_000_000, cancelFactor: 2, leastCount: 100_000_000,
        ordersPerFill: 200, oneSidedShare: .one, selfTrades: 100_000_000, ringShare: .one,
        stuffingRate: 100_000_000, stuffingSeconds: 100_000_000)

    /// Most of a rate or a burst.
    private static let highestRate: UInt32 = 1_000_000
    /// Most of a factor.
    private static let highestFactor: UInt32 = 100

    /// The first field that is out of range, by name.
    public var faultyField: StaticString? {
        let half = Ratio(basisPoints: 5_000)
        if !(1...FlowParameters.highestRate).contains(ordersPerSecond) { return "ordersPerSecond" }
        if !(1...FlowParameters.highestRate).contains(burst) { return "burst" }
        if !(1...FlowParameters.highestFactor).contains(cancelFactor) { return "cancelFactor" }
        if leastCount == 0 { return "leastCount" }
        if ordersPerFill == 0 { return "ordersPerFill" }
        if oneSidedShare <= half || oneSidedShare > .one { return "oneSidedShare" }
        if selfTrades == 0 { return "selfTrades" }
        if !ringShare.isPositive || ringShare > .one { return "ringShare" }
        if stuffingRate == 0 { return "stuffingRate" }
        if stuffingSeconds == 0 { return "stuffingSeconds" }
        return nil
    }

    /// What one order costs of an owner's time.
    var orderInterval: UInt64 { Duration.seconds(1).nanoseconds / UInt64(ordersPerSecond) }
    /// How much of it may be owed at once.
    var orderRoom: UInt64 { orderInterval * UInt64(burst) }
    /// What one cancel costs.
    var cancelInterval: UInt64 { orderInterval / UInt64(cancelFactor) }
}

extension FlowParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(ordersPerSecond)
        encoder.append(burst)
        encoder.append(cancelFactor)
        encoder.append(leastCount)
        encoder.append(ordersPerFill)
        encoder.append(oneSidedShare)
        encoder.append(selfTrades)
        encoder.append(ringShare)
        encoder.append(stuffingRate)
        encoder.append(stuffingSeconds)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        ordersPerSecond = try decoder.uint32()
        burst = try decoder.uint32()
        cancelFactor = try decoder.uint32()
        leastCount = try decoder.uint32()
        ordersPerFill = try decoder.uint32()
        oneSidedShare = try decoder.quantity()
        selfTrades = try decoder.uint32()
        ringShare = try decoder.quantity()
        stuffingRate = try decoder.uint32()
        stuffingSeconds = try decoder.uint32()
    }
}
