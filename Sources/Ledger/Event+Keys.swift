/// The encoding of what happens to the keys of accounts.

import Canonical
import FixedPoint

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
}
