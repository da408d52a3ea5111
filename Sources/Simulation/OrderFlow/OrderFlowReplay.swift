/// The runner of `rampart-lab replay --orders`: a file's order flow through `Ledger.apply`, block
/// by block, its best prices compared with the engine's.

package import Documents
import Canonical
package import Cryptography
import FixedPoint
import Ledger
import Markets

package enum OrderFlowReplay {
    /// Commands after which a block ends with the message that reached them: one, so that the best
    /// prices are compared after every message.
    package static let blockCommands = 1

    /// Replays a file with real signatures.
    ///
    /// - Parameter progress: called now and then; its orders are the file's messages.
    /// - Throws: `InputFault` before the first block if the file does not fit the engine.
    package static func run(
        _ flow: OrderFlow, seed: UInt64, progress: (ReplayProgress) -> Void = { _ in }
    ) throws(InputFault) -> OrderFlowReport {
        try run(
            flow, seed: seed, blockCommands: blockCommands, verifier: PortableVerifier(),
            progress: progress)
    }

    /// Replays a file.
    ///
    /// - Parameters:
    ///   - blockCommands: commands after which a block ends; 1 compares after every message.
    ///   - verifier: gives the verdicts; tests bring one that trusts.
    ///   - progress: called now and then; its orders are the file's messages.
    /// - Throws: `InputFault` before the first block if the file does not fit the engine.
    package static func run(
        _ flow: OrderFlow, seed: UInt64, blockCommands: Int, verifier: some SignatureVerifier,
        progress: (ReplayProgress) -> Void = { _ in }
    ) throws(InputFault) -> OrderFlowReport {
        let grid = try OrderFlowGrid(flow)
        let keys = LabKeys(seed: seed)
        let start = flow.messages[0].time
        let genesis = try OrderFlowGenesis.genesis(
            grid, file: flow.file, start: start, keys: keys)
        let venue = OrderFlowVenue(
            genesis: genesis, keys: keys, verifier: verifier,
            accounts: accounts(for: flow, grid: grid))
        var run = OrderFlowRun(
            flow: flow, grid: grid, venue: venue, blockCommands: blockCommands)
        run.replay(progress)
        return run.report()
    }

    /// Replays a file for a recording, in blocks as long as its order allows.
    static func recorded(
        _ flow: OrderFlow
    ) throws(InputFault) -> (
        grid: OrderFlowGrid, accounts: Int, price: Int64, blocks: [OrderFlowRecording.Block]
    ) {
        let grid = try OrderFlowGrid(flow)
        let keys = LabKeys(seed: 1)
        let accounts = accounts(for: flow, grid: grid)
        let genesis = try OrderFlowGenesis.genesis(
            grid, file: flow.file, start: flow.messages[0].time, keys: keys)
        var venue = OrderFlowVenue(
            genesis: genesis, keys: keys, verifier: TrustingVerifier(), accounts: accounts)
        venue.recorded = []
        var run = OrderFlowRun(flow: flow, grid: grid, venue: venue, blockCommands: 4_096)
        run.replay { _ in }
        return (grid, accounts.count, run.firstPublished ?? 0, run.recorded)
    }

    /// Accounts for the largest book that the file comes to: its own book runs ahead once.
    private static func accounts(for flow: OrderFlow, grid: OrderFlowGrid) -> OrderFlowAccounts {
        var book = OrderFlowBook(grid: grid, isWindow: false)
        var lots: [Int64] = [0, 0]
        var mostLots: Int64 = 0
        var mostOrders = 0
        for message in flow.messages {
            if let order = message.action.order {
                let place = Int(order.side.rawValue)
                lots[place] -= book.orders[order.identifier]?.lots ?? 0
                _ = book.apply(message)
                lots[place] += book.orders[order.identifier]?.lots ?? 0
            } else {
                _ = book.apply(message)
                if message.action == .clear { lots = [0, 0] }
            }
            mostLots = max(mostLots, lots[0], lots[1])
            mostOrders = max(mostOrders, book.orders.count)
        }
        return OrderFlowAccounts(
            orders: mostOrders, lots: mostLots, positionLimit: grid.positionLimit)
    }
}
