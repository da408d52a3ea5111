/// From the parameters of `private/buy` and `private/sell` to the ledger's request: exact, and
/// refused by the name of the parameter where the ledger offers nothing like it. Nothing is
/// rounded, and nothing is left out in silence.

import Canonical
import Catalogue
import FixedPoint
import JSON
import Ledger
import Markets

/// Deribit's words for the types of an order.
enum OrderType: String, CaseIterable {
    case limit, market
    case stopLimit = "stop_limit"
    case stopMarket = "stop_market"
    case takeLimit = "take_limit"
    case takeMarket = "take_market"
    case marketLimit = "market_limit"
    case trailingStop = "trailing_stop"

    /// Whether it has a limit.
    var hasLimit: Bool { self == .limit || self == .stopLimit || self == .takeLimit }

    /// What its trigger is for; nil where it has none.
    var trigger: TriggerKind? {
        switch self {
        case .stopLimit, .stopMarket: .stop
        case .takeLimit, .takeMarket: .take
        case .limit, .market, .marketLimit, .trailingStop: nil
        }
    }
}

/// The terms of one order as a call states them.
struct OrderDraft {
    private let call: Call
    private let face: InstrumentFace
    private let instrument: InstrumentIdentifier
    private let side: Side

    init(
        _ call: Call, _ face: InstrumentFace, _ instrument: InstrumentIdentifier, _ side: Side
    ) {
        self.call = call
        self.face = face
        self.instrument = instrument
        self.side = side
    }

    /// The ledger's request.
    ///
    /// - Throws: -32602 with the parameter.
    func request() throws(APIError) -> OrderRequest {
        let type = try self.type()
        let quantity = try face.quantity(call)
        var request = OrderRequest(
            instrument: instrument, side: side, limit: try limit(type), quantity: quantity)
        try setTimeInForce(type, &request)
        try setPostOnly(&request)
        request.reduceOnly = call.boolean("reduce_only") ?? false
        request.isProtected = call.boolean("mmp") ?? false
        request.display = try face.optionalQuantity(call, "display_amount")
        // What shows all of it is no iceberg.
        if request.display == quantity { request.display = nil }
        request.trigger = try trigger(type)
        request.label = try OrderDraft.label(call, "label")
        return request
    }

    private func type() throws(APIError) -> OrderType {
        let type = call.text("type").flatMap { OrderType(rawValue: $0) } ?? .limit
        switch type {
        case .marketLimit, .trailingStop:
            throw .parameter("type", "\(type.rawValue) is not offered")
        default: return type
        }
    }

    private func limit(_ type: OrderType) throws(APIError) -> Price? {
        guard type.hasLimit else {
            guard call.number("price") == nil else {
                throw .parameter("price", "not of a market order")
            }
            return nil
        }
        guard let price = try face.optionalPrice(call, "price") else {
            throw .parameter("price", "value required")
        }
        return price
    }

    private func setTimeInForce(
        _ type: OrderType, _ request: inout OrderRequest
    ) throws(APIError) {
        switch call.text("time_in_force") {
        case nil, "good_til_cancelled": request.timeInForce = .goodTillCancelled
        case "immediate_or_cancel": request.timeInForce = .immediateOrCancel
        case "fill_or_kill": request.timeInForce = .fillOrKill
        default:
            guard type.hasLimit || type.trigger != nil else {
                throw .parameter("time_in_force", "a market order does not stay")
            }
            request.timeInForce = .goodTillTime
            request.expiry = call.now.endOfTradingDay
        }
    }

    private func setPostOnly(_ request: inout OrderRequest) throws(APIError) {
        let rejects = call.boolean("reject_post_only") ?? false
        request.postOnly = call.boolean("post_only") ?? false
        guard request.postOnly || !rejects else {
            throw .parameter("reject_post_only", "needs post_only")
        }
        request.slides = request.postOnly && !rejects
    }

    private func trigger(_ type: OrderType) throws(APIError) -> Trigger? {
        guard let kind = type.trigger else {
            for name in ["trigger", "trigger_price"] where call.arguments[name] != nil {
                throw .parameter(name, "only of stop and take orders")
            }
            return nil
        }
        guard let price = try face.optionalPrice(call, "trigger_price") else {
            throw .parameter("trigger_price", "value required")
        }
        switch call.text("trigger") {
        case "mark_price": return Trigger(kind, on: .mark, at: price)
        case "index_price": return Trigger(kind, on: .index, at: price)
        case nil: throw .parameter("trigger", "value required")
        default:
            throw .parameter(
                "trigger", "last_price is not offered: one trade could fire it at will")
        }
    }

    /// A label.
    ///
    /// - Throws: -32602 where it is not printable ASCII.
    static func label(_ call: Call, _ name: String) throws(APIError) -> Label {
        guard let text = call.text(name) else { return Label() }
        guard let label = Label(Array(text.utf8)) else {
            throw .parameter(name, "must be at most 64 printable ASCII characters")
        }
        return label
    }
}

extension InstrumentFace {
    /// The quantity by `amount` or `contracts`; where both are given they must agree.
    ///
    /// - Throws: -32602.
    func quantity(_ call: Call) throws(APIError) -> Quantity {
        let contracts = try contracts(call)
        guard let amount = try optionalQuantity(call, "amount") else {
            guard let contracts else { throw .parameter("amount", "value required") }
            return contracts
        }
        guard contracts == nil || contracts == amount else {
            throw .parameter("contracts", "differs from amount")
        }
        return amount
    }

    /// The lots of `contracts`.
    func contracts(_ call: Call) throws(APIError) -> Quantity? {
        guard let number = call.number("contracts") else { return nil }
        guard let lots = number.integer, lots > 0 else {
            throw .parameter("contracts", "must be a positive integer")
        }
        return Quantity(lots: lots)
    }

    /// A quantity in units of the underlying.
    ///
    /// - Throws: -32602 where it is no positive whole number of lots.
    func optionalQuantity(_ call: Call, _ name: String) throws(APIError) -> Quantity? {
        guard let number = call.number(name) else { return nil }
        return try instrument.lots(of: number, parameter: name)
    }

    /// A price.
    ///
    /// - Throws: -32602 where it is no positive whole number of ticks.
    func optionalPrice(_ call: Call, _ name: String) throws(APIError) -> Price? {
        guard let number = call.number(name) else { return nil }
        return try instrument.ticks(of: number, parameter: name)
    }
}

extension Timestamp {
    /// The next 08:00 UTC, at which Deribit's trading day ends.
    var endOfTradingDay: Timestamp {
        let eight = Duration(nanoseconds: 8 * Duration.hour.nanoseconds)
        let today = startOfDay.advanced(by: eight)
        return today > self ? today : today.advanced(by: .day)
    }
}
