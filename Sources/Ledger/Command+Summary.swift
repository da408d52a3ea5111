/// What a command says, in words: the line that a wallet shows before its user signs. It is made
/// from the command alone, and signed beside the command's encoding; what runs is the encoding.
/// Fields that have their usual value are left out. Commands of the venue's own keys, which do not
/// sign typed data, are named and no more.

import Canonical
import FixedPoint
import Markets

extension Command {
    /// The line in UTF-8.
    public var summary: [UInt8] {
        switch self {
        case .place(let request): request.summary
        case .amend(let request): request.summary
        case .quote(let request): request.summary
        case .cancel, .cancelClient, .cancelAll, .cancelLabel, .cancelQuotes: cancelSummary
        case .setProtection, .resetProtection: protectionSummary
        case .withdraw, .transfer, .withdrawAsset, .transferAsset, .cancelWithdrawal: fundsSummary
        case .setAgent, .rotateMaster, .allowDestination, .removeDestination, .openSubaccount:
            keySummary
        case .setBackstop, .giveBackstopNotice, .leaveBackstop: backstopSummary
        case .setRescue(let terms): terms?.summary ?? Array("clearRescue".utf8)
        default: Array(otherName.utf8)
        }
    }

    private var cancelSummary: [UInt8] {
        var line: SummaryWriter
        switch self {
        case .cancel(let order):
            line = SummaryWriter("cancel")
            line.append("order", order.number)
        case .cancelClient(let name):
            line = SummaryWriter("cancel")
            line.append("client", name.number)
        case .cancelLabel(let label):
            line = SummaryWriter("cancelLabel")
            line.append("label", label.bytes)
        case .cancelQuotes(let instrument):
            line = SummaryWriter("cancelQuotes")
            if let instrument { line.append("instrument", UInt64(instrument.number)) }
        case .cancelAll(let instrument):
            line = SummaryWriter("cancelAll")
            if let instrument { line.append("instrument", UInt64(instrument.number)) }
        default: return []
        }
        return line.bytes
    }

    private var protectionSummary: [UInt8] {
        var line: SummaryWriter
        switch self {
        case .setProtection(let underlying, let window, let freeze, let limit):
            line = SummaryWriter("setProtection")
            line.append("underlying", UInt64(underlying.number))
            line.append("window", window)
            line.append("freeze", freeze)
            line.append("limit", limit)
        case .resetProtection(let underlying):
            line = SummaryWriter("resetProtection")
            line.append("underlying", UInt64(underlying.number))
        default: return []
        }
        return line.bytes
    }

    private var fundsSummary: [UInt8] {
        var line: SummaryWriter
        switch self {
        case .withdraw(let amount, let destination):
            line = SummaryWriter("withdraw")
            line.append("amount", amount)
            line.append("destination", destination)
        case .cancelWithdrawal: line = SummaryWriter("cancelWithdrawal")
        case .transfer(let amount, let target):
            line = SummaryWriter("transfer")
            line.append("amount", amount)
            line.append("to", UInt64(target.number))
        case .withdrawAsset(let instrument, let lots, let destination):
            line = SummaryWriter("withdrawAsset")
            line.append("instrument", UInt64(instrument.number))
            line.append("quantity", lots)
            line.append("destination", destination)
        case .transferAsset(let instrument, let lots, let target):
            line = SummaryWriter("transferAsset")
            line.append("instrument", UInt64(instrument.number))
            line.append("quantity", lots)
            line.append("to", UInt64(target.number))
        default: return []
        }
        return line.bytes
    }

    private var keySummary: [UInt8] {
        var line: SummaryWriter
        switch self {
        case .setAgent(let slot, let grant):
            line = SummaryWriter(grant == nil ? "revokeAgent" : "setAgent")
            line.append("slot", UInt64(slot))
            if let grant {
                line.append("key", grant.key)
                line.append("scope", grant.scope.name)
                line.append("expiry", grant.expiry)
                if grant.limits != .standard {
                    line.append("priceBand", grant.limits.priceBand)
                    line.append("dailyLoss", grant.limits.dailyLoss)
                }
            }
        case .rotateMaster(let key):
            line = SummaryWriter("rotateMaster")
            line.append("key", key)
        case .allowDestination(let address):
            line = SummaryWriter("allowDestination")
            line.append("destination", address)
        case .removeDestination(let address):
            line = SummaryWriter("removeDestination")
            line.append("destination", address)
        case .openSubaccount(let compartment):
            line = SummaryWriter("openSubaccount")
            line.append("compartment", UInt64(compartment.number))
        default: return []
        }
        return line.bytes
    }

    private var otherName: String {
        switch self {
        case .unoffered(.combo): "combo"
        case .unoffered(.blockTrade): "blockTrade"
        case .unoffered(.requestForQuote): "requestForQuote"
        case .openAccount: "openAccount"
        case .deposit: "deposit"
        case .depositInsurance: "depositInsurance"
        case .depositAsset: "depositAsset"
        case .setFeeTier: "setFeeTier"
        case .startAuction: "startAuction"
        case .halt: "halt"
        case .setMaker: "setMaker"
        case .raiseLevel: "raiseLevel"
        default: "listContract"
        }
    }
}

extension AgentScope {
    /// The scope's name for people.
    public var name: String {
        switch self {
        case .trade: "trade"
        case .cancel: "cancel"
        case .withdraw: "withdraw"
        }
    }
}
