/// Real option chains through the venue's own surface: publishers fit each snapshot and vote, the
/// `Oracle` judges and aggregates, and what is then in force is compared with every quote.
import Canonical
import FixedPoint
import Foundation
package import Oracle

/// How far a run has come.
package struct SurfaceProgress: Sendable {
    package let file: String
    package let done: Int
    package let of: Int
}

/// A vote that did not count.
package struct SurfaceDrop: Sendable {
    package let time: UInt64
    package let currency: String
    package let expiry: UInt64
    package let publisher: Int
    package let fault: CurveFault
    /// What the liar did; nil of an honest publisher.
    package let lie: SurfaceLie?
}

/// What came of one expiry of one snapshot.
package struct SurfaceExpiry: Sendable {
    package let time: UInt64
    package let currency: String
    package let expiry: UInt64
    package let hasFuture: Bool
    /// Nil where no curve was made in this snapshot.
    package let source: CurveSource?
    /// In volatility points, of quotes with a delta of 1 to 99 %.
    package let errors: [Double]
    /// Of all others.
    package let farErrors: [Double]
    /// The forward in force over the chain's, less one.
    package let forwardError: Double
    package let smile: SurfaceSmile
}

/// What is drawn of one expiry: ln(K/F) and volatility.
package struct SurfaceSmile: Sendable {
    package var quotes: [(moneyness: Double, volatility: Double, isNear: Bool)] = []
    package var curve: [(moneyness: Double, volatility: Double)] = []
    /// The nodes of the curve that lie within the picture.
    package var nodes: [(moneyness: Double, volatility: Double)] = []
}

/// What came of one file.
package struct SurfaceFileResult: Sendable {
    package let file: String
    package let rows: Int
    package let incomplete: Int
    package let snapshots: Int
    package var expiries: [SurfaceExpiry] = []
    package var drops: [SurfaceDrop] = []
    package var votes = 0
}

/// Runs files.
package enum SurfaceRun {
    /// Reference volatilities by currency, in 10⁻⁴; of others the default.
    private static let references: [String: Int64] = ["BTC": 5_000, "ETH": 7_000, "SOL": 9_000]
    /// Of the delta, beyond which an option is hardly more than a ticket.
    private static let leastDelta = 0.01
    /// Points of a drawn curve.
    private static let drawn = 60

    /// Takes every `stride`th snapshot of a file through the surface.
    ///
    /// - Throws: `OrderFlowFault` where the file is not a chain.
    package static func run(
        _ path: String, seed: UInt64, stride: Int = 1, progress: (SurfaceProgress) -> Void
    ) throws(OrderFlowFault) -> SurfaceFileResult {
        let contents = try OptionChainFile.read(path)
        var result = SurfaceFileResult(
            file: path, rows: contents.rows, incomplete: contents.incomplete,
            snapshots: contents.snapshots.count)
        var venues: [String: SurfaceVenue] = [:]
        for (place, snapshot) in contents.snapshots.enumerated() {
            progress(
                SurfaceProgress(file: path, done: place, of: contents.snapshots.count))
            guard place % stride == 0 else { continue }
            let reference = references[snapshot.currency].map { Ratio(basisPoints: $0) }
            let parameters = SurfaceParameters(
                referenceVolatility: reference ?? SurfaceParameters.standard.referenceVolatility)
            var venue = venues[snapshot.currency] ?? SurfaceVenue(parameters, seed: seed)
            let lie = SurfaceLie.allCases[place / stride % SurfaceLie.allCases.count]
            venue.take(snapshot, lie: lie, into: &result)
            venues[snapshot.currency] = venue
        }
        progress(
            SurfaceProgress(
                file: path, done: contents.snapshots.count, of: contents.snapshots.count))
        return result
    }

    /// The surface of one currency over time.
    private struct SurfaceVenue {
        var feed: SurfaceFeed
        var publishers: SurfacePublishers
        let keys: [Publisher]

        init(_ parameters: SurfaceParameters, seed: UInt64) {
            feed = SurfaceFeed(parameters: parameters, publishers: SurfacePublishers.count)
            publishers = SurfacePublishers(parameters: parameters, seed: seed)
            keys = (0..<SurfacePublishers.count).map { _ in
                Publisher(key: PublicKey(Bytes32()), weight: 1)
            }
        }

        mutating func take(
            _ snapshot: OptionSnapshot, lie: SurfaceLie, into result: inout SurfaceFileResult
        ) {
            let now = Timestamp(nanoseconds: snapshot.time)
            for expiry in feed.expiries.map(\.expiry) where expiry <= now { feed.close(expiry) }
            for chain in snapshot.expiries { _ = feed.open(Timestamp(nanoseconds: chain.expiry)) }
            let index = IndexPrice(micros: Int64(snapshot.index * 1e6))
            var dropped: [DroppedCurve] = []
            for publisher in 0..<SurfacePublishers.count {
                let curves = publishers.curves(of: snapshot, by: publisher, lie: lie)
                result.votes += curves.count
                dropped += feed.record(
                    curves[...], price: index, from: PublisherIdentifier(UInt16(publisher)),
                    at: now, now: now)
            }
            let changes = feed.aggregate(publishers: keys, now: now)
            for drop in dropped + changes.dropped {
                let publisher = Int(drop.publisher.number)
                result.drops.append(
                    SurfaceDrop(
                        time: snapshot.time, currency: snapshot.currency,
                        expiry: drop.expiry.nanoseconds, publisher: publisher, fault: drop.fault,
                        lie: publisher == SurfacePublishers.liar ? lie : nil))
            }
            for chain in snapshot.expiries {
                let source = changes.changes.first {
                    $0.curve.expiry.nanoseconds == chain.expiry
                }?.source
                result.expiries.append(compare(chain, of: snapshot, index, source))
            }
        }

        /// What is in force against every quote of an expiry.
        private func compare(
            _ chain: ExpiryChain, of snapshot: OptionSnapshot, _ index: IndexPrice,
            _ source: CurveSource?
        ) -> SurfaceExpiry {
            let now = Timestamp(nanoseconds: snapshot.time)
            var smile = SurfaceSmile()
            var errors: [Double] = []
            var farErrors: [Double] = []
            var forwardError = 0.0
            if let curve = feed.curve(Timestamp(nanoseconds: chain.expiry)) {
                let slice = feed.slice(of: curve, index: index, at: now)
                for quote in chain.quotes {
                    let moneyness = log(quote.strike / quote.forward)
                    let volatility = slice.volatility(logMoneyness: Real(double: moneyness)).double
                    let error = abs(volatility - quote.markVolatility) * 100
                    let isNear = min(quote.delta, 1 - quote.delta) >= leastDelta
                    if isNear { errors.append(error) } else { farErrors.append(error) }
                    smile.quotes.append((moneyness, quote.markVolatility, isNear))
                }
                forwardError = Double(slice.forward.units) / 1e6 / chain.forward - 1
                draw(slice, curve, &smile)
            }
            return SurfaceExpiry(
                time: snapshot.time, currency: snapshot.currency, expiry: chain.expiry,
                hasFuture: chain.hasFuture, source: source, errors: errors, farErrors: farErrors,
                forwardError: forwardError, smile: smile)
        }

        private func draw(
            _ slice: CurveSlice, _ curve: ExpiryCurve, _ smile: inout SurfaceSmile
        ) {
            let near = smile.quotes.filter(\.isNear).map(\.moneyness)
            guard let low = near.min(), let high = near.max(), high > low else { return }
            for step in 0...drawn {
                let moneyness = low + (high - low) * Double(step) / Double(drawn)
                let at = Real(double: moneyness)
                smile.curve.append((moneyness, slice.volatility(logMoneyness: at).double))
            }
            for node in 0..<NodeVolatilities.count {
                let moneyness = slice.scale.double * publishers.grid.nodes[node]
                guard moneyness >= low, moneyness <= high else { continue }
                smile.nodes.append((moneyness, Double(curve.volatilities[node]) / 1e6))
            }
        }
    }
}

extension Real {
    /// What one is in `bits`.
    private static let unit = Double(1 << 40 as Int64)

    /// For reports: the engine never makes a number from floating point.
    fileprivate init(double: Double) { self.init(bits: Int64(double * Real.unit)) }

    fileprivate var double: Double { Double(bits) / Real.unit }
}
