/// Orders through `apply` with encoded blocks whose signatures admission has already verified, against a
/// C++ book of `std::map` and `std::list` that gets the same orders and checks no margin. The mix is that
/// of exchange-core's published benchmark: 9 % good-till-cancelled, 3 % immediate-or-cancel, 6 % cancels,
/// 82 % moves; 1,000 accounts; 33 scenarios.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Simulation
import Yardstick

/// One order operation, for both sides.
private enum Operation {
    case place(account: Int, OrderRequest)
    case cancel(account: Int, OrderIdentifier)
    case move(account: Int, AmendRequest)

    var account: Int {
        switch self {
        case .place(let account, _), .cancel(let account, _), .move(let account, _): account
        }
    }

    var command: Command {
        switch self {
        case .place(_, let request): .place(request)
        case .cancel(_, let order): .cancel(order)
        case .move(_, let request): .amend(request)
        }
    }
}

struct OrderRows {
    private static let accounts = 1_000
    private static let blocks = 40
    private static let blockSize = 5_000
    private var venue = BenchVenue(accounts: OrderRows.accounts, instruments: 1)
    private var random = SimulationGenerator(seed: 11)

    static func all() -> [Row] {
        var rows = OrderRows()
        return [rows.withMargin()]
    }

    /// Time for the engine and for the yardstick over the same operations.
    private mutating func withMargin() -> Row {
        let book = unsafe yardstick_book_make()
        defer { unsafe yardstick_book_free(book) }
        unsafe fill(book)
        var times = (subject: 0.0, yardstick: 0.0)
        var trades = 0
        for _ in 0..<OrderRows.blocks {
            let operations = (0..<OrderRows.blockSize).map { _ in operation() }
            let (block, order) = block(of: operations)
            var outcome: BlockOutcome?
            times.subject += Measurement.nanoseconds { outcome = venue.run(block) }
            guard let outcome else { continue }
            precondition(
                outcome.receipts.count == operations.count,
                "Invariant: every command has a receipt")
            for case .traded in outcome.events { trades += 1 }
            let numbers = outcome.receipts.map { $0.order?.number ?? 0 }
            times.yardstick += Measurement.nanoseconds {
                for (place, index) in order.enumerated() {
                    unsafe OrderRows.send(operations[index], number: numbers[place], to: book)
                }
                _ = unsafe yardstick_drain(book)
            }
        }
        precondition(trades > 0, "Invariant: some of the orders trade")
        return Measurement.rateRow(
            "orders.margin", pieces: Double(OrderRows.blocks * OrderRows.blockSize), times,
            against: "C++ map+list book, no margin")
    }

    /// Rests ten orders of each account in both books.
    private mutating func fill(_ book: OpaquePointer?) {
        let operations = (0..<(OrderRows.accounts * 10)).map { number in
            Operation.place(account: number % OrderRows.accounts, passive())
        }
        for first in stride(from: 0, to: operations.count, by: OrderRows.blockSize) {
            let part = Array(operations[first..<min(first + OrderRows.blockSize, operations.count)])
            let (block, order) = block(of: part)
            let receipts = venue.run(block).receipts
            for (place, index) in order.enumerated() {
                unsafe OrderRows.send(
                    part[index], number: receipts[place].order?.number ?? 0, to: book)
            }
        }
    }

    /// The operations as one block, a transaction for each account and up to 64 commands.
    ///
    /// - Returns: the block, and the operations in the order of its receipts.
    private mutating func block(of operations: [Operation]) -> (Block, [Int]) {
        var byAccount = [[Int]](repeating: [], count: OrderRows.accounts)
        for (index, operation) in operations.enumerated() {
            byAccount[operation.account].append(index)
        }
        var transactions: [[UInt8]] = []
        var order: [Int] = []
        for (account, indices) in byAccount.enumerated() {
            for first in stride(from: 0, to: indices.count, by: Transaction.commandLimit) {
                let part = indices[first..<min(first + Transaction.commandLimit, indices.count)]
                transactions.append(
                    venue.transaction(account, part.map { operations[$0].command }))
                order += part
            }
        }
        return (venue.block(transactions, publishing: BenchVenue.price), order)
    }

    private mutating func operation() -> Operation {
        let account = Int(random.integer(in: 0...Int64(OrderRows.accounts - 1)))
        let open = venue.ledger.openOrders(of: AccountIdentifier(UInt32(account)))
        let kind = random.integer(in: 0...99)
        guard kind >= 12, !open.isEmpty else {
            return .place(account: account, kind < 3 ? taking() : passive())
        }
        let order = open[Int(random.integer(in: 0...Int64(open.count - 1)))]
        guard kind >= 18 else { return .cancel(account: account, order.identifier) }
        let distance = random.integer(in: 1...200)
        return .move(
            account: account,
            AmendRequest(
                order: order.identifier,
                limit: Price(ticks: BenchVenue.price - order.side.sign * distance),
                remaining: Quantity(lots: random.integer(in: 1...20)), postOnly: false))
    }

    private mutating func passive() -> OrderRequest {
        let side: Side = random.integer(in: 0...1) == 0 ? .buy : .sell
        return OrderRequest(
            instrument: InstrumentIdentifier(0), side: side,
            limit: Price(
                ticks: BenchVenue.price - side.sign * random.integer(in: 1...200)),
            quantity: Quantity(lots: random.integer(in: 1...20)))
    }

    private mutating func taking() -> OrderRequest {
        let side: Side = random.integer(in: 0...1) == 0 ? .buy : .sell
        return OrderRequest(
            instrument: InstrumentIdentifier(0), side: side,
            limit: Price(ticks: BenchVenue.price + side.sign * 20),
            quantity: Quantity(lots: random.integer(in: 1...20)), timeInForce: .immediateOrCancel)
    }

    private static func send(
        _ operation: Operation, number: UInt64, to book: OpaquePointer?
    ) {
        switch operation {
        case .place(let account, let request):
            unsafe yardstick_place(
                book, number, UInt32(account), Int32(request.side.rawValue),
                request.limit?.units ?? 0, request.quantity.units,
                request.timeInForce == .goodTillCancelled ? 1 : 0)
        case .cancel(_, let order): unsafe yardstick_cancel(book, order.number)
        case .move(_, let request):
            unsafe yardstick_move(
                book, request.order.number, request.limit?.units ?? 0, request.remaining.units)
        }
    }
}
