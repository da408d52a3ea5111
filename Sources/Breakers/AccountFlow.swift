/// What one owner sends, counted as it comes: the rate of orders and cancels, and five measures
/// that make suspect. Whatever they say throttles that owner and touches no market (DESIGN 8).
///
/// The rate is the generic cell rate algorithm: one instant says until when the owner's time is
/// spent; an order moves it on by the cost of an order, and is refused where it would lie further
/// ahead than the burst. Counts go by two buckets of a minute, of which both count in full.

public import FixedPoint

/// What an owner is suspected of.
public enum Suspicion: UInt8, CaseIterable, Sendable {
    /// Many orders for each fill.
    case orderToTrade = 0
    /// Takes from one side only.
    case oneSided = 1
    /// Orders meet the owner's own.
    case selfTrade = 2
    /// Trades round and round with one other.
    case ringTrade = 3
    /// Bursts of orders and cancels that leave nothing behind.
    case stuffing = 4
}

/// What an owner did within a minute.
struct FlowCounts: Equatable, Sendable {
    var orders: UInt32 = 0
    var cancels: UInt32 = 0
    var fills: UInt32 = 0
    var takes: UInt32 = 0
    var selfTrades: UInt32 = 0
    var busySeconds: UInt32 = 0
    /// The notional taken by buying and by selling, and all that was bought and sold.
    var tookBuying: Int64 = 0
    var tookSelling: Int64 = 0
    var bought: Int64 = 0
    var sold: Int64 = 0
}

/// The flow of one owner.
public struct AccountFlow: Equatable, Sendable {
    /// Nanoseconds since 1970 until which its time is spent.
    var ordersUntil: UInt64 = 0
    var cancelsUntil: UInt64 = 0
    var minute: UInt64 = 0
    var current = FlowCounts()
    var previous = FlowCounts()
    /// The second that messages are counted in, and how many.
    var second: UInt64 = 0
    var messages: UInt32 = 0
    /// Whom it trades with most, and the lead of those fills over all others.
    var partner: UInt32 = 0
    var lead: UInt32 = 0
    /// Of what it is suspected, a bit for each.
    public internal(set) var suspicions: UInt8 = 0

    public init() {}

    /// Of what it is suspected.
    public var suspected: [Suspicion] { Suspicion.allCases.filter { holds($0) } }

    private func holds(_ suspicion: Suspicion) -> Bool {
        suspicions & (1 << suspicion.rawValue) != 0
    }

    /// Whether one more order is within the rate.
    public func admitsOrder(_ parameters: FlowParameters, at now: Timestamp) -> Bool {
        let spent = max(ordersUntil, now.nanoseconds) &+ cost(parameters, at: now)
        return spent <= now.nanoseconds &+ parameters.orderRoom
    }

    /// What an order costs now: twice as much for each suspicion, as far as there is burst for one.
    private func cost(_ parameters: FlowParameters, at now: Timestamp) -> UInt64 {
        guard suspicions != 0, now.count(of: .minute) <= minute + 1 else {
            return parameters.orderInterval
        }
        return min(
            parameters.orderInterval << UInt64(suspicions.nonzeroBitCount), parameters.orderRoom)
    }

    /// Counts an order that was taken.
    ///
    /// - Returns: whether suspicions changed.
    public mutating func countOrder(_ parameters: FlowParameters, at now: Timestamp) -> Bool {
        ordersUntil = max(ordersUntil, now.nanoseconds) &+ cost(parameters, at: now)
        turn(to: now)
        current.orders.count(1)
        countMessage(parameters, at: now)
        return judge(parameters)
    }

    /// Counts a cancel. It is never refused; beyond the rate of cancels it costs an order.
    ///
    /// - Returns: whether suspicions changed.
    public mutating func countCancel(_ parameters: FlowParameters, at now: Timestamp) -> Bool {
        let spent = max(cancelsUntil, now.nanoseconds) &+ parameters.cancelInterval
        if spent <= now.nanoseconds &+ parameters.orderRoom {
            cancelsUntil = spent
        } else {
            // Never further ahead than the burst: a silent owner is free again after that.
            ordersUntil = min(
                max(ordersUntil, now.nanoseconds) &+ parameters.orderInterval,
                now.nanoseconds &+ parameters.orderRoom)
        }
        turn(to: now)
        current.cancels.count(1)
        countMessage(parameters, at: now)
        return judge(parameters)
    }

    /// Counts an order that met another of the same owner.
    ///
    /// - Returns: whether suspicions changed.
    public mutating func countSelfTrade(_ parameters: FlowParameters, at now: Timestamp) -> Bool {
        turn(to: now)
        current.selfTrades.count(1)
        return judge(parameters)
    }

    /// Counts one side of a trade.
    ///
    /// - Parameters:
    ///   - notional: not negative.
    ///   - other: the number of the other owner.
    /// - Returns: whether suspicions changed.
    public mutating func countFill(
        _ notional: Amount, isBuyer: Bool, isTaker: Bool, with other: UInt32,
        _ parameters: FlowParameters, at now: Timestamp
    ) -> Bool {
        turn(to: now)
        current.fills.count(1)
        if isBuyer {
            current.bought.count(notional.units)
        } else {
            current.sold.count(notional.units)
        }
        if isTaker {
            current.takes.count(1)
            if isBuyer {
                current.tookBuying.count(notional.units)
            } else {
                current.tookSelling.count(notional.units)
            }
        }
        // Majority vote (Boyer and Moore 1981): one candidate, and how far it is ahead.
        if partner == other {
            lead.count(1)
        } else if lead == 0 {
            partner = other
            lead = 1
        } else {
            lead -= 1
        }
        return judge(parameters)
    }

    private mutating func countMessage(_ parameters: FlowParameters, at now: Timestamp) {
        let current = now.count(of: .seconds(1))
        if current != second {
            second = current
            messages = 0
        }
        messages.count(1)
        if messages == parameters.stuffingRate { self.current.busySeconds.count(1) }
    }

    /// Goes on to the bucket of `now`.
    private mutating func turn(to now: Timestamp) {
        let current = now.count(of: .minute)
        guard current > minute else { return }
        previous = current == minute + 1 ? self.current : FlowCounts()
        self.current = FlowCounts()
        // The vote fades as the fills behind it leave the window.
        lead = current == minute + 1 ? min(lead, previous.fills) : 0
        minute = current
    }

    /// Judges both buckets together.
    private mutating func judge(_ parameters: FlowParameters) -> Bool {
        let least = UInt64(parameters.leastCount)
        let orders = UInt64(current.orders) + UInt64(previous.orders)
        let fills = UInt64(current.fills) + UInt64(previous.fills)
        let takes = UInt64(current.takes) + UInt64(previous.takes)
        var found: UInt8 = 0
        func mark(_ suspicion: Suspicion, _ isFound: Bool) {
            if isFound { found |= 1 << suspicion.rawValue }
        }
        mark(
            .orderToTrade,
            orders >= least && orders / UInt64(parameters.ordersPerFill) > fills)
        mark(
            .oneSided,
            takes >= least
                && AccountFlow.isLopsided(
                    current.tookBuying, previous.tookBuying, current.tookSelling,
                    previous.tookSelling, share: parameters.oneSidedShare)
        )
        mark(
            .selfTrade,
            UInt64(current.selfTrades) + UInt64(previous.selfTrades)
                >= UInt64(parameters.selfTrades))
        let ring = UInt128(fills) * UInt128(parameters.ringShare.units)
        mark(
            .ringTrade,
            fills >= least && UInt128(lead) * UInt128(Ratio.one.units) >= ring
                && !AccountFlow.isLopsided(
                    current.bought, previous.bought, current.sold, previous.sold,
                    share: AccountFlow.roundTripShare)
        )
        mark(
            .stuffing,
            UInt64(current.busySeconds) + UInt64(previous.busySeconds)
                >= UInt64(parameters.stuffingSeconds))
        defer { suspicions = found }
        return found != suspicions
    }

    /// Buying and selling cancel out while neither is more than this share of both. Ours.
    private static let roundTripShare = Ratio(basisPoints: 6_000)

    /// Whether one of two sums is at least a share of both together.
    private static func isLopsided(
        _ left: Int64, _ earlierLeft: Int64, _ right: Int64, _ earlierRight: Int64, share: Ratio
    ) -> Bool {
        let left = Int128(left) + Int128(earlierLeft)
        let right = Int128(right) + Int128(earlierRight)
        return max(left, right) * Int128(Ratio.one.units) >= (left + right) * Int128(share.units)
    }
}

extension FixedWidthInteger {
    /// Adds, and stays at the end of the range.
    fileprivate mutating func count(_ more: Self) {
        let (sum, overflow) = addingReportingOverflow(more)
        self = overflow ? .max : sum
    }
}
