/// What happens to an order.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    func encodeOrders(into encoder: inout CanonicalEncoder) {
        switch self {
        case .orderAccepted(let order):
            encoder.append(UInt8(32))
            encoder.append(order)
        case .orderRested(let rest):
            encoder.append(UInt8(33))
            encoder.append(rest)
        case .orderAmended(let rest):
            encoder.append(UInt8(34))
            encoder.append(rest)
        case .orderClosed(let order, let remaining, let reason):
            encoder.append(UInt8(35))
            encoder.append(order)
            encoder.append(remaining)
            encoder.append(reason)
        case .traded(let trade):
            encoder.append(UInt8(36))
            encoder.append(trade)
        default: break
        }
    }

    init(orders tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 32: self = .orderAccepted(try decoder.value())
        case 33: self = .orderRested(try decoder.value())
        case 34: self = .orderAmended(try decoder.value())
        case 35:
            self = .orderClosed(
                try decoder.value(), remaining: try decoder.quantity(), try decoder.value())
        case 36: self = .traded(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
