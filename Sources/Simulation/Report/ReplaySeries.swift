/// The course of a replay: what the charts draw. The runner appends one sample per interval; the
/// page thins what it draws.

import Documents

/// All series of one replay.
package struct ReplaySeries: Equatable, Sendable {
    /// In the order of `ReplaySummary.markets`.
    package var markets: [MarketSeries] = []
    /// By underlying: its index and its venues, block by block.
    package var underlyings: [UnderlyingSeries] = []
    /// Samples over all accounts, in order of time.
    package var ledger: [LedgerSample] = []
    /// Every fill of a liquidation, in order of time.
    package var liquidations: [LiquidationEvent] = []

    /// Empty series for the runner to fill.
    package init() {}

    private static let mostSamples: UInt64 = 20_000

    /// Nanoseconds between samples for a replay that lasts `span` nanoseconds: a minute, or as many
    /// whole minutes as keep every series below 20,000 samples.
    package static func interval(span: UInt64) -> UInt64 {
        (span / mostSamples / TimeText.minute + 1) * TimeText.minute
    }
}

/// The series of one market.
package struct MarketSeries: Equatable, Sendable {
    package let name: String
    /// What one price unit is called: `BTC`, `1000 PEPE`.
    package let unit: String
    /// What prices are in: `USD`.
    package let quote: String
    /// In order of time.
    package var samples: [MarketSample] = []

    package init(name: String, unit: String, quote: String) {
        self.name = name
        self.unit = unit
        self.quote = quote
    }
}

/// One market at one time. Prices in 10⁻⁶ quote; nil when there is none.
package struct MarketSample: Equatable, Sendable {
    /// Nanoseconds since 1970.
    package let time: UInt64
    /// The last trade, or the middle of the book.
    package var last: Int64?
    package var index: Int64?
    package var mark: Int64?
    package var stable: Int64?
    /// Notional of one side in micro-units.
    package var openInterest: Int64 = 0
    /// The rate longs pay shorts, in 10⁻⁹ per eight hours.
    package var funding: Int64?

    package init(
        time: UInt64, last: Int64?, index: Int64?, mark: Int64?, stable: Int64?,
        openInterest: Int64, funding: Int64?
    ) {
        self.time = time
        self.last = last
        self.index = index
        self.mark = mark
        self.stable = stable
        self.openInterest = openInterest
        self.funding = funding
    }
}

/// All accounts together at one time, in micro-units.
package struct LedgerSample: Equatable, Sendable {
    /// Nanoseconds since 1970.
    package let time: UInt64
    package let equity: Int64
    package let initialMargin: Int64
    package let maintenanceMargin: Int64
    package let insuranceFund: Int64
    /// Fees since the start.
    package let fees: Int64

    package init(
        time: UInt64, equity: Int64, initialMargin: Int64, maintenanceMargin: Int64,
        insuranceFund: Int64, fees: Int64
    ) {
        self.time = time
        self.equity = equity
        self.initialMargin = initialMargin
        self.maintenanceMargin = maintenanceMargin
        self.insuranceFund = insuranceFund
        self.fees = fees
    }
}

/// One fill of a liquidation.
package struct LiquidationEvent: Equatable, Sendable {
    /// Where the position went.
    package enum Route: Equatable, Sendable {
        /// Sold or bought in the order book.
        case book
        /// Closed against the other side.
        case deleveraged
    }

    /// Nanoseconds since 1970.
    package let time: UInt64
    /// Place in `ReplaySeries.markets`.
    package let market: Int
    package let route: Route
    /// 10⁻⁶ quote.
    package let price: Int64
    /// Micro-units, positive.
    package let notional: Int64

    package init(time: UInt64, market: Int, route: Route, price: Int64, notional: Int64) {
        self.time = time
        self.market = market
        self.route = route
        self.price = price
        self.notional = notional
    }
}
