/// The encoding of what happens to collateral: assets, debts and their conversion.

import Canonical
import FixedPoint

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
            encoder.append(refusal.rawValue)
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
}
