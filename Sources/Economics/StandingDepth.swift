/// What of a venue's own book counts: what has stood. Orders near the mark that were sent a moment
/// ago, and may leave as fast, neither make a market look deep nor move its premium; they count
/// when they have rested (`facts/risk.md`, attack 11). No order is followed for that: of each side
/// the least that any sample saw is kept, and a fresh order cannot raise what was seen before it
/// came. Likewise a side's impact price is the worst of the samples.
///
/// Samples are kept in two periods, the current and the one before it, so that what is counted has
/// stood for at least one period and at most two.

public import Canonical
public import FixedPoint

/// What a book showed at one moment.
public struct BookSample: Equatable, Sendable {
    /// The notional of shown bids within 2 % below the mark, in µ.
    public var bidDepth: Amount
    /// The same of asks above it.
    public var askDepth: Amount
    /// The impact price of the bids over the index, less 1, within ±1; nil where they are too thin.
    public var bidPremium: Ratio?
    /// The same of the asks.
    public var askPremium: Ratio?

    public init(
        bidDepth: Amount, askDepth: Amount, bidPremium: Ratio? = nil, askPremium: Ratio? = nil
    ) {
        self.bidDepth = bidDepth
        self.askDepth = askDepth
        self.bidPremium = bidPremium
        self.askPremium = askPremium
    }

    /// The worse of two on each side; what is too thin in one is too thin.
    func worst(_ other: BookSample) -> BookSample {
        var result = BookSample(
            bidDepth: min(bidDepth, other.bidDepth), askDepth: min(askDepth, other.askDepth))
        if let left = bidPremium, let right = other.bidPremium {
            result.bidPremium = min(left, right)
        }
        if let left = askPremium, let right = other.askPremium {
            result.askPremium = max(left, right)
        }
        return result
    }

    /// The mean of the two premiums, rounded down; nil where a side is too thin.
    public var midPremium: Ratio? {
        guard let bidPremium, let askPremium else { return nil }
        return Ratio(units: (bidPremium.units + askPremium.units) >> 1)
    }
}

/// What the book of one instrument has shown for the last periods.
public struct StandingDepth: Equatable, Sendable {
    /// How long an order must have rested to count: 30 s (`facts/risk.md`, attack 11).
    public static let period = Duration.seconds(30)
    /// How far from the mark an order may stand to count: 2 %.
    public static let reach = Ratio(basisPoints: 200)

    public let instrument: InstrumentIdentifier
    /// Periods since 1970 of the current one.
    private var count: UInt64 = 0
    /// The worst of the current period; nil before its first sample.
    private var current: BookSample?
    /// The worst of the period before; nil where there was no sample.
    private var previous: BookSample?

    /// A book that nobody has looked at.
    public init(instrument: InstrumentIdentifier) { self.instrument = instrument }

    /// Takes a sample.
    public mutating func add(_ sample: BookSample, now: Timestamp) {
        let period = now.count(of: StandingDepth.period)
        if period != count {
            previous = period == count + 1 ? current : nil
            current = nil
            count = period
        }
        current = current.map { $0.worst(sample) } ?? sample
    }

    /// What has stood for a period at least; nothing before there are samples of two periods.
    public var standing: BookSample {
        guard let current, let previous else {
            return BookSample(bidDepth: .zero, askDepth: .zero)
        }
        return current.worst(previous)
    }
}

extension BookSample: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(bidDepth)
        encoder.append(askDepth)
        for premium in [bidPremium, askPremium] {
            encoder.append(premium != nil)
            if let premium { encoder.append(premium) }
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        bidDepth = try decoder.quantity()
        askDepth = try decoder.quantity()
        bidPremium = try decoder.boolean() ? try decoder.quantity() : nil
        askPremium = try decoder.boolean() ? try decoder.quantity() : nil
        for case let premium? in [bidPremium, askPremium] {
            guard premium >= -Ratio.one, premium <= .one else {
                throw DecodingFault(.outOfRange, at: start)
            }
        }
    }
}

extension StandingDepth: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(instrument)
        encoder.append(count)
        encoder.append(current)
        encoder.append(previous)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        instrument = try decoder.value()
        count = try decoder.uint64()
        current = try decoder.optional()
        previous = try decoder.optional()
    }
}
