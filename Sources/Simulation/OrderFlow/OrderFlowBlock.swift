/// The block under construction, and when it must end.
///
/// The engine runs a block's commands in classes: cancels and amendments that shrink first, then
/// orders that may take (`LedgerState+Execute`). A file has no classes. One block per message would
/// keep its order, and would measure little but the making of blocks; so a block goes on as long as
/// its classes cannot change the result, which is the case when
///
/// 1. no two commands of it concern the same order, but for a cancel before a new order of that
///    number, and an execution, which needs no number;
/// 2. no command that runs first concerns an order that an earlier taking command of the block
///    could have met: on the other side, at a price that the command's limit reaches;
/// 3. an amendment that moves an order away stands alone: it runs first too, but takes a new place
///    in the queue, so its order among the others counts.
///
/// Then the commands are gathered by account, for fewer signatures. Those that run first only
/// cancel and shrink, so among themselves they stand in any order. Taking commands of one side stay
/// in the order of the file. Those of the two sides are parted as long as none could meet what
/// another one brings or moves away: while every buy lies below every sell, it makes no difference
/// which of them comes first.

import Canonical
import FixedPoint
import Ledger
import Markets

/// A command, who gives it, and what it is for.
struct OrderFlowCommand {
    enum Purpose {
        /// A new resting order of this number.
        case place(UInt64, lots: Int64)
        /// A change to the order of this number.
        case change(UInt64)
        /// Trades lots of the order of this number.
        case execute(UInt64, lots: Int64)
    }

    let account: Int
    let command: Command
    let purpose: Purpose
}

/// Collects commands.
struct OrderFlowBlock {
    /// A command that may take; of the prices that it leaves and reaches, the one nearest to the
    /// other side.
    private struct Taking {
        let command: OrderFlowCommand
        let side: Side
        let nearest: Int64
    }

    private var firsts: [OrderFlowCommand] = []
    private var takings: [Taking] = []
    private var touched: Set<UInt64> = []
    /// The best limits of the taking commands, in ticks.
    private var highestBuy: Int64?
    private var lowestSell: Int64?
    private(set) var isClosed = false

    var count: Int { firsts.count + takings.count }

    /// Whether an order was changed or placed by this block.
    func touches(_ number: UInt64) -> Bool { touched.contains(number) }

    /// Whether a taking command may have met a resting order.
    func mayMeet(_ side: Side, price: Int64) -> Bool {
        side == .sell
            ? highestBuy.map { price <= $0 } ?? false : lowestSell.map { price >= $0 } ?? false
    }

    /// A cancel, or an amendment that shrinks.
    mutating func addFirst(_ command: OrderFlowCommand, of number: UInt64) {
        firsts.append(command)
        touched.insert(number)
    }

    /// An amendment that moves an order away: nothing may follow it.
    mutating func addMove(_ command: OrderFlowCommand, of number: UInt64) {
        addFirst(command, of: number)
        isClosed = true
    }

    /// - Parameter old: where an order stands that the command moves, in ticks.
    mutating func addTaking(
        _ command: OrderFlowCommand, of number: UInt64, side: Side, limit: Int64,
        from old: Int64? = nil
    ) {
        let farther = old ?? limit
        takings.append(
            Taking(
                command: command, side: side,
                nearest: side == .buy ? max(limit, farther) : min(limit, farther)))
        touched.insert(number)
        if side == .buy {
            highestBuy = max(highestBuy ?? limit, limit)
        } else {
            lowestSell = min(lowestSell ?? limit, limit)
        }
    }

    /// The commands by transaction.
    func transactions() -> [[OrderFlowCommand]] {
        var batches: [[OrderFlowCommand]] = []
        for command in takingsBySide() {
            if let last = batches.last, last[0].account == command.account,
                last.count < Transaction.commandLimit
            {
                batches[batches.count - 1].append(command)
            } else {
                batches.append([command])
            }
        }
        // Commands that run first may stand in any transaction of their account.
        var open: [Int: Int] = [:]
        for place in batches.indices { open[batches[place][0].account] = place }
        for command in firsts {
            if let place = open[command.account], batches[place].count < Transaction.commandLimit {
                batches[place].append(command)
            } else {
                open[command.account] = batches.count
                batches.append([command])
            }
        }
        return batches
    }

    /// The taking commands, in stretches of buys and of sells as long as the file's order allows.
    private func takingsBySide() -> [OrderFlowCommand] {
        var result: [OrderFlowCommand] = []
        var buys: [OrderFlowCommand] = []
        var sells: [OrderFlowCommand] = []
        var highestBuy = Int64.min
        var lowestSell = Int64.max
        for taking in takings {
            let highest = taking.side == .buy ? max(highestBuy, taking.nearest) : highestBuy
            let lowest = taking.side == .sell ? min(lowestSell, taking.nearest) : lowestSell
            if highest < lowest {
                (highestBuy, lowestSell) = (highest, lowest)
            } else {
                result += buys + sells
                (buys, sells) = ([], [])
                highestBuy = taking.side == .buy ? taking.nearest : .min
                lowestSell = taking.side == .sell ? taking.nearest : .max
            }
            if taking.side == .buy {
                buys.append(taking.command)
            } else {
                sells.append(taking.command)
            }
        }
        return result + buys + sells
    }
}
