/// From starting the program to its first answer, over a store with a million leaves: accounts and
/// resting orders. The node before was ended in order.

import Foundation
import Yardstick

enum NodeRestartRows {
    private static let trading = 10_001
    private static let ordersEach = 64
    /// Two leaves an account, one an order: with those that genesis makes, more than a million.
    private static let leaves = 1_000_000
    private static let filler = (leaves - (trading - 1) * ordersEach) / 2 - trading

    static func all() -> [Result] { NodeRows.guarded("node.restart") { try rows() } }

    private static func rows() throws -> [Row] {
        var setup = NodeSetup(folder: NodeProcess.folder("restart"))
        setup.accounts = trading
        setup.filler = filler
        setup.orders = ordersEach
        try NodeProcess(setup).stop()
        let again = try NodeProcess(setup)
        let row = Row(
            name: "node.restart", value: again.startSeconds, unit: "s", target: .atMost(10),
            note: "from starting the program to its first answer, 1,000,000 leaves on disk")
        again.remove()
        return [row]
    }
}
