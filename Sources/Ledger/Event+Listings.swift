/// What is listed, expires and is settled.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    func encodeListings(into encoder: inout CanonicalEncoder) {
        switch self {
        case .instrumentListed(let identifier, let instrument):
            encoder.append(UInt8(64))
            encoder.append(identifier)
            encoder.append(instrument)
        case .instrumentExpired(let instrument):
            encoder.append(UInt8(65))
            encoder.append(instrument)
        case .settlementPostponed(let underlying, let expiry, let coverage):
            encoder.append(UInt8(66))
            encoder.append(underlying)
            encoder.append(expiry)
            encoder.append(coverage)
        case .instrumentSettled(let instrument, let price, let lotPayout):
            encoder.append(UInt8(67))
            encoder.append(instrument)
            encoder.append(price)
            encoder.append(lotPayout)
        case .positionSettled(let settlement):
            encoder.append(UInt8(68))
            encoder.append(settlement)
        default: break
        }
    }

    init(listings tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 64: self = .instrumentListed(try decoder.value(), try decoder.value())
        case 65: self = .instrumentExpired(try decoder.value())
        case 66:
            self = .settlementPostponed(
                try decoder.value(), expiry: try decoder.timestamp(),
                coverage: try decoder.quantity())
        case 67:
            self = .instrumentSettled(
                try decoder.value(), price: try decoder.quantity(),
                lotPayout: try decoder.quantity())
        case 68: self = .positionSettled(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
