/// The leaf of an underlying: what its feed must remember.

public import Canonical
import FixedPoint

extension IndexFeed {
    /// Appends everything but the parameters, which genesis holds.
    public func encodeState(into encoder: inout CanonicalEncoder) {
        encoder.append(UInt32(words.count))
        for word in words {
            encoder.append(word != nil)
            if let word {
                encoder.append(word.price)
                encoder.append(word.time)
            }
        }
        encoder.append(index)
        encoder.append(indexTime)
        encoder.append(stable)
        encoder.append(stableRemainder)
    }

    /// Reads what `encodeState` wrote into a feed with the same parameters.
    ///
    /// - Throws: `DecodingFault`, also where the number of publishers differs.
    public mutating func decodeState(
        from decoder: inout CanonicalDecoder
    ) throws(DecodingFault) {
        let start = decoder.offset
        guard try decoder.listCount(limit: words.count) == words.count else {
            throw DecodingFault(.outOfRange, at: start)
        }
        for place in words.indices {
            words[place] =
                try decoder.boolean()
                ? Word(price: try decoder.quantity(), time: try decoder.timestamp()) : nil
        }
        index = try decoder.quantity()
        indexTime = try decoder.timestamp()
        stable = try decoder.quantity()
        stableRemainder = try decoder.int128()
    }
}
