/// What commands about orders say, in words (`Command+Summary`).

import Canonical
import FixedPoint
import Markets

extension OrderRequest {
    /// The line in UTF-8.
    var summary: [UInt8] {
        var line = SummaryWriter("place")
        line.append("instrument", UInt64(instrument.number))
        line.append("side", side == .buy ? "buy" : "sell")
        if let limit { line.append("limit", limit) } else { line.append("limit", "market") }
        line.append("quantity", quantity)
        line.append("timeInForce", timeInForce.name)
        if let expiry { line.append("expiry", expiry) }
        line.append("postOnly", if: postOnly)
        line.append("slides", if: slides)
        line.append("reduceOnly", if: reduceOnly)
        line.append("protected", if: isProtected)
        switch selfTrade {
        case .cancelMaker: break
        case .cancelTaker: line.append("selfTrade", "cancelTaker")
        case .cancelBoth: line.append("selfTrade", "cancelBoth")
        }
        if let display { line.append("display", display) }
        if let trigger {
            line.append("trigger", trigger.kind == .stop ? "stop" : "take")
            line.append("reference", trigger.reference == .mark ? "mark" : "index")
            line.append("triggerPrice", trigger.price)
        }
        if clientIdentifier.number != 0 { line.append("client", clientIdentifier.number) }
        if pair.number != 0 { line.append("pair", pair.number) }
        if !label.isEmpty { line.append("label", label.bytes) }
        return line.bytes
    }
}

extension AmendRequest {
    /// The line in UTF-8.
    var summary: [UInt8] {
        var line = SummaryWriter("amend")
        line.append("order", order.number)
        if let limit { line.append("limit", limit) } else { line.append("limit", "market") }
        line.append("remaining", remaining)
        line.append("postOnly", if: postOnly)
        if let trigger { line.append("triggerPrice", trigger) }
        return line.bytes
    }
}

extension QuoteRequest {
    /// The line in UTF-8.
    var summary: [UInt8] {
        var line = SummaryWriter("quote")
        line.append("instrument", UInt64(instrument.number))
        line.append("bid", bid)
        line.append("bidQuantity", bidQuantity)
        line.append("ask", ask)
        line.append("askQuantity", askQuantity)
        return line.bytes
    }
}

extension TimeInForce {
    fileprivate var name: String {
        switch self {
        case .goodTillCancelled: "goodTillCancelled"
        case .immediateOrCancel: "immediateOrCancel"
        case .fillOrKill: "fillOrKill"
        case .goodTillTime: "goodTillTime"
        }
    }
}
