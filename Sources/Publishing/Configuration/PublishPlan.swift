/// What a publisher is to do, as its configuration says: for each underlying the source that it
/// speaks for, and the feeds that the price is read from. Times are nanoseconds.

package import Canonical
package import FixedPoint

/// Everything a publisher watches.
package struct PublishPlan: Sendable {
    /// Between two bundles.
    package var period: UInt64
    /// How long a round waits for feeds before it goes without them.
    package var patience: UInt64
    /// A price that has moved by so many 10⁻⁴ is sent at once.
    package var moveBasisPoints: Int64
    /// Ascending by underlying, each once.
    package var prices: [PricePlan]
    package var feeds: [FeedPlan]

    package init(
        period: UInt64, patience: UInt64, moveBasisPoints: Int64, prices: [PricePlan],
        feeds: [FeedPlan]
    ) {
        self.period = period
        self.patience = patience
        self.moveBasisPoints = moveBasisPoints
        self.prices = prices
        self.feeds = feeds
    }
}

extension PublishPlan {
    /// Longer than any publisher runs.
    private static let never: UInt64 = 1 << 62

    /// The same without periods: everything is asked once.
    package var single: PublishPlan {
        var plan = self
        plan.period = PublishPlan.never
        for place in plan.feeds.indices {
            plan.feeds[place].period = PublishPlan.never
            guard case .web(var web) = plan.feeds[place].origin else { continue }
            web.book?.period = PublishPlan.never
            plan.feeds[place].origin = .web(web)
        }
        return plan
    }
}

/// How the price of several feeds is made.
package enum PriceChoice: String, CaseIterable, Sendable {
    /// The first in order that is sound; the others stand by.
    case first
    /// The median of all that are sound.
    case median
}

/// One underlying that is published.
package struct PricePlan: Sendable {
    package var symbol: String
    package var underlying: UnderlyingIdentifier
    package var source: SourceIdentifier
    /// The genesis takes no higher one.
    package var mostPrice: IndexPrice
    package var choice: PriceChoice
    /// Sound feeds that the median needs.
    package var leastFeeds: Int
    package var limits: PriceLimits
    /// Places in the plan's feeds, in order.
    package var feeds: [Int]
    /// Feeds that are only compared with.
    package var witnesses: [Int]

    package init(
        symbol: String, underlying: UnderlyingIdentifier, source: SourceIdentifier,
        mostPrice: IndexPrice, choice: PriceChoice = .first, leastFeeds: Int = 1,
        limits: PriceLimits = PriceLimits(), feeds: [Int], witnesses: [Int] = []
    ) {
        self.symbol = symbol
        self.underlying = underlying
        self.source = source
        self.mostPrice = mostPrice
        self.choice = choice
        self.leastFeeds = leastFeeds
        self.limits = limits
        self.feeds = feeds
        self.witnesses = witnesses
    }
}

/// When a price is not believed. The defaults are ours.
package struct PriceLimits: Equatable, Sendable {
    /// A price may be so far from the last that was sound, in 10⁻⁹ of it.
    package var mostJump: Int64 = 100_000_000
    /// A price beyond that counts once the feed has kept to it for so long.
    package var jumpHold: UInt64 = 10_000_000_000
    /// Feeds within so much of each other agree, in 10⁻⁹.
    package var mostApart: Int64 = 50_000_000

    package init() {}
}

/// One place that a price is read from.
package struct FeedPlan: Sendable {
    /// Unique in the plan.
    package var name: String
    /// For messages.
    package var underlying: String
    package var origin: FeedOrigin
    package var limits: FeedLimits
    /// Between two requests.
    package var period: UInt64

    package init(
        name: String, underlying: String, origin: FeedOrigin, limits: FeedLimits = FeedLimits(),
        period: UInt64
    ) {
        self.name = name
        self.underlying = underlying
        self.origin = origin
        self.limits = limits
        self.period = period
    }
}

/// When a feed is not believed. The defaults are ours.
package struct FeedLimits: Equatable, Sendable {
    /// What was read, and the feed's own time, may be so old.
    package var mostAge: UInt64 = 5_000_000_000
    /// The feed's own time may lie so far ahead of this machine's clock.
    package var mostSkew: UInt64 = 2_000_000_000
    /// A feed that says the same for so long is frozen; zero never.
    package var frozenAfter: UInt64 = 60_000_000_000

    package init() {}
}

/// What kind of feed it is.
package enum FeedOrigin: Sendable {
    case web(WebFeed)
    case table(PriceTable, speed: UInt64)
    /// The path of a pipe; the lines of the underlying's name count.
    case pipe(String)
}

/// A venue's HTTP interface.
package struct WebFeed: Sendable {
    package var quote: WebRequest
    package var paths: QuotePaths
    /// A book with an address of its own, and how often it is asked for.
    package var book: (request: WebRequest, paths: BookPaths, period: UInt64)?

    package init(
        quote: WebRequest, paths: QuotePaths,
        book: (request: WebRequest, paths: BookPaths, period: UInt64)? = nil
    ) {
        self.quote = quote
        self.paths = paths
        self.book = book
    }
}

/// What is asked for, and how long and how much of it.
package struct WebRequest: Equatable, Sendable {
    package var address: String
    /// What is posted; nil gets.
    package var body: [UInt8]?
    /// The PEM file of those that may sign the certificate; nil is the system's.
    package var authorities: String?
    package var milliseconds: Int
    package var mostBytes: Int

    package init(
        _ address: String, body: [UInt8]? = nil, authorities: String? = nil,
        milliseconds: Int = 2_000, mostBytes: Int = 1 << 20
    ) {
        self.address = address
        self.body = body
        self.authorities = authorities
        self.milliseconds = milliseconds
        self.mostBytes = mostBytes
    }
}
