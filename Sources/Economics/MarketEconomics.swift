/// The economic state of one underlying: how deep its sources have been, the cap of each
/// compartment that trades it, and what its books have shown. Primary state: it stands in a leaf of
/// its own.

public import Canonical
public import FixedPoint

/// Depth, caps and standing books of one underlying.
public struct MarketEconomics: Equatable, Sendable {
    public let parameters: EconomicParameters
    /// How deep the cheapest weighted majority of sources has been.
    public private(set) var depth: DepthHistogram
    /// When the caps moved last.
    public private(set) var followed: Timestamp
    /// Ascending by compartment.
    public private(set) var caps: [InterestCap] = []
    /// Ascending by instrument: of perpetuals and futures, once they were looked at.
    public private(set) var books: [StandingDepth] = []

    /// Caps move this often.
    public static let interval = Duration.minute
    /// Most compartments, and most books of one underlying.
    private static let listLimit = 4_096

    /// No market yet.
    public init(parameters: EconomicParameters, start: Timestamp) {
        self.parameters = parameters
        depth = DepthHistogram(opening: parameters.openingDepth, at: start)
        followed = start
    }

    /// What it costs to move the index, by the depth of the last 30 days.
    public var cost: ManipulationCost { ManipulationCost(depth: depth.percentile, parameters) }

    /// The cap of a compartment; nil where it does not trade the underlying.
    public func cap(in compartment: CompartmentIdentifier) -> InterestCap? {
        caps.first { $0.compartment == compartment }
    }

    /// Opens a market where there is none: its cap starts where it would stand.
    public mutating func openMarket(in compartment: CompartmentIdentifier, fund: Amount) {
        var place = 0
        while place < caps.count, caps[place].compartment < compartment { place += 1 }
        if place < caps.count, caps[place].compartment == compartment { return }
        let target = CapTarget(cost, fund: fund, parameters)
        caps.insert(InterestCap(compartment: compartment, at: target), at: place)
    }

    /// Counts what the sources report, for the time that passed.
    public mutating func measure(depth reported: Amount, elapsed: Duration, now: Timestamp) {
        depth.add(reported, elapsed: elapsed, now: now)
    }

    /// Moves the caps, if it is time to.
    ///
    /// - Parameter fund: what the insurance fund of a compartment holds.
    /// - Returns: the places of the caps that moved.
    public mutating func followCaps(
        now: Timestamp, fund: (CompartmentIdentifier) -> Amount
    ) -> [Int] {
        let elapsed = now.elapsed(since: followed)
        guard elapsed >= MarketEconomics.interval else { return [] }
        followed = now
        let cost = cost
        return caps.indices.filter { place in
            let target = CapTarget(cost, fund: fund(caps[place].compartment), parameters)
            return caps[place].follow(target, elapsed: elapsed, parameters)
        }
    }

    /// What a book has shown; nil where nobody has looked at it.
    public func book(of instrument: InstrumentIdentifier) -> StandingDepth? {
        books.first { $0.instrument == instrument }
    }

    /// Takes a sample of a book.
    public mutating func look(
        at instrument: InstrumentIdentifier, _ sample: BookSample, now: Timestamp
    ) {
        var place = 0
        while place < books.count, books[place].instrument < instrument { place += 1 }
        if place == books.count || books[place].instrument != instrument {
            books.insert(StandingDepth(instrument: instrument), at: place)
        }
        books[place].add(sample, now: now)
    }

    /// Forgets the book of an instrument that is retired.
    public mutating func retire(_ instrument: InstrumentIdentifier) {
        books.removeAll { $0.instrument == instrument }
    }
}

extension MarketEconomics {
    /// Appends everything but the parameters, which genesis holds.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        depth.encodeState(into: &encoder)
        encoder.append(followed)
        encoder.append(caps)
        encoder.append(books)
    }

    /// Reads what `encodeState` wrote.
    ///
    /// - Throws: `DecodingFault`.
    public mutating func decodeState(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        try depth.decodeState(from: &decoder)
        followed = try decoder.timestamp()
        let start = decoder.offset
        caps = try decoder.list(limit: MarketEconomics.listLimit)
        books = try decoder.list(limit: MarketEconomics.listLimit)
        for place in caps.indices.dropFirst()
        where caps[place].compartment <= caps[place - 1].compartment {
            throw DecodingFault(.outOfOrder, at: start)
        }
        for place in books.indices.dropFirst()
        where books[place].instrument <= books[place - 1].instrument {
            throw DecodingFault(.outOfOrder, at: start)
        }
        guard caps.allSatisfy({ $0.amount >= parameters.leastCap }),
            caps.allSatisfy({ $0.amount <= parameters.hardLimit })
        else { throw DecodingFault(.outOfRange, at: start) }
    }
}
