/// What happens to the keys of accounts.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    func encodeKeys(into encoder: inout CanonicalEncoder) {
        switch self {
        case .subaccountOpened(let account, let parent):
            encoder.append(UInt8(96))
            encoder.append(account)
            encoder.append(parent)
        case .agentSet(let account, let slot, let grant):
            encoder.append(UInt8(97))
            encoder.append(account)
            encoder.append(slot)
            encoder.append(grant)
        case .agentRevoked(let account, let slot):
            encoder.append(UInt8(98))
            encoder.append(account)
            encoder.append(slot)
        case .masterRotated(let account, let key):
            encoder.append(UInt8(99))
            encoder.append(account)
            encoder.append(key)
        case .destinationAllowed(let account, let address, let start):
            encoder.append(UInt8(100))
            encoder.append(account)
            encoder.append(address)
            encoder.append(start)
        case .destinationRemoved(let account, let address):
            encoder.append(UInt8(101))
            encoder.append(account)
            encoder.append(address)
        default: break
        }
    }

    init(keys tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 96: self = .subaccountOpened(try decoder.value(), by: try decoder.value())
        case 97:
            self = .agentSet(
                try decoder.value(), slot: try decoder.byte(), try decoder.value())
        case 98: self = .agentRevoked(try decoder.value(), slot: try decoder.byte())
        case 99: self = .masterRotated(try decoder.value(), try decoder.value())
        case 100:
            self = .destinationAllowed(
                try decoder.value(), try decoder.bytes32(), start: try decoder.timestamp())
        case 101: self = .destinationRemoved(try decoder.value(), try decoder.bytes32())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
