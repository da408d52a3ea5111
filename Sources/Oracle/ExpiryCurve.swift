/// The curve of one expiry that is in force: where the forward stands over the index, and the
/// volatilities at the nodes.

public import Canonical
public import FixedPoint

/// What the venue takes for true of one expiry.
public struct ExpiryCurve: Equatable, Sendable {
    public let expiry: Timestamp
    /// The forward over the index, less one.
    public internal(set) var basis: Ratio
    public internal(set) var volatilities: NodeVolatilities
    /// How fresh a quorum of its publishers is.
    public internal(set) var time: Timestamp
    /// When it was last made: from here on the move of volatilities is bounded.
    public internal(set) var madeAt: Timestamp

    /// The forward at an index.
    ///
    /// - Parameter index: positive.
    public func forward(index: IndexPrice) -> IndexPrice {
        let offset = Int128(index.units) * Int128(basis.units) / Int128(Ratio.one.units)
        // |basis| < 3, and an index is far from the end of the range (`Bounds`).
        return IndexPrice(units: Int64(clamping: max(Int128(index.units) + offset, 1)))
    }
}

/// How the curve of an expiry came about in a block.
public enum CurveSource: UInt8, Sendable {
    /// The weighted median at every node.
    case medians
    /// The whole vote nearest to all others, since the medians admit arbitrage.
    case medoid
}

extension ExpiryCurve: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(expiry)
        encoder.append(basis)
        encoder.append(volatilities)
        encoder.append(time)
        encoder.append(madeAt)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        expiry = try decoder.timestamp()
        basis = try decoder.quantity()
        volatilities = try decoder.value()
        time = try decoder.timestamp()
        madeAt = try decoder.timestamp()
    }
}
