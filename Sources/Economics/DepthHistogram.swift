/// The depth that sources have had for 95 % of the last 30 days: a percentile in a few dozen
/// counters. Depth is sorted into classes a quarter of a power of two wide; each class holds for
/// how long the depth was in it, and every day all of it loses a thirtieth, so that what is counted
/// has a mean age of 30 days. What is read is the lower end of a class: never more than the depth
/// was.
///
/// Lying depth has to last: from a month of honest samples the fifth percentile moves only after
/// 5 % of the time counted, which is more than a day.

public import Canonical
public import FixedPoint

/// How long the depth was how much.
public struct DepthHistogram: Equatable, Sendable {
    /// Milliseconds by class; none is above `largestWeight`.
    private var weights = [UInt64](repeating: 0, count: DepthHistogram.classes)
    /// The day of the last sample, since 1970.
    private var day: UInt64

    /// Classes to a power of two: in steps of 1, 1¼, 1½, 1¾.
    private static let fractionBits = 2
    /// Bits of an amount.
    private static let bits = 63
    private static let classes = bits << fractionBits
    /// What the opening depth counts: a day, so that after twenty days less than 5 % of it is left.
    private static let openingWeight = Duration.day
    /// Far above what all time since 1970 comes to, so that sums of weights fit.
    private static let largestWeight: UInt64 = 1 << 48
    /// The mean age in days of what counts.
    private static let memory: UInt64 = 30
    /// The percentile: the fifth of a hundred.
    private static let part: (of: UInt64, whole: UInt64) = (5, 100)
    /// Longest time that one sample stands for: after an outage nobody knows.
    public static let longestSample = Duration.minute

    /// - Parameters:
    ///   - opening: what the depth is taken to be before it was measured.
    ///   - start: when it begins.
    public init(opening: Amount, at start: Timestamp) {
        day = start.count(of: .day)
        weights[DepthHistogram.place(of: opening)] = DepthHistogram.openingWeight.milliseconds
    }

    /// Counts a depth for the time that passed.
    ///
    /// - Parameters:
    ///   - depth: in µ; below zero counts as zero.
    ///   - elapsed: more than `longestSample` counts as that.
    public mutating func add(_ depth: Amount, elapsed: Duration, now: Timestamp) {
        turn(to: now.count(of: .day))
        let time = min(elapsed, DepthHistogram.longestSample).milliseconds
        weights[DepthHistogram.place(of: depth)] += time
    }

    /// The fifth percentile, in µ: the lower end of its class. O(classes).
    public var percentile: Amount {
        var total: UInt64 = 0
        for weight in weights { total += weight }
        var below: UInt64 = 0
        for place in weights.indices {
            below += weights[place]
            if below * DepthHistogram.part.whole > total * DepthHistogram.part.of {
                return DepthHistogram.lowerEnd(of: place)
            }
        }
        return .zero
    }

    /// Ages everything by the days that passed.
    private mutating func turn(to today: UInt64) {
        guard today > day else { return }
        // After so many days nothing is left of anything but the last sample.
        let days = min(today - day, DepthHistogram.memory * DepthHistogram.memory)
        for _ in 0..<days {
            for place in weights.indices where weights[place] > 0 {
                weights[place] -=
                    (weights[place] + DepthHistogram.memory - 1)
                    / DepthHistogram.memory
            }
        }
        day = today
    }

    /// The class of a depth: its highest bit and the two behind it.
    static func place(of depth: Amount) -> Int {
        let value = UInt64(max(depth, Amount(units: 1)).units)
        let exponent = UInt64.bitWidth - 1 - value.leadingZeroBitCount
        let quarters = Int((UInt128(value) << UInt128(fractionBits)) >> UInt128(exponent))
        return (exponent << fractionBits) + quarters - (1 << fractionBits)
    }

    /// The least depth of a class, in µ.
    static func lowerEnd(of place: Int) -> Amount {
        let exponent = place >> fractionBits
        let quarters = place - (exponent << fractionBits) + (1 << fractionBits)
        let wide = (UInt128(quarters) << UInt128(exponent)) >> UInt128(fractionBits)
        return Amount(microunits: Int64(clamping: wide))
    }
}

extension DepthHistogram {
    /// Appends the classes that hold something.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(day)
        encoder.append(UInt32(weights.count { $0 > 0 }))
        for place in weights.indices where weights[place] > 0 {
            encoder.append(UInt8(place))
            encoder.append(weights[place])
        }
    }

    /// Reads what `encodeState` wrote.
    ///
    /// - Throws: `DecodingFault`.
    public mutating func decodeState(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        day = try decoder.uint64()
        weights = [UInt64](repeating: 0, count: DepthHistogram.classes)
        let start = decoder.offset
        var next = 0
        for _ in 0..<(try decoder.listCount(limit: DepthHistogram.classes)) {
            let place = Int(try decoder.byte())
            let weight = try decoder.uint64()
            guard place >= next, place < DepthHistogram.classes, weight > 0,
                weight <= DepthHistogram.largestWeight
            else { throw DecodingFault(.outOfRange, at: start) }
            weights[place] = weight
            next = place + 1
        }
    }
}

extension Duration {
    private static let nanosecondsOfMillisecond: UInt64 = 1_000_000

    /// Whole milliseconds, the unit of weights.
    fileprivate var milliseconds: UInt64 { nanoseconds / Duration.nanosecondsOfMillisecond }
}
