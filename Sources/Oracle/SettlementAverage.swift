/// The average of an index over the last half hour before an expiry, at which everything that
/// expires then is settled (DESIGN 7; `facts/risk.md`, attack 16: a halt gives one observation the
/// whole window).
///
/// The window is cut into sixty buckets. Each sums up price × time and time of the index as it
/// stood before each block's observations, so that no price counts for time before it was known. An
/// observation counts for no more than `observationWeight` after it was made; time that none covers
/// counts for nothing. At the expiry the average is taken if enough of the window is covered; if
/// not, settlement is postponed: averaging goes on, and the same is asked of the sixty buckets
/// before each later bucket's end.

public import Canonical
public import FixedPoint

/// How expiries of an underlying are settled. Defaults: `facts/risk.md`.
public struct SettlementParameters: Equatable, Sendable {
    /// The length of the average; a whole number of minutes in `1 ... 60`.
    public var window: Duration
    /// The share of the window that must be covered, in `(½, 1]`.
    public var coverage: Ratio
    /// How long an observation counts at most; positive, at most the window.
    public var observationWeight: Duration

    public init(window: Duration, coverage: Ratio, observationWeight: Duration) {
        self.window = window
        self.coverage = coverage
        self.observationWeight = observationWeight
    }

    /// 30 minutes, 80 %, 15 s.
    public static let standard = SettlementParameters(
        window: .seconds(1_800), coverage: Ratio(basisPoints: 8_000),
        observationWeight: .seconds(15))

    /// Whether every field is in range.
    var isValid: Bool {
        window > .zero && window <= .hour
            && window.nanoseconds % Duration.seconds(60).nanoseconds == 0
            && coverage.units > Ratio.one.units / 2 && coverage <= .one
            && observationWeight > .zero && observationWeight <= window
    }
}

/// The running average behind one expiry of one underlying.
public struct SettlementAverage: Equatable, Sendable {
    /// What a step of time has led to.
    public enum Outcome: Equatable, Sendable {
        case running
        /// The expiry has come, and only this share of the window was covered.
        case postponed(coverage: Ratio)
        /// The average, rounded down.
        case settled(IndexPrice)
    }

    private struct Bucket: Equatable, Sendable {
        /// Σ price × nanoseconds.
        var sum: Int128 = 0
        /// Nanoseconds.
        var covered: UInt64 = 0
    }

    /// How many buckets there are.
    static let bucketCount: UInt64 = 60

    public let parameters: SettlementParameters
    public let expiry: Timestamp
    /// Up to where time has been counted.
    public private(set) var through: Timestamp
    /// In turn, the bucket of `through` among them.
    private var buckets = [Bucket](
        repeating: Bucket(), count: Int(SettlementAverage.bucketCount))

    /// - Parameter time: from where on time is counted, if the window has begun by then.
    public init(parameters: SettlementParameters, expiry: Timestamp, from time: Timestamp) {
        self.parameters = parameters
        self.expiry = expiry
        through = max(time, SettlementAverage.start(of: expiry, parameters))
    }

    /// When the window of an expiry begins.
    public static func start(
        of expiry: Timestamp, _ parameters: SettlementParameters
    ) -> Timestamp {
        let length = min(parameters.window.nanoseconds, expiry.nanoseconds)
        return Timestamp(nanoseconds: expiry.nanoseconds - length)
    }

    private var bucketLength: UInt64 {
        parameters.window.nanoseconds / SettlementAverage.bucketCount
    }

    /// The bucket of an instant, counted from the first; one that begins at the instant.
    private func bucket(of time: Timestamp) -> UInt64 {
        let start = SettlementAverage.start(of: expiry, parameters)
        return time.elapsed(since: start).nanoseconds / bucketLength
    }

    /// Where a bucket begins; the end of time where it would begin later.
    private func start(ofBucket number: UInt64) -> Timestamp {
        let (offset, overflow) = number.multipliedReportingOverflow(by: bucketLength)
        return SettlementAverage.start(of: expiry, parameters)
            .advanced(by: Duration(nanoseconds: overflow ? .max : offset))
    }

    /// Counts the time up to `now`, in which the index stood at `price`.
    ///
    /// - Parameters:
    ///   - price: zero where there is none.
    ///   - observed: when the observations behind it were made.
    /// - Returns: `postponed` once, in the step that passes the expiry; `settled` at the first
    ///   bucket's end from the expiry on with enough behind it, after which time stands still.
    public mutating func advance(
        to now: Timestamp, price: IndexPrice, observed: Timestamp
    ) -> Outcome {
        var outcome = Outcome.running
        let end =
            price.isPositive
            ? min(now, observed.advanced(by: parameters.observationWeight)) : .epoch
        while through < now {
            let number = bucket(of: through)
            let boundary = start(ofBucket: number + 1)
            let next = min(now, boundary)
            count(from: through, to: min(next, end), price: price, in: number)
            through = next
            guard next == boundary else { break }
            if boundary >= expiry, let average = averageIfCovered { return .settled(average) }
            if boundary == expiry { outcome = .postponed(coverage: coverage) }
            // After the last covered bucket no later end can have more behind it.
            if boundary >= end, boundary >= expiry { skip(to: now) }
            clearBucket(of: through)
        }
        return outcome
    }

    private mutating func count(
        from start: Timestamp, to end: Timestamp, price: IndexPrice, in number: UInt64
    ) {
        let span = end.elapsed(since: start).nanoseconds
        guard span > 0 else { return }
        let place = Int(number % SettlementAverage.bucketCount)
        buckets[place].sum += Int128(price.units) * Int128(span)
        buckets[place].covered += span
    }

    /// Forgets what leaves the window where time that nothing covers is passed in one go.
    private mutating func skip(to now: Timestamp) {
        let passed = bucket(of: now) - bucket(of: through)
        let first = bucket(of: through)
        for number in first..<(first + min(passed, SettlementAverage.bucketCount)) {
            buckets[Int(number % SettlementAverage.bucketCount)] = Bucket()
        }
        through = now
    }

    private mutating func clearBucket(of time: Timestamp) {
        buckets[Int(bucket(of: time) % SettlementAverage.bucketCount)] = Bucket()
    }

    private var total: Bucket {
        var total = Bucket()
        for bucket in buckets {
            total.sum += bucket.sum
            total.covered += bucket.covered
        }
        return total
    }

    private var averageIfCovered: IndexPrice? {
        let total = total
        let needed = UInt128(parameters.window.nanoseconds) * UInt128(parameters.coverage.units)
        guard UInt128(total.covered) * UInt128(Ratio.one.units) >= needed else { return nil }
        return average
    }

    /// The average so far, rounded down; nil where nothing is covered yet.
    public var average: IndexPrice? {
        let total = total
        guard total.covered > 0 else { return nil }
        // An average of 64-bit prices fits.
        return IndexPrice(units: Int64(total.sum / Int128(total.covered)))
    }

    /// The share of the settlement price that the average so far makes up: covered time by covered
    /// time and the time that is left. While it is postponed, covered time by the window.
    public var fixedShare: Ratio {
        let covered = total.covered
        let left = expiry.elapsed(since: through).nanoseconds
        let whole = left > 0 ? covered + left : parameters.window.nanoseconds
        // Both are at most an hour.
        return Ratio(
            units: Int64(
                UInt128(min(covered, whole)) * UInt128(Ratio.one.units) / UInt128(whole)))
    }

    /// The share of the window that is covered.
    public var coverage: Ratio {
        Ratio(
            units: Int64(
                UInt128(min(total.covered, parameters.window.nanoseconds))
                    * UInt128(Ratio.one.units) / UInt128(parameters.window.nanoseconds)))
    }
}

extension SettlementAverage {
    /// Appends everything but the parameters, which genesis holds.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(expiry)
        encoder.append(through)
        for bucket in buckets {
            encoder.append(bucket.sum)
            encoder.append(bucket.covered)
        }
    }

    /// Reads what `encodeState` wrote.
    ///
    /// - Throws: `DecodingFault`, also where a bucket holds more than it can.
    public init(
        parameters: SettlementParameters, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let start = decoder.offset
        self.parameters = parameters
        expiry = try decoder.timestamp()
        through = try decoder.timestamp()
        for place in buckets.indices {
            buckets[place] = Bucket(
                sum: try decoder.int128(), covered: try decoder.uint64())
            let most = Int128(Int64.max) * Int128(buckets[place].covered)
            guard buckets[place].covered <= bucketLength, buckets[place].sum >= 0,
                buckets[place].sum <= most
            else { throw DecodingFault(.outOfRange, at: start) }
        }
        guard through >= SettlementAverage.start(of: expiry, parameters) else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}

extension SettlementParameters: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(window.nanoseconds)
        encoder.append(coverage)
        encoder.append(observationWeight.nanoseconds)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        window = Duration(nanoseconds: try decoder.uint64())
        coverage = try decoder.quantity()
        observationWeight = Duration(nanoseconds: try decoder.uint64())
    }
}
