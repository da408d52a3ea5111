/// The publisher as a value without I/O: answers, lines and the time come in; what to ask, what to
/// deliver and what to log come out.
///
/// A *round* begins at each whole multiple of the period. It ends when every feed that works has
/// answered, or when its patience is over; then everything that is sound goes out in one bundle,
/// because a later bundle takes the place of an earlier one at the node. Between rounds a bundle
/// goes out at once when a price has moved enough. One delivery is under way at a time; what comes
/// meanwhile is made into the next, from what is known then.
///
/// Invariants:
/// 1. No price older than its feed's `mostAge` is in a bundle.
/// 2. The time of each bundle lies after that of the one before.
/// 3. A feed that does not answer delays nobody beyond the patience of one round, and none once it
///    has failed.

import FixedPoint
package import Oracle

/// What is asked of a feed.
package enum FetchPart: Equatable, Sendable {
    case quote
    case book
}

/// What the machine wants done.
package enum PublishAction: Sendable {
    case fetch(feed: Int, FetchPart, WebRequest)
    /// Sign these observations of a moment, in nanoseconds since 1970, and send them.
    case deliver([Observation], at: UInt64)
}

/// A publisher.
package struct PublishMachine: Sendable {
    package let plan: PublishPlan
    package internal(set) var feeds: [FeedState]
    /// What was made of the feeds when they were judged last, by price of the plan.
    package internal(set) var verdicts: [MadePrice]
    /// What was delivered last, by price of the plan.
    package internal(set) var sent: [LastPrice?]
    /// What was sound last, by price of the plan: sent or not, the yardstick of jumps.
    private var made: [LastPrice?]
    package internal(set) var delivery: Delivery
    var quotes: [FetchSchedule?]
    var books: [FetchSchedule?]
    /// The depth that a book of its own address has stated, and when.
    var depths: [(quote: Quote, at: UInt64)?]
    /// Of each feed, when it was asked.
    var asked: [UInt64]
    /// When tables began to play.
    private let began: UInt64
    private var nextRound: UInt64
    /// When the open round ends at the latest.
    private var roundEnd: UInt64?
    /// Something has been read since the feeds were judged.
    var isUnjudged = false
    /// Something is to be sent.
    var isWanted = false
    private var chance: UInt64
    private var notes: [PublishNote] = []
    private var hadFinding: [Finding?]
    private var hadPrice: [Bool?]

    /// - Parameters:
    ///   - now: nanoseconds since 1970, as everywhere.
    ///   - seed: of the chance in waits after failures.
    package init(_ plan: PublishPlan, seed: UInt64, at now: UInt64) {
        self.plan = plan
        feeds = plan.feeds.map { FeedState($0.limits) }
        verdicts = plan.prices.map { _ in MadePrice() }
        sent = plan.prices.map { _ in nil }
        made = plan.prices.map { _ in nil }
        delivery = Delivery()
        quotes = plan.feeds.map { feed in
            guard case .web = feed.origin else { return nil }
            return FetchSchedule(period: feed.period, from: now)
        }
        books = plan.feeds.map { feed in
            guard case .web(let web) = feed.origin, let book = web.book else { return nil }
            return FetchSchedule(period: book.period, from: now)
        }
        depths = plan.feeds.map { _ in nil }
        asked = plan.feeds.map { _ in 0 }
        began = now
        nextRound = FetchSchedule.boundary(after: now, plan.period)
        chance = seed
        hadFinding = plan.feeds.map { _ in .waiting }
        hadPrice = plan.prices.map { _ in nil }
    }

    /// What has happened since this was called last.
    package mutating func takeNotes() -> [PublishNote] {
        defer { notes = [] }
        return notes
    }

    mutating func note(_ note: PublishNote) { notes.append(note) }

    /// A number that others cannot know, from the seed (SplitMix64).
    mutating func draw() -> UInt64 {
        chance &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (chance ^ (chance >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Lets time pass: what is due is asked for, and what is to be sent is delivered.
    package mutating func turn(at now: UInt64) -> [PublishAction] {
        var actions = fetches(at: now)
        if now >= nextRound {
            roundEnd = now + plan.patience
            nextRound = FetchSchedule.boundary(after: now, plan.period)
        }
        if let end = roundEnd, now >= end || !isAwaiting {
            endRound()
        }
        if isUnjudged || isWanted { judge(at: now) }
        if isWanted, delivery.isReady(at: now) {
            isWanted = false
            let observations = verdicts.compactMap(\.observation)
            if !observations.isEmpty {
                let made = verdicts.indices.filter { verdicts[$0].observation != nil }
                let time = delivery.begin(at: now, prices: made.map { ($0, verdicts[$0]) })
                actions.append(.deliver(observations, at: time))
            }
        }
        return actions
    }

    /// Sends what is sound now, without waiting for the round.
    package mutating func endRound() {
        roundEnd = nil
        isWanted = true
    }

    /// When something is to be done next.
    package var next: UInt64 {
        var next = nextRound
        for schedule in quotes + books {
            if let schedule, !schedule.isInFlight { next = min(next, schedule.due) }
        }
        if let roundEnd { next = min(next, roundEnd) }
        if isWanted, let ready = delivery.readyAt { next = min(next, ready) }
        return next
    }

    /// Whether a feed that works has been asked and has not answered.
    private var isAwaiting: Bool {
        quotes.contains { schedule in
            schedule.map { $0.isInFlight && $0.failures == 0 } ?? false
        }
    }

    /// Whether anything is under way.
    package var isBusy: Bool {
        (quotes + books).contains { $0?.isInFlight ?? false } || delivery.isInFlight
    }

    /// Judges every feed, makes the prices, and notes what has become of both.
    mutating func judge(at now: UInt64) {
        isUnjudged = false
        for place in feeds.indices { play(place, at: now) }
        for place in plan.prices.indices {
            let price = plan.prices[place]
            verdicts[place] = price.verdict(&feeds, last: made[place], at: now)
            if let observation = verdicts[place].observation {
                made[place] = LastPrice(price: observation.price, time: now)
            }
            for (feed, finding) in verdicts[place].findings {
                noteFinding(finding, of: feed)
            }
            notePrice(place)
            if let last = delivery.pending(place) ?? sent[place],
                let observation = verdicts[place].observation
            {
                let move = Int128(observation.price.units - last.price.units).magnitude
                let wanted = Int128(last.price.units) * Int128(plan.moveBasisPoints)
                if move * PublishMachine.basis >= wanted.magnitude { isWanted = true }
            }
        }
    }

    private static let basis: UInt128 = 10_000

    /// Reads what a table says now.
    private mutating func play(_ place: Int, at now: UInt64) {
        guard case .table(let table, let speed) = plan.feeds[place].origin else { return }
        do throws(Finding) {
            feeds[place].read(try table.quote(at: now, began: began, speed: speed), at: now)
        } catch {
            feeds[place].fail(error)
        }
    }

    private mutating func noteFinding(_ finding: Finding?, of feed: Int) {
        let plan = plan.feeds[feed]
        guard finding?.name != hadFinding[feed]?.name else { return }
        hadFinding[feed] = finding
        if let finding {
            note(.feedFaulty(feed: plan.name, underlying: plan.underlying, finding))
        } else {
            note(.feedSound(feed: plan.name, underlying: plan.underlying))
        }
    }

    private mutating func notePrice(_ place: Int) {
        let isMade = verdicts[place].observation != nil
        guard isMade != hadPrice[place] else { return }
        hadPrice[place] = isMade
        let symbol = plan.prices[place].symbol
        if isMade {
            note(
                .priceMade(
                    underlying: symbol, feeds: verdicts[place].used.map { plan.feeds[$0].name }))
        } else {
            note(.priceWithheld(underlying: symbol))
        }
    }
}
