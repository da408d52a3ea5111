/// Haircuts of collateral that follow depth and peg: at once for new risk, at a bounded rate for
/// what is there; and not at all where the defence is off.

import Accounts
import Canonical
import Economics
import FixedPoint
import Ledger
import Risk
import Testing

@Suite struct HaircutTests {
    private static let million = TestGenesis.million

    /// Spot of BTC whose sources have been so deep, with the standard response.
    private func options(
        depth dollars: Int64?, _ change: (inout HaircutParameters) -> Void = { _ in }
    ) -> TestGenesis.Options {
        var options = TestGenesis.Options.borrowing(1_000_000)
        if let dollars {
            options.economics = TestGenesis.economics(cap: 100_000_000, depth: dollars)
        }
        var rules = HaircutParameters.standard
        change(&rules)
        options.safeguards.haircuts = rules
        return options
    }

    private func haircut(_ outcome: BlockOutcome?) -> (initial: Ratio, maintenance: Ratio)? {
        for case .haircutMoved(TestGenesis.spot, let initial, let maintenance)
            in outcome?.events ?? []
        {
            return (initial, maintenance)
        }
        return nil
    }

    /// Ten BTC, $500,000, against sources that stand for $100,000: five depths, so 5 % more, and
    /// half as much again for a new loan.
    @Test(arguments: [true, false])
    func `what could hardly be sold lends less`(isOn: Bool) throws {
        var options = options(depth: 100_000)
        if !isOn { options.off = [.haircutResponse] }
        let venue = try Venue(options)
        let holder = try venue.openAccounts(1, dollars: 0)[0]
        _ = try venue.openAccounts(1, dollars: 1_000_000)
        try venue.depositAsset(10_000, to: holder)
        let before = venue.ledger.withdrawable(holder)
        try venue.wait(blocks: 1, seconds: 61)
        let moved = haircut(venue.last)
        let after = venue.ledger.withdrawable(holder)
        guard isOn else {
            #expect(moved == nil && after == before)
            return
        }
        let added = try #require(moved)
        // A class of depth is read at its lower end.
        #expect(added.initial >= Ratio(basisPoints: 750))
        #expect(added.initial <= Ratio(basisPoints: 960))
        let less = before - after
        let share = added.initial.units / 100_000
        #expect(less.units / 50_000_000 >= share - 1 && less.units / 50_000_000 <= share + 1)
        // Ten per cent an hour: a sixth of one in a minute.
        #expect(added.maintenance <= Ratio(basisPoints: 20))
        #expect(try venue.restored().root == venue.ledger.root)
    }

    /// Sources that say that nothing stands behind the price any more stop new loans, and close
    /// nobody: maintenance believes what was there for nearly all of a month.
    @Test func `lying depth closes nobody`() throws {
        let venue = try Venue(options(depth: 100_000_000))
        let holder = try venue.openAccounts(1, dollars: 0)[0]
        let lender = try venue.openAccounts(1, dollars: 1_000_000)[0]
        #expect(venue.cash(lender) > 0)
        try venue.depositAsset(10_000, to: holder)
        venue.depths = [100_000_000, 100_000_000, 100_000_000]
        try venue.apply(.by(holder, .withdraw(dollars: 440_000)))
        venue.depths = [1_000, 1_000, 1_000]
        for _ in 0..<60 { try venue.apply(milliseconds: 60_000) }
        #expect(venue.ledger.withdrawable(holder) == .zero)
        #expect(!venue.isLiquidating(holder))
    }

    /// Where it has been thin for long, what is held is charged at the rate of genesis and no
    /// faster: an owner has hours, not a minute.
    @Test(arguments: [(Int64(1_000), false), (10_000, true)])
    func `maintenance rises at a bounded rate`(hourly: Int64, isClosed: Bool) throws {
        let venue = try Venue(
            options(depth: 20_000) { $0.hourlyRise = Ratio(basisPoints: hourly) })
        let holder = try venue.openAccounts(1, dollars: 0)[0]
        _ = try venue.openAccounts(1, dollars: 1_000_000)
        try venue.depositAsset(10_000, to: holder)
        let outcome = try venue.apply(.by(holder, .withdraw(dollars: 440_000)))
        #expect(outcome.refusals == [nil])
        for _ in 0..<20 { try venue.apply(milliseconds: 60_000) }
        #expect(venue.isLiquidating(holder) == isClosed)
    }

    /// Prices about one dollar, on a grid of half dollars: only the index matters here.
    @Test(arguments: [true, false])
    func `a stable asset below par lends less and is charged more`(isOn: Bool) throws {
        var options = options(depth: nil) { $0.pegged = [UnderlyingIdentifier(0)] }
        if !isOn { options.off = [.haircutResponse] }
        let venue = try Venue(options)
        venue.prices[0] = Self.million
        let holder = try venue.openAccounts(1, dollars: 0)[0]
        try venue.depositAsset(40_000, to: holder)
        try venue.wait(blocks: 1, seconds: 61)
        #expect(haircut(venue.last) == nil)
        venue.prices[0] = 970_000
        try venue.wait(blocks: 1, seconds: 61)
        guard isOn else {
            #expect(haircut(venue.last) == nil)
            return
        }
        // Four times what is missing to 0.995.
        let first = try #require(haircut(venue.last))
        #expect(first.initial == Ratio(basisPoints: 1_500))
        #expect(first.maintenance < Ratio(basisPoints: 20))
        for _ in 0..<70 { try venue.apply(milliseconds: 60_000) }
        let risk = venue.ledger.risk.instruments[Int(TestGenesis.spot.number)]
        guard case .spot(mark: _, holding: let terms?) = risk.quote else {
            Issue.record("the asset is valued with terms of its own")
            return
        }
        // On top of the half per cent of the rules.
        #expect(terms.maintenanceHaircut == Ratio(basisPoints: 1_050))
        // It comes back two per cent an hour.
        venue.prices[0] = Self.million
        for _ in 0..<60 { try venue.apply(milliseconds: 60_000) }
        let back = venue.ledger.risk.instruments[Int(TestGenesis.spot.number)]
        guard case .spot(mark: _, holding: let later?) = back.quote else { return }
        #expect(later.maintenanceHaircut <= Ratio(basisPoints: 860))
        #expect(later.maintenanceHaircut >= Ratio(basisPoints: 850))
    }

    @Test func `the price of the quote asset follows its feed at a bounded rate`() throws {
        let venue = try Venue(options(depth: nil) { $0.quotePeg = UnderlyingIdentifier(1) })
        venue.prices[1] = Self.million
        try venue.wait(blocks: 2, seconds: 61)
        venue.prices[1] = 900_000
        var pegs: [Ratio] = []
        for _ in 0..<70 {
            let outcome = try venue.apply(milliseconds: 60_000)
            for case .quotePegMoved(let price) in outcome.events { pegs.append(price) }
        }
        let first = try #require(pegs.first)
        #expect(first >= Ratio(basisPoints: 9_983) && first < .one)
        #expect(pegs.last == Ratio(basisPoints: 9_000))
        #expect(pegs == pegs.sorted(by: >))
        #expect(try venue.restored().root == venue.ledger.root)
    }
}
