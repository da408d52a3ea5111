/// Which venues can be believed at a moment, judged without the oracle's own rules: an obvious
/// judge that sees all venues at once and the whole file from its first bar to its last. The error
/// of an index is its distance from the median of the venues that this judge calls sound.

/// What a venue shows at a moment.
struct VenueSight: Equatable, Sendable {
    /// In 10⁻⁶ of the underlying's quote; nil where no bar covers the moment.
    var price: Double?
    /// Whether the moment lies in a stretch of one price, told with hindsight.
    var isFrozen = false
}

/// What the judge says of a venue at a moment.
package enum VenueVerdict: Int, CaseIterable, Sendable {
    case sound
    /// No bar: the venue traded nothing, was down, or the file has a hole.
    case absent
    case frozen
    /// Too far from the median of the venues that trade.
    case off
}

/// The judge's word on one underlying at one moment.
struct SoundJudge {
    /// Farther than this part of the median of all that trade is off. Ours.
    static let reach = 0.05
    /// The same where only two trade: there is no third to say which of them is right. Ours.
    static let reachOfTwo = 0.01
    /// A stretch of at least so many bars and so many nanoseconds at one price is frozen. Ours.
    static let frozenBars = 10
    static let frozenTime: UInt64 = 1_800_000_000_000
    private static let two = 2

    /// By venue.
    let verdicts: [VenueVerdict]
    /// The median of the sound venues; nil where none is.
    let truth: Double?

    init(_ sights: [VenueSight]) {
        let trading = sights.filter { !$0.isFrozen }.compactMap(\.price)
        let middle = SoundJudge.median(trading)
        let reach = trading.count > SoundJudge.two ? SoundJudge.reach : SoundJudge.reachOfTwo
        let verdicts = sights.map { sight -> VenueVerdict in
            guard let price = sight.price else { return .absent }
            if sight.isFrozen { return .frozen }
            guard let middle else { return .sound }
            return abs(price - middle) <= middle * reach ? .sound : .off
        }
        self.verdicts = verdicts
        truth = SoundJudge.median(
            zip(sights, verdicts).compactMap { $1 == .sound ? $0.price : nil })
    }

    /// The middle value, or the mean of the two in the middle; nil of nothing.
    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let place = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[place] : (sorted[place - 1] + sorted[place]) / 2
    }

    /// When bars show one price again and again, in nanoseconds since 1970, in order of time.
    static func frozenStretches(of bars: [PriceBar]) -> [Range<UInt64>] {
        var stretches: [Range<UInt64>] = []
        var first = 0
        for next in 1...max(bars.count, 1) {
            let goes =
                next < bars.count && bars[next].isFlat && bars[first].isFlat
                && bars[next].close == bars[first].close
            if goes { continue }
            if next - first >= frozenBars, bars[next - 1].end - bars[first].start >= frozenTime {
                stretches.append(bars[first].start..<bars[next - 1].end)
            }
            first = next
        }
        return stretches
    }
}

extension PriceBar {
    fileprivate var isFlat: Bool { low == high }
}
