/// What happens in a market beside orders that come and trade.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    func encodeMarkets(into encoder: inout CanonicalEncoder) {
        switch self {
        case .auctionTraded(let trade):
            encoder.append(UInt8(37))
            encoder.append(trade)
        case .orderRefreshed(let rest):
            encoder.append(UInt8(38))
            encoder.append(rest)
        case .orderTriggered(let order):
            encoder.append(UInt8(39))
            encoder.append(order)
        case .triggerRefused(let order, let refusal):
            encoder.append(UInt8(40))
            encoder.append(order)
            encoder.append(refusal)
        case .protectionTripped(let account, let underlying):
            encoder.append(UInt8(41))
            encoder.append(account)
            encoder.append(underlying)
        case .auctionStarted(let instrument, let end):
            encoder.append(UInt8(42))
            encoder.append(instrument)
            encoder.append(end)
        case .auctionCleared(let instrument, let clearing):
            encoder.append(UInt8(43))
            encoder.append(instrument)
            encoder.append(clearing)
        case .continuousTrading(let instrument):
            encoder.append(UInt8(44))
            encoder.append(instrument)
        case .instrumentHalted(let instrument):
            encoder.append(UInt8(45))
            encoder.append(instrument)
        default: break
        }
    }

    init(markets tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 37: self = .auctionTraded(try decoder.value())
        case 38: self = .orderRefreshed(try decoder.value())
        case 39: self = .orderTriggered(try decoder.value())
        case 40: self = .triggerRefused(try decoder.value(), try decoder.value())
        case 41: self = .protectionTripped(try decoder.value(), try decoder.value())
        case 42: self = .auctionStarted(try decoder.value(), end: try decoder.timestamp())
        case 43: self = .auctionCleared(try decoder.value(), try decoder.value())
        case 44: self = .continuousTrading(try decoder.value())
        case 45: self = .instrumentHalted(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
