/// Positions and resting orders for many accounts at once.

import Accounts
import Canonical
import FixedPoint
import Ledger
import Markets

extension BenchVenue {
    /// Accounts whose transactions go into one block.
    private static let batch = 4_096

    /// Gives every account two lots of every instrument: odd accounts buy from even ones.
    mutating func openPositions(accounts: Range<Int>, instruments: Range<Int>) {
        let before = instruments.map { ledger.accounts.totals[$0].openInterest.units }
        for first in stride(from: accounts.lowerBound, to: accounts.upperBound, by: Self.batch) {
            let part = first..<min(first + Self.batch, accounts.upperBound)
            for side in [Side.sell, .buy] {
                send(
                    stride(from: side == .sell ? first : first + 1, to: part.upperBound, by: 2)
                        .map { account in
                            (
                                account,
                                instruments.map { place in
                                    Self.order(in: place, side, at: Self.price, lots: 2)
                                }
                            )
                        })
            }
        }
        for (place, instrument) in instruments.enumerated() {
            precondition(
                ledger.accounts.totals[instrument].openInterest.units - before[place]
                    == Int64(accounts.count),
                "Invariant: every account holds two lots of every instrument")
        }
    }

    /// Rests an order of every account in every instrument, away from the price.
    mutating func restOrders(accounts: Range<Int>, instruments: Range<Int>) {
        for first in stride(from: accounts.lowerBound, to: accounts.upperBound, by: Self.batch) {
            let part = first..<min(first + Self.batch, accounts.upperBound)
            send(
                part.map { account in
                    let side: Side = account % 2 == 0 ? .buy : .sell
                    let price = Self.price - side.sign * Int64(100 + account % 400)
                    return (
                        account,
                        instruments.map { Self.order(in: $0, side, at: price, lots: 1) }
                    )
                })
        }
    }

    /// Applies a block with a transaction for each entry; nothing of it may be refused.
    mutating func send(_ entries: [(account: Int, commands: [Command])]) {
        let transactions = entries.map { transaction($0.account, $0.commands) }
        let receipts = apply(transactions, publishing: Self.price).receipts
        precondition(
            receipts.allSatisfy { $0.refusal == nil }, "Invariant: the venue takes every order")
    }

    static func order(
        in instrument: Int, _ side: Side, at price: Int64, lots: Int64
    ) -> Command {
        .place(
            OrderRequest(
                instrument: InstrumentIdentifier(UInt16(instrument)), side: side,
                limit: Price(ticks: price), quantity: Quantity(lots: lots)))
    }
}
