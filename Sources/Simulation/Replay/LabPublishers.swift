/// The publishers of a replay: each reads one source of every underlying, as a daemon beside a
/// venue would, and signs what it sees, with a curve of every expiry that is open (`LabCurves`).

import Documents
import Canonical
import FixedPoint
package import Ledger
package import Oracle

/// Reads the price histories and signs observations.
package struct LabPublishers: Sendable {
    /// A publisher repeats the last price of a source for so many nanoseconds when no bar follows
    /// it; after that it is silent, as in an outage.
    private static let patience: UInt64 = 300 * TimeText.second

    /// By underlying and source.
    private var paths: [[PricePath]]
    /// By underlying and source of its history: the source of genesis that it is.
    private let sources: [[SourceIdentifier]]
    /// By underlying and publisher: the source of the history that it reads.
    private let reads: [[Int]]
    private var lasts: [[(price: Int64, time: UInt64)?]]
    /// By underlying and publisher: the price that it saw last, and what it said of it.
    private var said: [[(seen: Int64, said: Int64)?]]
    private let count: Int
    private var random: SimulationGenerator
    /// By underlying.
    private var curves: [LabCurves]

    package init(histories: [PriceHistory], genesis: Genesis, seed: UInt64) {
        paths = histories.map(PricePath.paths)
        sources = histories.map {
            LabSources.identifiers(of: $0, among: genesis.safeguards.sources)
        }
        reads = histories.map { history in
            genesis.publishers.indices.map { LabSources.place(readBy: $0, in: history) }
        }
        lasts = histories.map { $0.sources.map { _ in nil } }
        count = genesis.publishers.count
        said = histories.map { _ in
            [(seen: Int64, said: Int64)?](repeating: nil, count: genesis.publishers.count)
        }
        random = SimulationGenerator(seed: seed, stream: 0)
        curves = genesis.oracles.enumerated().map { place, oracle in
            LabCurves(
                underlying: UnderlyingIdentifier(UInt16(place)), parameters: oracle.surface,
                seed: seed)
        }
    }

    /// The signed bundles of all publishers that see any price.
    package mutating func bundles(
        at time: UInt64, ledger: Ledger, keys: LabKeys
    ) -> [ObservationBundle] {
        for underlying in paths.indices {
            for source in paths[underlying].indices {
                if let price = paths[underlying][source].price(at: time) {
                    lasts[underlying][source] = (price, time)
                }
            }
        }
        for underlying in curves.indices {
            curves[underlying].follow(lasts[underlying].compactMap { $0?.price }.first, at: time)
        }
        let surfaces = ledger.surfaces
        var bundles: [ObservationBundle] = []
        for publisher in 0..<count {
            var observations: [Observation] = []
            var votes: [CurveObservation] = []
            for underlying in paths.indices {
                guard let price = price(of: underlying, for: publisher, at: time) else { continue }
                observations.append(
                    Observation(
                        underlying: UnderlyingIdentifier(UInt16(underlying)),
                        price: IndexPrice(micros: price),
                        source: sources[underlying][reads[underlying][publisher]]))
                votes += curves[underlying].votes(
                    on: surfaces[underlying].expiries.map(\.expiry), price: price)
            }
            guard !observations.isEmpty else { continue }
            let bundle = ObservationBundle(
                publisher: PublisherIdentifier(UInt16(publisher)),
                time: Timestamp(nanoseconds: time), observations: observations,
                curves: votes, signature: LabKeys.unsigned)
            bundles.append(keys.sign(bundle, chain: ledger.chain))
        }
        return bundles
    }

    /// What a publisher says: publishers that share a source differ by up to half a basis point,
    /// but all stand still while it does.
    private mutating func price(
        of underlying: Int, for publisher: Int, at time: UInt64
    ) -> Int64? {
        let source = reads[underlying][publisher]
        guard let last = lasts[underlying][source], time - last.time <= LabPublishers.patience
        else { return nil }
        if reads[underlying].firstIndex(of: source) == publisher { return last.price }
        if let word = said[underlying][publisher], word.seen == last.price { return word.said }
        let noise = random.integer(in: -50...50)
        let price = max(
            1, last.price + Int64(clamping: Int128(last.price) * Int128(noise) / 1_000_000))
        said[underlying][publisher] = (last.price, price)
        return price
    }
}
