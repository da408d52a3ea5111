/// Every refusal of a command, on both sides of its limit. A refused command leaves no trace in any
/// leaf but the nonce of its signer, which stands with the keys.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct RefusalTests {
    /// One row: what is asked, and the answer.
    private typealias Row = (command: Command, refusal: Refusal?)

    /// Applies each command in a block of its own and compares all leaves around every refusal.
    private func run(_ rows: [Row], by signer: Signer, in venue: Venue) throws {
        for (place, row) in rows.enumerated() {
            let twin = try Ledger(
                genesis: venue.ledger.genesis, leaves: venue.ledger.leaves(),
                root: venue.ledger.root)
            let block = venue.block([Send(signer: signer, commands: [row.command])])
            var empty = block
            empty.transactions = []
            let outcome = try venue.apply(block)
            #expect(outcome.refusals == [row.refusal], "row \(place): \(row.command)")
            guard row.refusal != nil else { continue }
            _ = try twin.apply(empty, verifier: TestSignatures())
            for leaf in venue.ledger.leaves() where leaf.key != .chain {
                if case .account(let account) = signer, leaf.key == .keys(account) { continue }
                #expect(twin.value(of: leaf.key) == leaf.value, "row \(place): \(leaf.key)")
            }
        }
    }

    private func order(
        _ instrument: UInt16 = 0, _ ticks: Int64? = 98_000, _ lots: Int64 = 1,
        _ change: (inout OrderRequest) -> Void = { _ in }
    ) -> Command {
        var request = OrderRequest(
            instrument: InstrumentIdentifier(instrument), side: .buy,
            limit: ticks.map { Price(ticks: $0) }, quantity: Quantity(lots: lots))
        change(&request)
        return .place(request)
    }

    @Test func `orders are refused for each of their fields`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 900_000_000)[0]
        var rows: [Row] = [
            (order(3), .unknownInstrument), (order(.max), .unknownInstrument),
            (order(2), .wrongCompartment), (order(1, 50_000), nil),
            (order(0, 98_000, 100_000), nil),
        ]
        for lots in [0, -1, .min, .max, 100_001, .min + 1] as [Int64] {
            rows.append((order(0, 98_000, lots), .quantityOutOfRange))
        }
        for ticks in [0, -1, .min, .max, 800_001] as [Int64] {
            rows.append((order(0, ticks), .priceOutOfRange))
        }
        rows += [
            (order(0, 800_000) { $0.side = .sell }, nil),
            // The band reaches to $51,000 for a buy, to $49,000 for a sell.
            (order(0, 102_001), .outsidePriceBand), (order(0, 102_000), nil),
            (order(0, 800_000), .outsidePriceBand),
            (order(0, 1), nil),
            (order(0, nil) { $0.postOnly = true }, .conflictingTerms),
            (
                order {
                    $0.postOnly = true; $0.timeInForce = .immediateOrCancel
                }, .conflictingTerms
            ),
            (
                order {
                    $0.postOnly = true; $0.timeInForce = .fillOrKill
                }, .conflictingTerms
            ),
            (order { $0.clientIdentifier = ClientOrderIdentifier(.max) }, nil),
            (order { $0.clientIdentifier = ClientOrderIdentifier(.max) }, .duplicateClientOrder),
            (order { $0.reduceOnly = true }, .notReducing),
            (order { $0.timeInForce = .fillOrKill }, .notFillable),
        ]
        try run(rows, by: .account(account), in: venue)
    }

    @Test func `a sell through the band is refused from one tick below it`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000_000)[0]
        try run(
            [
                (order(0, 97_999) { $0.side = .sell }, .outsidePriceBand),
                (order(0, 98_000) { $0.side = .sell }, nil),
                (order(0, 1) { $0.side = .sell }, .outsidePriceBand),
                (order(0, 98_001) { $0.postOnly = true }, .wouldTake),
                (order(0, 98_000) { $0.postOnly = true }, .wouldTake),
                (order(0, 97_999) { $0.postOnly = true }, nil),
            ], by: .account(account), in: venue)
    }

    @Test func `position limit and order limit hold on both sides`() throws {
        var options = TestGenesis.Options()
        options.positionLimit = 100_000
        options.orderLimit = 4
        let venue = try Venue(options)
        let account = try venue.openAccounts(1, dollars: 900_000_000)[0]
        try run(
            [
                (order(0, 98_000, 99_999), nil), (order(0, 98_000, 2), .positionLimit),
                (order(0, 98_000, 1), nil), (order(0, 98_000, 1), .positionLimit),
                (order(0, 102_000, 100_000) { $0.side = .sell }, nil),
                (order(0, 102_000, 1) { $0.side = .sell }, .positionLimit),
                (order(1, 50_000, 1), nil), (order(1, 50_000, 1), .tooManyOrders),
            ], by: .account(account), in: venue)
    }

    @Test func `cancels and amendments are refused for what is not theirs`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(2, dollars: 100_000)
        let mine = try venue.apply(.by(accounts[0], .buy(5, at: 49_000))).receipts[0].order
        let other = try venue.apply(.by(accounts[1], .sell(5, at: 51_000))).receipts[0].order
        let (order, theirs) = try (#require(mine), #require(other))
        func amend(
            _ order: OrderIdentifier, _ ticks: Int64, _ lots: Int64, postOnly: Bool = false
        ) -> Command {
            .amend(
                AmendRequest(
                    order: order, limit: Price(ticks: ticks), remaining: Quantity(lots: lots),
                    postOnly: postOnly))
        }
        var rows: [Row] = [
            (.cancel(theirs), .unknownOrder), (.cancel(OrderIdentifier(0)), .unknownOrder),
            (.cancel(OrderIdentifier(.max)), .unknownOrder),
            (.cancelClient(ClientOrderIdentifier(0)), .unknownOrder),
            (.cancelClient(ClientOrderIdentifier(.max)), .unknownOrder),
            (.cancelAll(InstrumentIdentifier(3)), .unknownInstrument),
            (amend(theirs, 98_000, 1), .unknownOrder),
            (amend(order, 98_000, 100_001), .quantityOutOfRange),
            (amend(order, 102_001, 5), .outsidePriceBand),
            (amend(order, 102_000, 5, postOnly: true), .wouldTake),
            (amend(order, 98_000, 100_000), .insufficientMargin),
        ]
        for value in [0, -1, .min, .max] as [Int64] {
            rows.append((amend(order, 98_000, value), .quantityOutOfRange))
            rows.append((amend(order, value, 1), .priceOutOfRange))
        }
        rows += [
            (amend(order, 98_001, 6), nil), (.cancel(order), nil), (.cancel(order), .unknownOrder),
        ]
        try run(rows, by: .account(accounts[0]), in: venue)
    }

    @Test func `terms that exclude each other are refused`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 900_000_000)[0]
        let end = Timestamp(nanoseconds: .max)
        let stop = Trigger(.stop, on: .mark, at: .dollars(60_000))
        let conflicts: [(inout OrderRequest) -> Void] = [
            { $0.slides = true }, { $0.expiry = end }, { $0.timeInForce = .goodTillTime },
            {
                $0.postOnly = true; $0.trigger = stop
            },
            {
                $0.postOnly = true; $0.limit = nil
            },
            {
                $0.limit = nil; $0.timeInForce = .goodTillTime; $0.expiry = end
            },
            {
                $0.timeInForce = .immediateOrCancel; $0.expiry = end
            },
            {
                $0.limit = nil; $0.display = Quantity(lots: 1)
            },
            {
                $0.timeInForce = .fillOrKill; $0.display = Quantity(lots: 1)
            },
            {
                $0.limit = nil; $0.trigger = stop; $0.display = Quantity(lots: 1)
            },
            {
                $0.limit = nil; $0.pair = ClientOrderIdentifier(1)
            },
            {
                $0.timeInForce = .immediateOrCancel; $0.pair = ClientOrderIdentifier(1)
            },
        ]
        try run(
            conflicts.map { (order(0, 98_000, 5, $0), .conflictingTerms) },
            by: .account(account), in: venue)
    }

    @Test func `terms that do not exclude each other are taken together`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 900_000_000)[0]
        let end = Timestamp(nanoseconds: .max)
        let stop = Trigger(.stop, on: .mark, at: .dollars(60_000))
        let accords: [(inout OrderRequest) -> Void] = [
            { $0.clientIdentifier = ClientOrderIdentifier(1) },
            {
                $0.postOnly = true; $0.slides = true
            },
            {
                $0.timeInForce = .goodTillTime; $0.expiry = end
            },
            {
                $0.timeInForce = .goodTillTime; $0.expiry = end; $0.trigger = stop; $0.limit = nil
            },
            {
                $0.timeInForce = .fillOrKill; $0.trigger = stop; $0.limit = nil
            },
            {
                $0.trigger = stop; $0.display = Quantity(lots: 1)
            },
            {
                $0.postOnly = true; $0.display = Quantity(lots: 1)
            },
            {
                $0.limit = nil; $0.trigger = stop; $0.pair = ClientOrderIdentifier(1)
            },
        ]
        try run(
            accords.map { (order(0, 98_000, 5, $0), nil) }, by: .account(account), in: venue)
    }

    @Test func `terms are refused for each of their fields, and leave no trace`() throws {
        var options = TestGenesis.Options()
        options.orderLimit = 5
        let venue = try Venue(options)
        let account = try venue.openAccounts(1, dollars: 900_000_000)[0]
        func stop(_ ticks: Int64) -> Command {
            order(0, nil) { $0.trigger = Trigger(.stop, on: .index, at: Price(ticks: ticks)) }
        }
        var rows: [Row] = [
            (stop(0), .priceOutOfRange), (stop(800_001), .priceOutOfRange),
            (stop(.min), .priceOutOfRange), (stop(.max), .priceOutOfRange),
            (stop(100_000), .triggerAlreadyMet), (stop(1), .triggerAlreadyMet),
            (
                order {
                    $0.timeInForce = .goodTillTime; $0.expiry = .epoch
                }, .expiryPassed
            ),
            (order(0, 98_000, 101) { $0.display = Quantity(lots: 1) }, .displayOutOfRange),
            (order { $0.pair = ClientOrderIdentifier(77) }, .unknownPair),
            (order { $0.isProtected = true }, .noProtection),
            (.resetProtection(UnderlyingIdentifier(1)), .noProtection),
            (.protect(dollars: 1, in: 9), .unknownUnderlying),
            (.protect(window: 0, dollars: 1), .protectionOutOfRange),
            (.cancelLabel(Label()), .unknownOrder),
            (.cancelQuotes(InstrumentIdentifier(9)), .unknownInstrument),
            (.quote(1, at: 50_000, 1, at: 50_000), .conflictingTerms),
            (.unoffered(.combo), .combosNotOffered),
            (.unoffered(.blockTrade), .blockTradesNotOffered),
            (.unoffered(.requestForQuote), .requestsForQuoteNotOffered),
            (.protect(dollars: 1), nil),
        ]
        // Orders that wait count against the limit like any other.
        for _ in 0..<3 { rows.append((stop(100_001), nil)) }
        rows += [
            (.quote(1, at: 49_000, 1, at: 51_000), nil), (stop(100_001), .tooManyOrders),
            (order(), .tooManyOrders), (.quote(1, at: 49_000, 0, at: 0), nil), (order(), nil),
            (.quote(1, at: 49_000, 1, at: 51_000), .tooManyOrders),
        ]
        try run(rows, by: .account(account), in: venue)
    }

    @Test func `what tripped and what collects orders is refused, and leaves no trace`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 900_000_000)[0]
        let taker = try venue.openAccounts(1, dollars: 100_000)[0]
        try venue.apply(.by(account, .protect(dollars: 1), .quote(1, at: 49_000, 0, at: 0)))
        try venue.apply(.by(taker, .sell(1, at: 49_000)))
        try run(
            [
                (.quote(1, at: 49_000, 1, at: 51_000), .protectionTripped),
                (.protect(dollars: 0), .protectionTripped), (.cancelAll(nil), nil),
                (order { $0.isProtected = true }, .protectionTripped),
            ], by: .account(account), in: venue)
        let long = Duration(nanoseconds: Duration.day.nanoseconds + 1)
        try run(
            [
                (.auction(seconds: 0), .auctionLengthOutOfRange),
                (.startAuction(TestGenesis.bitcoin, length: long), .auctionLengthOutOfRange),
                (.auction(seconds: 60, in: InstrumentIdentifier(9)), .unknownInstrument),
                (.auction(seconds: 60), nil),
            ], by: .operator, in: venue)
        try run(
            [
                (order(0, nil), .inAuction),
                (order { $0.timeInForce = .immediateOrCancel }, .inAuction), (order(), nil),
            ], by: .account(account), in: venue)
    }

    /// One of each command that only an owner may give.
    private func ownersCommands(to account: AccountIdentifier) -> [Command] {
        [
            .buy(1, at: 49_000), .cancel(OrderIdentifier(1)), .cancelAll(nil),
            .cancelClient(ClientOrderIdentifier(1)), .withdraw(dollars: 1),
            .transfer(.dollars(1), to: account),
            .amend(
                AmendRequest(
                    order: OrderIdentifier(1), limit: .dollars(1), remaining: Quantity(lots: 1),
                    postOnly: false)),
            .cancelLabel(.text("a")), .quote(1, at: 49_000, 1, at: 51_000), .cancelQuotes(nil),
            .protect(dollars: 1), .resetProtection(UnderlyingIdentifier(0)), .unoffered(.combo),
        ]
    }

    @Test func `only the right signer may give a command`() throws {
        let venue = try Venue()
        let account = try venue.openAccounts(1, dollars: 1_000)[0]
        let owners = ownersCommands(to: account)
        let custodians: [Command] = [
            .openAccount(owner: TestKeys.owner(1), compartment: TestGenesis.main),
            .deposit(.dollars(1), to: account, reference: Bytes32()),
            .depositInsurance(.dollars(1), to: TestGenesis.main),
        ]
        let operators: [Command] = [.setFeeTier(0, of: account), .auction(seconds: 5)]
        func refused(_ commands: [Command]) -> [Row] { commands.map { ($0, .notAuthorised) } }
        try run(refused(custodians + operators), by: .account(account), in: venue)
        try run(refused(owners + operators), by: .custodian, in: venue)
        try run(refused(owners + custodians), by: .operator, in: venue)
        try run(operators.map { ($0, nil) }, by: .operator, in: venue)
    }
}
