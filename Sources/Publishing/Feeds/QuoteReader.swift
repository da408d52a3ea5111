/// An answer of a venue's ticker into a quote, by the paths of the configuration.

import FixedPoint
package import JSON

/// Where in an answer the parts of a quote stand.
package struct QuotePaths: Equatable, Sendable {
    package var price: JSONPointer?
    package var bid: JSONPointer?
    package var ask: JSONPointer?
    package var time: JSONPointer?
    package var book: BookPaths?
    /// How many of the feed's units one of the underlying is, in `1 ... 10⁹`.
    package var unit: Int64

    package init(
        price: JSONPointer? = nil, bid: JSONPointer? = nil, ask: JSONPointer? = nil,
        time: JSONPointer? = nil, book: BookPaths? = nil, unit: Int64 = 1
    ) {
        self.price = price
        self.bid = bid
        self.ask = ask
        self.time = time
        self.book = book
        self.unit = unit
    }

    /// The quote of an answer. Quotes of its own go before those of a book in the same answer.
    ///
    /// - Throws: `Finding` for the first part that is missing or no number.
    package func quote(of root: JSON.Value) throws(Finding) -> Quote {
        var quote = Quote(last: nil)
        if let book { quote = try BookDepth.quote(of: root, book, unit: unit) }
        quote.last = try part(price, "price", of: root)
        quote.bid = try part(bid, "bid", of: root) ?? quote.bid
        quote.ask = try part(ask, "ask", of: root) ?? quote.ask
        if let time {
            guard let value = time.value(in: root) else {
                throw .malformed("no time at \(time.text)")
            }
            quote.time = try ExactNumber.time(value)
        }
        _ = try quote.price()
        return quote
    }

    private func part(
        _ pointer: JSONPointer?, _ name: String, of root: JSON.Value
    ) throws(Finding) -> IndexPrice? {
        guard let pointer else { return nil }
        guard let value = pointer.value(in: root) else {
            throw .malformed("no \(name) at \(pointer.text)")
        }
        return try ExactNumber.price(picos: try ExactNumber.picos(value, name), unit: unit)
    }
}
