/// Names of instruments: what is read, what is refused, and that there is one way to write each.
import Catalogue
import FixedPoint
import Testing

@testable import Simulation

/// 08:00 UTC on 27 March 2026.
private let march = Timestamp(nanoseconds: 1_774_598_400_000_000_000)

private func option(_ strike: Int64, _ right: OptionRight) -> InstrumentKind {
    .option(OptionSeries(expiry: march, strike: IndexPrice(micros: strike), right: right))
}

@Test(arguments: [
    ("BTC-PERP", InstrumentKind.perpetual), ("BTC-SPOT", .spot),
    ("BTC-27MAR26", .future(expiry: march)),
    ("BTC-27MAR26-100000-C", option(100_000_000_000, .call)),
    ("BTC-27MAR26-0.55-P", option(550_000, .put)),
    ("XRP_USDC-27MAR26-0d55-P", option(550_000, .put)),
])
func aNameIsTakenApart(text: String, kind: InstrumentKind) throws {
    let name = try #require(PortfolioName(text))
    #expect(name.kind == kind)
    #expect(name.underlying == text.split(separator: "-")[0])
    let written = PortfolioName.text(of: kind, on: name.underlying)
    #expect(PortfolioName(written) == name)
    #expect(text.contains("d") || written == text)
}

@Test func aDayBelowTenIsWrittenWithOneDigit() throws {
    let name = try #require(PortfolioName("ETH-06MAR26"))
    #expect(name == PortfolioName("ETH-6MAR26"))
    #expect(PortfolioName.text(of: name.kind, on: "ETH") == "ETH-6MAR26")
}

@Test(arguments: [
    "", "BTC", "-PERP", "BTC-perp", "BTC-31FEB26", "BTC-27MÄR26", "BTC-27MAR2026", "BTC-27MAR26-1",
    "BTC-27MAR26-0-C", "BTC-27MAR26--1-C", "BTC-27MAR26-1e5-C", "BTC-27MAR26-1-X",
    "BTC-27MAR26-0.0000001-C", "BTC-27MAR26-100000-C-C", "BTC-27MAR26-1.2.3-C",
    "BTC-27MAR26-9999999999999-C",
])
func anythingElseIsNoName(text: String) { #expect(PortfolioName(text) == nil) }
