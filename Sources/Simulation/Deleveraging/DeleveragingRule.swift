/// The ways to divide one shortfall among winners that are compared: the queue as venues run it, a
/// division by size, this engine's (its own functions, `Deleveraging`), and the one that takes the
/// same share of every profit.

import Canonical
import FixedPoint
import Liquidation

/// A rule.
package enum DeleveragingRule: String, CaseIterable {
    /// Whole positions by profit ratio × leverage, and with them their whole profit, until the
    /// shortfall is paid: a haircut, as arXiv 2602.15182 counts it.
    case queue = "queue"
    /// The same by profit in dollars × leverage.
    case queueByDollars = "queue by dollars"
    /// Whole positions in the order of the queue, at the bankruptcy price, without a limit.
    case queueAtPrice = "queue at price"
    /// Everyone in proportion to his size, at the bankruptcy price, without a limit.
    case bySize = "by size"
    case rampart = "rampart"
    /// The same share of every profit: nothing beyond the need, and nobody's share is larger.
    case optimum = "optimum"
}

/// Some winners, and what each has lost so far; all in millionths of a dollar.
struct DeleveragingBench {
    /// What is closed of bankrupt accounts for each dollar that they lack: the 653.6 million of
    /// arXiv 2512.01112v3 over the 23.2 that the files sum to.
    static let notionalPerLoss: Int64 = 28
    /// Initial margin as a share of the notional, in millionths: the files have none.
    static let initialMargin: Int64 = 50_000
    private static let million: Int64 = 1_000_000

    let winners: [Winner]
    private(set) var lost: [Int64]
    private(set) var closed: [Int64]
    private(set) var unpaid: Int64 = 0

    init(_ winners: [Winner]) {
        self.winners = winners
        lost = winners.map { _ in 0 }
        closed = lost
    }

    /// Divides `shortfall` market by market, in proportion to what was closed in each.
    mutating func run(_ rule: DeleveragingRule, shortfall: Int64, markets: [Int64]) {
        let order = rank(rule)
        let all = markets.reduce(Int128(0)) { $0 + Int128($1) }
        var running: Int128 = 0
        var given: Int64 = 0
        for market in markets {
            running += Int128(market)
            let upTo = Int64(Int128(shortfall) * running / all)
            divide(upTo - given, rule, order)
            given = upTo
        }
    }

    private mutating func divide(_ loss: Int64, _ rule: DeleveragingRule, _ order: [Int]) {
        switch rule {
        case .queue, .queueByDollars: takeWhole(loss, order)
        case .queueAtPrice: closeInOrder(loss, order)
        case .bySize: divide(loss, by: winners.map(\.notional), limits: nil)
        case .optimum:
            divide(loss, by: winners.map(\.profit), limits: winners.indices.map(profitLeft))
        case .rampart: closeInProportion(loss)
        }
    }

    /// Best first, for the rules that have an order.
    private func rank(_ rule: DeleveragingRule) -> [Int] {
        let scores = winners.map { winner in
            let leveraged = Double(winner.profit) * Double(winner.leverage)
            return rule == .queueByDollars ? leveraged : leveraged / Double(winner.notional)
        }
        return winners.indices.sorted { left, right in
            scores[left] != scores[right] ? scores[left] > scores[right] : left < right
        }
    }

    private func profitLeft(_ place: Int) -> Int64 { max(0, winners[place].profit - lost[place]) }

    private mutating func takeWhole(_ loss: Int64, _ order: [Int]) {
        var left = loss
        for place in order where left > 0 && closed[place] == 0 {
            left -= winners[place].profit
            lost[place] = winners[place].profit
            closed[place] = winners[place].notional
        }
        unpaid += max(0, left)
    }

    private mutating func closeInOrder(_ loss: Int64, _ order: [Int]) {
        var left = loss * DeleveragingBench.notionalPerLoss
        for place in order where left > 0 && closed[place] < winners[place].notional {
            let part = min(left, winners[place].notional - closed[place])
            closed[place] += part
            lost[place] += part / DeleveragingBench.notionalPerLoss
            left -= part
        }
        unpaid += left / DeleveragingBench.notionalPerLoss
    }

    private mutating func divide(_ loss: Int64, by shares: [Int64], limits: [Int64]?) {
        let (paid, left) = Deleveraging.sharing(
            of: Amount(microunits: loss),
            among: winners.indices.map { place in
                Payer(
                    account: AccountIdentifier(UInt32(place)), share: shares[place],
                    profit: .zero, headroom: .zero,
                    limit: Amount(microunits: limits?[place] ?? .max))
            })
        for sum in paid { lost[Int(sum.account.number)] += sum.amount.units }
        unpaid += left.units
        for place in winners.indices where shares[place] > 0 {
            closed[place] = min(
                winners[place].notional, lost[place] * DeleveragingBench.notionalPerLoss)
        }
    }

    /// As the engine does it: lots in proportion to the day's profit × leverage, a price for all,
    /// limits, and what these keep back shared by everyone who has a profit.
    private mutating func closeInProportion(_ loss: Int64) {
        let ranked = Deleveraging.ranking(of: winners.indices.compactMap { counterparty($0) })
        let closings = Deleveraging.allocation(
            of: Quantity(lots: loss * DeleveragingBench.notionalPerLoss), among: ranked)
        for closing in closings { closed[Int(closing.account.number)] += closing.lots.units }
        let left = ask(
            loss, closings.map { payer(Int($0.account.number), share: $0.lots.units) })
        guard left > 0 else { return }
        unpaid += ask(
            left,
            winners.indices.map { payer($0, share: payer($0, share: 0).limit.units) })
    }

    private mutating func ask(_ loss: Int64, _ payers: [Payer]) -> Int64 {
        let (paid, left) = Deleveraging.sharing(of: Amount(microunits: loss), among: payers)
        for sum in paid { lost[Int(sum.account.number)] += sum.amount.units }
        return left.units
    }

    private func counterparty(_ place: Int) -> Counterparty? {
        let open = winners[place].notional - closed[place]
        guard open > 0 else { return nil }
        return Counterparty(
            account: AccountIdentifier(UInt32(place)), lots: Quantity(lots: open),
            profit: Amount(microunits: profitLeft(place)),
            equity: Amount(microunits: winners[place].equity - lost[place]),
            grossNotional: Amount(microunits: gross(place)))
    }

    private func payer(_ place: Int, share: Int64) -> Payer {
        let needed = gross(place) / DeleveragingBench.million * DeleveragingBench.initialMargin
        return Payer(
            account: AccountIdentifier(UInt32(place)), share: share,
            profit: Amount(microunits: profitLeft(place)),
            headroom: Amount(microunits: winners[place].equity - lost[place] - needed))
    }

    /// Leverage × equity, less what has been closed.
    private func gross(_ place: Int) -> Int64 {
        let whole =
            Int128(winners[place].equity) * Int128(winners[place].leverage)
            / Int128(DeleveragingBench.million)
        return max(0, Int64(clamping: whole) - closed[place])
    }
}
