/// What happens to an account that is short of margin.

import Canonical
import Catalogue
import FixedPoint
import Markets
import Oracle

extension Event {
    func encodeLiquidation(into encoder: inout CanonicalEncoder) {
        switch self {
        case .liquidationStarted(let account, let equity, let requirement):
            encoder.append(UInt8(48))
            encoder.append(account)
            encoder.append(equity)
            encoder.append(requirement)
        case .liquidationFee(let account, let amount):
            encoder.append(UInt8(49))
            encoder.append(account)
            encoder.append(amount)
        case .deleveraged(let deleverage):
            encoder.append(UInt8(50))
            encoder.append(deleverage)
        case .insurancePaid(let account, let amount):
            encoder.append(UInt8(51))
            encoder.append(account)
            encoder.append(amount)
        case .lossShared(let account, let payer, let amount):
            encoder.append(UInt8(52))
            encoder.append(account)
            encoder.append(payer)
            encoder.append(amount)
        case .badDebt(let account, let amount):
            encoder.append(UInt8(53))
            encoder.append(account)
            encoder.append(amount)
        case .liquidationEnded(let account, let equity, let requirement):
            encoder.append(UInt8(54))
            encoder.append(account)
            encoder.append(equity)
            encoder.append(requirement)
        case .closingAllowed(let instrument, let sells, let depth, let allowance):
            encoder.append(UInt8(128))
            encoder.append(instrument)
            encoder.append(sells)
            encoder.append(depth)
            encoder.append(allowance)
        default: break
        }
    }

    init(liquidation tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 48:
            self = .liquidationStarted(
                try decoder.value(), equity: try decoder.quantity(),
                requirement: try decoder.quantity())
        case 49: self = .liquidationFee(try decoder.value(), try decoder.quantity())
        case 50: self = .deleveraged(try decoder.value())
        case 51: self = .insurancePaid(try decoder.value(), try decoder.quantity())
        case 52:
            self = .lossShared(
                try decoder.value(), payer: try decoder.value(), try decoder.quantity())
        case 53: self = .badDebt(try decoder.value(), try decoder.quantity())
        case 54:
            self = .liquidationEnded(
                try decoder.value(), equity: try decoder.quantity(),
                requirement: try decoder.quantity())
        case 128:
            self = .closingAllowed(
                try decoder.value(), sells: try decoder.boolean(), depth: try decoder.quantity(),
                allowance: try decoder.quantity())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
