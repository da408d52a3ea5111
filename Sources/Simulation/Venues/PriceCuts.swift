/// Which prices did not count, and why: what the ledger's events say of a source, gathered by
/// reason.

import Canonical
import FixedPoint
import Ledger
import Oracle

/// A source whose price did not count for one reason.
package struct PriceCut: Equatable, Sendable {
    /// The pair, such as `BTC/USD`.
    package let underlying: String
    /// Empty where the reason concerns the index as a whole.
    package let source: String
    package let reason: String
    /// How often it began.
    package var count = 0
    /// Nanoseconds since 1970 at which it first began.
    package let first: UInt64
    /// Nanoseconds since 1970 of the last block in which it held.
    package var last: UInt64
    /// Nanoseconds for which it held, all together.
    package var time: UInt64 = 0
    /// What was said when it first began, in 10⁻⁶ of the source's quote; zero where nothing was.
    package let price: Int64

    package init(
        underlying: String, source: String, reason: String, at time: UInt64, price: Int64
    ) {
        self.underlying = underlying
        self.source = source
        self.reason = reason
        first = time
        last = time
        self.price = price
    }
}

/// Gathers verdicts, which stand until the next one on the same word.
struct PriceCutRecorder {
    /// Whose word: a publisher's on an underlying, or the index' own condition.
    private struct Word: Equatable {
        let speaker: Int
        let underlying: Int
    }

    /// A word that does not count since when.
    private struct Standing {
        let word: Word
        let cut: Int
        let since: UInt64
    }

    private let underlyings: [String]
    private let sources: [String]
    /// By underlying and publisher: what was said last.
    private var said: [[Observation?]]
    private var cuts: [PriceCut] = []
    private var standing: [Standing] = []

    /// - Parameters:
    ///   - underlyings: their names.
    ///   - sources: their names.
    init(underlyings: [String], sources: [String], publishers: Int) {
        self.underlyings = underlyings
        self.sources = sources
        said = underlyings.map { _ in [Observation?](repeating: nil, count: publishers) }
    }

    /// Takes note of what publishers say.
    mutating func hear(_ bundles: [ObservationBundle]) {
        for bundle in bundles {
            let publisher = Int(bundle.publisher.number)
            for observation in bundle.observations {
                said[Int(observation.underlying.number)][publisher] = observation
            }
        }
    }

    /// A publisher's word has begun not to count, or counts again.
    mutating func judge(
        _ publisher: PublisherIdentifier, on underlying: UnderlyingIdentifier,
        _ refusal: Refusal?, at time: UInt64
    ) {
        let place = Int(underlying.number)
        let speaker = Int(publisher.number)
        let word = said[place].indices.contains(speaker) ? said[place][speaker] : nil
        let source = word.map { Int($0.source.number) }
        let name = source.flatMap { sources.indices.contains($0) ? sources[$0] : nil }
        change(
            Word(speaker: speaker, underlying: place),
            to: refusal.map { refusal in
                PriceCut(
                    underlying: underlyings[place], source: name ?? "unknown",
                    reason: PriceCutRecorder.words(refusal), at: time,
                    price: word?.price.units ?? 0)
            }, at: time)
    }

    /// What is wrong with an index has changed.
    mutating func judge(
        _ underlying: UnderlyingIdentifier, _ condition: IndexCondition, at time: UInt64
    ) {
        let place = Int(underlying.number)
        let states = [
            ("too little weight", condition.lacksWeight),
            ("too few venues", condition.lacksVenues), ("clamped", condition.isClamped),
            ("too unsure", condition.isWide),
        ]
        for (number, (reason, holds)) in states.enumerated() {
            let word = Word(speaker: -1 - number, underlying: place)
            guard holds != standing.contains(where: { $0.word == word }) else { continue }
            let cut = PriceCut(
                underlying: underlyings[place], source: "", reason: reason, at: time, price: 0)
            change(word, to: holds ? cut : nil, at: time)
        }
    }

    private mutating func change(_ word: Word, to cut: PriceCut?, at time: UInt64) {
        if let place = standing.firstIndex(where: { $0.word == word }) {
            close(standing.remove(at: place), at: time)
        }
        guard let cut else { return }
        let known = cuts.firstIndex {
            $0.underlying == cut.underlying && $0.source == cut.source && $0.reason == cut.reason
        }
        if known == nil { cuts.append(cut) }
        let place = known ?? cuts.count - 1
        cuts[place].count += 1
        standing.append(Standing(word: word, cut: place, since: time))
    }

    private mutating func close(_ entry: Standing, at time: UInt64) {
        cuts[entry.cut].time += time - entry.since
        cuts[entry.cut].last = max(cuts[entry.cut].last, time)
    }

    /// All cuts by underlying, source and reason; what stands at the end ends there.
    func finished(at time: UInt64) -> [PriceCut] {
        var copy = self
        for entry in copy.standing { copy.close(entry, at: time) }
        return copy.cuts.sorted {
            ($0.underlying, $0.source, $0.reason) < ($1.underlying, $1.source, $1.reason)
        }
    }

    /// A fault of a price in words.
    private static func words(_ refusal: Refusal) -> String {
        switch refusal {
        case .priceOutOfRange: "out of range"
        case .unknownSource: "unknown source"
        case .priceZero: "zero"
        case .priceNegative: "negative"
        case .priceStale: "stale"
        case .priceFrozen: "frozen"
        case .priceAtBound: "at its bound"
        case .priceUnitShifted: "wrong unit"
        case .priceOutlier: "outlier"
        case .noConversion: "no conversion"
        default: "\(refusal)"
        }
    }
}
