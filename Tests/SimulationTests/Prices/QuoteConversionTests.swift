/// Sources of one base in several currencies, brought together.

import Simulation
import Testing

private func history(
    _ base: String, _ quote: String, _ sources: (venue: String, price: Int64)...
) -> PriceHistory {
    PriceHistory(
        base: base, quote: quote, unitMultiplier: 1,
        sources: sources.map { source in
            VenueBars(
                venue: source.venue,
                bars: [
                    PriceBar(
                        start: 0, duration: 60, open: source.price, high: source.price + 5,
                        low: source.price - 5, close: source.price + 1, volume: nil)
                ])
        })
}

@Test func `a currency is priced by a venue that trades one base in both`() throws {
    let histories = QuoteConversion.joined(
        [
            history("BTC", "USD", ("alder", 900_000_000), ("birch", 901_000_000)),
            history("BTC", "USDC", ("alder", 1_000_000_000), ("cedar", 1_001_000_000)),
        ], in: "USD")
    #expect(histories.map(\.name) == ["BTC/USD", "USDC/USD"])
    #expect(
        histories[0].sources.map(\.label) == ["alder", "birch", "alder (USDC)", "cedar (USDC)"])
    #expect(histories[1].sources.map(\.venue) == ["alder"])
    let bar = try #require(histories[1].sources[0].bars.first)
    #expect(bar.open == 900_000)
    #expect(bar.low <= bar.open && bar.close <= bar.high)
}

@Test func `a currency that nobody prices stays a currency of its own`() {
    let given = [
        history("BTC", "USD", ("alder", 900_000_000)),
        history("BTC", "USDT", ("birch", 1_000_000_000)),
    ]
    #expect(QuoteConversion.joined(given, in: "USD") == given)
}

@Test func `a price of the currency in the files is taken before one that is derived`() {
    let own = history("USDC", "USD", ("maple", 990_000))
    let histories = QuoteConversion.joined(
        [
            history("BTC", "USD", ("alder", 900_000_000)),
            history("BTC", "USDC", ("alder", 1_000_000_000)), own,
        ], in: "USD")
    #expect(histories.map(\.name) == ["BTC/USD", "USDC/USD"])
    #expect(histories[1] == own)
}

@Test func `a base without a price in the currency of indices is left as it is`() {
    let histories = QuoteConversion.joined(
        [
            history("BTC", "USD", ("alder", 900_000_000)),
            history("BTC", "USDC", ("alder", 1_000_000_000)),
            history("SOL", "USDC", ("alder", 20_000_000)),
        ], in: "USD")
    #expect(histories.map(\.name) == ["BTC/USD", "SOL/USDC", "USDC/USD"])
}
