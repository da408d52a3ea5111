/// What passed within a window of time, in buckets of a fixed width. The bucket that is being
/// filled counts beside a whole window of full ones, so the sum is never less than that of the
/// sliding window, and at most of one bucket more.

public import Canonical
public import FixedPoint

/// A sum over the last so much time.
public struct SlidingSum: Equatable, Sendable {
    /// The length of a bucket; positive.
    public let width: Duration
    /// By bucket number modulo their count: full ones for the window, and the one being filled.
    private var buckets: [Int64]
    /// The number of the bucket being filled.
    private var newest: UInt64 = 0
    /// Σ buckets, at most `SlidingSum.largest`.
    private var total: Int64 = 0

    /// More is not counted: far above any vault, far below the end of the range. Ours.
    public static let largest: Int64 = 1 << 62

    /// Nothing so far.
    ///
    /// - Parameters:
    ///   - width: of a bucket; positive.
    ///   - buckets: that make the window; positive.
    public init(width: Duration, buckets count: Int) {
        precondition(
            width > .zero && count > 0, "Invariant: a window has a length and buckets")
        self.width = width
        buckets = [Int64](repeating: 0, count: count + 1)
    }

    /// Whether nothing counts, and nothing will until the next amount comes.
    public var isEmpty: Bool { total == 0 }

    /// What counts at a time that is not earlier than any before. Nothing changes: what has left
    /// the window goes when the next amount comes.
    public func total(at now: Timestamp) -> Int64 {
        let bucket = now.count(of: width)
        guard total != 0, bucket > newest else { return total }
        var left = total
        for step in 1...Int(min(bucket - newest, UInt64(buckets.count))) {
            left -= buckets[Int((newest + UInt64(step)) % UInt64(buckets.count))]
        }
        return left
    }

    /// Lets go what has left the window.
    private mutating func advance(to now: Timestamp) {
        let bucket = now.count(of: width)
        guard bucket > newest else { return }
        let steps = Int(min(bucket - newest, UInt64(buckets.count)))
        if total != 0 {
            for step in 1...steps {
                let place = Int((newest + UInt64(step)) % UInt64(buckets.count))
                total -= buckets[place]
                buckets[place] = 0
            }
        }
        newest = bucket
    }

    /// Counts an amount at a time that is not earlier than any before.
    ///
    /// - Parameter amount: not negative.
    public mutating func add(_ amount: Int64, at now: Timestamp) {
        advance(to: now)
        let counted = min(amount, SlidingSum.largest - total)
        buckets[Int(newest % UInt64(buckets.count))] += counted
        total += counted
    }

    /// Takes an amount back, the newest first, as far as there is any.
    ///
    /// - Parameter amount: not negative.
    public mutating func takeBack(_ amount: Int64, at now: Timestamp) {
        advance(to: now)
        var left = min(amount, total)
        total -= left
        for age in 0..<buckets.count where left > 0 {
            let distance = UInt64(buckets.count - age)
            let place = Int((newest + distance) % UInt64(buckets.count))
            let taken = min(left, buckets[place])
            buckets[place] -= taken
            left -= taken
        }
    }

    /// Appends everything but the shape, which is fixed. Where nothing counts it does not matter
    /// since when, so that an idle sum has one encoding.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(total == 0 ? 0 : newest)
        for bucket in buckets { encoder.append(bucket) }
    }

    /// Reads what `encodeState` wrote of the same shape.
    ///
    /// - Throws: `DecodingFault`.
    public mutating func decodeState(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        newest = try decoder.uint64()
        total = 0
        for place in buckets.indices {
            let start = decoder.offset
            buckets[place] = try decoder.int64()
            guard buckets[place] >= 0, buckets[place] <= SlidingSum.largest - total else {
                throw DecodingFault(.outOfRange, at: start)
            }
            total += buckets[place]
        }
    }
}
