/// What commands about a backstop say in words (`Command+Summary`).

import Canonical
import FixedPoint
import Liquidation

extension Command {
    /// The line of a command of a provider's master.
    var backstopSummary: [UInt8] {
        var line: SummaryWriter
        switch self {
        case .setBackstop(let limits):
            line = SummaryWriter("setBackstop")
            for market in limits.markets {
                line.append("underlying", UInt64(market.underlying.number))
                line.append("notional", market.notional)
                line.append("loss", market.loss)
            }
            line.append("sliceShare", limits.sliceShare)
            line.append("leastDiscount", limits.leastDiscount)
            line.append("marginLeft", limits.marginLeft)
        case .giveBackstopNotice: line = SummaryWriter("giveBackstopNotice")
        case .leaveBackstop: line = SummaryWriter("leaveBackstop")
        default: return []
        }
        return line.bytes
    }
}
