/// What comes in: answers of venues, lines of pipes, answers of the node.

import FixedPoint
package import JSON

extension PublishMachine {
    /// What is due to be asked.
    mutating func fetches(at now: UInt64) -> [PublishAction] {
        var actions: [PublishAction] = []
        for place in plan.feeds.indices {
            guard case .web(let web) = plan.feeds[place].origin else { continue }
            if let schedule = quotes[place], !schedule.isInFlight, schedule.due <= now {
                quotes[place]?.begin()
                asked[place] = now
                actions.append(.fetch(feed: place, .quote, web.quote))
            }
            if let book = web.book, let schedule = books[place], !schedule.isInFlight,
                schedule.due <= now
            {
                books[place]?.begin()
                actions.append(.fetch(feed: place, .book, book.request))
            }
        }
        return actions
    }

    /// A venue has answered, or not.
    package mutating func answered(
        _ feed: Int, _ part: FetchPart, _ answer: Result<JSON.Value, Finding>, at now: UInt64
    ) {
        guard case .web(let web) = plan.feeds[feed].origin else { return }
        switch part {
        case .quote:
            isUnjudged = true
            feeds[feed].latency = FeedState.age(of: asked[feed], at: now)
            do throws(Finding) {
                var quote = try web.paths.quote(of: try answer.get())
                if let depth = depth(of: feed, web, at: now) {
                    quote.depthBelow = depth.depthBelow
                    quote.depthAbove = depth.depthAbove
                }
                feeds[feed].read(quote, at: now)
                quotes[feed]?.succeeded(at: now)
            } catch {
                feeds[feed].fail(error)
                let chance = draw()
                quotes[feed]?.failed(at: now, chance: chance)
            }
        case .book:
            guard let book = web.book else { return }
            do throws(Finding) {
                let quote = try BookDepth.quote(
                    of: try answer.get(), book.paths, unit: web.paths.unit)
                depths[feed] = (quote, now)
                books[feed]?.succeeded(at: now)
            } catch {
                // The price goes on without depth once what was stated is too old.
                let chance = draw()
                books[feed]?.failed(at: now, chance: chance)
            }
        }
    }

    /// The depth of a feed's own book, while it is no older than two of its periods.
    private func depth(of feed: Int, _ web: WebFeed, at now: UInt64) -> Quote? {
        guard let book = web.book, let depth = depths[feed],
            FeedState.age(of: depth.at, at: now) / 2 <= book.period
        else { return nil }
        return depth.quote
    }

    /// A pipe has said a line.
    package mutating func said(_ line: [UInt8], on pipe: String, at now: UInt64) {
        guard let line = PipeLines.read(line) else {
            return note(.lineIgnored(pipe: pipe, reason: "it is not UNDERLYING=PRICE"))
        }
        var isKnown = false
        for place in plan.feeds.indices {
            guard case .pipe(let path) = plan.feeds[place].origin, path == pipe,
                plan.feeds[place].underlying == line.underlying
            else { continue }
            isKnown = true
            isUnjudged = true
            switch line.quote {
            case .success(let quote): feeds[place].read(quote, at: now)
            case .failure(let finding): feeds[place].fail(finding)
            }
        }
        if !isKnown {
            note(.lineIgnored(pipe: pipe, reason: "nothing is published of what it names"))
        }
    }

    /// The node has taken the bundle.
    package mutating func delivered(at now: UInt64) {
        if delivery.failures > 0 { note(.nodeBack(failures: delivery.failures)) }
        let prices = delivery.succeeded()
        for (place, last) in prices { sent[place] = last }
        note(.delivered(count: prices.count))
    }

    /// The node has answered that it does not take the bundle.
    package mutating func refused(_ reason: String, at now: UInt64) {
        if delivery.lastReason != reason { note(.nodeRefuses(reason: reason)) }
        delivery.failed(reason, at: now, chance: draw())
        isWanted = true
    }

    /// The node has not answered.
    package mutating func notDelivered(_ reason: String, at now: UInt64) {
        if delivery.lastReason != reason { note(.nodeLost(reason: reason)) }
        delivery.failed(reason, at: now, chance: draw())
        isWanted = true
    }
}
