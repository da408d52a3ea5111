/// A feed of several publishers at sources of their own, for tests of aggregation: what they say is
/// a line, what became of it is asked by publisher.
import Canonical
import FixedPoint

@testable import Oracle

struct FeedBench {
    var feed: IndexFeed
    var room = AggregationRoom()
    let publishers: [Publisher]

    /// - Parameters:
    ///   - venues: by source; publisher i speaks from source i unless told.
    ///   - quote: the underlying that the last source is quoted in.
    init(
        _ rules: AggregationParameters, weights: [UInt32], venues: [UInt16]? = nil,
        quote: UnderlyingIdentifier? = nil, underlying: UInt16 = 0, highest: Int64 = .max,
        quorum: Ratio = Ratio(billionths: 666_666_666), off: [Defence] = []
    ) {
        var parameters = OracleFixture.parameters
        parameters.aggregation = rules
        parameters.quorum = quorum
        publishers = OracleFixture.publishers(weights)
        let venues = venues ?? weights.indices.map { UInt16($0) }
        let sources = venues.enumerated().map { place, venue in
            PriceSource(
                name: Symbol(Array("s\(place)".utf8))!, venue: venue,
                quote: place + 1 == venues.count ? quote : nil)
        }
        feed = IndexFeed(
            of: UnderlyingIdentifier(underlying), parameters: parameters,
            publishers: weights.count, sources: SourceTable(sources),
            highest: IndexPrice(units: highest), off: DefenceSet(off))
    }

    mutating func say(
        _ publisher: Int, _ price: Int64, at seconds: UInt64, source: Int? = nil,
        confidence: Int64 = 0, depth: (Int64, Int64) = (0, 0)
    ) {
        feed.record(
            Observation(
                underlying: UnderlyingIdentifier(0), price: IndexPrice(units: price),
                source: SourceIdentifier(UInt16(source ?? publisher)),
                confidence: IndexPrice(units: confidence), depthBelow: Amount(units: depth.0),
                depthAbove: Amount(units: depth.1)),
            from: PublisherIdentifier(UInt16(publisher)), at: OracleFixture.second(seconds))
    }

    /// Everyone says something, nil is silence; and the index is made.
    @discardableResult
    mutating func round(_ prices: [Int64?], at seconds: UInt64) -> Bool {
        for (place, price) in prices.enumerated() {
            if let price { say(place, price, at: seconds) }
        }
        return make(at: seconds)
    }

    @discardableResult
    mutating func make(at seconds: UInt64) -> Bool {
        feed.aggregate(publishers: publishers, now: OracleFixture.second(seconds), &room)
    }

    /// A rate of another underlying, made of one publisher at a time.
    mutating func setRate(_ units: Int64, of underlying: UInt16, at seconds: UInt64) {
        var other = FeedBench(.plain, weights: [1], underlying: underlying)
        other.round([units], at: seconds)
        room.noteRate(
            of: UnderlyingIdentifier(underlying), from: other.feed,
            at: OracleFixture.second(seconds))
    }

    var index: Int64 { feed.index.units }
}

extension AggregationParameters {
    /// Nothing but what a test adds.
    static func only(_ change: (inout AggregationParameters) -> Void) -> Self {
        var rules = AggregationParameters.plain
        change(&rules)
        return rules
    }
}
