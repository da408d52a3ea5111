/// What margin was told of one underlying in the last block that moved it: the leaf `.price`. The
/// underlying's own leaf holds every publisher's word and grows with them; this one says only what
/// the arithmetic of a margin call starts from, so that a certificate stays small (decision 0028).
///
/// It repeats what other leaves hold, or what follows from them: a certificate would need all of
/// those to show it. The strikes are those of the options that were listed when prices moved.

public import Canonical
public import Estimation
public import FixedPoint
public import Risk

/// The prices of one underlying as margin saw them.
public struct PriceStatement: Equatable, Sendable {
    /// Zero before the first price.
    public var index = IndexPrice.zero
    /// The price behind initial margin.
    public var stable = IndexPrice.zero
    /// Pricing time when it was stated.
    public var time: Timestamp
    /// M under both rules where margin sets itself; nil where genesis fixes it.
    public var moves: MarginMoves?
    /// What the quote asset is taken to be worth.
    public var peg = Ratio.one
    /// The scenarios at strikes, nearest to the index first.
    public var strikes: [IndexPrice] = []
    /// What is known already of coming settlement prices, ascending by expiry.
    public var averages: [KnownAverage] = []
    /// What has no expiry and a price, ascending by instrument.
    public var quotes: [StandingQuote] = []

    public init(time: Timestamp) { self.time = time }

    /// Most strikes, averages or quotes.
    static let listLimit = 1 << 12
}

/// The part of a settlement price that is fixed already.
public struct KnownAverage: Equatable, Sendable {
    public let expiry: Timestamp
    /// Of the settlement price, in `0 ... 1`.
    public let share: Ratio
    /// The average of that part.
    public let average: IndexPrice
}

/// The price of a perpetual or of spot.
public struct StandingQuote: Equatable, Sendable {
    public let instrument: InstrumentIdentifier
    public let mark: IndexPrice
    /// What longs pay for eight hours.
    public let fundingRate: Ratio
    /// Funding paid by one long lot since listing, in 2⁻²⁴ µ.
    public let fundingIndex: Int64
    /// Of spot, where depth and peg add to its haircuts: what they are.
    public let holding: HoldingTerms?
}

extension PriceStatement: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(index)
        encoder.append(stable)
        encoder.append(time)
        encoder.append(moves)
        encoder.append(peg)
        encoder.append(UInt32(strikes.count))
        for strike in strikes { encoder.append(strike) }
        encoder.append(averages)
        encoder.append(quotes)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        index = try decoder.quantity()
        stable = try decoder.quantity()
        time = try decoder.timestamp()
        moves = try decoder.optional()
        peg = try decoder.quantity()
        for _ in 0..<(try decoder.listCount(limit: PriceStatement.listLimit)) {
            strikes.append(try decoder.quantity())
        }
        averages = try decoder.list(limit: PriceStatement.listLimit)
        quotes = try decoder.list(limit: PriceStatement.listLimit)
    }
}

extension KnownAverage: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(expiry)
        encoder.append(share)
        encoder.append(average)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        expiry = try decoder.timestamp()
        share = try decoder.quantity()
        average = try decoder.quantity()
    }
}

extension StandingQuote: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(instrument)
        encoder.append(mark)
        encoder.append(fundingRate)
        encoder.append(fundingIndex)
        encoder.append(holding != nil)
        if let holding {
            encoder.append(holding.initialHaircut)
            encoder.append(holding.maintenanceHaircut)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        instrument = try decoder.value()
        mark = try decoder.quantity()
        fundingRate = try decoder.quantity()
        fundingIndex = try decoder.int64()
        holding =
            try decoder.boolean()
            ? HoldingTerms(
                initialHaircut: try decoder.quantity(), maintenanceHaircut: try decoder.quantity())
            : nil
    }
}
