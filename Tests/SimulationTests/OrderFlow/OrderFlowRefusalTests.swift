/// A row for each way to refuse a file: the file, the line and the reason.
@testable import Documents
import Markets
import Testing

@testable import Simulation

private let lobster = "a_messages_level1.csv"
private let time = "1430438404518,1430438404000"

private let unknownFormat =
    "flow.csv: is no order flow; known are LOBSTER messages, Bitstamp order events, "
    + "CME market by order and Binance depth streams"

/// A depth stream of these lines after its snapshot.
private func stream(_ lines: String...) -> String { depthSnapshot + lines.joined() }

private let tables: [(String, String)] = [
    ("", "flow.csv: holds no messages"),
    (lobsterHeader, "flow.csv: holds no messages"),
    (
        "a,b\n1,2\n",
        unknownFormat
    ),
    (
        "time_s_after_midnight,type,order_id,size,price_x10000\n1,1,1,1,1\n",
        "flow.csv: line 1: the header lacks the column 'direction'"
    ),
    ("\(lobsterHeader)1,1,1\n", "flow.csv: line 2: has 3 fields, the header has 6"),
    (
        "\(lobsterHeader)1,1,x,1,1,1\n",
        "flow.csv: line 2: field 'order_id' is 'x', not a number"
    ),
    (
        "\(lobsterHeader)1,9,1,1,1,1\n",
        "flow.csv: line 2: field 'type' is '9', a code that the format does not have"
    ),
    (
        "\(lobsterHeader)1,1,1,1,1,2\n",
        "flow.csv: line 2: field 'direction' is '2', a code that the format does not have"
    ),
    ("\(lobsterHeader)1,1,1,0,1,1\n", "flow.csv: line 2: field 'size' is zero"),
    (
        "\(lobsterHeader)-1,1,1,1,1,1\n",
        "flow.csv: line 2: field 'time_s_after_midnight' is '-1', which is negative"
    ),
    (
        "\(lobsterHeader)1,1,1,9000000001,1,1\n",
        "flow.csv: line 2: field 'size' is '9000000001', above 9,000,000,000"
    ),
    (
        "\(bitstampHeader)1,\(time),0.0000000001,1,created,bid\n",
        "flow.csv: line 2: field 'price' is '0.0000000001', finer than nine decimals"
    ),
    (
        "\(bitstampHeader)1,\(time),1,0,created,bid\n",
        "flow.csv: line 2: field 'volume' is zero"
    ),
    (
        "\(bitstampHeader)1,\(time),1,1,moved,bid\n",
        "flow.csv: line 2: field 'action' is 'moved', a code that the format does not have"
    ),
    (
        "\(bitstampHeader)1,soon,1430438404000,1,1,created,bid\n",
        "flow.csv: line 2: field 'timestamp' is 'soon', not a time"
    ),
    (
        "\(marketByOrderHeader)1,1715126400000000000,1,A,N,11,1,5,128,1\n",
        "flow.csv: line 2: field 'side' is 'N', a code that the format does not have"
    ),
]

private let streams: [(String, String)] = [
    (
        depthTicker(0, last: 1, bid: "1", ask: "2"),
        "flow.csv: holds no snapshot (lastUpdateId) to start from"
    ),
    (stream(depthSnapshot), "flow.csv: line 2: holds a second snapshot"),
    (
        stream(
            depthUpdate(1, first: 90, last: 101, previous: 89),
            depthUpdate(1, first: 110, last: 111, previous: 105)),
        "flow.csv: line 3: updates are missing: this one follows 105, the last was 101"
    ),
    (
        "\(depthSnapshot)soon {}\n",
        "flow.csv: line 2: field 'local time' is 'soon {}', not a time"
    ),
    (
        stream(depthLine(1, "{")),
        "flow.csv: line 2: is no JSON: the file ends inside a value"
    ),
    (
        stream(depthLine(1, #"{"stream":"x@depth"}"#)),
        "flow.csv: line 2: lacks the member 'data'"
    ),
    (
        stream(depthLine(1, #"{"stream":"x@bookTicker","data":{"u":-1}}"#)),
        "flow.csv: line 2: field 'u' is '-1', not a number"
    ),
]

@Test(arguments: tables + streams)
func aMalformedFileIsRefusedByLine(text: String, expected: String) throws {
    #expect(try flowRefusal(text) == expected)
}

@Test func aBookThatEndsEarlyIsRefusedByItsOwnName() throws {
    let row = "1,1,1,1,1,1\n"
    #expect(
        try flowRefusal(
            lobsterHeader + row + row, named: lobster,
            beside: [("a_orderbook_level1.csv", lobsterBookHeader + "2,1,1,1\n")])
            == "a_orderbook_level1.csv: ends before the messages do")
}

@Test func aFileThatIsNotThereIsRefused() {
    #expect(throws: OrderFlowFault.self) { try OrderFlowFile.read("/none/flow.csv") }
}

@Test func aLineBeyondTheLongestIsRefused() throws {
    let long = String(repeating: "x", count: OrderFlowTable.longestLine + 1)
    #expect(try flowRefusal(long) == "flow.csv: line 1: is longer than 1048576 bytes")
}

@Test func whatDoesNotFitTheEngineIsRefusedBeforeTheFirstBlock() {
    #expect(throws: InputFault(file: "test", line: nil, reason: "holds no order")) {
        try replayed(flow([.halt]))
    }
    let fine = OrderFlowOrder(identifier: 1, side: .buy, price: 1_001, size: 1_000_000_000)
    #expect(
        throws: InputFault(file: "test", line: nil, reason: "prices are finer than 0.000001")
    ) {
        try replayed(flow([.add(fine)]))
    }
    let wide = OrderFlowOrder(
        identifier: 2, side: .sell, price: 8_000_000_000_000, size: 1_000_000_000)
    let small = OrderFlowOrder(
        identifier: 1, side: .buy, price: 1_000, size: 1_000_000_000)
    #expect(
        throws: InputFault(
            file: "test", line: nil, reason: "prices span too many ticks for the engine")
    ) {
        try replayed(flow([.add(small), .add(wide), .add(wide)]))
    }
}
