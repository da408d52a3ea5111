/// The parts of the obvious venue (`ReferenceVenue`): an order, a market, a member, a protection
/// and a fence, each a plain value without an index of any kind.

import Canonical
import Catalogue
import FixedPoint
import Markets

/// An open order, as whoever reads the rules imagines it.
struct ReferenceOrder {
    enum State { case waiting, resting, trading }

    let number: UInt64
    let account: Int
    let market: Int
    let name: UInt64
    let flags: OrderFlags
    var state: State
    /// In ticks; 0 while a market order waits.
    var price: Int64
    /// All that is left.
    var lots: Int64
    /// What others see of it.
    var shown: Int64
    var priority: UInt64 = 0
    /// 0 shows all.
    var display: Int64 = 0
    /// Nanoseconds since 1970; 0 is never.
    var expiry: UInt64 = 0
    var trigger: Trigger?
    /// The order that leaves when this one trades, fires or leaves; 0 is none.
    var pair: UInt64 = 0
    var label = Label()

    var side: Side { flags.side }

    /// Whether it trades before another of its side.
    func isBefore(_ other: ReferenceOrder) -> Bool {
        if price == other.price { return priority < other.priority }
        return side == .buy ? price > other.price : price < other.price
    }

    /// Whether it would trade at a price of the other side.
    func accepts(_ ticks: Int64) -> Bool { side == .buy ? ticks <= price : ticks >= price }

    /// The order as the ledger shows it.
    var asOpenOrder: Order {
        var terms = SpecialTerms()
        terms.display = Quantity(lots: display)
        terms.hidden = Quantity(lots: lots - shown)
        terms.expiry = Timestamp(nanoseconds: expiry)
        terms.trigger = trigger
        terms.pair = OrderIdentifier(pair)
        terms.label = label
        return Order(
            identifier: OrderIdentifier(number), account: AccountIdentifier(UInt32(account)),
            instrument: InstrumentIdentifier(UInt16(market)),
            clientIdentifier: ClientOrderIdentifier(name), flags: flags, price: Price(ticks: price),
            remaining: Quantity(lots: lots), priority: priority, special: terms)
    }
}

/// A market, with what the engine has published of its price.
struct ReferenceMarket {
    let terms: Instrument
    let underlying: Int
    let home: Int
    /// Micro-dollars; 0 before the first.
    var mark: Int64 = 0
    /// Nil trades as orders come; else collects orders until then.
    var auctionEnd: UInt64?
}

/// An account.
struct ReferenceMember {
    let owner: SignerKey
    let home: Int
    var tier = 0
    var lastNonce: UInt64 = 0
    /// Lots by market; negative is short.
    var positions: [Int64]
    var protections: [ReferenceProtection] = []
}

/// Market-maker protection: fills are counted in two buckets of a window each.
struct ReferenceProtection {
    let underlying: Int
    let window: UInt64
    let freeze: UInt64
    let limit: Int64
    /// When the newer bucket began, and what is in both.
    var start: UInt64 = 0
    var newer: Int64 = 0
    var older: Int64 = 0
    var frozenUntil: UInt64 = 0

    /// Moves on to the bucket that `now` belongs to.
    mutating func turn(_ now: UInt64) {
        guard now >= start + window else { return }
        // The newer bucket becomes the older one if its own window has just ended; what is
        // farther back does not count at all.
        let isJustOver = now - start - window < window
        older = isJustOver ? newer : 0
        start = isJustOver ? start + window : now
        newer = 0
    }
}

/// A cancel of the block that voids what its account sent before it.
struct ReferenceFence {
    enum Reach {
        case name(UInt64)
        case label(Label)
        /// Nil is every market.
        case orders(market: Int?)
        case quotes(market: Int?)
    }

    let account: Int
    let nonce: UInt64
    let reach: Reach
}

/// A rule that the reference gets wrong on purpose, to show that the comparison notices.
enum ReferenceMistake: CaseIterable, Sendable {
    /// The next slice of an iceberg keeps the place of the last.
    case sliceKeepsPlace
    /// A rising trigger fires as soon as the price touches its tick from below.
    case triggerRoundsUp
    /// The other order of a pair stays when one trades in part.
    case pairOutlivesTrade
    /// Protection counts the newer bucket alone.
    case oneBucket
    /// Fill-or-kill counts makers that only reduce.
    case fillOrKillCountsReducers
    /// Cancelling both leaves the resting order.
    case cancelBothSparesMaker
    /// A cancel voids nothing.
    case noFences
    /// An amendment that shrinks an iceberg takes off what shows.
    case shrinkShownFirst
    /// Between prices that are as good an auction takes the lowest.
    case auctionTakesLowest
    /// The post-only commands run with the others.
    case postOnlyNotLast
}
