/// Filtered historical simulation, as a stream (Barone-Adesi, Giannopoulos and Vosper, 1999):
/// returns over the horizon are divided by the volatility that was foreseen when it began; the last
/// few thousand of these residuals, times the volatility foreseen now, are the distribution of the
/// next return. Quiet times teach the shape of tails, the last days their size.
///
/// Residuals are of whole horizons that overlap, not of single steps: what returns do within a
/// horizon, together or against each other, is in them.

public import Canonical
public import FixedPoint

/// The loss in one direction over a horizon, as the size of a logarithmic return.
public struct TailEstimate: Equatable, Sendable {
    /// Exceeded with the probability of the tail.
    public var valueAtRisk: Real
    /// The mean of what exceeds it.
    public var expectedShortfall: Real

    public init(valueAtRisk: Real, expectedShortfall: Real) {
        self.valueAtRisk = valueAtRisk
        self.expectedShortfall = expectedShortfall
    }
}

/// Both directions.
public struct TailForecast: Equatable, Sendable {
    /// Of falls: what a long position loses.
    public var lower: TailEstimate
    /// Of rises.
    public var upper: TailEstimate

    public init(lower: TailEstimate, upper: TailEstimate) {
        self.lower = lower
        self.upper = upper
    }

    /// The shortfall of the worse direction.
    public var worstShortfall: Real { max(lower.expectedShortfall, upper.expectedShortfall) }

    /// The tail that margin looks at: 1 %.
    public static let tail = Ratio(basisPoints: 100)
}

/// The returns of an underlying, as far as the next one depends on them.
public struct ReturnEstimator: Equatable, Sendable {
    public let parameters: EstimatorParameters
    public private(set) var volatility: MovingVolatility
    private var residuals: ResidualRing
    /// Of the steps that one horizon does not end with yet; the oldest first.
    private var recent: [RecentReturn] = []

    /// Nothing seen.
    ///
    /// - Parameters:
    ///   - parameters: validated.
    ///   - openingVolatility: of one step, positive.
    public init(_ parameters: EstimatorParameters, openingVolatility: Ratio) {
        self.parameters = parameters
        volatility = MovingVolatility(opening: openingVolatility)
        residuals = ResidualRing(seeded: Int(parameters.window))
    }

    /// Counts the return of a step, or of a gap.
    ///
    /// - Parameters:
    ///   - change: the logarithm of the new price over the last.
    ///   - steps: since the last price, at least one. What happened in a gap is one observation, at
    ///     the scale of its length; horizons that would span it are not counted.
    ///   - reach: the size that the volatility sees where it is more than the return's.
    public mutating func observe(_ change: Real, steps: UInt64 = 1, reach: Real = .zero) {
        if steps > 1 {
            let root = Real(Int64(min(steps, ReturnEstimator.longestGap))).squareRoot()
            residuals.add(residual(change, root: root, foreseen: volatility.root))
            volatility.add(change / root, memory: parameters.memory)
            recent.removeAll(keepingCapacity: true)
            return
        }
        if recent.count == Int(parameters.horizon) { recent.removeFirst() }
        recent.append(RecentReturn(change: change, foreseen: volatility.root))
        if recent.count == Int(parameters.horizon) {
            var sum = Real.zero
            for entry in recent { sum = sum + entry.change }
            residuals.add(residual(sum, root: horizonRoot, foreseen: recent[0].foreseen))
        }
        volatility.add(max(change.magnitude, reach), memory: parameters.memory)
    }

    /// The next return over the horizon, with the volatility as it stands. O(tail).
    ///
    /// - Parameter tail: in `(0, ½]`.
    public func forecast(tail: Ratio = TailForecast.tail) -> TailForecast {
        forecast(tail: tail, volatility)
    }

    /// The same as if a return of this size had been the next.
    public func forecast(afterSize size: Real, tail: Ratio = TailForecast.tail) -> TailForecast {
        var next = volatility
        next.add(size, memory: parameters.memory)
        return forecast(tail: tail, next)
    }

    private func forecast(tail: Ratio, _ volatility: MovingVolatility) -> TailForecast {
        let share = Int128(residuals.count) * Int128(tail.units) / Int128(Ratio.one.units)
        let tails = residuals.tails(size: min(residuals.count, max(1, Int(share))))
        let scale = volatility.perStep * horizonRoot
        func estimate(_ tail: ResidualTail) -> TailEstimate {
            TailEstimate(valueAtRisk: tail.start * scale, expectedShortfall: tail.mean * scale)
        }
        return TailForecast(lower: estimate(tails.lower), upper: estimate(tails.upper))
    }

    private var horizonRoot: Real { Real(Int64(parameters.horizon)).squareRoot() }

    /// A return over what was foreseen of it.
    private func residual(_ change: Real, root: Real, foreseen: Real) -> Real {
        MovingVolatility.counted(change) / (foreseen * root)
    }

    /// A week of hours: beyond it a gap scales no further. Ours.
    private static let longestGap: UInt64 = 168
}

/// A step whose horizon is not over.
private struct RecentReturn: Equatable, Sendable {
    let change: Real
    /// The volatility before it, in 1,024ths.
    let foreseen: Real
}

extension ReturnEstimator {
    /// Writes what has been seen; the parameters are in the genesis.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(volatility)
        encoder.append(residuals)
        encoder.append(UInt8(recent.count))
        for entry in recent {
            encoder.append(entry.change.bits)
            encoder.append(entry.foreseen.bits)
        }
    }

    /// Reads what `encodeState` wrote.
    ///
    /// - Throws: `DecodingFault` where it does not fit the parameters.
    public mutating func decodeState(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let start = decoder.offset
        volatility = try decoder.value()
        residuals = try decoder.value()
        guard residuals.count == Int(parameters.window) else {
            throw DecodingFault(.outOfRange, at: start)
        }
        let place = decoder.offset
        let count = try decoder.byte()
        guard count <= parameters.horizon else { throw DecodingFault(.outOfRange, at: place) }
        recent.removeAll()
        for _ in 0..<count {
            let change = Real(bits: try decoder.int64())
            let foreseen = Real(bits: try decoder.int64())
            guard foreseen > .zero else { throw DecodingFault(.outOfRange, at: place) }
            recent.append(RecentReturn(change: change, foreseen: foreseen))
        }
    }
}
