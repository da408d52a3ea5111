/// Judging the last word of every publisher, each by itself: what is sound becomes a vote, in the
/// quote currency of indices. The rules that compare it with the others follow in
/// `IndexFeed+Aggregation`.

import Canonical
import FixedPoint

/// Judges the words of one feed at one time.
struct PriceJudge {
    let parameters: OracleParameters
    let sources: SourceTable
    let off: DefenceSet
    /// The highest price of the underlying.
    let highest: IndexPrice
    /// Whether the underlying is itself a quote currency.
    let isQuote: Bool
    /// The last index; zero where there is none.
    let index: IndexPrice
    let now: Timestamp

    /// The vote of a word.
    ///
    /// - Throws: `PriceFault`, the first in the order of its cases but for `unitShifted` and
    ///   `outlier`.
    func vote(
        _ word: PriceWord, of publisher: Int, weight: UInt32, _ room: borrowing AggregationRoom
    ) throws(PriceFault) -> Vote {
        let source = Int(word.source.number)
        guard source < sources.sources.count else { throw .unknownSource }
        if isOn(.staleness), now.elapsed(since: word.time) > parameters.haltAge { throw .stale }
        if isOn(.sanity) { try checkAlone(word) }
        let rate = try self.rate(of: sources.sources[source], room)
        var price = PriceJudge.convert(word.price, rate?.index)
        if isOn(.sanity) {
            guard price >= 1, price <= Int128(highest.units) else { throw .outOfRange }
            if isFrozen(word, price) { throw .frozen }
        } else {
            price = min(max(price, 1), Int128(highest.units))
        }
        return Vote(
            publisher: publisher, source: source, venue: sources.venues[source],
            weight: UInt64(weight), price: Int64(price),
            time: rate.map { min($0.time, word.time) } ?? word.time,
            confidence: Int64(clamping: PriceJudge.convert(word.confidence, rate?.index)))
    }

    private func isOn(_ defence: Defence) -> Bool { !off.contains(defence) }

    /// What a price says by itself.
    private func checkAlone(_ word: PriceWord) throws(PriceFault) {
        if word.price == .zero { throw .zero }
        if word.price.isNegative { throw .negative }
        guard let bound = parameters.aggregation.bound(of: word.source) else { return }
        if word.price <= bound.lowest || word.price >= bound.highest { throw .atBound }
    }

    /// What the price is multiplied with; nil where it is not.
    private func rate(
        of source: PriceSource, _ room: borrowing AggregationRoom
    ) throws(PriceFault) -> QuoteRate? {
        guard let quote = source.quote, isOn(.conversion) else { return nil }
        guard !isQuote, let rate = room.rate(of: quote) else { throw .noConversion }
        return rate
    }

    /// Whether the price stands still and the index has gone away from it. An index that comes
    /// nearer, held back by its clamp, says nothing against a price that waits for it.
    private func isFrozen(_ word: PriceWord, _ price: Int128) -> Bool {
        let rules = parameters.aggregation
        guard rules.frozenAge != .zero, word.anchor.isPositive, index.isPositive,
            now.elapsed(since: word.since) >= rules.frozenAge
        else { return false }
        let gap = abs(Int128(index.units) - price)
        let away = gap - abs(Int128(word.anchor.units) - price)
        return away * Int128(Ratio.one.units)
            >= Int128(word.anchor.units) * Int128(rules.frozenMove.units)
    }

    /// An amount of a quote currency in the quote currency of indices, rounded down.
    static func convert(_ price: IndexPrice, _ rate: IndexPrice?) -> Int128 {
        guard let rate else { return Int128(price.units) }
        return Int128(price.units) * Int128(rate.units) / priceUnit
    }

    /// A depth that a source states, in the quote currency of indices.
    func convert(_ depth: Amount, of word: PriceWord, _ room: borrowing AggregationRoom) -> Int64 {
        guard let rate = try? rate(of: sources.sources[Int(word.source.number)], room) else {
            return depth.units
        }
        let price = IndexPrice(units: depth.units)
        return Int64(clamping: PriceJudge.convert(price, rate.index))
    }

    /// Index prices of one.
    static let priceUnit: Int128 = 1_000_000

    /// Whether a price is a power of ten times the reference or the reverse, not the zeroth, to
    /// within the tolerance. Both are positive.
    static func isUnitShifted(_ price: Int64, from reference: Int64, tolerance: Ratio) -> Bool {
        let small = Int128(min(price, reference))
        let large = Int128(max(price, reference))
        let one = Int128(Ratio.one.units)
        var shifted = small * ten
        while shifted * (one - Int128(tolerance.units)) <= large * one {
            if abs(large - shifted) * one <= shifted * Int128(tolerance.units) { return true }
            shifted *= ten
        }
        return false
    }

    private static let ten: Int128 = 10
}

extension IndexFeed {
    /// The judge of the words at a time.
    func judge(at now: Timestamp) -> PriceJudge {
        PriceJudge(
            parameters: parameters, sources: sources, off: off, highest: highest,
            isQuote: isQuote, index: index, now: now)
    }

    /// Turns the words into votes and faults.
    mutating func judgeWords(
        publishers: [Publisher], now: Timestamp, _ room: inout AggregationRoom
    ) {
        let judge = judge(at: now)
        room.votes.removeAll(keepingCapacity: true)
        for place in words.indices {
            guard let word = words[place] else { continue }
            do throws(PriceFault) {
                room.insert(
                    try judge.vote(word, of: place, weight: publishers[place].weight, room))
            } catch {
                room.faults[place] = error
            }
        }
    }
}
