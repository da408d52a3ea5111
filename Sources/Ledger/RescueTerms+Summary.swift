/// What terms of rescue say, in words: the line that a wallet shows before its user signs.

import Canonical
import FixedPoint

extension RescueTerms {
    /// The line in UTF-8.
    var summary: [UInt8] {
        var line = SummaryWriter("setRescue")
        if let rebalancing {
            line.append("trigger", rebalancing.trigger)
            line.append("target", rebalancing.target)
            for source in rebalancing.sources { line.append("from", UInt64(source.number)) }
            line.append("dailyMost", rebalancing.dailyMost)
        }
        if let hedge {
            line.append("hedgeLevel", hedge.level)
            line.append("share", hedge.share)
            line.append("band", hedge.band)
            line.append("dailyNotional", hedge.dailyMost)
        }
        if let giving {
            line.append("keeps", giving.keeps)
            line.append("dailyGiven", giving.dailyMost)
        }
        return line.bytes
    }
}
