/// How the feeds of other chains' oracles fit the rest of genesis: each is of an underlying and a
/// source that exist, and the word of a publisher of its kind; and a publisher without a key has a
/// feed, or its weight would stand in the way of every quorum.

import Canonical
import Oracle
import PullOracle

extension Safeguards {
    /// Whether what genesis takes from others fits its publishers, underlyings and sources.
    func isPullValid(underlyings: Int, publishers: [Publisher]) -> Bool {
        guard let pull else { return publishers.allSatisfy { $0.kind == .signer } }
        guard pull.faultyField == nil else { return false }
        let reported = pull.reports.flatMap { $0.feeds }
        let attested = pull.pyth?.feeds ?? []
        func fits(_ feed: PullFeed, _ kind: PublisherKind) -> Bool {
            let place = Int(feed.publisher.number)
            return place < publishers.count && publishers[place].kind == kind
                && Int(feed.underlying.number) < underlyings
                && Int(feed.source.number) < sources.count
        }
        guard attested.allSatisfy({ fits($0, .pyth) }),
            reported.allSatisfy({ fits($0, .chainlink) })
        else { return false }
        for (place, publisher) in publishers.enumerated() where publisher.kind != .signer {
            let identifier = PublisherIdentifier(UInt16(place))
            guard (attested + reported).contains(where: { $0.publisher == identifier }) else {
                return false
            }
        }
        return true
    }
}

extension Genesis {
    /// The publishers as the index of an underlying asks them: who has no key and no feed of it has
    /// no say, so that its weight is not missed.
    func speakers(of underlying: UnderlyingIdentifier) -> [Publisher] {
        let feeds =
            (safeguards.pull?.pyth?.feeds ?? [])
            + (safeguards.pull?.reports.flatMap { $0.feeds } ?? [])
        return publishers.enumerated().map { place, publisher in
            let speaks = feeds.contains {
                Int($0.publisher.number) == place && $0.underlying == underlying
            }
            return publisher.kind == .signer || speaks ? publisher : publisher.silent
        }
    }

    /// The publishers as curves ask them: others than signers send none.
    var signers: [Publisher] { publishers.map { $0.kind == .signer ? $0 : $0.silent } }
}
