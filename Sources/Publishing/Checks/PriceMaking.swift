/// One observation out of the feeds of an underlying: which of them are sound, the price of the
/// first or the median of all, how far it may be off, and the depth that may be stated.

import FixedPoint
package import Oracle

/// What is made of the feeds of one underlying.
package struct MadePrice: Equatable, Sendable {
    /// Nil where no price is sent.
    package var observation: Observation?
    /// Places in the plan of the feeds that it was made of.
    package var used: [Int] = []
    /// By place in the plan, what is wrong with each feed and witness; nil where nothing is.
    package var findings: [(feed: Int, finding: Finding?)] = []

    package static func == (left: MadePrice, right: MadePrice) -> Bool {
        left.observation == right.observation && left.used == right.used
            && left.findings.elementsEqual(right.findings) { $0 == $1 }
    }
}

extension PricePlan {
    /// Judges the feeds and makes the price.
    ///
    /// - Parameters:
    ///   - feeds: all of the plan; the jumps that they have kept to are taken on.
    ///   - last: what was made last.
    func verdict(_ feeds: inout [FeedState], last: LastPrice?, at now: UInt64) -> MadePrice {
        var verdict = MadePrice()
        let all = self.feeds + witnesses
        var prices: [(feed: Int, price: IndexPrice)] = []
        for feed in all {
            let finding = feeds[feed].finding(at: now)
            guard finding == nil, let price = feeds[feed].price else {
                verdict.findings.append((feed, finding))
                continue
            }
            guard price <= mostPrice else {
                verdict.findings.append((feed, .outOfRange))
                continue
            }
            prices.append((feed, price))
        }
        var sound: [Int] = []
        for (feed, price) in prices {
            guard self.feeds.contains(feed) else {
                verdict.findings.append((feed, nil))
                continue
            }
            let finding = SourceCheck.finding(
                price, others: prices.filter { $0.feed != feed }.map(\.price), last: last, limits,
                held: &feeds[feed].held, at: now)
            verdict.findings.append((feed, finding))
            if finding == nil { sound.append(feed) }
        }
        verdict.findings.sort { $0.feed < $1.feed }
        switch choice {
        case .first: verdict.used = Array(sound.prefix(1))
        case .median: verdict.used = sound.count >= leastFeeds ? sound : []
        }
        if !verdict.used.isEmpty {
            verdict.observation = observation(verdict.used.map { feeds[$0] })
        }
        return verdict
    }

    /// The observation of sound feeds.
    private func observation(_ feeds: [FeedState]) -> Observation {
        let price = SourceCheck.median(feeds.compactMap(\.price))
        let quotes = feeds.compactMap(\.quote)
        // The band holds every price and quote that it was made of.
        let bounds = feeds.compactMap(\.price) + quotes.compactMap(\.bid) + quotes.compactMap(\.ask)
        let widest = bounds.map { abs($0.units - price.units) }.max() ?? 0
        return Observation(
            underlying: underlying, price: price, source: source,
            confidence: IndexPrice(micros: widest),
            // What one of them does not state is not known of all.
            depthBelow: quotes.map(\.depthBelow).min() ?? .zero,
            depthAbove: quotes.map(\.depthAbove).min() ?? .zero)
    }
}
