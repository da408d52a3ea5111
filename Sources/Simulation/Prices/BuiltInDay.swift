/// A trading day of our own making, so that a replay needs no file: BTC and ETH in USD on five
/// venues, with a calm morning, a slow rise, a crash, a partial rebound and a choppy evening.
/// During the crash one venue goes silent. No market's data is in it; whole numbers only, so the
/// day is the same on every machine for ever (a test holds its checksum).

import Documents

/// The generator of the built-in day.
package enum BuiltInDay {
    /// 2026-01-15 00:00 UTC in nanoseconds: any day would do.
    package static let start: UInt64 = 1_768_435_200 * TimeText.second
    /// Minutes in the day.
    package static let minutes = 1_440
    /// The venues, all fictional, with the part of 10⁻⁶ by which each leans off the true price.
    private static let venues: [(name: String, lean: Int64)] = [
        ("alder", 0), ("birch", 25), ("cedar", -35), ("maple", 60), ("rowan", -50),
    ]
    /// The minutes in which `maple` reports nothing: from the worst of the crash on.
    private static let outage = (venue: "maple", minutes: 880..<911)

    /// Steps the true price takes in a minute: one each five seconds.
    private static let steps = 12
    private static let million: Int64 = 1_000_000
    /// Micro-dollars in a cent: venues quote in cents.
    private static let cent: Int64 = 10_000

    /// What is special to one underlying.
    private struct Asset {
        let base: String
        /// Micro-dollars at midnight.
        let opening: Int64
        /// How the crash and all moves compare with those of BTC, in 10⁻⁶.
        let beta: Int64
        /// Typical units traded per minute on the largest venue.
        let volume: Int64
    }

    private static let assets = [
        Asset(base: "BTC", opening: 96_400_000_000, beta: 1_000_000, volume: 22),
        Asset(base: "ETH", opening: 3_420_000_000, beta: 1_390_000, volume: 310),
    ]

    /// The day as price histories in order of symbol.
    package static func histories() -> [PriceHistory] {
        assets.enumerated().map { index, asset in
            let truth = truePath(asset, stream: UInt64(index))
            let sources = venues.enumerated().map { place, venue in
                let stream = UInt64(100 + 10 * index + place)
                return VenueBars(
                    venue: venue.name,
                    bars: bars(asset, truth, venue: venue, stream: stream))
            }
            return PriceHistory(
                base: asset.base, quote: "USD", unitMultiplier: 1, sources: sources)
        }
    }

    // MARK: The course of the day

    /// Minute of the day, and BTC's level in 10⁻⁶ of the opening: straight lines lie between.
    private static let course: [(minute: Int, level: Int64)] = [
        (0, 1_000_000), (150, 997_000), (330, 1_002_000), (480, 1_006_000), (600, 1_015_000),
        (720, 1_021_000), (800, 1_031_000), (850, 1_034_000), (872, 1_027_000), (876, 985_000),
        (878, 990_000), (882, 905_000), (884, 860_000), (887, 884_000), (892, 871_000),
        (905, 917_000), (930, 941_000), (960, 926_000), (1_020, 948_000), (1_080, 931_000),
        (1_150, 957_000), (1_220, 936_000), (1_300, 949_000), (1_380, 940_000), (1_440, 945_000),
    ]

    /// Minute from which on, and the standard deviation of a five-second step in 10⁻⁶.
    private static let weather: [(minute: Int, deviation: Int64)] = [
        (0, 55), (420, 80), (600, 95), (780, 110), (868, 260), (874, 520), (890, 420), (910, 260),
        (960, 190), (1_080, 165), (1_320, 120),
    ]

    /// BTC's level at `step` (five seconds each) in 10⁻⁶ of the opening.
    private static func level(at step: Int) -> Int64 {
        var part = 1
        while course[part].minute * steps <= step && part + 1 < course.count { part += 1 }
        let (from, to) = (course[part - 1], course[part])
        let whole = Int64((to.minute - from.minute) * steps)
        let done = Int64(step - from.minute * steps)
        return from.level + (to.level - from.level) * done / whole
    }

    private static func deviation(at minute: Int) -> Int64 {
        weather.last { $0.minute <= minute }?.deviation ?? 0
    }

    /// The true price in micro-dollars each five seconds: the course, scaled by beta, and around it
    /// a walk that is drawn back by 1/400 a step, mostly shared by all underlyings.
    private static func truePath(_ asset: Asset, stream: UInt64) -> [Int64] {
        var shared = SimulationGenerator(seed: 1, stream: 7)
        var own = SimulationGenerator(seed: 2, stream: stream)
        // In 10⁻⁹, so that the pull toward zero does not stop at its rounding.
        var sharedWalk: Int64 = 0
        var ownWalk: Int64 = 0
        var path: [Int64] = []
        path.reserveCapacity(minutes * steps + 1)
        for step in 0...(minutes * steps) {
            let course = (level(at: step) - million) * asset.beta / million
            let walk = (sharedWalk * asset.beta / million + ownWalk) / 1_000
            path.append(asset.opening / million * (million + course + walk))
            let deviation = deviation(at: step / steps) * 1_000
            sharedWalk += shared.normal(deviation: deviation) - sharedWalk / 400
            ownWalk += own.normal(deviation: deviation / 3) - ownWalk / 400
        }
        return path
    }

    // MARK: What a venue shows of it

    /// The bars of one venue: the true price with the venue's lean and its own small noise, which
    /// is wider when the market is.
    private static func bars(
        _ asset: Asset, _ truth: [Int64], venue: (name: String, lean: Int64), stream: UInt64
    ) -> [PriceBar] {
        var noise = SimulationGenerator(seed: 3, stream: stream)
        var offset = venue.lean
        var bars: [PriceBar] = []
        var open = quoted(truth[0], offset)
        for minute in 0..<minutes {
            let deviation = deviation(at: minute)
            var (high, low, close) = (open, open, open)
            for step in 1...steps {
                offset += noise.normal(deviation: deviation / 8) + (venue.lean - offset) / 6
                close = quoted(truth[minute * steps + step], offset)
                high = max(high, close)
                low = min(low, close)
            }
            let busy = deviation * noise.integer(in: 50...150) / 100
            let volume = asset.volume * million * busy / 100
            if venue.name != outage.venue || !outage.minutes.contains(minute) {
                bars.append(
                    PriceBar(
                        start: start + UInt64(minute) * TimeText.minute,
                        duration: TimeText.minute, open: open, high: high, low: low, close: close,
                        volume: volume))
            }
            open = close
        }
        return bars
    }

    /// `price` moved by `offset` in 10⁻⁶, to the cent below.
    private static func quoted(_ price: Int64, _ offset: Int64) -> Int64 {
        let moved = price + price / million * offset
        return moved - moved % cent
    }
}
