/// What the economics of a market change, and its margin.

import Canonical
import Catalogue
import Estimation
import FixedPoint

extension Event {
    func encodeEconomics(into encoder: inout CanonicalEncoder) {
        switch self {
        case .interestCapMoved(let underlying, let compartment, let cap):
            encoder.append(UInt8(127))
            encoder.append(underlying)
            encoder.append(compartment)
            encoder.append(cap)
        case .marginMoved(let underlying, let report):
            encoder.append(UInt8(148))
            encoder.append(underlying)
            encoder.append(report)
        default: break
        }
    }

    init(economics tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 127:
            self = .interestCapMoved(
                try decoder.value(), try decoder.value(), cap: try decoder.quantity())
        case 148: self = .marginMoved(try decoder.value(), try decoder.value())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
