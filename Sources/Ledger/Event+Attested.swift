/// What comes of attested payloads.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    func encodeAttested(into encoder: inout CanonicalEncoder) {
        switch self {
        case .attestationRefused(let place, let refusal):
            encoder.append(UInt8(122))
            encoder.append(place)
            encoder.append(refusal)
        case .attestedPriceRefused(let publisher, let underlying, let refusal):
            encoder.append(UInt8(123))
            encoder.append(publisher)
            encoder.append(underlying)
            encoder.append(refusal)
        case .guardianSetChanged(let index, let end):
            encoder.append(UInt8(124))
            encoder.append(index)
            encoder.append(end)
        default: break
        }
    }

    init(attested tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 122: self = .attestationRefused(place: try decoder.uint16(), try decoder.value())
        case 123:
            self = .attestedPriceRefused(
                try decoder.value(), try decoder.value(), try decoder.value())
        case 124:
            self = .guardianSetChanged(
                try decoder.uint32(), previousEnd: try decoder.timestamp())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
