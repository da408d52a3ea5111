/// What the history answers, in the gateway's own records: what is written from them is the same,
/// byte for byte, as what is written from memory.

import FixedPoint
import Markets

/// Some of a list.
struct PastPage<Element: Sendable>: Sendable {
    var elements: [Element]
    /// Whether there are more than were asked for.
    var hasMore: Bool

    init(_ elements: [Element], hasMore: Bool) {
        self.elements = elements
        self.hasMore = hasMore
    }

    /// At most so many of a list that may hold more.
    init(_ list: [Element], atMost count: Int) {
        elements = Array(list.prefix(count))
        hasMore = list.count > count
    }
}

/// Fills or lines of a log with the orders that they name.
struct OrderedPage<Element: Sendable>: Sendable {
    var page: PastPage<Element>
    /// By number.
    var orders: [UInt64: OrderEntry]
}

/// What an answer holds; the case follows from the question's.
enum PastRows: Sendable {
    case trades(PastPage<TradeRecord>)
    /// Where the price stood before the first span asked for.
    case candles([Candle], before: Price?)
    case funding([FundingRecord])
    case settlements(PastPage<SettlementRecord>)
    case deliveries([DeliveryRecord], total: Int)
    case orders([OrderEntry])
    case fills(OrderedPage<UserTrade>)
    case log(OrderedPage<LogEntry>)
    case page([LogEntry], total: Int)
}

/// An answer, on its way from the reader's thread to the gateway.
package struct PastAnswer: Sendable {
    let rows: PastRows
}

/// Why there is no answer.
package enum PastFault: Error, Equatable, Sendable {
    /// The database cannot be asked.
    case unavailable(reason: String)
    /// It does not know yet what the question is about.
    case behind(height: UInt64, of: UInt64)
    /// Too many questions wait.
    case busy
    /// The answer took too long.
    case tooLate

    /// In words, for a client.
    package var reason: String {
        switch self {
        case .unavailable(let reason): "history is not available: \(reason)"
        case .behind(let height, let tip):
            "history is not available: it stands at block \(height) of \(tip)"
        case .busy: "history is not available: too many questions wait for it"
        case .tooLate: "history is not available: it did not answer in time"
        }
    }
}

extension APIError {
    init(_ fault: PastFault) { self.init(.unavailable, reason: fault.reason) }
}
