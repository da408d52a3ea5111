/// Each format on a small file, message by message.
import Markets
import Testing

@testable import Simulation

private let nano: Int64 = 1_000_000_000

@Test func lobsterMessagesHaveTheBookBesideThem() throws {
    let rows = """
        34200.5,1,7,21,2238100,1
        34201,2,7,1,2238100,1
        34202,4,7,5,2238100,1
        34203,5,0,9,2238300,-1
        34204,7,0,0,-1,-1
        34205,3,7,15,2238100,1
        34206,6,-1,5,2238300,-1

        """
    let book = String(repeating: "2239500,100,2238100,21\n", count: 6) + "2239500,0,0,0\n"
    let flow = try orderFlow(
        lobsterHeader + rows, named: "AMZN_2012-06-21_messages_level1.csv",
        beside: [("AMZN_2012-06-21_orderbook_level1.csv", lobsterBookHeader + book)])
    #expect(flow.format == .lobster && flow.isWindow)
    let order = { (size: Int64) in
        OrderFlowOrder(
            identifier: 7, side: .buy, price: 223_810_000_000, size: size * nano)
    }
    #expect(
        flow.messages.map(\.action) == [
            .add(order(21)), .reduce(order(1)), .execute(order(5)), .hiddenExecution, .halt,
            .remove(order(15)), .trade,
        ])
    // 2012-06-21 and half a second after 9:30.
    #expect(flow.messages[0].time == 1_340_271_000_500_000_000)
    #expect(flow.messages[0].best?.bid == OrderFlowLevel(price: 223_810_000_000, size: 21 * nano))
    #expect(flow.messages[6].best == OrderFlowBest(bid: nil, ask: nil))
}

@Test func bitstampEventsCarryWhatIsLeft() throws {
    let rows = """
        5,1430438404518,1430438404000,236.47,200000000,created,bid
        5,1430438404635,1430438404000,236.47,178855669,changed,bid
        6,1430438404637,1430438340000,236.5,1,created,ask
        6,1430438404638,1430438340000,236.5,1,deleted,ask
        5,1430438404639,1430438404000,236.47,0,deleted,bid

        """
    let flow = try orderFlow(bitstampHeader + rows)
    let bid = { (size: Int64) in
        OrderFlowOrder(identifier: 5, side: .buy, price: 236_470_000_000, size: size)
    }
    let ask = OrderFlowOrder(identifier: 6, side: .sell, price: 236_500_000_000, size: 10)
    #expect(
        flow.messages.map(\.action) == [
            .add(bid(2_000_000_000)), .replace(bid(1_788_556_690)), .add(ask), .remove(ask),
            .remove(bid(0)),
        ])
    #expect(flow.format == .bitstamp)
    #expect(flow.messages[0].time == 1_430_438_404_518_000_000)
}

@Test func aFillTellsWhatTheCancelBehindItWouldTellAgain() throws {
    let rows = """
        1,1715126400000000000,1,R,N,0,,0,8,0
        1,1715126400000000000,1,A,B,11,5155.5,5,168,1
        1,1715126401000000000,1,T,A,0,5155.5,3,0,2
        1,1715126401000000000,1,F,B,11,5155.5,3,0,2
        1,1715126401000000000,1,C,B,11,5155.5,3,130,2
        1,1715126402000000000,1,M,B,11,5155.25,4,130,3
        1,1715126403000000000,1,F,B,11,5155.25,1,0,4
        1,1715126403000000000,1,C,B,11,5155.25,4,130,4

        """
    let flow = try orderFlow(marketByOrderHeader + rows)
    let order = { (price: Int64, size: Int64) in
        OrderFlowOrder(
            identifier: 11, side: .buy, price: price * 10_000_000, size: size * nano)
    }
    #expect(
        flow.messages.map(\.action) == [
            .clear, .add(order(515_550, 5)), .trade, .execute(order(515_550, 3)), .confirmation,
            .replace(order(515_525, 4)), .execute(order(515_525, 1)),
            .reduce(order(515_525, 3)),
        ])
    #expect(
        flow.messages.map(\.endsEvent)
            == [false, true, false, false, true, true, false, true])
}

@Test func aDepthStreamBecomesOneOrderForEachLevel() throws {
    let text =
        depthUpdate(0, first: 80, last: 90, previous: 79, bids: #"["1.0","1"]"#)
        + depthUpdate(0, first: 95, last: 103, previous: 90, bids: #"["99.5","3"]"#)
        + depthSnapshot
        + depthTicker(1, last: 103, bid: "99.5", ask: "100.0")
        + depthLine(
            1, #"{"stream":"x@trade","data":{"p":"100.0","q":"2","m":false}}"#)
        + depthUpdate(
            2, first: 104, last: 110, previous: 103, bids: #"["100.0","1"],["99.0","0"]"#,
            asks: #"["100.0","0"],["101.0","4"]"#)
        + depthTicker(3, last: 108, bid: "100.0", ask: "101.0")
        + depthTicker(3, last: 120, bid: "100.0", ask: "102.0")
    let flow = try orderFlow(text, named: "stream.jsonl")
    let level = { (side: Side, price: Int64, size: Int64) in
        OrderFlowOrder(
            identifier: UInt64(price * nano / 10) << 1 | UInt64(side.rawValue), side: side,
            price: price * nano / 10, size: size * nano)
    }
    // The update up to 90 is in the snapshot; that up to 103 began before it and is needed. What is
    // sold goes before what comes, and what left for another reason before that.
    #expect(
        flow.messages.map(\.action) == [
            .add(level(.buy, 995, 2)), .add(level(.buy, 990, 5)), .add(level(.sell, 1_000, 3)),
            .replace(level(.buy, 995, 3)), .trade, .remove(level(.buy, 990, 5)),
            .reduce(level(.sell, 1_000, 1)), .execute(level(.sell, 1_000, 2)),
            .add(level(.buy, 1_000, 1)), .add(level(.sell, 1_010, 4)),
        ])
    #expect(flow.messages.map(\.endsEvent).filter { $0 }.count == 3)
    #expect(flow.messages[3].best?.ask?.price == 100 * nano)
    #expect(flow.messages[9].best?.ask?.price == 101 * nano)
}

@Test func gzipIsRead() throws {
    let folder = try ScratchFolder()
    let text = bitstampHeader + "5,1430438404518,1430438404000,236.47,2,created,bid\n"
    let file = try folder.write(try folder.gzip(Array(text.utf8)), to: "flow.csv.gz")
    #expect(try OrderFlowFile.read(file).messages.count == 1)
}
