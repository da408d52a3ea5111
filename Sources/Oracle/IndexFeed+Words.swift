/// What publishers last said of an underlying, for those who show it: each word as it was said, and
/// why it does not count where it does not.

public import Canonical
public import FixedPoint

/// The last word of one publisher on one underlying.
public struct PublisherWord: Equatable, Sendable {
    public let publisher: PublisherIdentifier
    public let source: SourceIdentifier
    /// In the quote currency of the source; anything, also zero and below.
    public let price: IndexPrice
    /// When it was seen.
    public let time: Timestamp
    /// Why it does not count; nil where it does.
    public let fault: PriceFault?
}

extension IndexFeed {
    /// The words of all publishers that have spoken, ascending by publisher. O(publishers).
    public var publisherWords: [PublisherWord] {
        var result: [PublisherWord] = []
        for place in words.indices {
            guard let word = words[place] else { continue }
            result.append(
                PublisherWord(
                    publisher: PublisherIdentifier(UInt16(place)), source: word.source,
                    price: word.price, time: word.time, fault: faults[place]))
        }
        return result
    }
}
