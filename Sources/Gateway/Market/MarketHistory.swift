/// What is remembered of one instrument: trades, candles, funding.

package import Canonical
package import FixedPoint
package import Markets

/// Where the price went with a trade; numbers of Deribit's `tick_direction`.
package enum TickDirection: UInt8, Sendable {
    case plus = 0
    case zeroPlus = 1
    case minus = 2
    case zeroMinus = 3

    /// What follows on it at a price.
    func next(from last: Price?, to price: Price) -> TickDirection {
        guard let last, price != last else {
            return self == .plus || self == .zeroPlus ? .zeroPlus : .zeroMinus
        }
        return price > last ? .plus : .minus
    }
}

/// A trade as the public sees it.
package struct TradeRecord: Equatable, Sendable {
    /// The number of its event on the chain: unique, ascending, the same on every node.
    package let number: UInt64
    package let time: Timestamp
    package let instrument: InstrumentIdentifier
    package let direction: Side
    package let price: Price
    package let quantity: Quantity
    package let tick: TickDirection
    /// As they stood when it happened.
    package let mark: IndexPrice
    package let index: IndexPrice
    /// Of an option: a year's volatility that gives its price; nil where there is none.
    package let volatility: Ratio?
    /// Whether the maker, the taker or both were being liquidated.
    package let isMakerLiquidation: Bool
    package let isTakerLiquidation: Bool
}

/// What traded in a span of time.
package struct Candle: Equatable, Sendable {
    /// When the span began, in its own number: time / resolution.
    package let span: UInt64
    package let open: Price
    package private(set) var high: Price
    package private(set) var low: Price
    package private(set) var close: Price
    package private(set) var volume: Quantity
    package private(set) var cost: Amount

    init(span: UInt64, price: Price, quantity: Quantity, cost: Amount) {
        self.span = span
        open = price
        high = price
        low = price
        close = price
        volume = quantity
        self.cost = cost
    }

    /// Of a past that is known by other means.
    init(
        span: UInt64, open: Price, high: Price, low: Price, close: Price, volume: Quantity,
        cost: Amount
    ) {
        self.span = span
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.cost = cost
    }

    mutating func add(price: Price, quantity: Quantity, cost: Amount) {
        high = max(high, price)
        low = min(low, price)
        close = price
        // Sums of a span stay in range unless the venue turns over 9·10¹⁸ in it.
        volume = Quantity(units: volume.units.addingClamped(quantity.units))
        self.cost = Amount(units: self.cost.units.addingClamped(cost.units))
    }
}

/// The funding of one hour of a perpetual.
package struct FundingRecord: Equatable, Sendable {
    /// When the hour began.
    package let time: Timestamp
    package let index: IndexPrice
    package let previousIndex: IndexPrice
    /// For eight hours.
    package let rate: Ratio
}

/// The lengths of candles.
package enum Resolution {
    /// Minutes.
    package static let minutes: [UInt64] = [1, 3, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440]
    /// As the API names them.
    package static let names = [
        "1", "3", "5", "10", "15", "30", "60", "120", "180", "360", "720", "1D",
    ]

    /// The places of an hour and of a day.
    static let hour = 6
    static let day = 11

    static func length(_ place: Int) -> Duration {
        Duration(nanoseconds: minutes[place] * Duration.minute.nanoseconds)
    }
}

/// What is remembered of an instrument.
package struct MarketHistory: Sendable {
    package private(set) var trades: Ring<TradeRecord>
    /// By place in `Resolution`; only spans in which something traded.
    package private(set) var candles: [Ring<Candle>]
    package internal(set) var funding: Ring<FundingRecord>
    package private(set) var lastPrice: Price?
    private(set) var lastTick = TickDirection.zeroPlus
    /// When it was listed, as far as that is known; else when memory begins.
    package internal(set) var listed: Timestamp
    /// When the book last changed, in heights of blocks: the number of its state.
    package internal(set) var bookHeight: UInt64

    init(_ configuration: GatewayConfiguration, listed: Timestamp, height: UInt64) {
        trades = Ring(limit: configuration.tradeHistory)
        candles = Resolution.minutes.map { _ in Ring(limit: configuration.candleHistory) }
        funding = Ring(limit: configuration.fundingHistory)
        self.listed = listed
        bookHeight = height
    }

    mutating func add(_ trade: TradeRecord, cost: Amount) {
        trades.append(trade)
        lastPrice = trade.price
        lastTick = trade.tick
        for place in candles.indices {
            let span = trade.time.count(of: Resolution.length(place))
            if let last = candles[place].last, last.span == span {
                candles[place][candles[place].count - 1].add(
                    price: trade.price, quantity: trade.quantity, cost: cost)
            } else {
                candles[place].append(
                    Candle(
                        span: span, price: trade.price, quantity: trade.quantity, cost: cost))
            }
        }
    }

    /// The direction of a trade at a price.
    func tick(at price: Price) -> TickDirection { lastTick.next(from: lastPrice, to: price) }
}

/// What happened in the last day.
package struct DayStatistics: Equatable, Sendable {
    package var high: Price?
    package var low: Price?
    package var first: Price?
    package var last: Price?
    package var volume = Quantity.zero
    package var cost = Amount.zero
}

extension MarketHistory {
    /// The last 24 hours, to the minute. O(minutes with trades).
    package func day(until now: Timestamp) -> DayStatistics {
        statistics(of: 0, spans: Resolution.minutes[Resolution.day], until: now)
    }

    /// The last so many spans of a resolution, the one that runs included, as far as they are
    /// remembered.
    package func statistics(
        of resolution: Int, spans: UInt64, until now: Timestamp
    ) -> DayStatistics {
        var statistics = DayStatistics()
        let end = now.count(of: Resolution.length(resolution))
        let start = end >= spans ? end - spans + 1 : 0
        let spansKept = candles[resolution]
        for place in spansKept.firstPlace(where: { $0.span >= start })..<spansKept.count {
            let candle = spansKept[place]
            statistics.high = max(statistics.high ?? candle.high, candle.high)
            statistics.low = min(statistics.low ?? candle.low, candle.low)
            statistics.first = statistics.first ?? candle.open
            statistics.last = candle.close
            statistics.volume = Quantity(
                units: statistics.volume.units.addingClamped(candle.volume.units))
            statistics.cost = Amount(
                units: statistics.cost.units.addingClamped(candle.cost.units))
        }
        return statistics
    }
}

extension Int64 {
    /// The sum, or the end of the range.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
