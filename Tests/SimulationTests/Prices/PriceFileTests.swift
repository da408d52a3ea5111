/// What good price files become, in every shape.
import Simulation
import TestKit
import Testing

private let start: UInt64 = 1_600_000_000 * 1_000_000_000
private let minute: UInt64 = 60 * 1_000_000_000

@Test(arguments: [
    "1600000000", "1600000000000", "1600000000000000", "1600000000000000000",
    "2020-09-13T12:26:40Z", "2020-09-13 12:26:40", "2020-09-13T12:26:40+00:00",
    "2020-09-13 12:26:40.000000000",
])
func everyWayToWriteATimeGivesTheSameNanoseconds(time: String) throws {
    let bars = try histories("time,open,high,low,close\n\(time),1,1,1,1\n")[0].sources[0].bars
    #expect(bars.map(\.start) == [start])
}

@Test(
    arguments: [
        ("1972-12-31", nil), ("1973-03-04", 100_051_200), ("2000-02-29", 951_782_400),
        ("2100-03-01", 4_107_542_400), ("2199-12-31 23:59:59", 7_258_118_399),
    ] as [(String, UInt64?)])
func datesAreTakenByTheCalendar(time: String, seconds: UInt64?) throws {
    let text = "time,open,high,low,close\n\(time),1,1,1,1\n"
    guard let seconds else {
        #expect(throws: PriceFileFault.self) { try histories(text) }
        return
    }
    #expect(try histories(text)[0].start == seconds * 1_000_000_000)
}

@Test(
    arguments: [
        ("12.5", 12_500_000), ("12", 12_000_000), (".5", 500_000), ("5.", 5_000_000),
        ("0.0100004", 10_000), ("0.0100005", 10_001), ("1.25e1", 12_500_000),
        ("125E-1", 12_500_000),
        ("1000000000000", 1_000_000_000_000_000_000), ("123274.87146947", 123_274_871_469),
        ("0000000000000000000000000000000000000000001", 1_000_000),
        ("1.0000000000000000000000000000000000000000001", 1_000_000),
    ] as [(String, Int64)])
func pricesAreExactToAMillionthAndRoundedHalfUp(text: String, micro: Int64) throws {
    let history = try histories(
        "time,open,high,low,close\n1600000000,\(text),\(text),\(text),\(text)\n")
    #expect(history[0].unitMultiplier == 1)
    #expect(history[0].sources[0].bars[0].close == micro)
}

@Test(
    arguments: [
        ("0.01", 1, 10_000), ("0.00999", 1_000, 9_990_000), ("0.00001", 1_000, 10_000),
        ("0.00000999", 1_000_000, 9_990_000), ("9.293e-06", 1_000_000, 9_293_000),
        ("1e-12", 1_000_000, 1),
    ] as [(String, Int64, Int64)])
func unitsOfLittleWorthArePricedByTheThousandOrMillion(
    text: String, multiplier: Int64, micro: Int64
) throws {
    let history = try histories(
        "time,open,high,low,close\n1600000000,\(text),\(text),\(text),\(text)\n")
    #expect(history[0].unitMultiplier == multiplier)
    #expect(history[0].sources[0].bars[0].low == micro)
    #expect(history[0].name == (multiplier == 1 ? "" : String(multiplier)) + "BTC/USD")
}

@Test func barsKeepAllTheirNumbers() throws {
    let text =
        "time,open,high,low,close,volume\r\n1600000000,10,12,9,11,5.25\r\n\r\n"
        + "1600000300,11,11,11,11,2e-06"
    let source = try histories(text)[0].sources[0]
    #expect(source.venue == "venue")
    #expect(
        source.bars == [
            PriceBar(
                start: start, duration: 5 * minute, open: 10_000_000, high: 12_000_000,
                low: 9_000_000, close: 11_000_000, volume: 5_250_000),
            PriceBar(
                start: start + 5 * minute, duration: 5 * minute, open: 11_000_000,
                high: 11_000_000, low: 11_000_000, close: 11_000_000, volume: 2),
        ])
}

@Test func theShortestStepIsTheLengthOfABarUpToADay() throws {
    let header = "time,open,high,low,close\n"
    let gap = header + "1600000000,1,1,1,1\n1600000060,1,1,1,1\n1600009000,1,1,1,1\n"
    #expect(try histories(gap)[0].sources[0].bars.allSatisfy { $0.duration == minute })
    let far = header + "1600000000,1,1,1,1\n1700000000,1,1,1,1\n"
    #expect(try histories(far)[0].sources[0].bars[0].duration == 1_440 * minute)
}

@Test func quotesBecomeTheMiddleOfBidAndAsk() throws {
    let text = """
        venue,symbol,time,bid_open,bid_high,bid_low,bid_close,bid_size,ask_open,ask_high,ask_low,\
        ask_close,ask_size
        dydx,BTCUSD_PERP,1600000000,10,14,8,12,1e-05,11,16,9,14,3
        """
    let history = try histories(text)[0]
    #expect(history.sources[0].venue == "dydx-perp")
    let bar = history.sources[0].bars[0]
    #expect(
        [bar.open, bar.high, bar.low, bar.close] == [10_500_000, 15_000_000, 8_500_000, 13_000_000])
    #expect(bar.volume == nil)
}

@Test func tradesAreGatheredIntoMinutes() throws {
    let text = """
        exchange,symbol,timestamp,local_timestamp,id,side,price,amount
        gemini,BTCUSD,1600000001000000,1,1,buy,10,1
        gemini,BTCUSD,1600000001000000,1,2,buy,12,2
        coinbase,BTC-USD,1600000001000000,1,3,sell,50,7
        gemini,BTCUSD,1600000019999999,1,4,sell,9,0.5
        gemini,BTCUSD,1600000020000000,1,5,sell,11,1
        """
    let history = try histories(text)[0]
    #expect(history.sources.map(\.venue) == ["coinbase", "gemini"])
    let bars = history.sources[1].bars
    #expect(bars.map(\.start) == [start - 40 * minute / 60, start + 20 * minute / 60])
    #expect(
        [bars[0].open, bars[0].high, bars[0].low, bars[0].close]
            == [10_000_000, 12_000_000, 9_000_000, 9_000_000])
    #expect(bars[0].volume == 3_500_000)
}

@Test(arguments: [
    ("BTCUSDT", "BTC", "USDT", false), ("AAVE-USD", "AAVE", "USD", false),
    ("BTCUSD_PERP", "BTC", "USD", true), ("BTC-PERP", "BTC", "USD", true),
    ("BTCBUSD", "BTC", "BUSD", false), ("BNBUSD", "BNB", "USD", false),
    ("DOTUSD", "DOT", "USD", false), ("BTCFDUSD", "BTC", "FDUSD", false),
    ("BTCUSDC", "BTC", "USDC", false), ("btc/eur", "BTC", "EUR", false),
    ("BTC-USDT-SWAP", "BTC", "USDT", true), ("1INCHUSD", "1INCH", "USD", false),
    ("BTCUSDT_PERP", "BTC", "USDT", true), ("ETHBTC", "ETH", "BTC", false),
])
func symbolsAreReadIntoBaseAndQuote(
    text: String, base: String, quote: String, isPerpetual: Bool
) throws {
    let symbol = try #require(PriceSymbol(text))
    #expect(symbol.base == base)
    #expect(symbol.quote == quote)
    #expect(symbol.isPerpetual == isPerpetual)
}

@Test(arguments: [
    "", "USD", "BTC", "-USD", "BTC-", "BTC--USD", "B TC-USD", "2025-10", "BÜCUSD", "_PERP",
])
func whatNamesNoPairIsNoSymbol(text: String) {
    #expect(PriceSymbol(text) == nil)
}

@Test(arguments: [
    ("2022-01_ftx_BTC-PERP_1m.csv.gz", "ftx-perp", "BTC/USD"),
    ("binance_coinm_BTCUSD_PERP_mark_1m_2025-10-09_10.csv", "binance_coinm-perp", "BTC/USD"),
    ("BTCUSDT-1m-2020-03.csv", "BTCUSDT-1m-2020-03", "BTC/USDT"),
    ("ETHUSD.csv", "ETHUSD", "ETH/USD"),
])
func theNameOfAFileSaysVenueAndSymbol(name: String, venue: String, pair: String) throws {
    let history = try histories("time,open,high,low,close\n1600000000,1,1,1,1\n", named: name)[0]
    #expect(history.name == pair)
    #expect(history.sources[0].venue == venue.lowercased())
}

@Test func differentQuotesNeverShareAnIndex() throws {
    let text = """
        venue,symbol,time,open,high,low,close
        a,BTCUSDC,1600000000,1,1,1,1
        a,BTCUSD,1600000000,2,2,2,2
        b,BTCUSDT,1600000000,3,3,3,3
        b,BTCUSD,1600000000,4,4,4,4
        """
    let found = try histories(text)
    #expect(found.map(\.name) == ["BTC/USD", "BTC/USDC", "BTC/USDT"])
    #expect(found.map { $0.sources.map(\.venue) } == [["a", "b"], ["a"], ["b"]])
}

@Test func filesOfOneVenueAreJoinedUnlessTheyOverlap() throws {
    let folder = try ScratchFolder()
    let header = "venue,symbol,time,open,high,low,close\n"
    let first = try folder.write(
        header + "a,BTCUSD,1600000000,1,1,1,1\na,BTCUSD,1600000060,1,1,1,1\n", to: "1.csv")
    let second = try folder.write(header + "a,BTCUSD,1600000120,2,2,2,2\n", to: "2.csv")
    let overlap = try folder.write(header + "a,BTCUSD,1600000060,3,3,3,3\n", to: "3.csv")
    for order in [[first, second, overlap], [overlap, second, first]] {
        let sources = try PriceFiles.histories(of: order)[0].sources
        #expect(sources.map(\.venue) == ["a", "a#2"])
        #expect(sources.map(\.bars.count) == [3, 1])
        #expect(sources[0].bars[2].open == 2_000_000)
    }
}
