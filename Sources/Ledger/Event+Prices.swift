/// What is observed, and what follows from it.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    func encodePrices(into encoder: inout CanonicalEncoder) {
        switch self {
        case .observationRefused(let publisher, let refusal):
            encoder.append(UInt8(16))
            encoder.append(publisher)
            encoder.append(refusal)
        case .indexChanged(let underlying, let index, let stable):
            encoder.append(UInt8(17))
            encoder.append(underlying)
            encoder.append(index)
            encoder.append(stable)
        case .markChanged(let instrument, let mark, let rate):
            encoder.append(UInt8(18))
            encoder.append(instrument)
            encoder.append(mark)
            encoder.append(rate)
        case .curveChanged(let underlying, let expiry, let basis, let volatility, let source):
            encoder.append(UInt8(19))
            encoder.append(underlying)
            encoder.append(expiry)
            encoder.append(basis)
            encoder.append(volatility)
            encoder.append(source)
        case .curveVoteDropped(let publisher, let underlying, let expiry, let refusal):
            encoder.append(UInt8(20))
            encoder.append(publisher)
            encoder.append(underlying)
            encoder.append(expiry)
            encoder.append(refusal)
        case .priceJudged(let publisher, let underlying, let refusal):
            encoder.append(UInt8(21))
            encoder.append(publisher)
            encoder.append(underlying)
            encoder.append(refusal)
        case .indexConditionChanged(let underlying, let condition):
            encoder.append(UInt8(22))
            encoder.append(underlying)
            encoder.append(condition)
        default: break
        }
    }

    init(prices tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 16: self = .observationRefused(try decoder.value(), try decoder.value())
        case 17:
            self = .indexChanged(
                try decoder.value(), index: try decoder.quantity(), stable: try decoder.quantity())
        case 18:
            self = .markChanged(
                try decoder.value(), mark: try decoder.quantity(),
                fundingRate: try decoder.quantity())
        case 19:
            self = .curveChanged(
                try decoder.value(), expiry: try decoder.timestamp(), basis: try decoder.quantity(),
                atTheMoney: try decoder.quantity(), try decoder.value())
        case 20:
            self = .curveVoteDropped(
                try decoder.value(), try decoder.value(), expiry: try decoder.timestamp(),
                try decoder.value())
        case 21:
            self = .priceJudged(
                try decoder.value(), try decoder.value(), try decoder.optional())
        case 22: self = .indexConditionChanged(try decoder.value(), try decoder.value())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
