/// What somebody wants to do to the book, as a command for the engine and an operation for the
/// yardstick.

import Canonical
import FixedPoint
import Ledger
import Markets
import Yardstick

struct Intent {
    let account: Int
    let command: Command
    /// The order that it changes, as it stood before the block.
    var order: Order? = nil

    /// The places of a block's commands in the order in which the engine runs them: first cancels
    /// and amendments that shrink or move away, each judged by the order as it stands at its turn,
    /// then the others.
    static func executionOrder(of intents: [Intent]) -> [Int] {
        var standing: [UInt64: (price: Price, remaining: Quantity)] = [:]
        var first: [Int] = []
        var taking: [Int] = []
        for (place, intent) in intents.enumerated() {
            switch intent.command {
            case .amend(let request):
                guard let order = intent.order, let limit = request.limit else { continue }
                let now = standing[request.order.number] ?? (order.price, order.remaining)
                if order.side.accepts(limit, limit: now.price),
                    request.remaining <= now.remaining
                {
                    standing[request.order.number] = (limit, request.remaining)
                    first.append(place)
                } else {
                    taking.append(place)
                }
            case .place: taking.append(place)
            default: first.append(place)
            }
        }
        return first + taking
    }

    /// - Parameters:
    ///   - place: of its receipt.
    ///   - receipt: names the order that a placement made.
    func operation(place: Int, receipt: Receipt) -> yardstick_operation {
        var operation = yardstick_operation()
        operation.place = UInt32(place)
        operation.account = UInt32(account)
        switch command {
        case .place(let request):
            guard let order = receipt.order, let limit = request.limit else {
                preconditionFailure("Invariant: every placement passes, not \(receipt)")
            }
            operation.kind = 0
            operation.order = order.number
            operation.side = request.side.rawValue
            operation.price = limit.units
            operation.quantity = request.quantity.units
            operation.rests = request.timeInForce == .goodTillCancelled ? 1 : 0
        case .cancel(let order):
            operation.kind = 1
            operation.order = order.number
        case .amend(let request):
            operation.kind = 2
            operation.order = request.order.number
            operation.price = request.limit?.units ?? 0
            operation.quantity = request.remaining.units
        default: preconditionFailure("Invariant: the mix holds only orders")
        }
        return operation
    }
}
