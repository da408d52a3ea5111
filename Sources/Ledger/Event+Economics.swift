/// What the economics of a market change.

import Canonical
import Catalogue
import FixedPoint

extension Event {
    func encodeEconomics(into encoder: inout CanonicalEncoder) {
        switch self {
        case .interestCapMoved(let underlying, let compartment, let cap):
            encoder.append(UInt8(127))
            encoder.append(underlying)
            encoder.append(compartment)
            encoder.append(cap)
        default: break
        }
    }

    init(economics tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 127:
            self = .interestCapMoved(
                try decoder.value(), try decoder.value(), cap: try decoder.quantity())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
