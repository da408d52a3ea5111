/// What is worth a line of the log. Addresses never stand in it: a venue's address may hold a key.

/// One event of a publisher.
package enum PublishNote: Equatable, Sendable {
    /// Something is wrong with a feed, or something else than before.
    case feedFaulty(feed: String, underlying: String, Finding)
    /// Nothing is wrong any more.
    case feedSound(feed: String, underlying: String)
    /// No price of an underlying is sent.
    case priceWithheld(underlying: String)
    /// It is sent, or again, from these feeds.
    case priceMade(underlying: String, feeds: [String])
    /// A line of a pipe that nothing can be made of.
    case lineIgnored(pipe: String, reason: String)
    /// The node has taken a bundle of so many prices.
    case delivered(count: Int)
    /// The node does not answer.
    case nodeLost(reason: String)
    /// It answers again, after so many failures.
    case nodeBack(failures: Int)
    /// It does not take the bundle, for this reason.
    case nodeRefuses(reason: String)
}
