/// Which prices did not count, and why: what the ledger's events say of a source, gathered by reason.

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

/// Gathers verdicts, which stand until the next one of the same speaker.
struct PriceCutRecorder {
    /// Whose word stands cut since when.
    private struct Standing {
        let speaker: Int
        let underlying: Int
        let cut: Int
        let since: UInt64
    }

    private(set) var cuts: [PriceCut] = []
    private var standing: [Standing] = []

    /// Takes a change of verdict.
    ///
    /// - Parameters:
    ///   - speaker: the publisher's number, or −1 for the index itself.
    ///   - cut: what is to be counted; nil where the speaker's price counts again.
    mutating func change(speaker: Int, underlying: Int, to cut: PriceCut?, at time: UInt64) {
        if let place = standing.firstIndex(where: {
            $0.speaker == speaker && $0.underlying == underlying
        }) {
            close(standing.remove(at: place), at: time)
        }
        guard let cut else { return }
        let known = cuts.firstIndex {
            $0.underlying == cut.underlying && $0.source == cut.source && $0.reason == cut.reason
        }
        if known == nil { cuts.append(cut) }
        let place = known ?? cuts.count - 1
        cuts[place].count += 1
        standing.append(
            Standing(speaker: speaker, underlying: underlying, cut: place, since: time))
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
}
