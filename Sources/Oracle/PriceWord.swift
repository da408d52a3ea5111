/// The last word of a publisher on one underlying. It is kept as it was said, sound or not: every
/// block judges it anew (`IndexFeed+Judgement`), so what was cut counts again once it is near.

import Canonical
import FixedPoint

/// A publisher's last observation of an underlying.
struct PriceWord: Equatable, Sendable {
    /// In the quote currency of the source; anything, also zero and below.
    var price: IndexPrice
    /// When it was seen.
    var time: Timestamp
    var source: SourceIdentifier
    /// Half the width of a band that holds it; zero is not stated.
    var confidence: IndexPrice
    /// What it costs to move the source by 2 % down, and up; zero is not stated.
    var depthBelow: Amount
    var depthAbove: Amount
    /// When this price of this source was said first, without another in between.
    var since: Timestamp
    /// The index at that time; zero where there was none.
    var anchor: IndexPrice
}

extension PriceWord: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(price)
        encoder.append(time)
        encoder.append(source)
        encoder.append(confidence)
        encoder.append(depthBelow)
        encoder.append(depthAbove)
        encoder.append(since)
        encoder.append(anchor)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        price = try decoder.quantity()
        time = try decoder.timestamp()
        source = try decoder.value()
        confidence = try decoder.quantity()
        depthBelow = try decoder.quantity()
        depthAbove = try decoder.quantity()
        since = try decoder.timestamp()
        anchor = try decoder.quantity()
        guard !confidence.isNegative, !depthBelow.isNegative, !depthAbove.isNegative,
            !anchor.isNegative, since <= time
        else { throw DecodingFault(.outOfRange, at: start) }
    }
}
