/// Listing while the venue runs: the operator's command with every refusal, the rules, and what the
/// new instruments can do at once.

import Accounts
import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle
import Testing

@testable import Ledger

@Suite struct ListingTests {
    private static func contract(
        _ contract: DatedContract, on underlying: UInt16 = 0,
        _ terms: ContractTerms = TestGenesis.terms()
    ) -> Command {
        .listContract(contract, on: UnderlyingIdentifier(underlying), terms)
    }

    private static func ruled(_ rule: ListingRule) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.listingRules = [rule]
        return options
    }

    @Test func `the operator lists a pair, which trades from the next price on`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let outcome = try venue.apply(
            .operator(.listPair(at: 49_000)),
            .by(accounts[0], .buy(1, at: 1_000, in: InstrumentIdentifier(3))))
        #expect(outcome.refusals == [nil, .priceTooOld])
        #expect(
            outcome.listed.map(\.symbol.text) == ["BTC-16JUN25-49000-C", "BTC-16JUN25-49000-P"])
        try venue.trade(accounts[0], accounts[1], 10, at: 1_010, in: InstrumentIdentifier(3))
        #expect(venue.position(accounts[0], InstrumentIdentifier(3)) == 10)
        let restored = try venue.restored()
        #expect(restored.root == venue.ledger.root && restored.auditFailure() == nil)
        #expect(restored.catalogue == venue.ledger.catalogue)
    }

    /// The terms of a contract with something changed.
    private static func with(
        tick: Int64 = 500_000, lot: Int64 = 1_000_000, maximum: Int64 = 800_000,
        order: Int64 = 1, position: Int64 = 1, interest: Int64 = 10, band: Int64 = 20_000_000,
        home: UInt16 = 0
    ) -> ContractTerms {
        ContractTerms(
            compartment: CompartmentIdentifier(home), tickSize: IndexPrice(micros: tick),
            lotSize: lot, maximumPrice: Price(ticks: maximum),
            maximumOrderQuantity: Quantity(lots: order), positionLimit: Quantity(lots: position),
            openInterestLimit: Quantity(lots: interest), priceBand: Ratio(billionths: band))
    }

    private static let future = DatedContract.future(expiry: TestGenesis.expiry)

    /// So long after tomorrow's expiry.
    private static func later(_ nanoseconds: UInt64) -> DatedContract {
        .future(expiry: TestGenesis.expiry.advanced(by: Duration(nanoseconds: nanoseconds)))
    }

    /// A pair at a strike of so many micro-dollars.
    private static func pair(_ micros: Int64) -> Command {
        contract(.pair(expiry: TestGenesis.expiry, strike: IndexPrice(micros: micros)))
    }

    private static let day = Duration.day.nanoseconds

    private static let contractRows: [(Command, Refusal)] = [
        (contract(future, on: 2), .unknownUnderlying),
        (contract(future, with(home: 2)), .unknownCompartment),
        (contract(.future(expiry: .epoch)), .expiryTooNear),
        (contract(.future(expiry: TestGenesis.start)), .expiryTooNear),
        (contract(later(1)), .expiryOffTime), (contract(later(day - 1)), .expiryOffTime),
        (contract(later(1_098 * day)), .expiryTooFar),
        (contract(.future(expiry: Timestamp(nanoseconds: .max))), .expiryTooFar),
        (.listPair(at: 0), .strikeOutOfRange), (.listPair(at: -1), .strikeOutOfRange),
        (.listPair(at: 400_001), .strikeOutOfRange), (pair(.min), .strikeOutOfRange),
        (pair(.max), .strikeOutOfRange), (pair(400_000_000_001), .strikeOutOfRange),
    ]

    private static let termRows: [(Command, Refusal)] = [
        (contract(future, with(tick: 0)), .gridOutOfRange),
        (contract(future, with(tick: .min)), .gridOutOfRange),
        (contract(future, with(lot: -1)), .gridOutOfRange),
        (contract(future, with(lot: 1_000_001)), .gridOutOfRange),
        (contract(future, with(tick: .max, lot: .max)), .gridOutOfRange),
        (contract(future, with(maximum: 799_999)), .gridTooShort),
        (contract(future, with(maximum: .max)), .gridOutOfRange),
        (contract(future, with(order: 2)), .limitOutOfRange),
        (contract(future, with(order: 0)), .limitOutOfRange),
        (contract(future, with(interest: 0)), .limitOutOfRange),
        (contract(future, with(band: 0)), .limitOutOfRange),
        (contract(future, with(band: 1_000_000_000)), .limitOutOfRange),
        (
            contract(future, TestGenesis.terms(positionLimit: 700_000)), .notionalTooLarge
        ),
    ]

    @Test func `a listing is refused for each of its reasons, and leaves no trace`() throws {
        let venue = try Venue()
        try venue.apply()
        for (command, refusal) in Self.contractRows + Self.termRows {
            let leaves = venue.ledger.leaves().count
            #expect(try venue.operatorAnswer(command) == refusal, "\(command)")
            #expect(venue.ledger.leaves().count == leaves)
            #expect(venue.ledger.catalogue.instruments.count == 3)
        }
        #expect(try venue.operatorAnswer(.listPair(at: 400_000)) == nil)
        #expect(try venue.operatorAnswer(.listPair(at: 400_000)) == .alreadyListed)
        #expect(try venue.operatorAnswer(Self.contract(Self.future)) == nil)
        // Another compartment would need another name.
        let elsewhere = Self.contract(Self.future, Self.with(home: 1))
        #expect(try venue.operatorAnswer(elsewhere) == .alreadyListed)
        #expect(try venue.operatorAnswer(Self.contract(Self.later(1_097 * Self.day))) == nil)
    }

    /// What takes thousands of instruments or a long name to reach (`CatalogueListingTests`).
    @Test func `every fault of the catalogue has its refusal`() {
        let rows: [(CatalogueFault.Field, CatalogueFault.Reason, Refusal)] = [
            (.count, .exhausted, .identifiersExhausted),
            (.count, .outOfRange, .tooManyInstruments), (.kind, .duplicate, .alreadyListed),
            (.positionLimit, .venueTooLarge, .notionalTooLarge),
        ]
        for (field, reason, refusal) in rows {
            #expect(Refusal(CatalogueFault(.instruments, 0, field, reason)) == refusal)
        }
    }

    @Test func `a contract whose name does not fit is refused`() throws {
        var options = TestGenesis.Options()
        options.bitcoinName = "ABCDEFGHIJKLMNOPQRS"
        let venue = try Venue(options)
        #expect(try venue.operatorAnswer(.listPair(at: 50_000)) == .nameTooLong)
        #expect(try venue.operatorAnswer(Self.contract(Self.future)) == nil)
    }

    @Test func `an expiry must lie an hour ahead`() throws {
        let venue = try Venue()
        try venue.apply(secondsBefore: 3_602)
        // The block that lists comes a second later.
        #expect(try venue.operatorAnswer(.listPair(at: 50_000)) == nil)
        #expect(try venue.operatorAnswer(.listPair(at: 51_000)) == nil)
        #expect(try venue.operatorAnswer(.listPair(at: 52_000)) == .expiryTooNear)
    }

    @Test func `nobody but the operator lists or halts`() throws {
        let (venue, accounts) = try Venue.rich(1)
        let commands: [Command] = [.listPair(at: 50_000), .halt(TestGenesis.bitcoin)]
        for command in commands {
            #expect(try venue.answer(accounts[0], command) == .notAuthorised)
            #expect(try venue.apply(.custodian(command)).refusals == [.notAuthorised])
        }
    }

    @Test func `a rule lists what is missing at the first valid price`() throws {
        let venue = try Venue(Self.ruled(TestGenesis.rule()))
        venue.isPublishing = false
        #expect(try venue.apply().listed.isEmpty)
        venue.isPublishing = true
        let first = try venue.apply()
        #expect(
            first.listed.map(\.symbol.text) == [
                "BTC-16JUN25", "BTC-16JUN25-49000-C", "BTC-16JUN25-49000-P",
                "BTC-16JUN25-50000-C", "BTC-16JUN25-50000-P", "BTC-16JUN25-51000-C",
                "BTC-16JUN25-51000-P", "BTC-17JUN25", "BTC-17JUN25-49000-C",
                "BTC-17JUN25-49000-P", "BTC-17JUN25-50000-C", "BTC-17JUN25-50000-P",
                "BTC-17JUN25-51000-C", "BTC-17JUN25-51000-P",
            ])
        // They have their marks in the same block.
        #expect(venue.ledger.prices.allSatisfy { $0.isPriced })
        #expect(try venue.apply().listed.isEmpty)
        venue.setPrice(50_499)
        #expect(try venue.apply().listed.isEmpty)
        venue.setPrice(50_500)
        #expect(
            try venue.apply().listed.map(\.symbol.text) == [
                "BTC-16JUN25-52000-C", "BTC-16JUN25-52000-P", "BTC-17JUN25-52000-C",
                "BTC-17JUN25-52000-P",
            ])
        // The calendar turns an hour before 08:00.
        #expect(try venue.apply(secondsBefore: 3_601).listed.isEmpty)
        #expect(try venue.apply(secondsBefore: 3_600).listed.count == 7)
    }

    @Test func `no more than a block's share is listed at once, in order`() throws {
        let venue = try Venue(Self.ruled(TestGenesis.rule(days: 3, strikesEachSide: 10)))
        var listed: [Instrument] = []
        for expected in [32 * 2 - 2, 32 * 2 - 1, 2 * 2] {
            let outcome = try venue.apply()
            #expect(outcome.listed.count == expected)
            listed += outcome.listed
            let restored = try venue.restored()
            #expect(restored.auditFailure() == nil)
        }
        #expect(try venue.apply().listed.isEmpty)
        #expect(listed.count == 3 * (1 + 2 * 21))
        for (earlier, later) in zip(listed, listed.dropFirst()) {
            #expect((earlier.expiry ?? .epoch) <= (later.expiry ?? .epoch))
        }
    }

    @Test func `what the operator has listed a rule does not list again`() throws {
        let venue = try Venue(Self.ruled(TestGenesis.rule(days: 1)))
        venue.isPublishing = false
        #expect(try venue.operatorAnswer(.listPair(at: 50_000)) == nil)
        venue.isPublishing = true
        #expect(try venue.apply().listed.count == 5)
    }

    @Test func `a halted instrument takes no orders until an auction`() throws {
        let (venue, accounts) = try Venue.rich(2)
        let resting = try venue.place(accounts[0], .buy(1, at: 49_500))
        #expect(try venue.operatorAnswer(.halt(InstrumentIdentifier(9))) == .unknownInstrument)
        #expect(try venue.operatorAnswer(.halt(TestGenesis.bitcoin)) == nil)
        #expect(try venue.operatorAnswer(.halt(TestGenesis.bitcoin)) == .instrumentHalted)
        #expect(try venue.answer(accounts[1], .sell(1, at: 49_500)) == .instrumentHalted)
        #expect(try venue.answer(accounts[1], .market(.sell, 1)) == .instrumentHalted)
        #expect(
            try venue.answer(accounts[1], .quote(1, at: 49_000, 1, at: 51_000))
                == .instrumentHalted)
        #expect(try venue.answer(accounts[0], .amend(resting, to: 49_600, 1)) == .instrumentHalted)
        #expect(try venue.restored().root == venue.ledger.root)
        #expect(try venue.answer(accounts[0], .amend(resting, to: 49_400, 1)) == nil)
        #expect(try venue.answer(accounts[0], .cancel(resting)) == nil)
        #expect(try venue.operatorAnswer(.auction(seconds: 1)) == nil)
        try venue.wait(blocks: 2)
        #expect(try venue.answer(accounts[1], .sell(1, at: 49_500)) == nil)
    }
}
