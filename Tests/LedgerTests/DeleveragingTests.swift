/// Closing against the other side in blocks: who closes and by what measure, once for all that a
/// block has to close, what payers are asked for, and that the events say all of it.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Risk
import Testing

@Suite struct DeleveragingTests {
    private func closings(_ outcome: BlockOutcome) -> [Deleverage] {
        outcome.events.compactMap { event in
            if case .deleveraged(let closing) = event { closing } else { nil }
        }
    }

    private func demands(_ outcome: BlockOutcome) -> [LossDemand] {
        outcome.events.compactMap { event in
            if case .lossAsked(let demand) = event { demand } else { nil }
        }
    }

    /// Lots that each account closed for others.
    private func closed(
        _ outcome: BlockOutcome, by account: AccountIdentifier
    ) -> Int64 {
        closings(outcome).filter { $0.counterparty == account }.reduce(0) { $0 + $1.quantity.lots }
    }

    /// Longs on little, shorts on the dollars given, all of 1,000 lots or parts of it at 50,000.
    private func crash(
        longs: [Int64], shorts: [(lots: Int64, dollars: Int64)], to price: Int64,
        _ options: TestGenesis.Options = TestGenesis.Options()
    ) throws -> (
        Venue, longs: [AccountIdentifier], shorts: [AccountIdentifier], outcome: BlockOutcome
    ) {
        let venue = try Venue(options)
        let weak = try longs.map { try venue.openAccounts(1, dollars: $0)[0] }
        let others = try shorts.map { try venue.openAccounts(1, dollars: $0.dollars)[0] }
        var left = longs.map { _ in Int64(1_000) }
        for (place, short) in shorts.enumerated() {
            var lots = short.lots
            for long in left.indices where lots > 0 && left[long] > 0 {
                let part = min(lots, left[long])
                try venue.trade(weak[long], others[place], part, at: 50_000)
                left[long] -= part
                lots -= part
            }
        }
        venue.setPrice(price)
        return (venue, weak, others, try venue.apply())
    }

    @Test func `the other side closes in proportion to profit times leverage`() throws {
        let (venue, longs, shorts, outcome) = try crash(
            longs: [5_200], shorts: [(500, 4_000), (500, 40_000)], to: 25_000)
        #expect(venue.position(longs[0]) == 0)
        let all = closings(outcome)
        #expect(all.map(\.counterparty) == [shorts[0], shorts[1]])
        // All 1,000 must close, so both are closed whole, the best first.
        #expect(all.map(\.quantity.lots) == [500, 500] && all.map(\.rank) == [0, 1])
        for closing in all {
            #expect(closing.kind == .proportion && closing.demand.lots == 1_000)
            #expect(closing.notional.units == closing.quantity.lots * 25_000_000)
            #expect(closing.profit.isPositive && closing.held.lots == 500)
        }
    }

    @Test func `who has more profit and leverage closes more, and nobody is closed whole`() throws {
        let (_, longs, shorts, outcome) = try crash(
            longs: [5_200, 200_000], shorts: [(1_000, 8_000), (1_000, 80_000)], to: 44_000)
        let all = closings(outcome)
        #expect(all.allSatisfy { $0.account == longs[0] })
        let score = { (closing: Deleverage) in
            Double(closing.profit.units) * Double(closing.grossNotional.units)
                / Double(closing.equity.units)
        }
        let share = score(all[0]) / (score(all[0]) + score(all[1]))
        #expect(all.count == 2 && all[0].counterparty == shorts[0])
        #expect(abs(Double(all[0].quantity.lots) - 1_000 * share) <= 1)
        #expect(all[0].quantity.lots > 700 && all[1].quantity.lots > 50)
    }

    @Test func `liquidations of one block are asked for once, whatever their order`() throws {
        let (_, longs, shorts, outcome) = try crash(
            longs: [5_200, 5_300, 200_000],
            shorts: [(1_500, 12_000), (1_500, 60_000)], to: 44_000)
        let all = closings(outcome)
        #expect(all.allSatisfy { $0.account == longs[0] || $0.account == longs[1] })
        #expect(all.allSatisfy { $0.demand.lots == 2_000 })
        // What each was before the first closing counts for all of them.
        for short in shorts {
            let mine = all.filter { $0.counterparty == short }
            #expect(Set(mine.map(\.profit.units)).count == 1)
            #expect(mine.allSatisfy { $0.held.lots == 1_500 })
        }
        #expect(closed(outcome, by: shorts[0]) > closed(outcome, by: shorts[1]))
    }

    @Test func `two that must close meet each other first`() throws {
        let venue = try Venue()
        let long = try venue.openAccounts(1, dollars: 5_200)[0]
        let short = try venue.openAccounts(1, dollars: 8_500)[0]
        let rich = try venue.openAccounts(1, dollars: 1_000_000)[0]
        try venue.trade(long, rich, 1_000, at: 50_000)
        try venue.trade(rich, short, 600, at: 50_000)
        // The short's ether falls with the index of bitcoin, by more.
        try venue.trade(short, rich, 1_600, at: 25_000, in: TestGenesis.ether)
        venue.setPrice(44_000)
        venue.setPrice(1_500, of: 1)
        let outcome = try venue.apply()
        let mutual = closings(outcome).filter { $0.kind == .mutual }
        #expect(mutual.count == 1)
        #expect(mutual[0].account == long && mutual[0].counterparty == short)
        #expect(mutual[0].quantity.lots == 600)
        #expect(venue.position(long) == 0 && venue.position(short) == 0)
        #expect(venue.position(short, TestGenesis.ether) == 0)
        // The 600 carry their part of the long's loss with them: strangers who close 400 of 1,000
        // are asked for no more than two fifths (a peer divided by what was closed, its #2150).
        for case .shortfall(let shortfall) in outcome.events where shortfall.account == long {
            let asked = demands(outcome).filter {
                $0.stage == .counterparty && $0.instrument == TestGenesis.bitcoin
            }
            #expect(shortfall.left.isPositive && !asked.isEmpty)
            for demand in asked {
                #expect(abs(demand.loss.units * 5 - shortfall.left.units * 2) <= 10)
            }
        }
    }

    @Test func `nobody is asked for more than the day's profit, nor below initial margin`() throws {
        let (venue, longs, shorts, outcome) = try crash(
            longs: [5_200], shorts: [(400, 2_600), (400, 4_000), (200, 50_000)], to: 25_000)
        let asked = demands(outcome)
        #expect(!asked.isEmpty)
        for demand in asked {
            #expect(demand.limit == max(.zero, min(demand.profit, demand.headroom)))
            #expect(demand.amount <= demand.limit)
        }
        for short in shorts { #expect(venue.health(short) >= 0) }
        let paid = asked.reduce(Int64(0)) { $0 + $1.amount.units }
        for case .shortfall(let shortfall) in outcome.events {
            #expect(shortfall.account == longs[0])
            #expect(abs(shortfall.left.units - paid) <= 10)
        }
        #expect(venue.cash(longs[0]) == 0)
    }

    @Test func `yesterday's gain pays nobody, and is not bad debt's concern`() throws {
        let venue = try Venue()
        let accounts = try venue.openAccounts(3, dollars: 20_000)
        try venue.trade(accounts[0], accounts[1], 1_000, at: 50_000)
        venue.setPrice(45_000)
        try venue.apply()
        let day: UInt64 = 24 * 3_600_000
        for _ in 0..<3 { try venue.apply(milliseconds: day) }
        try venue.apply()
        let anchors = venue.ledger.accounts[accounts[1]].anchors
        let equity = venue.ledger.maintenanceMargin(of: accounts[1]).equity
        #expect(abs(anchors.profit(equity: equity).units) < 1_000 * TestGenesis.million)
    }

    @Test func `an owner's other account pays before the fund does`() throws {
        var options = TestGenesis.Options()
        options.insuranceAccountShare = .one
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(2, dollars: 5_200)
        let sibling = try venue.openSibling(of: accounts[0], dollars: 100_000)
        try venue.apply(.custodian(.depositInsurance(.dollars(100_000), to: TestGenesis.main)))
        try venue.trade(accounts[0], accounts[1], 500, at: 50_000)
        // Nobody trades with himself: a stranger stands between.
        let between = try venue.openAccounts(1, dollars: 100_000)[0]
        try venue.trade(accounts[0], between, 500, at: 50_000)
        try venue.trade(between, sibling, 500, at: 50_000)
        let fund = venue.insurance()
        venue.setPrice(40_000)
        let outcome = try venue.apply()
        for case .shortfall(let shortfall) in outcome.events {
            #expect(shortfall.account == accounts[0])
            #expect(shortfall.byOwner == shortfall.amount && shortfall.byFund == .zero)
        }
        #expect(venue.insurance() >= fund)
        #expect(demands(outcome).map(\.stage) == [.owner])
        #expect(venue.cash(accounts[0]) == 0)
    }

    @Test func `every event of a bankruptcy survives its encoding`() throws {
        let (_, _, _, outcome) = try crash(
            longs: [5_200], shorts: [(400, 2_600), (600, 50_000)], to: 25_000)
        #expect(!demands(outcome).isEmpty && !closings(outcome).isEmpty)
        for event in outcome.events {
            #expect(try Event(canonicalBytes: event.canonicalBytes) == event)
        }
    }

    @Test func `without the defence the best of a queue loses more than his profit`() throws {
        // 2,500 lots of equity 5,200 are bankrupt by about 19,800; the best of the queue has
        // entered late.
        for isDefended in [true, false] {
            let options = TestGenesis.Options()
            let venue = try Venue(
                isDefended ? options : options.without(.fairDeleveraging))
            let long = try venue.openAccounts(1, dollars: 5_600)[0]
            let old = try venue.openAccounts(1, dollars: 9_000)[0]
            let young = try venue.openAccounts(1, dollars: 1_000_000)[0]
            try venue.trade(long, old, 1_000, at: 50_000)
            let friend = try venue.openAccounts(1, dollars: 1_000_000)[0]
            try venue.trade(friend, young, 1_000, at: 50_000)
            venue.setPrice(25_000)
            let outcome = try venue.apply()
            #expect(venue.cash(long) == 0)
            let all = closings(outcome)
            #expect(all.allSatisfy { $0.kind == (isDefended ? .proportion : .queue) })
            // The queue closes one whole position, the other not at all.
            #expect((closed(outcome, by: young) > 0) == isDefended)
            #expect((closed(outcome, by: old) < 1_000) == isDefended)
        }
    }
}
