/// A replay of order flow under way. Each message changes the file's own book first; the steps that
/// follow from it go to the engine; and whenever a block ends with a message, the two are compared.

import Documents
import Canonical
import Cryptography
import FixedPoint
import Ledger
import Markets

/// The state between two messages.
struct OrderFlowRun<Verifier: SignatureVerifier> {
    /// What the file has at its best: price in ticks, lots; nil is an empty side.
    private struct Reference {
        var bid: (price: Int64, lots: Int64)?
        var ask: (price: Int64, lots: Int64)?
        var isCrossed = false
    }

    private let flow: OrderFlow
    private let grid: OrderFlowGrid
    private let blockCommands: Int
    private let hasVenueBest: Bool
    private var venue: OrderFlowVenue<Verifier>
    private var book: OrderFlowBook
    private var kinds: [String: Int] = [:]
    private var told = OrderFlowAgreement()
    private var prices = OrderFlowAgreement()
    private var sizes = OrderFlowAgreement()
    /// After the last message; nil inside an update.
    private var reference: Reference?
    /// The last middle of the file's book, in micro-units.
    private var index: Int64?
    /// The last that was published: a publisher speaks when it has something new to say.
    private var published: Int64?
    /// The first that was published.
    private(set) var firstPublished: Int64?

    init(
        flow: OrderFlow, grid: OrderFlowGrid, venue: OrderFlowVenue<Verifier>, blockCommands: Int
    ) {
        self.flow = flow
        self.grid = grid
        self.venue = venue
        self.blockCommands = blockCommands
        hasVenueBest = flow.messages.contains { $0.best != nil }
        book = OrderFlowBook(grid: grid, isWindow: flow.isWindow && hasVenueBest)
    }

    // MARK: Messages

    /// Messages from one report of progress to the next.
    private static var progressMessages: Int { 256 }

    /// Takes every message to the engine.
    mutating func replay(_ progress: (ReplayProgress) -> Void) {
        let clock = ContinuousClock()
        let began = clock.now
        venue.open(at: flow.messages[0].time)
        for (place, message) in flow.messages.enumerated() {
            if place % Self.progressMessages == 0 {
                progress(self.progress(place, elapsed: clock.now - began))
            }
            kinds[message.action.name, default: 0] += 1
            let steps = steps(of: message)
            take(steps, at: message.time)
            if !steps.isEmpty { venue.messagesWaiting += 1 }
            followMiddle()
            reference = message.endsEvent ? currentReference(message.best) : nil
            if message.endsEvent, venue.waiting >= blockCommands { endBlock(at: message.time) }
            if venue.needsRepair { repair(at: message.time) }
        }
        if venue.waiting > 0 { endBlock(at: flow.messages[flow.messages.count - 1].time) }
        progress(self.progress(flow.messages.count, elapsed: clock.now - began))
    }

    private func progress(_ done: Int, elapsed: Swift.Duration) -> ReplayProgress {
        let (seconds, attoseconds) = elapsed.components
        return ReplayProgress(
            permille: done * 1_000 / flow.messages.count,
            time: flow.messages[min(done, flow.messages.count - 1)].time,
            blocks: venue.tally.blocks, orders: done,
            elapsed: UInt64(seconds) * TimeText.second + UInt64(attoseconds / 1_000_000_000))
    }

    /// What a message means for the engine. A message touches its own side of the book only; so the
    /// other side of a window is corrected before it, and an order that is new meets nothing that
    /// has left.
    private mutating func steps(of message: OrderFlowMessage) -> [OrderFlowStep] {
        guard let best = message.best else { return book.apply(message) }
        let own = message.action.order?.side ?? .buy
        let other = own.opposite
        let levels: (Side) -> OrderFlowLevel? = { $0 == .buy ? best.bid : best.ask }
        guard flow.isWindow else {
            let steps = book.apply(message)
            compareTold(own, levels(own))
            compareTold(other, levels(other))
            return steps
        }
        compareTold(other, levels(other))
        var steps = book.correct(other, to: levels(other))
        steps += book.apply(message)
        compareTold(own, levels(own))
        return steps + book.correct(own, to: levels(own))
    }

    private mutating func take(_ steps: [OrderFlowStep], at time: UInt64) {
        for step in steps {
            if venue.mustApply(before: step) {
                // A book whose first price is not known yet has no middle: this one has to do.
                if index == nil { followMiddle() }
                endBlock(at: time)
            }
            // From here on the engine is on its way to the next message.
            reference = nil
            venue.take(step)
        }
    }

    private mutating func endBlock(at time: UInt64) {
        venue.applyBlock(at: time, index: index == published ? nil : index)
        published = index
        firstPublished = firstPublished ?? index
        guard let reference else { return }
        compare(.buy, reference.bid, isCrossed: reference.isCrossed)
        compare(.sell, reference.ask, isCrossed: reference.isCrossed)
    }

    /// Brings orders back that an execution should have met and did not, or the other way round.
    private mutating func repair(at time: UInt64) {
        let known = reference
        if venue.waiting > 0 { endBlock(at: time) }
        take(venue.repairs(to: book), at: time)
        reference = known
    }

    /// The index follows the middle of the file's book; with one side only, or crossed, it stays.
    private mutating func followMiddle() {
        let tick = grid.tickSize.units
        switch (book.bids.bestPrice, book.asks.bestPrice) {
        case (let bid?, let ask?) where bid < ask: index = (bid + ask) * tick / 2
        case (let price?, nil), (nil, let price?): index = index ?? price * tick
        default: break
        }
    }

    // MARK: Comparisons

    private mutating func compareTold(_ side: Side, _ best: OrderFlowLevel?) {
        let ladder = book.ladder(side)
        let price = best.map { grid.ticks($0.price) }
        guard ladder.bestPrice != price else { return told.agree() }
        let isBehind = isBetter(side, price, than: ladder.bestPrice)
        told.disagree(isBehind ? "came into sight untold" : "left out of sight untold")
    }

    private func currentReference(_ best: OrderFlowBest?) -> Reference? {
        if let best {
            let level = { (level: OrderFlowLevel) in
                (price: grid.ticks(level.price), lots: grid.lots(level.size))
            }
            return Reference(bid: best.bid.map(level), ask: best.ask.map(level))
        }
        guard !hasVenueBest else { return nil }
        return Reference(
            bid: book.bids.bestPrice.map { ($0, book.bids.bestLots) },
            ask: book.asks.bestPrice.map { ($0, book.asks.bestLots) },
            isCrossed: book.isCrossed)
    }

    private mutating func compare(
        _ side: Side, _ expected: (price: Int64, lots: Int64)?, isCrossed: Bool
    ) {
        let market = InstrumentIdentifier(0)
        let found = venue.ledger.books.bestPrice(side, in: market)?.units
        if isCrossed { return prices.disagree("crossed in the file") }
        guard found == expected?.price else {
            return prices.disagree(reason(side, expected?.price, found))
        }
        prices.agree()
        guard let expected else { return }
        var lots: Int64 = 0
        venue.ledger.books.forEachLevel(side, in: market) { _, quantity in
            lots = quantity.units
            return false
        }
        if lots == expected.lots {
            sizes.agree()
        } else {
            sizes.disagree(sizeReason(side, expected.price, isLess: lots < expected.lots))
        }
    }

    /// Why the engine has another size at the best price than the file.
    private func sizeReason(_ side: Side, _ price: Int64, isLess: Bool) -> String {
        if venue.needsRepair { return "an execution met another order" }
        var excess: Int64 = 0
        for number in book.ladder(side).level(at: price)?.orders ?? [] {
            let lots = book.orders[number]?.lots ?? 0
            excess = max(excess, lots - (venue.resting[number]?.lots ?? 0))
        }
        if isLess, excess == 1, grid.lot != grid.step { return "one lot less, by rounding" }
        if isLess, !hasVenueBest { return "traded in the engine before the file says so" }
        return isLess ? "less in the engine" : "more in the engine"
    }

    /// Why the engine's best price is not the file's.
    private func reason(_ side: Side, _ expected: Int64?, _ found: Int64?) -> String {
        if venue.needsRepair { return "an execution met another order" }
        guard isBetter(side, expected, than: found), let expected else {
            return "rests in the engine alone"
        }
        for number in book.ladder(side).level(at: expected)?.orders ?? [] {
            switch venue.absent[number] {
            case .refused(let refusal): return "refused by the engine: \(refusal)"
            case .filled: return "traded in the engine before the file says so"
            case nil: break
            }
        }
        return "missing in the engine"
    }

    /// Whether a price stands before another; an empty side stands behind all.
    private func isBetter(_ side: Side, _ price: Int64?, than other: Int64?) -> Bool {
        guard let price else { return false }
        return other.map { price * side.sign > $0 * side.sign } ?? true
    }

    // MARK: The end

    /// What was applied, if the venue keeps it.
    var recorded: [OrderFlowRecording.Block] { venue.recorded ?? [] }

    func report() -> OrderFlowReport {
        let tally = venue.tally
        var report = OrderFlowReport(
            told: OrderFlowComparison(told), prices: OrderFlowComparison(prices),
            sizes: OrderFlowComparison(sizes))
        report.file = flow.file
        report.format = flow.format.rawValue
        report.grid = grid.note
        report.kinds = OrderFlowReport.sorted(kinds)
        report.messages = flow.messages.count
        report.unknownOrders = book.unknown
        report.meantByPrice = book.meantByPrice
        report.cameIntoSight = book.cameIntoSight
        report.leftOutOfSight = book.leftOutOfSight
        report.hasVenueBest = hasVenueBest
        report.accounts = venue.accounts.count
        report.blocks = tally.blocks
        report.transactions = tally.transactions
        report.commands = tally.commands
        report.trades = tally.trades
        report.executedAsNamed = tally.executedAsNamed
        report.executedElsewhere = tally.executedElsewhere
        report.repaired = tally.repaired
        report.alreadyDone = tally.alreadyDone
        report.refusals = OrderFlowReport.sorted(
            Dictionary(uniqueKeysWithValues: tally.refusals.map { ("\($0.key)", $0.value) }))
        report.openOrders = venue.resting.count
        // The engine checks conservation in every block and stops if it is broken; this looks at
        // the rest.
        report.conserved = venue.ledger.auditFailure() == nil
        report.stateRoot = venue.ledger.root.storage.hexadecimal
        report.applyNanoseconds = tally.applyNanoseconds
        return report
    }
}
