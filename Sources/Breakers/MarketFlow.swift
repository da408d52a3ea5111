/// What trades in one market, as two published measures: the volume-synchronised probability of
/// informed trading (VPIN; Easley, López de Prado and O'Hara 2012) and the imbalance of the last
/// minutes. They inform; no level depends on them, since one account can buy them.
///
/// VPIN cuts trading into buckets of equal notional and averages, over the last fifty, the share by
/// which the takers of a bucket were on one side. Here the taker's side is known, not guessed, and
/// the average is exponential, so that it needs no ring of buckets.

public import Canonical
public import FixedPoint

/// The measures of one market.
public struct MarketFlow: Equatable, Sendable {
    /// Notional of the bucket being filled, by the taker's side; together below the bucket.
    private var bought: Int64 = 0
    private var sold: Int64 = 0
    /// The average one-sidedness of buckets, `0 ... 1`.
    public private(set) var toxicity = Ratio.zero
    private var minute: UInt64 = 0
    /// Notional that takers bought and sold in the minute, and in the one before.
    private var recent: (bought: Int64, sold: Int64) = (0, 0)
    private var earlier: (bought: Int64, sold: Int64) = (0, 0)

    /// Buckets in the average, as in the paper.
    private static let buckets: Int64 = 50
    /// More of one trade changes nothing: the average is where it would end.
    private static let mostBuckets: Int64 = 1_000

    public init() {}

    /// Whether nothing has traded.
    public var isIdle: Bool { self == MarketFlow() }

    /// Counts a trade by the side of its taker.
    ///
    /// - Parameters:
    ///   - notional: not negative.
    ///   - bucket: positive.
    public mutating func count(
        _ notional: Amount, isBuy: Bool, bucket: Amount, at now: Timestamp
    ) {
        turn(to: now)
        if isBuy {
            recent.bought = MarketFlow.sum(recent.bought, notional.units)
        } else {
            recent.sold = MarketFlow.sum(recent.sold, notional.units)
        }
        // The bucket has changed less than its own notional even where genesis could change it.
        var left = notional.units
        var filled: Int64 = 0
        while left > 0, filled < MarketFlow.mostBuckets {
            let part = min(left, bucket.units - bought - sold)
            left -= part
            if isBuy { bought += part } else { sold += part }
            guard bought + sold == bucket.units else { break }
            close(bucket)
            filled += 1
        }
    }

    /// Closes a full bucket.
    private mutating func close(_ bucket: Amount) {
        let one = Int128(Ratio.one.units)
        let share = Int64(Int128((bought - sold).magnitude) * one / Int128(bucket.units))
        toxicity = Ratio(
            units: toxicity.units + (share - toxicity.units) / MarketFlow.buckets)
        bought = 0
        sold = 0
    }

    /// What takers bought less what they sold, as a share of both, in `-1 ... 1`: of the minute
    /// that runs and the one before.
    public func imbalance(at now: Timestamp) -> Ratio {
        var turned = self
        turned.turn(to: now)
        let bought = Int128(turned.recent.bought) + Int128(turned.earlier.bought)
        let sold = Int128(turned.recent.sold) + Int128(turned.earlier.sold)
        guard bought + sold > 0 else { return .zero }
        return Ratio(
            units: Int64((bought - sold) * Int128(Ratio.one.units) / (bought + sold)))
    }

    private mutating func turn(to now: Timestamp) {
        let current = now.count(of: .minute)
        guard current > minute else { return }
        earlier = current == minute + 1 ? recent : (0, 0)
        recent = (0, 0)
        minute = current
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    public static func == (left: MarketFlow, right: MarketFlow) -> Bool {
        left.bought == right.bought && left.sold == right.sold && left.toxicity == right.toxicity
            && left.minute == right.minute && left.recent == right.recent
            && left.earlier == right.earlier
    }
}

extension MarketFlow: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(bought)
        encoder.append(sold)
        encoder.append(toxicity)
        encoder.append(minute)
        encoder.append(recent.bought)
        encoder.append(recent.sold)
        encoder.append(earlier.bought)
        encoder.append(earlier.sold)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        bought = try decoder.int64()
        sold = try decoder.int64()
        toxicity = try decoder.quantity()
        minute = try decoder.uint64()
        recent = (try decoder.int64(), try decoder.int64())
        earlier = (try decoder.int64(), try decoder.int64())
        let least = min(
            min(bought, sold, toxicity.units), min(recent.bought, recent.sold),
            min(earlier.bought, earlier.sold))
        guard least >= 0, toxicity <= .one, !bought.addingReportingOverflow(sold).overflow else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }

    /// Whether the bucket being filled is not full: of a market whose buckets hold so much.
    public func fits(bucket: Amount) -> Bool { bought + sold < bucket.units }
}
