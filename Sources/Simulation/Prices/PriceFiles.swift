/// Joins the sources of several price files into one history per underlying, and brings exact
/// prices to the engine's scale.

import Documents

/// A loader of price files.
package enum PriceFiles {
    private static let multipliers: [Int64] = [1, 1_000, 1_000_000]
    /// 10⁻² quote in 10⁻¹²: the least that one price is to be worth, so that 10⁻⁶ is one part in
    /// ten thousand of it.
    private static let leastPrice = DecimalText.one / 100

    /// Reads `paths`, in any order of underlyings and times, into histories in order of base, then
    /// quote.
    ///
    /// Sources of the same venue and underlying that do not overlap in time are joined; where they
    /// overlap, the later ones (by first bar, then by place in `paths`) become `venue#2`,
    /// `venue#3`.
    ///
    /// - Throws: the first fault, in order of `paths`.
    package static func histories(of paths: [String]) throws(PriceFileFault) -> [PriceHistory] {
        var sources: [(file: Int, source: RawSource)] = []
        for (index, path) in paths.enumerated() {
            sources += try PriceFile.read(path).map { (index, $0) }
        }
        sources.sort { left, right in
            let (a, b) = (left.source, right.source)
            if a.symbol.base != b.symbol.base { return a.symbol.base < b.symbol.base }
            if a.symbol.quote != b.symbol.quote { return a.symbol.quote < b.symbol.quote }
            if a.venue != b.venue { return a.venue < b.venue }
            let (startOfA, startOfB) = (a.bars.first?.start ?? 0, b.bars.first?.start ?? 0)
            return startOfA != startOfB ? startOfA < startOfB : left.file < right.file
        }
        var histories: [PriceHistory] = []
        var next = 0
        while next < sources.count {
            let first = sources[next]
            let pair = sources[next...].prefix { entry in
                entry.source.symbol.base == first.source.symbol.base
                    && entry.source.symbol.quote == first.source.symbol.quote
            }
            next += pair.count
            do throws(PriceFileReason) {
                histories.append(try history(pair.map(\.source)))
            } catch {
                throw PriceFileFault(file: paths[first.file], line: nil, reason: error)
            }
        }
        return histories
    }

    /// The history of one underlying from its sources in order of venue and start.
    private static func history(_ sources: [RawSource]) throws(PriceFileReason) -> PriceHistory {
        let lowest = sources.flatMap { $0.bars.map(\.low) }.min() ?? DecimalText.one
        let highest = sources.flatMap { $0.bars.map(\.high) }.max() ?? DecimalText.one
        let symbol = sources[0].symbol
        let fitting = multipliers.first { Int128($0) * lowest >= leastPrice }
        let multiplier = fitting ?? multipliers[multipliers.count - 1]
        let limit = PriceFile.highestPrice * DecimalText.one
        guard scaled(lowest, multiplier) > 0, highest * Int128(multiplier) <= limit else {
            throw .range(symbol.base + "/" + symbol.quote)
        }
        var joined: [(venue: String, bars: [PriceBar])] = []
        for source in sources {
            let bars = source.bars.map { bar in
                PriceBar(
                    start: bar.start, duration: source.duration,
                    open: scaled(bar.open, multiplier), high: scaled(bar.high, multiplier),
                    low: scaled(bar.low, multiplier), close: scaled(bar.close, multiplier),
                    volume: bar.volume.map { Int64(clamping: dividedToMicro($0)) })
            }
            let start = bars.first?.start ?? 0
            let fits = joined.firstIndex { entry in
                entry.venue.split(separator: "#")[0] == source.venue
                    && (entry.bars.last?.end ?? 0) <= start
            }
            if let fits {
                joined[fits].bars += bars
            } else {
                let same = joined.filter { $0.venue.split(separator: "#")[0] == source.venue }
                let suffix = same.isEmpty ? "" : "#\(same.count + 1)"
                joined.append((source.venue + suffix, bars))
            }
        }
        return PriceHistory(
            base: symbol.base, quote: symbol.quote, unitMultiplier: multiplier,
            sources: joined.map { VenueBars(venue: $0.venue, bars: $0.bars) })
    }

    /// From 10⁻¹² per unit to 10⁻⁶ per `multiplier` units, halves up. Rounding keeps order, so low,
    /// high, open and close stay in order.
    private static func scaled(_ price: Int128, _ multiplier: Int64) -> Int64 {
        Int64(clamping: dividedToMicro(price * Int128(multiplier)))
    }

    private static func dividedToMicro(_ value: Int128) -> Int128 {
        DecimalText.dividedHalfUp(value, by: 1_000_000)
    }
}
