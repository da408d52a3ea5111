/// How often each kind of event, each reason to close and each refusal came up, so that a generator
/// that no longer reaches something is noticed.

import Ledger
import Markets

struct TwinTally {
    private var counts: [String: Int] = [:]

    /// Events that only funds, prices and liquidations cause: the reference does not know them.
    static func isOfOrders(_ event: Event) -> Bool {
        switch event {
        case .orderAccepted, .orderRested, .orderAmended, .orderRefreshed, .orderTriggered,
            .triggerRefused, .orderClosed, .traded, .auctionTraded, .auctionStarted,
            .auctionCleared, .continuousTrading, .protectionTripped:
            true
        default: false
        }
    }

    /// What must come up in a long run.
    static let events = [
        "orderAccepted", "orderRested", "orderAmended", "orderRefreshed", "orderTriggered",
        "triggerRefused", "orderClosed", "traded", "auctionTraded", "auctionStarted",
        "auctionCleared", "continuousTrading", "protectionTripped",
    ]

    /// All but those that need an account short of margin or in debt, which nobody here is, an
    /// instrument that expires, or an agent: the obvious venue has none.
    static let reasons = CloseReason.allCases.filter {
        ![
            .harmfulFill, .marginCall, .liquidation, .instrumentExpired, .conversion,
            .agentLossLimit,
        ].contains($0)
    }

    /// All that orders can meet, but for those that need an account short of margin, an
    /// instrument that is halted or expires, or safeguards.
    static let refusals: [Refusal] =
        [
            .nonceUsed, .notAuthorised, .wrongCompartment, .priceTooOld, .unknownUnderlying,
            .unknownAccount, .unknownFeeTier,
        ]
        + Refusal.allCases.filter { (300..<400).contains($0.rawValue) }.filter {
            ![
                .insufficientMargin, .instrumentHalted, .instrumentExpired, .instrumentSettled,
                // The twin's venue has neither breakers nor rates nor caps.
                .marketHalted, .reduceOnlyMarket, .throttled, .heldByBreaker, .levelOutOfRange,
                .levelNotRaised, .ownerShare, .interestCap,
            ].contains($0)
        }

    /// What can be found only when a trigger fires: what a waiting order was not asked before. Its
    /// price is never too old then, and a trip of its protection takes it along.
    static let triggerRefusals: [Refusal] = [
        .outsidePriceBand, .notReducing, .positionLimit, .notFillable, .noProtection,
    ]

    mutating func count(_ outcome: BlockOutcome) {
        for receipt in outcome.receipts {
            add("receipt \(receipt.refusal.map { "\($0)" } ?? "accepted")")
        }
        var rounds = 0
        for event in outcome.events where Self.isOfOrders(event) {
            if case .auctionCleared = event { rounds += 1 }
            if case .continuousTrading = event {
                if rounds > 1 { add("auction of several rounds") }
                rounds = 0
            }
            add("event \(Self.name(of: event))")
            switch event {
            case .orderClosed(_, _, let reason): add("close \(reason)")
            case .triggerRefused(_, let refusal): add("trigger \(refusal)")
            default: break
            }
        }
    }

    private static func name(of event: Event) -> String {
        switch event {
        case .orderAccepted: "orderAccepted"
        case .orderRested: "orderRested"
        case .orderAmended: "orderAmended"
        case .orderRefreshed: "orderRefreshed"
        case .orderTriggered: "orderTriggered"
        case .triggerRefused: "triggerRefused"
        case .orderClosed: "orderClosed"
        case .traded: "traded"
        case .auctionTraded: "auctionTraded"
        case .auctionStarted: "auctionStarted"
        case .auctionCleared: "auctionCleared"
        case .continuousTrading: "continuousTrading"
        case .protectionTripped: "protectionTripped"
        default: "other"
        }
    }

    private mutating func add(_ name: String) { counts[name, default: 0] += 1 }

    mutating func add(_ other: TwinTally) {
        for (name, count) in other.counts { counts[name, default: 0] += count }
    }

    /// What should have come up and did not.
    var missing: [String] {
        let wanted =
            Self.events.map { "event \($0)" } + Self.reasons.map { "close \($0)" }
            + Self.refusals.map { "receipt \($0)" }
            + Self.triggerRefusals.map { "trigger \($0)" } + ["auction of several rounds"]
        return wanted.filter { counts[$0, default: 0] == 0 }
    }

    var lines: [String] { counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" } }
}
