/// Everything that is remembered of one expiry: the last vote of every publisher, and the curve in
/// force.

import Canonical
public import FixedPoint

/// A publisher's last word on one expiry.
struct CurveVote: Equatable, Sendable {
    /// Its forward over its own price of the underlying, less one.
    var basis: Ratio
    var volatilities: NodeVolatilities
    var time: Timestamp
    /// Whether it came in this block; not part of the state.
    var isNew = false
}

/// The state of one expiry.
public struct ExpiryFeed: Equatable, Sendable {
    public let expiry: Timestamp
    /// By publisher; nil before the first.
    var votes: [CurveVote?]
    /// Nil before the first quorum.
    public internal(set) var curve: ExpiryCurve?

    init(expiry: Timestamp, publishers: Int) {
        self.expiry = expiry
        votes = [CurveVote?](repeating: nil, count: publishers)
    }
}

extension ExpiryFeed {
    /// Appends everything but the expiry, which the leaf's key holds.
    func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(UInt32(votes.count))
        for vote in votes {
            encoder.append(vote != nil)
            if let vote {
                encoder.append(vote.basis)
                encoder.append(vote.volatilities)
                encoder.append(vote.time)
            }
        }
        encoder.append(curve)
    }

    /// Reads what `encodeState` wrote.
    ///
    /// - Throws: `DecodingFault`, also where the number of publishers or the expiry differs, or a
    ///   basis is such as no curve comes to.
    init(
        expiry: Timestamp, publishers: Int, from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        self.init(expiry: expiry, publishers: publishers)
        let start = decoder.offset
        guard try decoder.listCount(limit: publishers) == publishers else {
            throw DecodingFault(.outOfRange, at: start)
        }
        for place in votes.indices where try decoder.boolean() {
            votes[place] = CurveVote(
                basis: try decoder.quantity(), volatilities: try decoder.value(),
                time: try decoder.timestamp())
        }
        let curveStart = decoder.offset
        curve = try decoder.optional()
        guard curve.map({ $0.expiry == expiry }) ?? true,
            votes.allSatisfy({ $0.map { ExpiryFeed.isInRange($0.basis) } ?? true }),
            curve.map({ ExpiryFeed.isInRange($0.basis) }) ?? true
        else { throw DecodingFault(.outOfRange, at: curveStart) }
    }

    /// Votes are within half, curves within five years of the highest carry and the slack.
    private static func isInRange(_ basis: Ratio) -> Bool {
        basis >= -widestBasis && basis <= widestBasis
    }

    private static let widestBasis = Ratio(billionths: 6_000_000_000)
}
