/// The leaf of an underlying: what its feed must remember.

public import Canonical
import FixedPoint

extension IndexFeed {
    /// Appends everything but the parameters, which genesis holds.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(UInt32(words.count))
        for place in words.indices {
            encoder.append(words[place])
            encoder.append(faults[place])
        }
        encoder.append(index)
        encoder.append(indexTime)
        encoder.append(confidence)
        encoder.append(condition)
        encoder.append(stable)
        encoder.append(stableRemainder)
        clamp.encodeState(into: &encoder)
        averages.encodeState(into: &encoder)
    }

    /// Reads what `encodeState` wrote into a feed with the same parameters.
    ///
    /// - Throws: `DecodingFault`, also where the number of publishers differs, a price is negative,
    ///   or a fault is stated of a publisher that said nothing.
    public mutating func decodeState(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let start = decoder.offset
        guard try decoder.listCount(limit: words.count) == words.count else {
            throw DecodingFault(.outOfRange, at: start)
        }
        for place in words.indices {
            words[place] = try decoder.optional()
            faults[place] = try decoder.optional()
            guard words[place] != nil || faults[place] == nil else {
                throw DecodingFault(.outOfRange, at: start)
            }
        }
        index = try decoder.quantity()
        indexTime = try decoder.timestamp()
        confidence = try decoder.quantity()
        condition = try decoder.value()
        stable = try decoder.quantity()
        stableRemainder = try decoder.int128()
        guard !index.isNegative, index <= highest, !confidence.isNegative, !stable.isNegative
        else { throw DecodingFault(.outOfRange, at: start) }
        try clamp.decodeState(from: &decoder)
        try averages.decodeState(from: &decoder)
    }
}
