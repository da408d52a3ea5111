/// What happens to collateral: assets, debts and their conversion.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    func encodeCollateral(into encoder: inout CanonicalEncoder) {
        switch self {
        case .assetDeposited(let account, let instrument, let lots, let reference):
            encoder.append(UInt8(80))
            encoder.append(account)
            encoder.append(instrument)
            encoder.append(lots)
            encoder.append(reference)
        case .assetWithdrawn(let account, let instrument, let lots, let destination):
            encoder.append(UInt8(81))
            encoder.append(account)
            encoder.append(instrument)
            encoder.append(lots)
            encoder.append(destination)
        case .assetWithdrawalCancelled(let account, let instrument, let lots, let refusal):
            encoder.append(UInt8(82))
            encoder.append(account)
            encoder.append(instrument)
            encoder.append(lots)
            encoder.append(refusal)
        case .assetTransferred(let source, let target, let instrument, let lots):
            encoder.append(UInt8(83))
            encoder.append(source)
            encoder.append(target)
            encoder.append(instrument)
            encoder.append(lots)
        case .interestCharged(let account, let amount):
            encoder.append(UInt8(84))
            encoder.append(account)
            encoder.append(amount)
        case .conversionStarted(let account, let debt):
            encoder.append(UInt8(85))
            encoder.append(account)
            encoder.append(debt)
        case .conversionEnded(let account, let debt):
            encoder.append(UInt8(86))
            encoder.append(account)
            encoder.append(debt)
        default: break
        }
    }

    init(collateral tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 80:
            self = .assetDeposited(
                try decoder.value(), try decoder.value(), try decoder.quantity(),
                reference: try decoder.bytes32())
        case 81:
            self = .assetWithdrawn(
                try decoder.value(), try decoder.value(), try decoder.quantity(),
                destination: try decoder.bytes32())
        case 82:
            self = .assetWithdrawalCancelled(
                try decoder.value(), try decoder.value(), try decoder.quantity(),
                try decoder.value())
        case 83:
            self = .assetTransferred(
                from: try decoder.value(), to: try decoder.value(), try decoder.value(),
                try decoder.quantity())
        case 84: self = .interestCharged(try decoder.value(), try decoder.quantity())
        case 85: self = .conversionStarted(try decoder.value(), debt: try decoder.quantity())
        case 86: self = .conversionEnded(try decoder.value(), debt: try decoder.quantity())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
