/// The headline numbers of a replay: what the console, the JSON file and the page all print. Filled
/// by the runner; whole numbers only, money in micro-units of the quote (10⁻⁶).

import Documents

/// The result of one replay in numbers.
package struct ReplaySummary: Equatable, Sendable {
    /// The chain's name from the genesis file.
    package var chain = ""
    package var seed: UInt64 = 0
    /// 64 lower-case hexadecimal digits: the root after the last block.
    package var stateRoot = ""
    /// Names of perpetuals and futures in the order of the series.
    package var markets: [String] = []
    /// Simulated traders with an account.
    package var traders = 0
    /// Nanoseconds since 1970 of the first block.
    package var start: UInt64 = 0
    /// Nanoseconds since 1970 of the last block.
    package var end: UInt64 = 0

    package var blocks = 0
    /// Order commands that reached the engine, refused ones included.
    package var orders = 0
    package var trades = 0
    /// Price observations that reached the engine.
    package var observations = 0
    /// Commands refused, by the name of the refusal; any order, printed in order of count.
    package var refusals: [RefusalCount] = []

    /// Notional traded in perpetuals and futures, each trade counted once.
    package var volume: Int64 = 0
    /// What was paid for options, each trade counted once.
    package var premium: Int64 = 0
    /// Futures and options by underlying and expiry.
    package var expiries: [ExpirySummary] = []
    /// Fees paid by takers and makers less rebates.
    package var fees: Int64 = 0
    /// Accounts that went into liquidation, each time counted.
    package var liquidations = 0
    /// Notional closed by liquidation in the book.
    package var liquidatedNotional: Int64 = 0
    /// Positions reduced against the other side.
    package var deleveraged = 0
    package var deleveragedNotional: Int64 = 0
    /// Losses that neither margin nor the fund covered, at the end.
    package var badDebt: Int64 = 0
    /// The insurance funds at the end, all compartments together.
    package var insuranceFund: Int64 = 0
    /// Whether what is owed equalled what the vaults hold after every block, exactly.
    package var conserved = false
    /// The account that ends with the least equity.
    package var worstAccount: WorstAccount?
    /// The highest notional over equity that any account reached, in 10⁻⁶.
    package var peakLeverage: Int64 = 0

    /// Each index against its venues, by underlying.
    package var indices: [IndexSummary] = []
    /// Prices that did not count, by underlying, source and reason.
    package var cuts: [PriceCut] = []
    /// Levels above normal, in order of time.
    package var breakers: [BreakerStretch] = []

    /// The options of each underlying that has any: at the end, or before the last of them expired.
    package var chains: [OptionChain] = []
    /// The expiries that settled, in order of time.
    package var settlements: [ExpirySettlement] = []

    /// Real nanoseconds the replay took, reading files not counted. Not part of the result.
    package var wallNanoseconds: UInt64 = 0
    /// The arguments of `rampart-lab` that repeat this replay.
    package var arguments: [String] = []

    /// An empty summary for the runner to fill.
    package init() {}

    /// Orders per real second, rounded down; 0 when no time was measured.
    package var ordersPerSecond: Int { perSecond(orders) }
    /// Blocks per real second, rounded down; 0 when no time was measured.
    package var blocksPerSecond: Int { perSecond(blocks) }

    private func perSecond(_ count: Int) -> Int {
        guard wallNanoseconds > 0 else { return 0 }
        let rate = Int128(count) * Int128(TimeText.second) / Int128(wallNanoseconds)
        return Int(clamping: rate)
    }
}

/// How often one refusal was given.
package struct RefusalCount: Equatable, Sendable {
    package let name: String
    package let count: Int

    package init(name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

/// One account at the end of a replay.
package struct WorstAccount: Equatable, Sendable {
    package let account: String
    /// What kind of trader runs it: `maker`, `momentum`, `hedger` and so on.
    package let kind: String
    /// Micro-units; may be negative.
    package let equity: Int64
    /// Profit since the start in micro-units; may be negative.
    package let profit: Int64

    package init(account: String, kind: String, equity: Int64, profit: Int64) {
        self.account = account
        self.kind = kind
        self.equity = equity
        self.profit = profit
    }
}
