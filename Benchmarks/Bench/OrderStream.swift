/// The order operations of the benchmark, made once and recorded, so that nothing is generated
/// while time is taken and every round runs the same blocks. The mix is that of exchange-core's
/// published benchmark: 9 % good-till-cancelled, 3 % immediate-or-cancel, 6 % cancels, 82 % moves.
///
/// A move needs an order to move, so the stream is made by rehearsing it: a venue runs each block
/// as it is made. The yardstick gets the operations in the order in which the engine runs them,
/// which is by class (`LedgerState+Execute`), under the numbers that the engine gives; the
/// rehearsal checks that both write as many events and refusals and keep as many orders.

import Canonical
import Catalogue
import FixedPoint
import Ledger
import Markets
import Simulation
import Yardstick

/// One block for both sides.
struct RecordedBlock {
    let block: Block
    /// In the order in which the engine runs them.
    let operations: [yardstick_operation]
}

struct OrderStream {
    static let accounts = 1_000
    static let blockSize = 10_000
    /// Blocks that place what rests before the mix begins: ten orders of each account.
    static let fillBlocks = 1

    let isMargined: Bool
    private(set) var blocks: [RecordedBlock] = []
    private var venue: BenchVenue
    private var random = SimulationGenerator(seed: 11)

    /// - Parameter mixBlocks: blocks of the mix.
    init(mixBlocks: Int, isMargined: Bool) {
        self.isMargined = isMargined
        venue = OrderStream.venue(isMargined: isMargined)
        let book = YardstickBook()
        for number in 0..<(OrderStream.fillBlocks + mixBlocks) {
            record(number < OrderStream.fillBlocks ? fill() : mix(), checking: book)
        }
    }

    /// A venue as it stands before the first block of the stream.
    static func venue(isMargined: Bool) -> BenchVenue {
        BenchVenue(accounts: accounts, instruments: 1, isMargined: isMargined)
    }

    // MARK: Making

    private mutating func fill() -> [Intent] {
        (0..<OrderStream.blockSize).map { number in
            Intent(account: number % OrderStream.accounts, command: .place(passive()))
        }
    }

    private mutating func mix() -> [Intent] {
        var open = (0..<OrderStream.accounts).map { account in
            venue.ledger.openOrders(of: AccountIdentifier(UInt32(account)))
        }
        return (0..<OrderStream.blockSize).map { _ in
            let account = Int(random.integer(in: 0...Int64(OrderStream.accounts - 1)))
            let kind = random.integer(in: 0...99)
            guard kind >= 12, !open[account].isEmpty else {
                return Intent(
                    account: account, command: .place(kind < 3 ? taking() : passive()))
            }
            let place = Int(random.integer(in: 0...Int64(open[account].count - 1)))
            let order = open[account][place]
            guard kind >= 18 else {
                open[account].remove(at: place)
                return Intent(account: account, command: .cancel(order.identifier), order: order)
            }
            let distance = random.integer(in: 1...200)
            let request = AmendRequest(
                order: order.identifier,
                limit: Price(ticks: BenchVenue.price - order.side.sign * distance),
                remaining: Quantity(lots: random.integer(in: 1...20)), postOnly: false)
            return Intent(account: account, command: .amend(request), order: order)
        }
    }

    private mutating func passive() -> OrderRequest {
        let side: Side = random.integer(in: 0...1) == 0 ? .buy : .sell
        return OrderRequest(
            instrument: InstrumentIdentifier(0), side: side,
            limit: Price(ticks: BenchVenue.price - side.sign * random.integer(in: 1...200)),
            quantity: Quantity(lots: random.integer(in: 1...20)))
    }

    private mutating func taking() -> OrderRequest {
        let side: Side = random.integer(in: 0...1) == 0 ? .buy : .sell
        return OrderRequest(
            instrument: InstrumentIdentifier(0), side: side,
            limit: Price(ticks: BenchVenue.price + side.sign * 20),
            quantity: Quantity(lots: random.integer(in: 1...20)), timeInForce: .immediateOrCancel)
    }

    // MARK: Recording

    /// Runs a block on the rehearsing venue and records it.
    private mutating func record(_ intents: [Intent], checking book: YardstickBook) {
        var byAccount = [[Intent]](repeating: [], count: OrderStream.accounts)
        for intent in intents { byAccount[intent.account].append(intent) }
        var transactions: [[UInt8]] = []
        var ordered: [Intent] = []
        for (account, list) in byAccount.enumerated() {
            for first in stride(from: 0, to: list.count, by: Transaction.commandLimit) {
                let part = list[first..<min(first + Transaction.commandLimit, list.count)]
                transactions.append(venue.transaction(account, part.map(\.command)))
                ordered += part
            }
        }
        let block = venue.block(transactions, publishing: BenchVenue.price)
        let outcome = venue.run(block)
        precondition(
            outcome.receipts.count == ordered.count, "Invariant: every command has a receipt")
        let operations = Intent.executionOrder(of: ordered).map { place in
            ordered[place].operation(place: place, receipt: outcome.receipts[place])
        }
        blocks.append(RecordedBlock(block: block, operations: operations))
        book.run(operations)
        check(book, outcome)
    }

    private func check(_ book: YardstickBook, _ outcome: BlockOutcome) {
        var events = 0
        for event in outcome.events {
            switch event {
            case .orderAccepted, .orderRested, .orderAmended, .orderClosed, .traded: events += 1
            default: break
            }
        }
        let refused = outcome.receipts.count { $0.refusal != nil }
        precondition(
            book.events == events && book.refused == refused
                && book.resting == venue.ledger.books.count,
            "Invariant: the yardstick does the same work: \(book.events) of \(events) events, "
                + "\(book.refused) of \(refused) refusals, \(book.resting) of "
                + "\(venue.ledger.books.count) orders")
    }
}

/// The yardstick's book.
@safe
final class YardstickBook {
    private let handle: OpaquePointer

    init() {
        guard let handle = unsafe yardstick_book_make() else {
            preconditionFailure("Invariant: there is memory for a book")
        }
        unsafe self.handle = handle
    }

    deinit { unsafe yardstick_book_free(handle) }

    /// Runs operations, with a stamp before the first and after each if there are any to take.
    func run(_ operations: [yardstick_operation], stamps: Stamps? = nil) {
        unsafe yardstick_run(handle, operations, UInt64(operations.count), stamps?.pointer)
    }

    /// Of the last run.
    var events: Int { Int(unsafe yardstick_events(handle)) }
    var refused: Int { Int(unsafe yardstick_refused(handle)) }
    var resting: Int { Int(unsafe yardstick_resting(handle)) }
}
