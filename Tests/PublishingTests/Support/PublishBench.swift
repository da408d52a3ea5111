/// A publisher whose clock the test turns, with feeds and a node on loopback servers.
import Canonical
import FixedPoint
import Oracle
import Synchronization

@testable import Publishing

/// 2025-10-10 21:00:00 UTC, in nanoseconds: a whole multiple of every period here.
let benchStart: UInt64 = 1_760_130_000_000_000_000
let benchSecond: UInt64 = 1_000_000_000

/// Micros of a price in whole units.
func price(_ units: Int64) -> IndexPrice { IndexPrice(micros: units * 1_000_000) }

/// The price of a decimal with two digits, in cents.
func cents(_ cents: Int64) -> IndexPrice { IndexPrice(micros: cents * 10_000) }

/// A feed that a server answers on a path, `{"price":…,"time":…}`, time left out if not asked for.
func webFeed(
    _ name: String, _ address: String, underlying: String = "BTC", hasTime: Bool = false,
    limits: FeedLimits = FeedLimits(), milliseconds: Int = 10_000, mostBytes: Int = 1 << 20
) -> FeedPlan {
    FeedPlan(
        name: name, underlying: underlying,
        origin: .web(
            WebFeed(
                quote: WebRequest(address, milliseconds: milliseconds, mostBytes: mostBytes),
                paths: QuotePaths(
                    price: JSONPointer("/price"), time: hasTime ? JSONPointer("/time") : nil))),
        limits: limits, period: benchSecond)
}

/// A price of the first underlying from the feeds at these places.
func pricePlan(
    feeds: [Int], witnesses: [Int] = [], choice: PriceChoice = .first, leastFeeds: Int = 1,
    underlying: UInt16 = 0, symbol: String = "BTC", limits: PriceLimits = PriceLimits()
) -> PricePlan {
    PricePlan(
        symbol: symbol, underlying: UnderlyingIdentifier(underlying),
        source: SourceIdentifier(3), mostPrice: price(1_000_000), choice: choice,
        leastFeeds: leastFeeds, limits: limits, feeds: feeds, witnesses: witnesses)
}

/// A plan of a bundle each second.
func publishPlan(_ prices: [PricePlan], _ feeds: [FeedPlan]) -> PublishPlan {
    PublishPlan(
        period: benchSecond, patience: benchSecond / 2, moveBasisPoints: 50, prices: prices,
        feeds: feeds)
}

/// Runs a loop step by step.
final class PublishBench {
    private(set) var now = benchStart
    private(set) var bundles: [(time: UInt64, observations: [Observation])] = []
    private(set) var notes: [PublishNote] = []
    private(set) var status = ""
    private var loop: PublishLoop?

    /// - Parameter node: where bundles are posted to.
    init(_ plan: PublishPlan, node: String) throws {
        loop = try PublishLoop(
            plan, node: WebRequest(node, milliseconds: 10_000), seed: 1,
            world: PublishWorld(
                now: { [unowned self] in now },
                compose: { [unowned self] observations, time in
                    bundles.append((time, observations))
                    return Array("{}".utf8)
                },
                note: { [unowned self] in notes.append($0) },
                status: { [unowned self] in status = $0 }))
    }

    var machine: PublishMachine { loop.map(\.machine)! }

    /// The finding of a feed by its place, as it was judged last.
    func finding(_ feed: Int) -> Finding? {
        machine.verdicts.flatMap(\.findings).first { $0.feed == feed }.flatMap(\.finding)
    }

    /// Sets the clock, does what is due, and lets everything end: first what is asked, then what
    /// is delivered.
    func step(to time: UInt64) {
        now = time
        for _ in 0..<2 {
            loop?.begin()
            loop?.settle()
        }
    }

    /// A second later.
    func step() { step(to: now + benchSecond) }

    func once() -> Bool { loop?.runOnce() ?? false }
}

/// A node that takes every bundle.
func willingNode() throws -> VenueServer {
    try VenueServer { _ in .json(#"{"jsonrpc":"2.0","id":1,"result":"ok"}"#) }
}
