/// The volatility surface and the forwards of one underlying (DESIGN 5 and 7; `facts/risk.md`,
/// attacks 5 and 15). Each publisher votes a curve per expiry; votes that admit arbitrage are
/// dropped one by one (`SurfaceFeed+Votes`), what is left becomes the curve in force
/// (`SurfaceFeed+Aggregation`). An expiry without a quorum keeps its last curve and ages.
///
/// What less than half of the fresh weight cannot do, whatever it votes:
/// 1. move a node's volatility, or the forward over the index, outside the range of the honest
///    votes, where the curve is made of the medians;
/// 2. move it farther outside than `cut` × max(the width of the honest range, the floor), where it
///    is the medoid: only votes so near to the medians at every node may be it.
/// In both cases volatilities move by at most `minuteMove` a minute.

public import Canonical
public import FixedPoint

/// The surface of one underlying.
public struct SurfaceFeed: Equatable, Sendable {
    /// Most expiries with a curve at a time.
    public static let expiryLimit = 32

    public let parameters: SurfaceParameters
    let grid: SmileGrid
    let publisherCount: Int
    /// The defences that are off.
    let off: DefenceSet
    /// Ascending by expiry.
    public internal(set) var expiries: [ExpiryFeed] = []
    /// The expiries whose leaves have changed, ascending, until `clearTouched`.
    public private(set) var touched: [Timestamp] = []
    /// Room for aggregation; empty between blocks.
    var room = SurfaceRoom()

    /// A surface without expiries.
    ///
    /// - Precondition: the parameters have no faulty field.
    ///
    /// - Parameter off: the defences that do not apply; none but in a laboratory.
    public init(
        parameters: SurfaceParameters, publishers: Int, off: DefenceSet = DefenceSet()
    ) {
        self.parameters = parameters
        self.off = off
        grid = SmileGrid(parameters)
        publisherCount = publishers
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.parameters == right.parameters && left.publisherCount == right.publisherCount
            && left.expiries == right.expiries
    }

    // MARK: Which expiries there are

    /// Lets publishers vote on an expiry, because an instrument has it.
    ///
    /// - Returns: false where there are as many as there may be; true also if it is open already.
    public mutating func open(_ expiry: Timestamp) -> Bool {
        let place = self.place(of: expiry)
        if place < expiries.count, expiries[place].expiry == expiry { return true }
        guard expiries.count < SurfaceFeed.expiryLimit else { return false }
        expiries.insert(ExpiryFeed(expiry: expiry, publishers: publisherCount), at: place)
        touch(expiry)
        return true
    }

    /// Forgets an expiry, because its last instrument is settled.
    public mutating func close(_ expiry: Timestamp) {
        guard let place = index(of: expiry) else { return }
        expiries.remove(at: place)
        touch(expiry)
    }

    /// Notes that the leaf of an expiry has changed.
    mutating func touch(_ expiry: Timestamp) {
        let place = touched.firstIndex { $0 >= expiry } ?? touched.count
        if place == touched.count || touched[place] != expiry {
            touched.insert(expiry, at: place)
        }
    }

    /// Forgets which leaves have changed, once they are written.
    public mutating func clearTouched() { touched.removeAll(keepingCapacity: true) }

    /// Takes over an expiry from its leaf.
    ///
    /// - Throws: `DecodingFault`, also where it is open already or there are too many.
    public mutating func restore(
        _ expiry: Timestamp, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let feed = try ExpiryFeed(
            expiry: expiry, publishers: publisherCount, from: &decoder)
        guard index(of: expiry) == nil, expiries.count < SurfaceFeed.expiryLimit else {
            throw DecodingFault(.outOfRange, at: 0)
        }
        expiries.insert(feed, at: place(of: expiry))
    }

    /// Appends the leaf of an expiry; nothing where it is not open.
    public func encodeState(of expiry: Timestamp, into encoder: inout CanonicalEncoder) {
        if let place = index(of: expiry) { expiries[place].encodeState(into: &encoder) }
    }

    /// The first place whose expiry is not earlier. O(log expiries).
    private func place(of expiry: Timestamp) -> Int {
        var low = 0
        var high = expiries.count
        while low < high {
            let middle = (low + high) >> 1
            if expiries[middle].expiry < expiry { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Whether publishers may vote on an expiry.
    public func isOpen(_ expiry: Timestamp) -> Bool { index(of: expiry) != nil }

    /// The place of an open expiry.
    func index(of expiry: Timestamp) -> Int? {
        let place = self.place(of: expiry)
        return place < expiries.count && expiries[place].expiry == expiry ? place : nil
    }

    // MARK: What is in force

    /// The curve of an expiry; nil before its first quorum.
    public func curve(_ expiry: Timestamp) -> ExpiryCurve? {
        index(of: expiry).flatMap { expiries[$0].curve }
    }

    /// How long ago a quorum of publishers stood behind the curve; nil before the first.
    public func age(of expiry: Timestamp, at now: Timestamp) -> Duration? {
        curve(expiry).map { now.elapsed(since: $0.time) }
    }

    /// Whether a curve is good enough for a use: by the ages of the table in `PriceUse`.
    public func isValid(_ expiry: Timestamp, for use: PriceUse, at now: Timestamp) -> Bool {
        let tolerance = use.tolerance
        guard tolerance.needsPrice else { return true }
        guard let age = age(of: expiry, at: now) else { return false }
        let ages = PriceAges(
            liquidation: parameters.liquidationAge, reduceOnly: parameters.reduceOnlyAge,
            halt: parameters.haltAge)
        return off.contains(.staleness) || ages.allow(age, tolerance.age)
    }

    /// A curve with the time standing still, for asking it of many strikes.
    ///
    /// - Parameter index: positive.
    public func slice(of curve: ExpiryCurve, index: IndexPrice, at now: Timestamp) -> CurveSlice {
        CurveSlice(
            grid: grid, smile: grid.smile(curve.volatilities),
            forward: curve.forward(index: index), remaining: curve.expiry.elapsed(since: now))
    }
}
