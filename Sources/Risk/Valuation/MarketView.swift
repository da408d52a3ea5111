/// What margin is told of a market before it values anything: prices, volatilities, times. The
/// ledger fills it from the oracle, the portfolio tool from a file; nothing here is kept.

public import Estimation
public import FixedPoint

/// An underlying at one moment.
public struct MarketView: Equatable, Sendable {
    /// Positive.
    public var index: IndexPrice
    /// The rate-limited price behind initial margin; positive.
    public var stable: IndexPrice
    /// What one unit of the collateral is worth in the currency of the index.
    public var peg: Ratio
    /// How sure the index and the price of the perpetual are, in `0 ... 1`.
    public var indexConfidence: Ratio
    public var perpetualConfidence: Ratio
    /// M as the index has set it; nil leaves it to the rules.
    public var moves: MarginMoves?
    public var time: Timestamp

    public init(
        index: IndexPrice, stable: IndexPrice, peg: Ratio = .one, indexConfidence: Ratio = .one,
        perpetualConfidence: Ratio = .one, moves: MarginMoves? = nil, time: Timestamp
    ) {
        self.index = index
        self.stable = stable
        self.peg = peg
        self.indexConfidence = indexConfidence
        self.perpetualConfidence = perpetualConfidence
        self.moves = moves
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
    /// How long before the expiry the settlement average begins.
    public var window: Duration
    /// What discounts a payment at the expiry, a year; not negative.
    public var rate: Ratio
    /// How sure forward and volatilities are, in `0 ... 1`.
    public var confidence: Ratio
    /// What part of the settlement average is fixed already, in `0 ... 1`.
    public var fixedShare: Ratio
    /// The average of that part.
    public var fixedAverage: IndexPrice

    public init(
        forward: IndexPrice, timeLeft: Duration, age: Duration = .zero,
        window: Duration = .zero, rate: Ratio = .zero, confidence: Ratio = .one,
        fixedShare: Ratio = .zero, fixedAverage: IndexPrice = .zero
    ) {
        self.forward = forward
        self.timeLeft = timeLeft
        self.age = age
        self.window = window
        self.rate = rate
        self.confidence = confidence
        self.fixedShare = fixedShare
        self.fixedAverage = fixedAverage
    }
}

/// What the valuation of one instrument needs beside its market.
public enum InstrumentQuote: Equatable, Sendable {
    /// - Parameter fundingRate: for eight hours.
    case perpetual(mark: IndexPrice, fundingRate: Ratio)
    /// - Parameter holding: nil takes what the rules say.
    case spot(mark: IndexPrice, holding: HoldingTerms? = nil)
    case future(mark: IndexPrice, ExpiryView)
    /// - Parameter volatility: a year's.
    case option(mark: IndexPrice, volatility: Real, ExpiryView)

    public var mark: IndexPrice {
        switch self {
        case .perpetual(let mark, _), .spot(let mark, _), .future(let mark, _),
            .option(let mark, _, _):
            mark
        }
    }
}

/// What is particular about an asset that is held as collateral.
public struct HoldingTerms: Equatable, Sendable {
    /// The shares of its worth that do not count.
    public var initialHaircut: Ratio
    public var maintenanceHaircut: Ratio
    /// How sure its price is, in `0 ... 1`.
    public var confidence: Ratio

    public init(initialHaircut: Ratio, maintenanceHaircut: Ratio, confidence: Ratio = .one) {
        self.initialHaircut = initialHaircut
        self.maintenanceHaircut = maintenanceHaircut
        self.confidence = confidence
    }
}
