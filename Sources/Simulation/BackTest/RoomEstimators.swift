/// The three estimators of the room `Estimation` as a back-test asks them. Prices go in as the
/// ledger has them; only what comes out becomes floating point.

import Estimation
import FixedPoint

extension LossForecasts {
    init(_ forecast: TailForecast) {
        self.init(
            long: LossForecast(forecast.lower), short: LossForecast(forecast.upper))
    }
}

extension LossForecast {
    /// A quantile of nothing would be beaten by a market that stands still.
    private static let least = 1e-9

    init(_ estimate: TailEstimate) {
        let quantile = max(LossForecast.least, LossForecast.double(estimate.valueAtRisk))
        self.init(
            quantile: quantile,
            shortfall: max(quantile, LossForecast.double(estimate.expectedShortfall)))
    }

    private static func double(_ real: Real) -> Double {
        Double(real.bits) / Double(Real.one.bits)
    }
}

/// Filtered historical simulation, the ledger's own.
struct FilteredEstimator: TailEstimator {
    let name = "filtered historical"
    private var estimator: ReturnEstimator
    private var last: Int64?

    init(_ parameters: EstimatorParameters, opening: Ratio, horizon: Int) {
        var parameters = parameters
        parameters.horizon = UInt8(clamping: horizon)
        estimator = ReturnEstimator(parameters, openingVolatility: opening)
    }

    var forecasts: LossForecasts? { LossForecasts(estimator.forecast()) }

    mutating func observe(_ close: Int64, steps: UInt64) {
        if let last { estimator.observe(Real.log(close, over: last), steps: steps) }
        last = close
    }
}

/// Returns over a horizon from closes, each with something that was known when it began.
private struct HorizonReturns<Known> {
    let horizon: Int
    private var pending: [(close: Int64, known: Known)] = []

    init(horizon: Int) { self.horizon = horizon }

    /// Takes a close; gives the return that ends with it, if the horizon lies without a hole
    /// behind it.
    mutating func add(
        _ close: Int64, steps: UInt64, known: Known
    ) -> (change: Real, known: Known)? {
        if steps > 1 { pending.removeAll(keepingCapacity: true) }
        defer { pending.append((close, known)) }
        guard pending.count == horizon else { return nil }
        let first = pending.removeFirst()
        return (Real.log(close, over: first.close), first.known)
    }
}

/// Student's t with the present volatility.
struct StudentEstimator: TailEstimator {
    let name = "Student's t"
    private let parameters: EstimatorParameters
    private let root: Real
    private var volatility: MovingVolatility
    private var returns: HorizonReturns<Real>
    private var residuals: [Real] = []
    private var last: Int64?

    init(_ parameters: EstimatorParameters, opening: Ratio, horizon: Int) {
        self.parameters = parameters
        root = Real(Int64(horizon)).squareRoot()
        volatility = MovingVolatility(opening: opening)
        returns = HorizonReturns(horizon: horizon)
    }

    var forecasts: LossForecasts? {
        guard !residuals.isEmpty else { return nil }
        return LossForecasts(
            .student(
                volatility: volatility.perStep * root,
                degrees: TailForecast.degreesOfFreedom(residuals)))
    }

    mutating func observe(_ close: Int64, steps: UInt64) {
        defer { last = close }
        if let last, steps == 1 {
            volatility.add(Real.log(close, over: last), memory: parameters.memory)
        }
        // The close that comes next ends what began with the volatility known now.
        let ended = returns.add(close, steps: steps, known: volatility.perStep)
        guard let ended else { return }
        if residuals.count == Int(parameters.window) { residuals.removeFirst() }
        residuals.append(ended.change / (ended.known * root))
    }
}

/// Past returns as they were.
struct HistoricalEstimator: TailEstimator {
    let name = "plain historical"
    private let window: Int
    private var returns: HorizonReturns<Void>
    private var known: [Real] = []

    init(_ parameters: EstimatorParameters, horizon: Int) {
        window = Int(parameters.window)
        returns = HorizonReturns(horizon: horizon)
    }

    var forecasts: LossForecasts? {
        known.isEmpty ? nil : LossForecasts(.historical(known))
    }

    mutating func observe(_ close: Int64, steps: UInt64) {
        guard let ended = returns.add(close, steps: steps, known: ()) else { return }
        if known.count == window { known.removeFirst() }
        known.append(ended.change)
    }
}
