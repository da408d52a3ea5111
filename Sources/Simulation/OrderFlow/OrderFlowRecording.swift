/// The blocks of a replayed file, kept so that a benchmark can run them again: on one market, or on
/// many markets at once that all see the same flow, each block then holding the same step of every
/// market. Whatever the number of markets, each of them comes to the book of the file.

package import Documents
import Canonical
import FixedPoint
package import Ledger

extension BlockOutcome {
    /// Commands and transactions that were refused.
    package var refusals: Int { receipts.count { $0.refusal != nil } }

    /// Trades between two orders.
    package var trades: Int {
        events.count { event in
            if case .traded = event { true } else { false }
        }
    }
}

/// What a file's replay sent to the engine.
package struct OrderFlowRecording {
    /// One account's part of a block.
    package struct Batch {
        package let account: Int
        package let commands: [Command]
    }

    /// One block.
    package struct Block {
        package let batches: [Batch]
        /// Messages of the file that it carries; those that touch no book are not counted.
        package let messages: Int
        /// The number of the first order that it may place, and how many it placed.
        let firstOrder: UInt64
        let placed: UInt64
        /// Commands that the engine refused.
        package let refusals: Int
        package let trades: Int

        package var commands: Int { batches.reduce(0) { $0 + $1.commands.count } }
    }

    package let file: String
    /// Accounts of a market.
    package let accounts: Int
    /// The first price, in micro-units: with its wide bounds the venue needs no other.
    package let price: Int64
    package let blocks: [Block]
    private let grid: OrderFlowGrid
    private let start: UInt64

    /// Replays a file once, with a verifier that trusts.
    ///
    /// - Throws: `InputFault` before the first block if the file does not fit the engine.
    package init(_ flow: OrderFlow) throws(InputFault) {
        let made = try OrderFlowReplay.recorded(flow)
        file = flow.file
        grid = made.grid
        start = flow.messages[0].time
        accounts = made.accounts
        price = made.price
        blocks = made.blocks
    }

    /// A venue with this many markets on the file's grid.
    package func genesis(markets: Int) throws(InputFault) -> Genesis {
        try OrderFlowGenesis.genesis(
            grid, file: file, start: start, keys: LabKeys(seed: 1), markets: markets)
    }

    /// A command as a market gets it.
    ///
    /// Orders are numbered in the order in which they are placed: by block, then by market.
    package func command(_ command: Command, market: Int, of markets: Int) -> Command {
        switch command {
        case .place(var request):
            request.instrument = InstrumentIdentifier(UInt16(market))
            return .place(request)
        case .amend(var request):
            request.order = order(request.order, market, markets)
            return .amend(request)
        case .cancel(let number): return .cancel(order(number, market, markets))
        default: return command
        }
    }

    private func order(
        _ identifier: OrderIdentifier, _ market: Int, _ markets: Int
    ) -> OrderIdentifier {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].firstOrder <= identifier.number {
                low = middle + 1
            } else {
                high = middle
            }
        }
        let block = blocks[low - 1]
        return OrderIdentifier(
            1 + (block.firstOrder - 1) * UInt64(markets) + UInt64(market) * block.placed
                + (identifier.number - block.firstOrder))
    }
}
