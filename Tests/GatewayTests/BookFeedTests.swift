/// The book feed: whoever applies its messages has the ledger's book, no number is missing, and who
/// was away gets what he missed or is told that it is lost.

import Canonical
import FixedPoint
import JSON
import Ledger
import Markets
import TestKit
import Testing

@testable import Gateway
import Catalogue

/// A client that does nothing but follow the feed.
private struct Follower {
    private(set) var bids: [String: String] = [:]
    private(set) var asks: [String: String] = [:]
    private(set) var change: Int64?
    private(set) var sequence: Int64 = 0
    private(set) var messages = 0

    mutating func read(_ message: JSON.Value, channel: String) throws {
        guard let parameters = message["params"], parameters["channel"]?.text == channel else {
            return
        }
        let data = try #require(parameters["data"])
        let number = try #require(parameters["sequence"]?.number?.integer)
        messages += 1
        if data["type"]?.text == "snapshot" {
            bids = [:]
            asks = [:]
        } else {
            #expect(number == sequence + 1)
            #expect(data["prev_change_id"]?.number?.integer == change)
        }
        sequence = number
        change = data["change_id"]?.number?.integer
        try Follower.apply(data["bids"], to: &bids)
        try Follower.apply(data["asks"], to: &asks)
    }

    private static func apply(_ rows: JSON.Value?, to side: inout [String: String]) throws {
        for row in try #require(rows?.elements) {
            let cells = try #require(row.elements)
            let price = try #require(cells[1].number?.text)
            switch cells[0].text {
            case "new":
                #expect(side[price] == nil)
                side[price] = cells[2].number?.text
            case "change":
                #expect(side[price] != nil)
                side[price] = cells[2].number?.text
            case "delete":
                #expect(side.removeValue(forKey: price) != nil)
            default: Issue.record("\(row)")
            }
        }
    }

    func isEqual(_ instrument: InstrumentIdentifier, of ledger: Ledger) -> Bool {
        let levels = BookLevels(instrument, of: ledger)
        let terms = ledger.catalogue.instruments[Int(instrument.number)]
        func texts(_ side: [BookLevel]) -> [String: String] {
            var texts: [String: String] = [:]
            for level in side {
                texts[terms.value(level.price).number?.text ?? ""] =
                    terms.value(level.quantity).number?.text
            }
            return texts
        }
        return texts(levels.bids) == bids && texts(levels.asks) == asks
    }
}

@Suite struct BookFeedTests {
    static let raw = "book.BTC_USDC-PERPETUAL.raw"
    static let often = "book.BTC_USDC-PERPETUAL.100ms"

    /// Random orders and cancels around the mark.
    private func commands(
        _ generator: inout SeededGenerator, _ placed: inout [OrderIdentifier]
    ) -> [Command] {
        (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            if let order = placed.randomElement(using: &generator),
                Int.random(in: 0..<3, using: &generator) == 0
            {
                return .cancel(order)
            }
            let side: Side = Bool.random(using: &generator) ? .buy : .sell
            let offset = Int64.random(in: -8...12, using: &generator)
            return .place(
                OrderRequest(
                    instrument: GatewayGenesis.bitcoin, side: side,
                    limit: Price(ticks: 100_000 - side.sign * offset),
                    quantity: Quantity(lots: Int64.random(in: 1...9, using: &generator)),
                    display: nil))
        }
    }

    @Test(arguments: [1, 2, 3, 4])
    func aBookThatIsRebuiltFromTheFeedIsTheLedgers(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let venue = try GatewayVenue()
        let accounts = try venue.openAccounts(4)
        let session = venue.connect()
        var followers = [BookFeedTests.raw: Follower(), BookFeedTests.often: Follower()]
        var placed: [OrderIdentifier] = []
        func deliver(_ messages: [JSON.Value]) throws {
            for message in messages {
                for channel in followers.keys {
                    try followers[channel]?.read(message, channel: channel)
                }
            }
        }
        for block in 0..<150 {
            if block == 20 {
                try deliver(
                    venue.exchange(
                        """
                        {"id":1,"method":"public/subscribe","params":{"channels":\
                        ["\(BookFeedTests.raw)","\(BookFeedTests.often)"]}}
                        """, on: session))
            }
            let account = try #require(accounts.randomElement(using: &generator))
            let outcome = try venue.apply(
                [venue.transaction(.account(account), commands(&generator, &placed))],
                milliseconds: 40, isPriced: block.isMultiple(of: 25))
            placed += outcome.receipts.compactMap { $0.order }
            try deliver(venue.messages(to: session))
            guard block >= 20 else { continue }
            #expect(
                followers[BookFeedTests.raw]?.isEqual(GatewayGenesis.bitcoin, of: venue.ledger)
                    == true)
            venue.gateway.tick(ledger: venue.ledger, now: venue.now)
            try deliver(venue.messages(to: session))
        }
        venue.gateway.tick(ledger: venue.ledger, now: venue.now.advanced(by: .seconds(1)))
        try deliver(venue.messages(to: session))
        let collected = try #require(followers[BookFeedTests.often])
        #expect(collected.isEqual(GatewayGenesis.bitcoin, of: venue.ledger))
        let each = try #require(followers[BookFeedTests.raw])
        #expect(collected.messages < each.messages)
        #expect(each.messages > 20)
    }

    @Test func whoComesBackGetsWhatHeMissed() throws {
        let venue = try GatewayVenue()
        let accounts = try venue.openAccounts(1)
        let first = venue.connect(1)
        let request =
            #"{"id":1,"method":"public/subscribe","params":{"channels":["\#(BookFeedTests.raw)"]}}"#
        let state = try venue.exchange(request, on: first)
        let number = try #require(state.last?["params"]?["sequence"]?.number?.integer)
        venue.gateway.close(first, now: venue.now)
        for price in Int64(99_990)...99_994 {
            try venue.place(accounts[0], .buy, 1, at: price)
        }
        let second = venue.connect(2)
        let resumed = try venue.exchange(
            """
            {"id":1,"method":"public/subscribe","params":{"channels":["\(BookFeedTests.raw)"],\
            "resume":{"\(BookFeedTests.raw)":\(number)}}}
            """, on: second)
        #expect(resumed.count == 6)
        let numbers = resumed.dropFirst().compactMap {
            $0["params"]?["sequence"]?.number?.integer
        }
        #expect(numbers == (1...5).map { number + $0 })
        #expect(resumed.allSatisfy { $0["params"]?["data"]?["type"]?.text != "snapshot" })
    }

    @Test func whoWasAwayTooLongIsTold() throws {
        let venue = try GatewayVenue()
        let first = venue.connect(1)
        let request =
            #"{"id":1,"method":"public/subscribe","params":{"channels":["\#(BookFeedTests.raw)"]}}"#
        let state = try venue.exchange(request, on: first)
        let number = try #require(state.last?["params"]?["sequence"]?.number?.integer)
        venue.gateway.close(first, now: venue.now)
        venue.gateway.tick(ledger: venue.ledger, now: venue.now.advanced(by: .seconds(31)))
        #expect(venue.gateway.hub.channels.isEmpty)
        try venue.apply()
        let second = venue.connect(2)
        let lost = try venue.exchange(
            """
            {"id":1,"method":"public/subscribe","params":{"channels":["\(BookFeedTests.raw)"],\
            "resume":{"\(BookFeedTests.raw)":\(number)}}}
            """, on: second)
        #expect(lost.count == 1)
        #expect(lost.first?.errorCode == 11_052)
        #expect(lost.first?.reason == "messages_lost")
        #expect(venue.gateway.sessions[second]?.channels == [])
    }

    @Test func moreMessagesThanAreRememberedAreLost() throws {
        var configuration = GatewayConfiguration.generous
        configuration.resumeMessages = 3
        let venue = try GatewayVenue(configuration)
        let accounts = try venue.openAccounts(1)
        let first = venue.connect(1)
        let request =
            #"{"id":1,"method":"public/subscribe","params":{"channels":["\#(BookFeedTests.raw)"]}}"#
        let state = try venue.exchange(request, on: first)
        let number = try #require(state.last?["params"]?["sequence"]?.number?.integer)
        for price in Int64(99_990)...99_993 {
            try venue.place(accounts[0], .buy, 1, at: price)
        }
        _ = venue.gateway.drain()
        for (since, count) in [(number, 1), (number + 1, 4), (number + 4, 1), (number + 5, 1)] {
            let session = venue.connect(UInt64(since))
            let answers = try venue.exchange(
                """
                {"id":1,"method":"public/subscribe","params":{"channels":["\(BookFeedTests.raw)"],\
                "resume":{"\(BookFeedTests.raw)":\(since)}}}
                """, on: session)
            #expect(answers.count == count)
            let isLost = since == number || since == number + 5
            #expect((answers.first?.errorCode == 11_052) == isLost)
        }
    }

    @Test func levelsThatVanishChangeAndAppear() {
        func level(_ price: Int64, _ lots: Int64) -> BookLevel {
            BookLevel(price: Price(ticks: price), quantity: Quantity(lots: lots))
        }
        let changes = BookLevels.changes(
            from: [level(10, 1), level(9, 2), level(7, 3)],
            to: [level(11, 5), level(9, 4), level(7, 3), level(6, 1)], .buy)
        #expect(changes.map { $0.change } == [.new, .delete, .change, .new])
        #expect(changes.map { $0.level.price.ticks } == [11, 10, 9, 6])
    }
}
