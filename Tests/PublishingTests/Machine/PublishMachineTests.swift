/// The publisher without any I/O: rounds, moves, feeds that are late, a node that is gone.
import Canonical
import FixedPoint
import JSON
import Oracle
import Testing

@testable import Publishing

private let millisecond: UInt64 = 1_000_000

private func said(_ units: Int64) throws -> Result<JSON.Value, Finding> {
    .success(try JSONParser().parse(Array(#"{"price":\#(units)}"#.utf8)))
}

/// - Parameter move: basis points that are sent at once.
private func machine(
    feeds: Int = 1, prices: [PricePlan]? = nil, move: Int64 = 1_000
) -> PublishMachine {
    var plan = publishPlan(
        prices ?? [pricePlan(feeds: Array(0..<feeds))],
        (0..<feeds).map { webFeed("feed-\($0)", "http://venue/\($0)") })
    plan.moveBasisPoints = move
    return PublishMachine(plan, seed: 7, at: benchStart)
}

extension [PublishAction] {
    /// The feeds that are asked.
    fileprivate var asked: [Int] {
        compactMap { if case .fetch(let feed, .quote, _) = $0 { feed } else { nil } }
    }

    /// The bundle that is sent.
    fileprivate var bundle: (observations: [Observation], time: UInt64)? {
        for case .deliver(let observations, let time) in self { return (observations, time) }
        return nil
    }
}

@Test func aRoundAsksSendsAndWaitsForTheNext() throws {
    var machine = machine()
    #expect(machine.turn(at: benchStart).asked == [0])
    machine.answered(0, .quote, try said(100), at: benchStart + 5 * millisecond)
    // Nothing is sent before the first round.
    #expect(machine.turn(at: benchStart + 5 * millisecond).isEmpty)
    #expect(machine.next == benchStart + benchSecond)
    let second = benchStart + benchSecond
    #expect(machine.turn(at: second).asked == [0])
    #expect(machine.turn(at: second + millisecond).isEmpty)
    machine.answered(0, .quote, try said(101), at: second + 2 * millisecond)
    let bundle = machine.turn(at: second + 2 * millisecond).bundle
    #expect(bundle?.observations.map(\.price) == [price(101)])
    #expect(bundle?.time == second + 2 * millisecond)
    machine.delivered(at: second + 3 * millisecond)
    #expect(machine.turn(at: second + 4 * millisecond).isEmpty)
    #expect(machine.sent[0]?.price == price(101))
}

/// A machine whose feeds have said 100 and whose first bundle the node has taken.
private func running(
    feeds: Int, prices: [PricePlan]? = nil, move: Int64 = 1_000
) throws -> (PublishMachine, UInt64) {
    var machine = machine(feeds: feeds, prices: prices, move: move)
    var now = benchStart
    _ = machine.turn(at: now)
    for feed in 0..<feeds { machine.answered(feed, .quote, try said(100), at: now) }
    now += benchSecond
    #expect(machine.turn(at: now).asked == Array(0..<feeds))
    for feed in 0..<feeds { machine.answered(feed, .quote, try said(100), at: now) }
    #expect(machine.turn(at: now).bundle?.observations.first?.price == price(100))
    machine.delivered(at: now)
    _ = machine.takeNotes()
    return (machine, now)
}

@Test func aRoundGoesWithoutWhoIsLateAndWaitsForNobodyTwice() throws {
    let prices = [
        pricePlan(feeds: [0]), pricePlan(feeds: [1], underlying: 1, symbol: "ETH"),
    ]
    var (machine, now) = try running(feeds: 2, prices: prices)
    now += benchSecond
    #expect(machine.turn(at: now).asked == [0, 1])
    machine.answered(0, .quote, try said(101), at: now)
    #expect(machine.turn(at: now + 499 * millisecond).bundle == nil)
    let bundle = machine.turn(at: now + 500 * millisecond).bundle
    // What the late one said a second ago is still good.
    #expect(bundle?.observations.map(\.price) == [price(101), price(100)])
    machine.delivered(at: now + 500 * millisecond)
    machine.answered(1, .quote, .failure(.late), at: now + 900 * millisecond)
    // It is asked again, and the round does not wait for it any more.
    for second in 1...6 {
        let later = now + UInt64(second) * benchSecond
        let asked = machine.turn(at: later).asked
        #expect(asked.first == 0)
        machine.answered(0, .quote, try said(101), at: later)
        let bundle = machine.turn(at: later).bundle
        let expected = second <= 4 ? [UInt16(0), 1] : [0]
        #expect(bundle?.observations.map(\.underlying.number) == expected, "\(second)")
        machine.delivered(at: later)
    }
    #expect(
        machine.takeNotes().contains(.feedFaulty(feed: "feed-1", underlying: "BTC", .late)))
}

@Test func aMoveBeyondTheLimitIsSentAtOnce() throws {
    var (machine, now) = try running(feeds: 1, move: 50)
    machine.answered(0, .quote, try said(100), at: now + 100 * millisecond)
    #expect(machine.turn(at: now + 100 * millisecond).bundle == nil)
    // The limit is half a percent.
    var quote = Quote(last: IndexPrice(micros: 100_499_999))
    func answer(_ quote: Quote) throws -> Result<JSON.Value, Finding> {
        let micros = try #require(quote.last).units
        let text = #"{"price":"\#(micros / 1_000_000).\#(micros % 1_000_000)"}"#
        return .success(try JSONParser().parse(Array(text.utf8)))
    }
    machine.answered(0, .quote, try answer(quote), at: now + 200 * millisecond)
    #expect(machine.turn(at: now + 200 * millisecond).bundle == nil)
    quote.last = IndexPrice(micros: 100_500_000)
    machine.answered(0, .quote, try answer(quote), at: now + 300 * millisecond)
    let bundle = machine.turn(at: now + 300 * millisecond).bundle
    #expect(bundle?.time == now + 300 * millisecond)
    // What is under way is not sent again.
    machine.answered(0, .quote, try answer(quote), at: now + 310 * millisecond)
    machine.delivered(at: now + 320 * millisecond)
    #expect(machine.turn(at: now + 330 * millisecond).bundle == nil)
}

@Test func oneBundleIsUnderWayAtATime() throws {
    var (machine, now) = try running(feeds: 1)
    for second in 1...3 {
        let later = now + UInt64(second) * benchSecond
        _ = machine.turn(at: later)
        machine.answered(0, .quote, try said(100 + Int64(second)), at: later)
        let bundle = machine.turn(at: later).bundle
        #expect((bundle != nil) == (second == 1))
    }
    now += 3 * benchSecond + millisecond
    machine.delivered(at: now)
    // Then the newest goes, not what waited.
    #expect(machine.turn(at: now).bundle?.observations.first?.price == price(103))
}

@Test func aNodeThatIsGoneIsAskedLaterAndLaterWithFreshPrices() throws {
    var (machine, now) = try running(feeds: 1)
    var gaps: [UInt64] = []
    var last = now
    var price: Int64 = 100
    while gaps.count < 8 {
        now += 10 * millisecond
        let actions = machine.turn(at: now)
        for feed in actions.asked {
            price += 1
            machine.answered(feed, .quote, try said(price), at: now)
        }
        guard actions.bundle != nil else { continue }
        gaps.append(now - last)
        last = now
        machine.notDelivered("gone", at: now)
    }
    #expect(gaps.last.map { $0 <= 5 * benchSecond + 20 * millisecond } == true)
    #expect(gaps.dropFirst(5).allSatisfy { $0 >= 2 * benchSecond })
    let lost = machine.takeNotes().filter { $0 == .nodeLost(reason: "gone") }
    #expect(lost.count == 1)
    while machine.turn(at: now).bundle == nil { now += 10 * millisecond }
    machine.delivered(at: now)
    #expect(machine.takeNotes().contains(.nodeBack(failures: 8)))
}

@Test func aNodeThatRefusesIsNamedOnce() throws {
    var (machine, now) = try running(feeds: 1)
    for _ in 0..<1_000 {
        now += 10 * millisecond
        for action in machine.turn(at: now) {
            switch action {
            case .fetch(let feed, _, _):
                machine.answered(feed, .quote, try said(100), at: now)
            case .deliver: machine.refused("badObservationSignature", at: now)
            }
        }
    }
    let refused = machine.takeNotes().filter {
        $0 == .nodeRefuses(reason: "badObservationSignature")
    }
    #expect(refused.count == 1)
    #expect(machine.delivery.failures > 2)
}

@Test func timesOfBundlesRiseThoughTheClockFalls() throws {
    var machine = machine()
    var times: [UInt64] = []
    for now in [benchStart + benchSecond, benchStart, benchStart + 1] {
        for action in machine.turn(at: now) {
            if case .fetch(let feed, _, _) = action {
                machine.answered(feed, .quote, try said(100), at: now)
            }
        }
        machine.endRound()
        if let bundle = machine.turn(at: now).bundle { times.append(bundle.time) }
        machine.delivered(at: now)
    }
    #expect(
        times == [
            benchStart + benchSecond, benchStart + benchSecond + 1, benchStart + benchSecond + 2,
        ])
}

@Test func nothingIsSentWhereNothingIsSound() throws {
    var machine = machine()
    for second in 0..<5 {
        let now = benchStart + UInt64(second) * benchSecond
        for feed in machine.turn(at: now).asked {
            machine.answered(feed, .quote, .failure(.malformed("x")), at: now)
        }
        #expect(machine.turn(at: now).bundle == nil)
    }
    let notes = machine.takeNotes()
    #expect(notes.filter { $0 == .priceWithheld(underlying: "BTC") }.count == 1)
    #expect(
        notes.filter { $0 == .feedFaulty(feed: "feed-0", underlying: "BTC", .malformed("x")) }
            .count == 1)
}

@Test func theDepthOfABookOfItsOwnIsStatedWhileItIsFresh() throws {
    var feed = webFeed("venue", "http://venue/ticker")
    guard case .web(var web) = feed.origin else { return }
    let paths = BookPaths(
        bids: try #require(JSONPointer("/bids")), asks: try #require(JSONPointer("/asks")),
        price: .first, size: .second)
    web.book = (WebRequest("http://venue/book"), paths, 10 * benchSecond)
    feed.origin = .web(web)
    var machine = PublishMachine(
        publishPlan([pricePlan(feeds: [0])], [feed]), seed: 1, at: benchStart)
    #expect(machine.turn(at: benchStart).count == 2)
    machine.answered(0, .quote, try said(100), at: benchStart)
    let book = try JSONParser().parse(Array(#"{"bids":[[99,2]],"asks":[[101,3]]}"#.utf8))
    machine.answered(0, .book, .success(book), at: benchStart)
    var depths: [Int64?] = []
    for second in [UInt64(1), 20, 21, 22] {
        let now = benchStart + second * benchSecond
        for action in machine.turn(at: now) {
            switch action {
            case .fetch(_, .quote, _): machine.answered(0, .quote, try said(100), at: now)
            case .fetch(_, .book, _): machine.answered(0, .book, .failure(.status(429)), at: now)
            case .deliver: machine.delivered(at: now)
            }
        }
        machine.endRound()
        let bundle = machine.turn(at: now).bundle
        depths.append(bundle?.observations.first?.depthBelow.units)
        machine.delivered(at: now)
    }
    #expect(depths == [198_000_000, 198_000_000, 0, 0])
}

@Test func linesOfAPipeGoToTheFeedsThatTheyName() {
    let feeds = ["BTC", "ETH"].map { name in
        FeedPlan(
            name: "pipe-\(name)", underlying: name, origin: .pipe("p"), period: benchSecond)
    }
    var machine = PublishMachine(
        publishPlan(
            [pricePlan(feeds: [0]), pricePlan(feeds: [1], underlying: 1, symbol: "ETH")], feeds),
        seed: 1, at: benchStart)
    machine.said(Array("ETH=3400 5 6".utf8), on: "p", at: benchStart)
    machine.said(Array("BTC=0".utf8), on: "p", at: benchStart)
    machine.said(Array("DOGE=1".utf8), on: "p", at: benchStart)
    machine.said(Array("what".utf8), on: "p", at: benchStart)
    let bundle = machine.turn(at: benchStart + benchSecond).bundle
    #expect(bundle?.observations.map(\.price) == [price(3_400)])
    #expect(bundle?.observations.first?.depthAbove == Amount(microunits: 6_000_000))
    let notes = machine.takeNotes()
    #expect(
        notes.contains(.feedFaulty(feed: "pipe-BTC", underlying: "BTC", .notPositive)))
    #expect(
        notes.contains(
            .lineIgnored(pipe: "p", reason: "nothing is published of what it names")))
    #expect(
        notes.contains(.lineIgnored(pipe: "p", reason: "it is not UNDERLYING=PRICE")))
}
