/// What a model says of the next step before it comes, and what a back-test asks of a model.

/// The loss that is exceeded at the promised rate, and the mean of losses beyond it, both as sizes
/// of a logarithmic return.
package struct LossForecast: Equatable, Sendable {
    /// Value at risk; positive.
    package let quantile: Double
    /// Expected shortfall; not below the quantile.
    package let shortfall: Double

    package init(quantile: Double, shortfall: Double) {
        self.quantile = quantile
        self.shortfall = shortfall
    }
}

/// Both sides of a market: who holds it loses when it falls, who owes it when it rises.
package struct LossForecasts: Equatable, Sendable {
    package let long: LossForecast
    package let short: LossForecast

    package init(long: LossForecast, short: LossForecast) {
        self.long = long
        self.short = short
    }
}

/// A model that learns from one close after another.
protocol TailEstimator {
    /// What a report calls it.
    var name: String { get }
    /// For the horizon after the last close; nil while too little is known.
    var forecasts: LossForecasts? { get }
    /// Takes the next close.
    ///
    /// - Parameters:
    ///   - close: positive.
    ///   - steps: since the close before; more than one where a hole lies between. At least one.
    mutating func observe(_ close: Int64, steps: UInt64)
}
