/// Why an order left, in Deribit's words where it has some.

import Ledger

/// The end of an order. The same as the ledger's reason; a type of our own because the gateway has
/// another thing of that name.
enum OrderEnd: Equatable, Sendable {
    case filled, refusedAtTrigger
    case left(word: String)

    /// Deribit's word for it, or one of ours where Deribit has none.
    var word: String {
        switch self {
        case .filled: "filled"
        case .refusedAtTrigger: "rejected"
        case .left(let word): word
        }
    }
}

extension OrderEnd {
    init(_ reason: CloseReason) {
        switch reason {
        case .filled: self = .filled
        case .refusedAtTrigger: self = .refusedAtTrigger
        case .cancelled: self = .left(word: "user_request")
        case .notFilled: self = .left(word: "not_filled")
        case .selfTrade: self = .left(word: "self_trade")
        case .nothingToReduce: self = .left(word: "nothing_to_reduce")
        case .harmfulFill: self = .left(word: "harmful_fill")
        case .marginCall: self = .left(word: "risk_mitigation")
        case .liquidation: self = .left(word: "autoliquidation")
        case .openInterestLimit: self = .left(word: "open_interest_limit")
        case .expired: self = .left(word: "expired")
        case .pairedOrder: self = .left(word: "oco_other_closed")
        case .protection: self = .left(word: "mmp_trigger")
        case .instrumentExpired: self = .left(word: "settlement")
        case .conversion: self = .left(word: "collateral_conversion")
        case .agentLossLimit: self = .left(word: "agent_loss_limit")
        }
    }
}

extension Event {
    /// The end of the order that this event closes; nil for other events.
    var orderEnd: OrderEnd? {
        guard case .orderClosed(_, _, let reason) = self else { return nil }
        return OrderEnd(reason)
    }
}
