/// Every way to refuse a price file, row by row: the file, and the message its owner reads.
import Foundation
import Simulation
import TestKit
import Testing

private let bars = "time,open,high,low,close,volume\n"
private let good = "1600000000,10,12,9,11,5\n"
private let quotes =
    "time,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close\n"

/// The text of a file, and what is said about it.
private let refusals: [(text: String, message: String)] = [
    ("", "is empty; a header line with column names was expected"),
    (bars, "has a header but no rows"),
    (bars + "\n\r\n", "has a header but no rows"),
    (bars + "1600000000,10,12,9,11\n", "line 2: has 5 fields, the header has 6"),
    (bars + good + "1600000060,10,12,9,11,5,6\n", "line 3: has 7 fields, the header has 6"),
    (bars + "1600000000,10,12,9,abc,5\n", "line 2: field 'close' is 'abc', not a decimal"),
    (bars + "1600000000,10,12,9,,5\n", "line 2: field 'close' is '', not a decimal"),
    (bars + "1600000000,10,12,9,NaN,5\n", "line 2: field 'close' is 'NaN', not a decimal"),
    (bars + "1600000000,10,12,9,1e,5\n", "line 2: field 'close' is '1e', not a decimal"),
    (bars + "1600000000,10,12,9,1e999,5\n", "line 2: field 'close' is '1e999', not a decimal"),
    (bars + "1600000000,10,12,9,1.2.3,5\n", "line 2: field 'close' is '1.2.3', not a decimal"),
    (bars + "1600000000,10,12,9,0x1,5\n", "line 2: field 'close' is '0x1', not a decimal"),
    (bars + "1600000000,10,12,9, 11,5\n", "line 2: field 'close' is ' 11', not a decimal"),
    (bars + "1600000000,10,12,9,+11,5\n", "line 2: field 'close' is '+11', not a decimal"),
    (
        bars + "1600000000,10,12,-9,11,5\n",
        "line 2: field 'low' is '-9', which is negative"
    ),
    (bars + "1600000000,10,12,0.0,11,5\n", "line 2: field 'low' is zero; a price must be positive"),
    (
        bars + "1600000000,10,1000000000001,9,11,5\n",
        "line 2: field 'high' is '1000000000001', above the largest accepted"
    ),
    (
        bars + "1600000000,10,1e40,9,11,5\n",
        "line 2: field 'high' is '1e40', above the largest accepted"
    ),
    (
        bars + "1600000000,10,12,9,11,9000000000001\n",
        "line 2: field 'volume' is '9000000000001', above the largest accepted"
    ),
    (
        bars + "1600000000,10,12,9,11,-5\n",
        "line 2: field 'volume' is '-5', which is negative"
    ),
    (bars + "1600000000,10,9,12,11,5\n", "line 2: field 'low' is above field 'high'"),
    (bars + "1600000000,8,12,9,11,5\n", "line 2: field 'low' is above field 'open'"),
    (bars + "1600000000,10,12,9,13,5\n", "line 2: field 'close' is above field 'high'"),
    (
        bars + good + "1599999940,10,12,9,11,5\n",
        "line 3: field 'time' is '1599999940', earlier than the row before of the same symbol"
    ),
    (
        bars + good + good,
        "line 3: field 'time' is '1600000000', the same as the row before of the same symbol"
    ),
    (
        "time,price\n1600000000,5\n1599999999,5\n",
        "line 3: field 'time' is '1599999999', earlier than the row before of the same symbol"
    ),
    ("time,open,open,low,close\n", "line 1: the header names column 'open' twice"),
    (
        quotes + "1600000000,10,10,10,10,9,9,9,9\n",
        "line 2: field 'bid_open' is above field 'ask_open'"
    ),
    (
        quotes + "1600000000,9,10,9,10,9,9,9,9\n",
        "line 2: field 'bid_close' is above field 'ask_close'"
    ),
    (
        "timestamp,percentage,depth,notional\n2025-10-10 00:00:07,-5,8243,97\n",
        "line 1: is order-book depth (cumulative size within a percentage of an unstated middle), "
            + "not prices; needed are the columns open,high,low,close or price"
    ),
    (
        "exchange,base,quote,usd_volume\nkraken,btc,usd,1\n",
        "line 1: is a table of volumes, not prices; "
            + "needed are the columns open,high,low,close or price"
    ),
    (
        "timestamp,funding_rate\n1,2\n",
        "line 1: is funding rates, not prices; needed are the columns open,high,low,close or price"
    ),
    (
        "symbol,time,open,high,low,close\n???,1600000000,1,1,1,1\n",
        "line 2: symbol '???' names no base and quote such as BTCUSD, BTC-USD or BTC-PERP"
    ),
    (
        "venue,time,open,high,low,close\na b,1600000000,1,1,1,1\n",
        "line 2: venue 'a b' is not a name of 1 to 40 letters, digits, '.', '-' or '_'"
    ),
    (
        bars + "1600000000,1e-12,1e-12,1e-12,1e-12,1\n1600000060,1e9,1e9,1e9,1e9,1\n",
        "the prices of BTC/USD lie too far apart for one unit"
    ),
]

@Test(arguments: refusals) func everyMalformedFileIsRefusedWithLineAndReason(
    text: String, message: String
) throws {
    #expect(try refusal(Array(text.utf8)) == "venue_BTCUSD_1m.csv: " + message)
}

@Test(arguments: [
    "", "0", "99999999", "1600000000.5", "-1", "2020-02-30 00:00:00", "2021-02-29", "2020-13-01",
    "2020-01-01 24:00:00", "2020-01-01 00:60:00", "2020-01-01 00:00:60",
    "2020-01-01T00:00:00+01:00",
    "2020-01-01x", "2020-01-01 00:00:00.", "2020-01-01 00:00:00.1234567891", "1969-12-31 00:00:00",
    "2200-01-01", "99999999999999999999", "tomorrow",
])
func aTextThatIsNoTimeIsRefused(time: String) throws {
    let message = try #require(try refusal(Array((bars + time + ",10,12,9,11,5\n").utf8)))
    #expect(message.hasPrefix("venue_BTCUSD_1m.csv: line 2: field 'time' is '\(time)', not a time"))
}

@Test(arguments: [
    ("time,open,high,low\n", "column 'close'"),
    ("time,open\n", "columns 'high', 'low', 'close'"),
    ("open,high,low,close\n", "a time column (time, timestamp, open_time, minute or date)"),
    ("time,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low\n", "column 'ask_close'"),
    ("a,b,c\n", "prices (open,high,low,close or price)"),
])
func aHeaderWithoutANeededColumnIsRefusedByItsName(header: String, missing: String) throws {
    let message = try #require(try refusal(Array(header.utf8)))
    #expect(message.hasPrefix("venue_BTCUSD_1m.csv: line 1: the header lacks \(missing); known"))
}

@Test func aFileWithoutAnySymbolIsRefused() throws {
    let message = try #require(try refusal(Array((bars + good).utf8), named: "prices.csv"))
    #expect(message.contains("has no 'symbol' column, and its name holds no symbol"))
}

@Test func aByteOfZeroIsRefusedWithItsLine() throws {
    let bytes = Array((bars + good).utf8) + [0] + Array(good.utf8)
    #expect(
        try refusal(bytes) == "venue_BTCUSD_1m.csv: line 3: holds a NUL byte, so it is not text")
}

@Test func aLineIsRefusedOnceItIsLongerThanTheLimit() throws {
    let header = "time,open,high,low,close,volume"
    let fits = header + "," + String(repeating: "x", count: 4_096 - header.count - 1) + "\n"
    #expect(try refusal(Array(fits.utf8))?.contains("has a header but no rows") == true)
    let tooLong = header + "," + String(repeating: "x", count: 4_096 - header.count) + "\n"
    #expect(
        try refusal(Array(tooLong.utf8))
            == "venue_BTCUSD_1m.csv: line 1: is longer than 4096 bytes")
    let endless = bars + String(repeating: "1", count: 1_000_000)
    #expect(
        try refusal(Array(endless.utf8))
            == "venue_BTCUSD_1m.csv: line 2: is longer than 4096 bytes")
}

@Test func afileThatCannotBeOpenedIsRefused() throws {
    let folder = try ScratchFolder()
    for (path, reason) in [
        (folder.path + "/none.csv", "cannot be read: there is no such file"),
        (folder.path, "cannot be read: it is a folder"),
    ] {
        #expect(throws: PriceFileFault.self) { try PriceFiles.histories(of: [path]) }
        do throws(PriceFileFault) {
            _ = try PriceFiles.histories(of: [path])
        } catch {
            #expect(error.description == "\(path): \(reason)")
        }
    }
}

@Test func controlCharactersAndLongValuesDoNotReachTheTerminal() throws {
    let value = "\u{1b}[31m" + String(repeating: "9x", count: 40)
    let message = try #require(
        try refusal(Array((bars + "1600000000,10,12,9,\(value),5\n").utf8)))
    #expect(!message.contains("\u{1b}"))
    #expect(message.hasSuffix("…', not a decimal"))
}

// MARK: Gzip

@Test func gzipIsToldByItsBytesNotByItsName() throws {
    let folder = try ScratchFolder()
    let text = Array((bars + good).utf8)
    let packed = try folder.write(try folder.gzip(text), to: "a_BTCUSD.csv")
    let plain = try folder.write(text, to: "a_ETHUSD.csv.gz")
    let histories = try PriceFiles.histories(of: [packed, plain])
    #expect(histories.map(\.name) == ["BTC/USD", "ETH/USD"])
    #expect(histories[0].sources[0].bars == histories[1].sources[0].bars)
}

@Test func everyCutOfAGzipFileIsRefusedAsCutOff() throws {
    let folder = try ScratchFolder()
    var generator = SeededGenerator(seed: 3)
    var text = bars
    for minute in 0..<400 {
        let price = UInt64.random(in: 10...99, using: &generator)
        text += "\(1_600_000_000 + minute * 60),\(price),\(price),\(price),\(price),1\n"
    }
    let packed = try folder.gzip(Array(text.utf8))
    #expect(try refusal(packed) == nil)
    for count in stride(from: 2, to: packed.count, by: 7) {
        let message = try #require(try refusal(Array(packed[..<count])))
        #expect(
            message == "venue_BTCUSD_1m.csv: the gzip data ends before its end; the file is cut off"
        )
    }
}

@Test func damagedGzipIsRefused() throws {
    let folder = try ScratchFolder()
    let packed = try folder.gzip(Array((bars + good).utf8))
    var damaged = packed
    // The last eight bytes are checksum and length.
    damaged[packed.count - 6] ^= 1
    let expected = "venue_BTCUSD_1m.csv: the gzip data is damaged"
    #expect(try refusal(damaged) == expected)
    #expect(try refusal(packed + Array("rubbish after the end".utf8)) == expected)
}

@Test func gzipOfSeveralMembersIsReadAsOne() throws {
    let folder = try ScratchFolder()
    let later = "1600000060,11,12,11,12,5\n"
    let bytes = try folder.gzip(Array((bars + good).utf8)) + folder.gzip(Array(later.utf8))
    let file = try folder.write(bytes, to: "a_BTCUSD.csv.gz")
    #expect(try PriceFiles.histories(of: [file])[0].sources[0].bars.count == 2)
}
