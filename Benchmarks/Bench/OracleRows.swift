/// One block's prices: fifty sources of fifty underlyings become indices, and their votes on
/// fifteen expiries with eleven nodes each become surfaces. Signatures, and the judging of each
/// curve as it comes, are not counted.

import Canonical
import FixedPoint
import Oracle
import Yardstick

enum OracleRows {
    private static let sources = 50
    private static let underlyings = 50
    private static let expiries = 15
    private static let rounds = 12
    /// 2025-06-15 15:06:40 UTC.
    private static let start: UInt64 = 1_750_000_000
    /// Millionths a year, from the lowest strike to the highest.
    private static let smile: [Int64] = [
        900_000, 750_000, 650_000, 590_000, 550_000, 520_000, 510_000, 515_000, 540_000, 620_000,
        740_000,
    ]

    static func all() -> [Result] { [.measured(aggregate())] }

    private static func time(_ second: UInt64) -> Timestamp {
        Timestamp(nanoseconds: (start + second) * 1_000_000_000)
    }

    /// The feeds and surfaces of all underlyings, and the numbers that were said, column by column.
    private struct World {
        var feeds: [IndexFeed]
        var surfaces: [SurfaceFeed]
        var room = AggregationRoom()
        let publishers: [Publisher]
        var columns: [Int64] = []
        private var state: UInt64 = 88_172_645_463_325_252

        init() {
            publishers = (0..<sources).map { _ in Publisher(key: PublicKey(Bytes32()), weight: 1) }
            let table = SourceTable(
                (0..<sources).compactMap { place in
                    Symbol(Array("source-\(place)".utf8)).map {
                        PriceSource(name: $0, venue: UInt16(place))
                    }
                })
            let parameters = OracleParameters(
                quorum: Ratio(billionths: 666_666_667), liquidationAge: .seconds(5),
                reduceOnlyAge: .seconds(15), haltAge: .seconds(60),
                stableHourlyMove: Ratio(basisPoints: 2_000), aggregation: .major)
            feeds = (0..<underlyings).map {
                IndexFeed(
                    of: UnderlyingIdentifier(UInt16($0)), parameters: parameters,
                    publishers: sources, sources: table, highest: .max, off: DefenceSet())
            }
            surfaces = (0..<underlyings).map { _ in
                var surface = SurfaceFeed(parameters: .standard, publishers: sources)
                for expiry in 1...expiries {
                    precondition(
                        surface.open(time(UInt64(expiry) * 7 * 86_400)),
                        "Invariant: fifteen expiries are not too many")
                }
                return surface
            }
        }

        private mutating func random(_ range: Int64) -> Int64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int64(state >> 33) % (2 * range + 1) - range
        }

        /// Every source says something new of everything.
        mutating func record(_ second: UInt64) {
            columns.removeAll(keepingCapacity: true)
            for publisher in 0..<sources {
                for underlying in 0..<underlyings { record(second, underlying, publisher) }
            }
        }

        private mutating func record(_ second: UInt64, _ underlying: Int, _ publisher: Int) {
            let identifier = UnderlyingIdentifier(UInt16(underlying))
            let name = PublisherIdentifier(UInt16(publisher))
            let price = IndexPrice(micros: 60_000_000_000 + random(10_000_000))
            columns.append(price.units)
            feeds[underlying].record(
                Observation(
                    underlying: identifier, price: price,
                    source: SourceIdentifier(UInt16(publisher)),
                    confidence: IndexPrice(units: 1_000_000)),
                from: name, at: time(second))
            var curves: [CurveObservation] = []
            for expiry in 1...Int64(expiries) {
                var volatilities = NodeVolatilities(flat: 0)
                let shift = random(4_000) + expiry * 200
                for node in 0..<NodeVolatilities.count {
                    volatilities[node] = UInt32(smile[node] + shift + random(300))
                    columns.append(Int64(volatilities[node]))
                }
                let forward = IndexPrice(
                    units: price.units + expiry * 100_000_000 + random(1_000_000))
                columns.append(forward.units)
                curves.append(
                    CurveObservation(
                        underlying: identifier, expiry: time(UInt64(expiry) * 7 * 86_400),
                        forward: forward, volatilities: volatilities))
            }
            let dropped = surfaces[underlying].record(
                curves[...], price: price, from: name, at: time(second), now: time(second))
            precondition(dropped.isEmpty, "Invariant: the curves of the benchmark are sound")
        }

        /// Makes all prices of a block.
        ///
        /// - Returns: how many indices and curves changed.
        mutating func aggregate(_ second: UInt64) -> Int {
            var changes = 0
            for place in 0..<underlyings {
                if feeds[place].aggregate(
                    publishers: publishers, now: time(second), &room)
                {
                    changes += 1
                }
                changes +=
                    surfaces[place].aggregate(publishers: publishers, now: time(second))
                    .changes.count
                surfaces[place].clearTouched()
            }
            return changes
        }
    }

    private static func aggregate() -> Row {
        var world = World()
        var second: UInt64 = 0
        var changes = 0
        var sum: Int64 = 0
        let times = Measurement.pair(rounds: rounds) {
            second += 1
            world.record(second)
        } subject: {
            changes = world.aggregate(second)
        } yardstick: {
            sum = unsafe yardstick_medians(
                world.columns, UInt32(world.columns.count / sources), UInt32(sources))
        }
        precondition(
            changes == underlyings * (1 + expiries) && sum > 0,
            "Invariant: every index and curve has changed, not \(changes)")
        return .time(
            "oracle.aggregate", unit: "ms", scale: 1e6, pieces: 1, times,
            against: "the same medians by std::sort", target: .atMost(6),
            note: "indices and surfaces of 50 underlyings, 50 sources, 15 expiries × 11 nodes")
    }
}
