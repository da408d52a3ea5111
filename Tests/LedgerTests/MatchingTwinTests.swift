/// The ledger against the obvious book (`Support/MatchingTwin`), on one stream of random commands
/// by accounts too rich for margin to matter: the same orders accepted, the same trades, the same
/// queues.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets
import TestKit
import Testing

@Suite struct MatchingTwinTests {
    private func command(
        _ random: inout SeededGenerator, orders: [MatchingTwin.Entry], mine: AccountIdentifier
    ) -> Command {
        let own = orders.filter { $0.account == mine }
        let kind = Int.random(in: 0...9, using: &random)
        // Around $50,000 in half dollars, inside the band of 2 %.
        let price = Price(ticks: Int64.random(in: 99_980...100_020, using: &random))
        if kind < 3, let order = own.randomElement(using: &random) {
            let number = OrderIdentifier(order.number)
            if kind == 0 { return .cancel(number) }
            return .amend(
                AmendRequest(
                    order: number,
                    limit: Bool.random(using: &random)
                        ? price
                        : Price(ticks: order.ticks),
                    remaining: Quantity(lots: Int64.random(in: 1...9, using: &random)),
                    postOnly: Int.random(in: 0...3, using: &random) == 0))
        }
        let isPostOnly = Int.random(in: 0...4, using: &random) == 0
        return .place(
            OrderRequest(
                instrument: TestGenesis.bitcoin, side: Bool.random(using: &random) ? .buy : .sell,
                limit: price, quantity: Quantity(lots: Int64.random(in: 1...9, using: &random)),
                timeInForce: isPostOnly
                    ? .goodTillCancelled
                    : [.goodTillCancelled, .goodTillCancelled, .immediateOrCancel, .fillOrKill][
                        Int.random(in: 0...3, using: &random)], postOnly: isPostOnly))
    }

    /// The order in which a block of single commands runs: by class, then by place.
    private func isLate(_ command: Command, _ twin: MatchingTwin) -> Int {
        switch command {
        case .place(let request): return request.postOnly ? 2 : 1
        case .amend(let request):
            guard let order = twin.entries.first(where: { $0.number == request.order.number })
            else { return 0 }
            let isAway =
                order.side == .buy
                ? (request.limit?.ticks ?? 0) <= order.ticks
                : (request.limit?.ticks ?? 0) >= order.ticks
            if isAway, request.remaining.lots <= order.lots { return 0 }
            return request.postOnly ? 2 : 1
        default: return 0
        }
    }

    private func run(
        _ command: Command, by account: AccountIdentifier, in twin: inout MatchingTwin
    ) -> (isAccepted: Bool, fills: [MatchingTwin.Fill]) {
        switch command {
        case .place(let request): twin.place(account, request)
        case .amend(let request): twin.amend(account, request)
        case .cancel(let order): (twin.cancel(account, order.number), [])
        default: (false, [])
        }
    }

    #if DEBUG
        static let blocks = 60
    #else
        static let blocks = 700
    #endif

    @Test(arguments: [11, 12] as [UInt64])
    func `trades and queues are those of the obvious book`(seed: UInt64) throws {
        var options = TestGenesis.Options()
        options.orderLimit = 1_000
        let venue = try Venue(options)
        let accounts = try venue.openAccounts(4, dollars: 100_000_000)
        var random = SeededGenerator(seed: seed)
        var twin = MatchingTwin()
        for _ in 0..<Self.blocks {
            var sends: [Send] = []
            var plan: [(account: AccountIdentifier, command: Command)] = []
            // One command an order and block, so that no command changes another's class.
            var named: [UInt64] = []
            while plan.count < 8 {
                let account = accounts[Int.random(in: 0..<accounts.count, using: &random)]
                let next = command(&random, orders: twin.entries, mine: account)
                if case .amend(let request) = next {
                    guard !named.contains(request.order.number) else { continue }
                    named.append(request.order.number)
                }
                plan.append((account, next))
                sends.append(.by(account, next))
            }
            let ranks = plan.map { isLate($0.command, twin) }
            let order = plan.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
            let outcome = try venue.apply(venue.block(sends))
            // An order that was taken away before its amendment ran counts with the first class
            // there, and is refused either way.
            var fills: [MatchingTwin.Fill] = []
            for place in order {
                let answer = run(plan[place].command, by: plan[place].account, in: &twin)
                fills += answer.fills
                let isAccepted = outcome.receipts[place].refusal == nil
                try #require(
                    isAccepted == answer.isAccepted, "seed \(seed): \(plan[place].command)")
            }
            let trades = outcome.trades.map { trade in
                [
                    Int64(trade.makerOrder.number), Int64(trade.takerOrder.number),
                    trade.price.ticks, trade.quantity.lots,
                ]
            }
            try #require(trades == fills, "seed \(seed)")
            for side in [Side.buy, .sell] {
                try #require(
                    queue(of: venue, side)
                        == twin.queue(side).map { [$0.number, UInt64($0.lots)] },
                    "seed \(seed)")
            }
        }
    }

    private func queue(of venue: Venue, _ side: Side) -> [[UInt64]] {
        var result: [[UInt64]] = []
        var cursor = venue.ledger.books.best(side, in: InstrumentIdentifier(0))
        while let slot = cursor {
            result.append([
                venue.ledger.books[slot].identifier.number,
                UInt64(venue.ledger.books.order(slot).remaining.lots),
            ])
            cursor = venue.ledger.books.next(after: slot)
        }
        return result
    }
}
