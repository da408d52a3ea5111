/// Parameters as `facts/risk.md` states them for the majors, and short ways to feed prices.
import Canonical
import FixedPoint

@testable import Oracle

enum OracleFixture {
    static let parameters = OracleParameters(
        quorum: Ratio(billionths: 666_666_667), liquidationAge: .seconds(5),
        reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
        stableHourlyMove: Ratio(basisPoints: 2_000))

    static let perpetual = PerpetualParameters(
        premiumClamp: Ratio(basisPoints: 50), premiumAveraging: .seconds(30),
        impactNotional: Amount(microunits: 10_000_000_000), interest: Ratio(basisPoints: 1),
        interestClamp: Ratio(basisPoints: 5), fundingCap: Ratio(basisPoints: 75))

    static func publishers(_ weights: [UInt32]) -> [Publisher] {
        weights.map { Publisher(key: PublicKey(Bytes32()), weight: $0) }
    }

    static func second(_ count: UInt64) -> Timestamp {
        Timestamp(nanoseconds: count * 1_000_000_000)
    }

    /// So many sources, each of a venue of its own, in the quote currency of indices.
    static func sources(_ count: Int) -> SourceTable {
        SourceTable(
            (0..<count).map { number in
                PriceSource(
                    name: Symbol(Array("s\(number)".utf8))!, venue: UInt16(number) + 100)
            })
    }
}

/// What publishers said: nil for who said nothing.
struct Spoken {
    let price: Int64
    let second: UInt64
}

extension IndexFeed {
    /// A feed without observations, from one source.
    init(parameters: OracleParameters, publishers: Int) {
        self.init(
            of: UnderlyingIdentifier(0), parameters: parameters, publishers: publishers,
            sources: OracleFixture.sources(1), highest: .max, off: DefenceSet())
    }

    /// A feed of publishers with these words.
    init(_ words: [Spoken?], parameters: OracleParameters = OracleFixture.parameters) {
        self.init(parameters: parameters, publishers: words.count)
        for (place, word) in words.enumerated() {
            guard let word else { continue }
            record(
                IndexPrice(micros: word.price), from: PublisherIdentifier(UInt16(place)),
                at: OracleFixture.second(word.second))
        }
    }

    /// Records a price of the first source.
    mutating func record(
        _ price: IndexPrice, from publisher: PublisherIdentifier, at time: Timestamp
    ) {
        record(
            Observation(underlying: UnderlyingIdentifier(0), price: price), from: publisher,
            at: time)
    }

    /// Makes the index without other indices.
    mutating func aggregate(publishers: [Publisher], now: Timestamp) -> Bool {
        var room = AggregationRoom()
        return aggregate(publishers: publishers, now: now, &room)
    }
}
