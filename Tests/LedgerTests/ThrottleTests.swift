/// What one owner sends slows that owner and nobody else, and no market hears of it
/// (`facts/risk.md`, attack 6).

import Accounts
import Breakers
import Canonical
import FixedPoint
import Ledger
import Markets
import Testing

@Suite struct ThrottleTests {
    private func venue(_ change: (inout Safeguards) -> Void = { _ in }) throws -> Venue {
        try Venue(
            .watched {
                $0.flow = .standard
                $0.flow?.burst = 8
                change(&$0)
            })
    }

    private func orders(_ count: Int) -> [Command] {
        (0..<count).map { .buy(1, at: 49_000 - Int64($0)) }
    }

    @Test(arguments: [true, false])
    func `orders beyond the burst are refused to their owner alone`(isOn: Bool) throws {
        let venue = try venue { if !isOn { $0.off.insert(.throttle) } }
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        let sibling = try venue.openSibling(of: accounts[0], dollars: 1_000_000)
        let first = Send(signer: .account(accounts[0]), commands: orders(9))
        let outcome = try venue.apply(
            first, .by(sibling, .buy(1, at: 49_000)), .by(accounts[1], .buy(1, at: 49_000)))
        let tail: [Refusal?] = isOn ? [.throttled, .throttled, nil] : [nil, nil, nil]
        #expect(outcome.refusals == [Refusal?](repeating: nil, count: 8) + tail)
        // Cancels pass, however many.
        let orders = venue.openOrders(accounts[0]).map { Command.cancel($0.identifier) }
        let cancels = try venue.apply(Send(signer: .account(accounts[0]), commands: orders))
        #expect(cancels.refusals.allSatisfy { $0 == nil })
    }

    @Test func `a mass quote counts as one order, and quotes one by one do not`() throws {
        let venue = try venue()
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        let quotes = (0..<20).map { place in
            Command.quote(1, at: 49_500 - Int64(place), 1, at: 50_500 + Int64(place))
        }
        let mass = try venue.apply(Send(signer: .account(accounts[0]), commands: quotes))
        #expect(mass.refusals.allSatisfy { $0 == nil })
        let single = try venue.apply(
            venue.block(quotes.map { Send(signer: .account(accounts[1]), commands: [$0]) }))
        #expect(single.refusals.count { $0 == .throttled } == 12)
    }

    @Test func `a refused order costs nothing, and time gives orders back`() throws {
        let venue = try venue()
        let account = try venue.openAccounts(1, dollars: 1_000_000)[0]
        let bad = (0..<20).map { _ in Command.buy(0, at: 49_000) }
        try venue.apply(Send(signer: .account(account), commands: bad), milliseconds: 1)
        let outcome = try venue.apply(
            Send(signer: .account(account), commands: orders(9)), milliseconds: 1)
        #expect(outcome.refusals.count { $0 == nil } == 8)
        #expect(
            try venue.apply(.by(account, .buy(1, at: 49_000)), milliseconds: 98).refusals == [
                .throttled
            ])
        #expect(
            try venue.apply(.by(account, .buy(1, at: 49_000)), milliseconds: 2).refusals == [nil])
    }

    /// Attack 6: one owner does everything that a naive venue would stop a market for.
    @Test(arguments: [true, false])
    func `one owner's frenzy throttles him and moves no level`(isOn: Bool) throws {
        let venue = try venue {
            $0.flow?.selfTrades = 3
            $0.flow?.leastCount = 10
            $0.vaults = .standard
            if !isOn { $0.off.insert(.throttle) }
        }
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        let sibling = try venue.openSibling(of: accounts[0], dollars: 1_000_000)
        var refused = 0
        var suspicions: [UInt8] = []
        for _ in 0..<40 {
            let many = (0..<12 as Range<Int64>).map {
                Command.buy(1, at: 49_000 - $0, in: TestGenesis.bitcoin, .immediateOrCancel)
            }
            let outcome = try venue.apply(
                .by(accounts[0], .buy(5, at: 50_000)),
                .by(sibling, .sell(5, at: 50_000, .immediateOrCancel)),
                Send(signer: .account(accounts[0]), commands: many), milliseconds: 300)
            refused += outcome.refusals.count { $0 == .throttled }
            for case .suspicionsChanged(let owner, let found) in outcome.events {
                #expect(owner == accounts[0])
                suspicions.append(found)
            }
            for instrument in [TestGenesis.bitcoin, TestGenesis.ether] {
                #expect(venue.ledger.level(of: instrument) == .normal)
            }
            #expect(try venue.answer(accounts[1], .buy(1, at: 49_000, .immediateOrCancel)) == nil)
        }
        #expect((refused > 0) == isOn)
        #expect(suspicions.isEmpty != isOn)
    }

    /// Attack 7: the maker pulls its quote when it sees the taker, and asks for the taker's limit.
    @Test(arguments: [true, false])
    func `a maker does not requote at the limit of a taker it has seen`(isOn: Bool) throws {
        let venue = try venue { if !isOn { $0.off.insert(.commandClasses) } }
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        try venue.place(accounts[0], .sell(5, at: 50_000, name: 3))
        let outcome = try venue.apply(
            .by(
                accounts[0], .cancelClient(ClientOrderIdentifier(3)),
                .sell(5, at: 50_500, postOnly: true)),
            .by(accounts[1], .buy(5, at: 50_500, .immediateOrCancel)))
        #expect(outcome.trades.map(\.price) == (isOn ? [] : [.dollars(50_500)]))
    }

    @Test func `what takers do is published and trips nothing`() throws {
        let venue = try venue { $0.breakers[0].toxicityBucket = .dollars(5_000) }
        let accounts = try venue.openAccounts(2, dollars: 1_000_000)
        for _ in 0..<10 { try venue.trade(accounts[0], accounts[1], 100, at: 50_000) }
        #expect(venue.ledger.toxicity(of: TestGenesis.bitcoin) > Ratio(basisPoints: 1_000))
        #expect(venue.ledger.imbalance(of: TestGenesis.bitcoin) == .one)
        #expect(venue.ledger.toxicity(of: TestGenesis.ether) == .zero)
        #expect(venue.level == .normal)
    }
}
