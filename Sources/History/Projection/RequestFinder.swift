/// Finds the signed request behind what happened to an order: a transaction is decoded when the
/// first of its commands is asked for, and not otherwise.

import Canonical
import FixedPoint
import Ledger

/// The requests of one block.
struct RequestFinder {
    private let receipts: [Receipt]
    private let transactions: [[UInt8]]
    private var decoded: (place: UInt32, transaction: Transaction?)?
    /// By order: the place of the receipt that names it; made when first asked.
    private var places: [UInt64: Int]?

    init(_ block: HistoryBlock) {
        receipts = block.receipts
        transactions = block.transactions
    }

    /// The request of an order that this block admitted; nil where no client sent it.
    mutating func request(of order: OrderIdentifier) -> OrderRequest? {
        if places == nil {
            var found: [UInt64: Int] = [:]
            for (place, receipt) in receipts.enumerated() {
                if let number = receipt.order?.number { found[number] = place }
            }
            places = found
        }
        guard let place = places?[order.number] else { return nil }
        let receipt = receipts[place]
        guard let command = receipt.command,
            let transaction = transaction(receipt.transaction),
            Int(command) < transaction.commands.count,
            case .place(let request) = transaction.commands[Int(command)]
        else { return nil }
        return request
    }

    /// The price to which amendments of this block moved an order's trigger; nil where none did.
    mutating func triggerPrice(of order: OrderIdentifier) -> Price? {
        var price: Price?
        for receipt in receipts where receipt.refusal == nil {
            guard let command = receipt.command,
                let transaction = transaction(receipt.transaction),
                Int(command) < transaction.commands.count,
                case .amend(let request) = transaction.commands[Int(command)],
                request.order == order, let moved = request.trigger
            else { continue }
            price = moved
        }
        return price
    }

    private mutating func transaction(_ place: UInt32) -> Transaction? {
        if let decoded, decoded.place == place { return decoded.transaction }
        var transaction: Transaction?
        if Int(place) < transactions.count {
            var decoder = CanonicalDecoder(transactions[Int(place)])
            // What is no transaction has a receipt that says so, and made no order.
            do throws(DecodingFault) { transaction = try Transaction(from: &decoder) } catch {}
        }
        decoded = (place, transaction)
        return transaction
    }
}
