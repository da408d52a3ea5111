/// What margin is told of a market before it values anything: prices, volatilities, times. The
/// ledger fills it from the oracle, the portfolio tool from a file; nothing here is kept.

public import FixedPoint

/// An underlying at one moment.
public struct MarketView: Equatable, Sendable {
    /// Positive.
    public var index: IndexPrice
    /// The rate-limited price behind initial margin; positive.
    public var stable: IndexPrice
    /// What one unit of the collateral is worth in the currency of the index.
    public var peg: Ratio
    public var time: Timestamp

    public init(index: IndexPrice, stable: IndexPrice, peg: Ratio = .one, time: Timestamp) {
        self.index = index
        self.stable = stable
        self.peg = peg
        self.time = time
    }
}

/// An expiry of an underlying at one moment.
public struct ExpiryView: Equatable, Sendable {
    /// Positive.
    public var forward: IndexPrice
    /// To the expiry; zero after it.
    public var timeLeft: Duration
    /// Of what is known of the volatilities.
    public var age: Duration
    /// What part of the settlement average is fixed already, in `0 ... 1`.
    public var fixedShare: Ratio
    /// The average of that part.
    public var fixedAverage: IndexPrice

    public init(
        forward: IndexPrice, timeLeft: Duration, age: Duration = .zero,
        fixedShare: Ratio = .zero, fixedAverage: IndexPrice = .zero
    ) {
        self.forward = forward
        self.timeLeft = timeLeft
        self.age = age
        self.fixedShare = fixedShare
        self.fixedAverage = fixedAverage
    }
}

/// What the valuation of one instrument needs beside its market.
public enum InstrumentQuote: Equatable, Sendable {
    /// - Parameter fundingRate: for eight hours.
    case perpetual(mark: IndexPrice, fundingRate: Ratio)
    case spot(mark: IndexPrice)
    case future(mark: IndexPrice, ExpiryView)
    /// - Parameter totalVolatility: `σ·√T`, the averaging at settlement taken into account.
    case option(mark: IndexPrice, totalVolatility: Real, ExpiryView)

    public var mark: IndexPrice {
        switch self {
        case .perpetual(let mark, _), .spot(let mark), .future(let mark, _),
            .option(let mark, _, _):
            mark
        }
    }
}
