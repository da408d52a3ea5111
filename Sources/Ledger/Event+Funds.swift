/// What happens to money: in, out, and between accounts.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    func encodeFunds(into encoder: inout CanonicalEncoder) {
        switch self {
        case .accountOpened(let account, let owner, let compartment):
            encoder.append(UInt8(1))
            encoder.append(account)
            encoder.append(owner)
            encoder.append(compartment)
        case .deposited(let account, let amount, let reference):
            encoder.append(UInt8(2))
            encoder.append(account)
            encoder.append(amount)
            encoder.append(reference)
        case .insuranceDeposited(let compartment, let amount):
            encoder.append(UInt8(3))
            encoder.append(compartment)
            encoder.append(amount)
        case .withdrawn(let account, let amount, let destination):
            encoder.append(UInt8(4))
            encoder.append(account)
            encoder.append(amount)
            encoder.append(destination)
        case .withdrawalCancelled(let account, let amount):
            encoder.append(UInt8(5))
            encoder.append(account)
            encoder.append(amount)
        case .transferred(let source, let target, let amount):
            encoder.append(UInt8(6))
            encoder.append(source)
            encoder.append(target)
            encoder.append(amount)
        case .feeTierChanged(let account, let tier):
            encoder.append(UInt8(7))
            encoder.append(account)
            encoder.append(tier)
        default: break
        }
    }

    init(funds tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 1:
            self = .accountOpened(
                try decoder.value(), owner: try decoder.value(), try decoder.value())
        case 2:
            self = .deposited(
                try decoder.value(), try decoder.quantity(), reference: try decoder.bytes32())
        case 3: self = .insuranceDeposited(try decoder.value(), try decoder.quantity())
        case 4:
            self = .withdrawn(
                try decoder.value(), try decoder.quantity(), destination: try decoder.bytes32())
        case 5: self = .withdrawalCancelled(try decoder.value(), try decoder.quantity())
        case 6:
            self = .transferred(
                from: try decoder.value(), to: try decoder.value(), try decoder.quantity())
        case 7: self = .feeTierChanged(try decoder.value(), try decoder.uint16())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
