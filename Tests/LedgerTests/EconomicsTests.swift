/// The economics of a running venue: depth is measured, caps follow it at a bounded rate and force
/// nobody out, books count as far as they have stood, the bound on losses holds, and a restored
/// machine says the same.

import Accounts
import Canonical
import Economics
import FixedPoint
import Ledger
import Markets
import Oracle
import Risk
import Testing

struct EconomicsTests {
    private let bitcoin = UnderlyingIdentifier(0)

    /// Caps of $1 million to $10 million that may double in an hour.
    private func moving(_ off: [Defence] = []) -> TestGenesis.Options {
        var options = TestGenesis.Options()
        options.economics = TestGenesis.economics(cap: 10_000_000) {
            $0.leastCap = .dollars(1_000_000)
            $0.hourlyRise = .one
        }
        options.off = off
        return options
    }

    private func cap(_ venue: Venue) -> Amount {
        venue.ledger.marketCaps(of: bitcoin)[0].cap
    }

    @Test func `a cap grows with the fund, at its rate, and says so`() throws {
        let venue = try Venue(moving())
        try venue.apply(.custodian(.depositInsurance(.dollars(1_000_000), to: TestGenesis.main)))
        #expect(cap(venue) == .dollars(1_000_000))
        let outcome = try venue.apply(milliseconds: 3_600_000)
        #expect(cap(venue) == .dollars(2_000_000))
        #expect(
            outcome.events.contains(
                .interestCapMoved(bitcoin, TestGenesis.main, cap: .dollars(2_000_000))))
        for _ in 0..<4 { try venue.apply(milliseconds: 3_600_000) }
        #expect(cap(venue) == .dollars(10_000_000))
        let target = venue.ledger.marketCaps(of: bitcoin)[0].target
        #expect(target.cause == .hardLimit)
    }

    @Test func `depth is that of the cheapest majority of sources`() throws {
        let venue = try Venue(moving())
        // All speak of one source, which is as deep as the lowest of them says; half of it makes
        // the price.
        venue.depths = [10_000_000, 30_000_000, 20_000_000]
        try venue.wait(blocks: 80, seconds: 60)
        let measured = try #require(venue.ledger.economics(of: bitcoin)).depth.percentile
        let expected = DepthHistogram(opening: .dollars(5_000_000), at: venue.time).percentile
        #expect(measured == expected)
        #expect(venue.ledger.economics(of: UnderlyingIdentifier(9)) == nil)
    }

    /// Attack 12: publishers that lie about depth shrink the caps slowly, and nobody is forced out.
    @Test func `lying depth shrinks caps by a tenth an hour and takes nothing from anyone`() throws
    {
        let venue = try Venue(moving())
        let accounts = try venue.openAccounts(2, dollars: 10_000_000)
        try venue.apply(.custodian(.depositInsurance(.dollars(1_000_000), to: TestGenesis.main)))
        for _ in 0..<5 { try venue.apply(milliseconds: 3_600_000) }
        try venue.trade(accounts[0], accounts[1], 15_000, at: 50_000)
        func requirements() -> [Amount] {
            [
                venue.ledger.initialMargin(of: accounts[0]).requirement,
                venue.ledger.maintenanceMargin(of: accounts[0]).requirement,
            ]
        }
        let before = requirements()
        venue.depths = [1, 1, 1]
        var last = cap(venue)
        #expect(last == .dollars(10_000_000))
        for _ in 0..<6 {
            try venue.wait(blocks: 60, seconds: 60)
            #expect(cap(venue).units >= last.units / 10 * 9)
            last = cap(venue)
        }
        #expect(last < .dollars(7_000_000))
        // $750,000 are more than a tenth of it now.
        #expect(requirements() == before)
        #expect(!venue.isLiquidating(accounts[0]))
        #expect(try venue.answer(accounts[0], .buy(1, at: 49_900)) == .ownerShare)
        #expect(try venue.answer(accounts[0], .sell(1_000, at: 50_100)) == nil)
    }

    @Test func `a restored machine caps, measures and goes on the same`() throws {
        let venue = try Venue(moving())
        let accounts = try venue.openAccounts(2, dollars: 10_000_000)
        let sibling = try venue.openSibling(of: accounts[0], dollars: 10_000_000)
        venue.depths = [10_000_000, 30_000_000, 20_000_000]
        try venue.trade(accounts[0], accounts[1], 1_500, at: 50_000)
        try venue.wait(blocks: 5, seconds: 60)
        let twin = try venue.restored()
        #expect(twin.auditFailure() == nil)
        #expect(twin.economics(of: bitcoin) == venue.ledger.economics(of: bitcoin))
        #expect(
            twin.ownerInterest(of: sibling, in: bitcoin)
                == venue.ledger.ownerInterest(of: sibling, in: bitcoin))
        for lots in [600, 400] as [Int64] {
            let block = venue.block(
                [.by(sibling, .buy(lots, at: 49_900))], milliseconds: 60_000)
            let outcome = try venue.apply(block)
            #expect(outcome.refusals == [lots == 600 ? .ownerShare : nil])
            let other = try twin.apply(block, verifier: TestSignatures())
            #expect(other.root == outcome.root)
        }
    }

    @Test func `the leaf of an underlying is there with economics and refused without`() throws {
        let venue = try Venue(moving())
        let key = LeafKey.economics(bitcoin)
        #expect(try LeafKey(canonicalBytes: key.canonicalBytes) == key)
        let leaf = try #require(venue.ledger.leaves().first { $0.key == key })
        let plain = try Venue()
        #expect(plain.ledger.value(of: key) == nil)
        let leaves = plain.ledger.leaves() + [leaf]
        #expect(throws: RestoreFault.self) {
            try Ledger(genesis: plain.ledger.genesis, leaves: leaves, root: plain.ledger.root)
        }
        let missing = venue.ledger.leaves().filter { $0.key != key }
        #expect(throws: RestoreFault.self) {
            try Ledger(genesis: venue.ledger.genesis, leaves: missing, root: venue.ledger.root)
        }
    }

    // Books.

    /// Two makers quote $100 to either side for over a minute; then one bids close to the ask.
    private func premium(_ off: [Defence], seconds: Int) throws -> Ratio {
        let (venue, accounts) = try Venue.rich(3, moving(off + [.ownerShare]))
        try venue.place(accounts[0], .buy(2_000, at: 49_900))
        try venue.place(accounts[1], .sell(2_000, at: 50_100))
        try venue.wait(blocks: 70)
        try venue.place(accounts[2], .buy(2_000, at: 50_090))
        try venue.wait(blocks: seconds)
        guard case .perpetual(let prices) = venue.ledger.prices[0] else { return .zero }
        return prices.premium
    }

    /// Attack 11: fake depth.
    @Test func `a fresh order moves no premium, and without the rule it does at once`() throws {
        #expect(try premium([], seconds: 25) == .zero)
        #expect(try premium([.restingDepth], seconds: 25) > Ratio(basisPoints: 5))
        #expect(try premium([], seconds: 90) > Ratio(basisPoints: 5))
    }

    @Test func `only depth near the mark that has stood is published`() throws {
        let (venue, accounts) = try Venue.rich(2, moving([.ownerShare]))
        try venue.place(accounts[0], .buy(2_000, at: 49_100))
        try venue.place(accounts[0], .buy(5_000, at: 48_900))
        try venue.place(accounts[1], .sell(1_000, at: 50_900))
        try venue.wait(blocks: 70)
        func standing() throws -> BookSample {
            let state = try #require(venue.ledger.economics(of: bitcoin))
            return try #require(state.book(of: TestGenesis.bitcoin)).standing
        }
        // 2 % below $50,000 are $49,000.
        #expect(try standing().bidDepth == .dollars(98_200))
        #expect(try standing().askDepth == .dollars(50_900))
        try venue.place(accounts[1], .sell(9_000, at: 50_900))
        try venue.wait(blocks: 20)
        #expect(try standing().askDepth == .dollars(50_900))
        try venue.wait(blocks: 60)
        #expect(try standing().askDepth == .dollars(509_000))
        try venue.apply(.by(accounts[1], .cancelAll(nil)))
        try venue.apply()
        #expect(try standing().askDepth == .zero)
    }

    // What a market can lose.

    @Test func `losses stay inside the bound, whatever the index does`() throws {
        for dollars in [25_000, 100_000] as [Int64] {
            let venue = try Venue(moving())
            let accounts = try venue.openAccounts(3, dollars: 5_200)
            try venue.apply(.custodian(.depositInsurance(.dollars(1_000), to: TestGenesis.main)))
            try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
            let bound = venue.ledger.lossBound(of: bitcoin, in: TestGenesis.main)
            // The losers have $5,200 less fees; the fund may pay half of itself in a day.
            #expect(bound.losersMargin < .dollars(5_200))
            #expect(bound.losersMargin > .dollars(5_100))
            #expect(bound.fund > .dollars(499) && bound.fund < .dollars(510))
            #expect(bound.total == bound.losersMargin + bound.fund)
            let (before, fund) = (accounts.map { venue.equity($0) }, venue.insurance())
            venue.setPrice(dollars)
            try venue.apply()
            let after = accounts.map { venue.equity($0) }
            let lost = zip(before, after).reduce(0) { $0 + max(0, $1.0 - $1.1) }
            #expect(lost > 0)
            #expect(lost + max(0, fund - venue.insurance()) <= bound.total.units + 2)
        }
    }

    @Test func `an account on no side, or elsewhere, counts for nothing`() throws {
        let venue = try Venue(moving())
        let idle = try venue.openAccounts(2, dollars: 1_000_000)
        try venue.place(idle[0], .buy(10, at: 49_900))
        let far = try venue.openAccounts(2, dollars: 1_000_000, in: TestGenesis.side)
        try venue.trade(far[0], far[1], 100, at: 50_000, in: TestGenesis.sideBitcoin)
        #expect(venue.ledger.lossBound(of: bitcoin, in: TestGenesis.main).total == .zero)
        let side = venue.ledger.lossBound(of: bitcoin, in: TestGenesis.side)
        // A short of $5,000 at most eight times that, a long all of it.
        #expect(side.losersMargin == .dollars(40_000))
    }
}
