/// Words for orders with terms: triggers, icebergs, pairs, quotes, protection, auctions.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

extension Label {
    /// A label that is known to be one.
    static func text(_ text: String) -> Label { Label(Array(text.utf8)) ?? Label() }
}

extension Command {
    /// An order at whole dollars with any terms; without a price it is a market order.
    static func order(
        _ side: Side, _ lots: Int64, at dollars: Int64?,
        in instrument: InstrumentIdentifier = TestGenesis.bitcoin, name: UInt64 = 0,
        _ change: (inout OrderRequest) -> Void = { _ in }
    ) -> Command {
        var request = OrderRequest(
            instrument: instrument, side: side, limit: dollars.map { .dollars($0) },
            quantity: Quantity(lots: lots), clientIdentifier: ClientOrderIdentifier(name))
        change(&request)
        return .place(request)
    }

    /// An order that waits for a whole-dollar price.
    static func waiting(
        _ kind: TriggerKind, _ side: Side, _ lots: Int64, when dollars: Int64,
        on reference: TriggerReference = .mark, at limit: Int64? = nil, name: UInt64 = 0,
        _ change: (inout OrderRequest) -> Void = { _ in }
    ) -> Command {
        .order(side, lots, at: limit, name: name) {
            $0.trigger = Trigger(kind, on: reference, at: .dollars(dollars))
            change(&$0)
        }
    }

    static func iceberg(
        _ side: Side, _ lots: Int64, showing display: Int64, at dollars: Int64
    ) -> Command {
        .order(side, lots, at: dollars) { $0.display = Quantity(lots: display) }
    }

    static func amend(
        _ order: OrderIdentifier, to dollars: Int64?, _ lots: Int64, postOnly: Bool = false,
        when trigger: Int64? = nil
    ) -> Command {
        .amend(
            AmendRequest(
                order: order, limit: dollars.map { .dollars($0) },
                remaining: Quantity(lots: lots), postOnly: postOnly,
                trigger: trigger.map { .dollars($0) }))
    }

    static func quote(
        _ bidLots: Int64, at bid: Int64, _ askLots: Int64, at ask: Int64,
        in instrument: InstrumentIdentifier = TestGenesis.bitcoin
    ) -> Command {
        .quote(
            QuoteRequest(
                instrument: instrument, bid: .dollars(bid), bidQuantity: Quantity(lots: bidLots),
                ask: .dollars(ask), askQuantity: Quantity(lots: askLots)))
    }

    /// Protection in the first underlying.
    static func protect(
        window: UInt64 = 60, freeze: UInt64 = 0, dollars: Int64, in underlying: UInt16 = 0
    ) -> Command {
        .setProtection(
            UnderlyingIdentifier(underlying), window: .seconds(window), freeze: .seconds(freeze),
            limit: .dollars(dollars))
    }

    static func auction(
        seconds: UInt64, in instrument: InstrumentIdentifier = TestGenesis.bitcoin
    ) -> Command {
        .startAuction(instrument, length: .seconds(seconds))
    }
}

extension BlockOutcome {
    /// The trades of auctions.
    var auctionTrades: [Trade] {
        events.compactMap { event in
            if case .auctionTraded(let trade) = event { trade } else { nil }
        }
    }

    /// Where auctions cleared, in ticks, and how much.
    var clearings: [[Int64]] {
        events.compactMap { event in
            if case .auctionCleared(_, let clearing) = event {
                [clearing.price.ticks, clearing.quantity.lots]
            } else {
                nil
            }
        }
    }

    /// The orders that fired.
    var triggered: [OrderIdentifier] {
        events.compactMap { event in
            if case .orderTriggered(let order) = event { order } else { nil }
        }
    }

    /// Why fired orders were refused.
    var triggerRefusals: [Refusal] {
        events.compactMap { event in
            if case .triggerRefused(_, let refusal) = event { refusal } else { nil }
        }
    }

    var reasons: [CloseReason] { closes.map(\.reason) }

    var hasTripped: Bool {
        contains { if case .protectionTripped = $0 { true } else { false } }
    }
}

extension Venue {
    /// A venue of accounts with ten million dollars each.
    static func rich(
        _ count: Int, _ options: TestGenesis.Options = TestGenesis.Options()
    ) throws -> (Venue, [AccountIdentifier]) {
        let venue = try Venue(options)
        return (venue, try venue.openAccounts(count, dollars: 10_000_000))
    }

    /// Sends one order that is accepted, in a block of its own.
    @discardableResult
    func place(
        _ account: AccountIdentifier, _ command: Command,
        _ location: SourceLocation = #_sourceLocation
    ) throws -> OrderIdentifier {
        let outcome = try apply(block([.by(account, command)]), location)
        #expect(outcome.refusals == [nil], sourceLocation: location)
        return try #require(outcome.receipts[0].order, sourceLocation: location)
    }

    /// The answer to one command in a block of its own.
    func answer(_ account: AccountIdentifier, _ command: Command) throws -> Refusal? {
        try apply(.by(account, command)).refusals[0]
    }

    /// What shows on a side of BTC-PERP: ticks and lots, best first.
    func depth(_ side: Side) -> [[Int64]] {
        ledger.books.depth(side, in: TestGenesis.bitcoin).map {
            [$0.price.ticks, $0.quantity.lots]
        }
    }

    /// A machine made from this one's leaves.
    func restored() throws -> Ledger {
        try Ledger(genesis: ledger.genesis, leaves: ledger.leaves(), root: ledger.root)
    }
}
