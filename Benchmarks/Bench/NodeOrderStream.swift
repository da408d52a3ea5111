/// The orders that are sent to a node, signed before the clock starts. Nobody knows beforehand what
/// number an order will get, so the stream names its orders itself. Of 64 commands of an account 50
/// are quotes that move both sides of a market, 6 place an order that rests, 6 cancel one of those
/// before, and 2 take: about the mix of exchange-core's published benchmark, and the books stay as
/// they are.

import Canonical
import FixedPoint
import Ledger
import Markets

struct NodeOrderStream {
    /// Commands after which the mix begins again.
    private static let cycle = 64
    private static let takes = 2
    private static let placements = 6
    private static let cancels = 6

    private var counts: [Int]
    /// By account: the names of the last order that was placed, and of the last that was cancelled.
    private var placed: [UInt64]
    private var cancelled: [UInt64]
    /// Orders of an account that rest before the oldest is cancelled. A block runs cancels before
    /// orders, so an order must be in a block before the one that cancels it.
    var resting = 0

    init(accounts: Int) {
        counts = [Int](repeating: 0, count: accounts)
        placed = counts.map { _ in 0 }
        cancelled = placed
    }

    /// The next command of an account.
    mutating func command(of account: Int) -> Command {
        let count = counts[account]
        counts[account] += 1
        let turn = (count / NodeOrderStream.cycle, count % NodeOrderStream.cycle)
        // Each account works through the markets at its own place.
        let market = (account * 5 + count) % NodeVenue.instruments
        switch turn.1 {
        case ..<NodeOrderStream.placements: return placement(account, market)
        case ..<(NodeOrderStream.placements + NodeOrderStream.takes):
            return taking(account, market, turn.0)
        case (NodeOrderStream.cycle - NodeOrderStream.cancels)...:
            guard placed[account] - cancelled[account] > resting else {
                return NodeOrderStream.quote(account, market, count)
            }
            cancelled[account] += 1
            return .cancelClient(ClientOrderIdentifier(cancelled[account]))
        default: return NodeOrderStream.quote(account, market, count)
        }
    }

    private mutating func placement(_ account: Int, _ market: Int) -> Command {
        placed[account] += 1
        let side: Side = placed[account] % 2 == 0 ? .buy : .sell
        let distance = Int64(50 + (account + Int(placed[account])) % 50)
        return .place(
            OrderRequest(
                instrument: InstrumentIdentifier(UInt16(market)), side: side,
                limit: Price(ticks: BenchVenue.price - side.sign * distance),
                quantity: Quantity(lots: 1),
                clientIdentifier: ClientOrderIdentifier(placed[account])))
    }

    /// Takes one lot of whoever quotes best. Accounts take in turn on both sides.
    private func taking(_ account: Int, _ market: Int, _ turn: Int) -> Command {
        let side: Side = (account + turn) % 2 == 0 ? .buy : .sell
        return .place(
            OrderRequest(
                instrument: InstrumentIdentifier(UInt16(market)), side: side,
                limit: Price(ticks: BenchVenue.price + side.sign * 40), quantity: Quantity(lots: 1),
                timeInForce: .immediateOrCancel))
    }

    /// Moves an account's quote in a market.
    static func quote(_ account: Int, _ market: Int, _ count: Int) -> Command {
        let shift = Int64((account * 3 + count) % 20)
        return .quote(
            QuoteRequest(
                instrument: InstrumentIdentifier(UInt16(market)),
                bid: Price(ticks: BenchVenue.price - 1 - shift),
                bidQuantity: Quantity(lots: Int64(1 + count % 9)),
                ask: Price(ticks: BenchVenue.price + 1 + shift),
                askQuantity: Quantity(lots: Int64(1 + count % 7))))
    }
}
