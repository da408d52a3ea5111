/// The exponentially weighted volatility of returns: `v ← λ·v + (1 − λ)·r²`. Returns are counted in
/// 1,024ths here, so that the square of a stablecoin's hour does not fall below a bit of `Real`.

public import Canonical
public import FixedPoint

/// A volatility that is renewed with every return.
public struct MovingVolatility: Equatable, Sendable {
    /// The variance of one step, of returns in 1,024ths.
    private(set) var variance: Real

    /// - Parameter opening: of one step, positive.
    public init(opening: Ratio) {
        let size = MovingVolatility.counted(Real(opening))
        variance = size * size
    }

    /// Of one step, in 1,024ths; positive.
    var root: Real { max(variance.squareRoot(), MovingVolatility.least) }

    /// Of one step, as a share.
    public var perStep: Real { Real(bits: root.bits >> MovingVolatility.scaleBits) }

    /// Counts a return.
    ///
    /// - Parameters:
    ///   - size: as a share; only its square counts.
    ///   - memory: λ.
    public mutating func add(_ size: Real, memory: Ratio) {
        let size = MovingVolatility.counted(size)
        let kept = Real(memory)
        variance = kept * variance + (Real.one - kept) * (size * size)
    }

    /// A return in 1,024ths, cut to what squares within the range: ± 200 %.
    static func counted(_ size: Real) -> Real {
        let cut = min(max(size, -largestReturn), largestReturn)
        return Real(bits: cut.bits << scaleBits)
    }

    /// A return is counted in 2⁻¹⁰.
    private static let scaleBits: Int64 = 10
    /// The logarithm of a price that grows more than sevenfold in a step. Ours.
    static let largestReturn = Real(2)
    /// A millionth: what divides is never zero.
    private static let least = Real(bits: 1 << 30)
}

extension MovingVolatility: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(variance.bits) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        variance = Real(bits: try decoder.int64())
        guard variance >= .zero else { throw DecodingFault(.outOfRange, at: start) }
    }
}
