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

extension Event {
    /// The end of the order that this event closes; nil for other events.
    var orderEnd: OrderEnd? {
        guard case .orderClosed(_, _, let reason) = self else { return nil }
        switch reason {
        case .filled: return .filled
        case .refusedAtTrigger: return .refusedAtTrigger
        case .cancelled: return .left(word: "user_request")
        case .notFilled: return .left(word: "not_filled")
        case .selfTrade: return .left(word: "self_trade")
        case .nothingToReduce: return .left(word: "nothing_to_reduce")
        case .harmfulFill: return .left(word: "harmful_fill")
        case .marginCall: return .left(word: "risk_mitigation")
        case .liquidation: return .left(word: "autoliquidation")
        case .openInterestLimit: return .left(word: "open_interest_limit")
        case .expired: return .left(word: "expired")
        case .pairedOrder: return .left(word: "oco_other_closed")
        case .protection: return .left(word: "mmp_trigger")
        case .instrumentExpired: return .left(word: "settlement")
        case .conversion: return .left(word: "collateral_conversion")
        case .agentLossLimit: return .left(word: "agent_loss_limit")
        }
    }
}
