/// What the engine did for an account before liquidation, and what collateral is taken to be worth.

public import Canonical
import Catalogue
import FixedPoint
import Markets

extension Event {
    func encodeRescue(into encoder: inout CanonicalEncoder) {
        switch self {
        case .rescueSet(let account, let terms):
            encoder.append(UInt8(156))
            encoder.append(account)
            encoder.append(terms)
        case .rescueCleared(let account):
            encoder.append(UInt8(157))
            encoder.append(account)
        case .collateralMoved(let move):
            encoder.append(UInt8(158))
            encoder.append(move)
        case .hedgeSent(let hedge):
            encoder.append(UInt8(159))
            encoder.append(hedge)
        case .haircutMoved(let instrument, let initial, let maintenance):
            encoder.append(UInt8(160))
            encoder.append(instrument)
            encoder.append(initial)
            encoder.append(maintenance)
        case .quotePegMoved(let price):
            encoder.append(UInt8(161))
            encoder.append(price)
        default: break
        }
    }

    init(rescue tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 156: self = .rescueSet(try decoder.value(), try decoder.value())
        case 157: self = .rescueCleared(try decoder.value())
        case 158: self = .collateralMoved(try decoder.value())
        case 159: self = .hedgeSent(try decoder.value())
        case 160:
            self = .haircutMoved(
                try decoder.value(), initial: try decoder.quantity(),
                maintenance: try decoder.quantity())
        case 161: self = .quotePegMoved(try decoder.quantity())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}

extension CollateralMove: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(source)
        encoder.append(target)
        encoder.append(amount)
        encoder.append(equity)
        encoder.append(requirement)
        encoder.append(missing)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        source = try decoder.value()
        target = try decoder.value()
        amount = try decoder.quantity()
        equity = try decoder.quantity()
        requirement = try decoder.quantity()
        missing = try decoder.quantity()
    }
}

extension HedgeOrder: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(instrument)
        encoder.append(side)
        encoder.append(limit)
        encoder.append(quantity)
        encoder.append(delta)
        encoder.append(equity)
        encoder.append(requirement)
        encoder.append(equityAfter)
        encoder.append(requirementAfter)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        account = try decoder.value()
        instrument = try decoder.value()
        side = try decoder.value()
        limit = try decoder.quantity()
        quantity = try decoder.quantity()
        delta = try decoder.quantity()
        equity = try decoder.quantity()
        requirement = try decoder.quantity()
        equityAfter = try decoder.quantity()
        requirementAfter = try decoder.quantity()
    }
}
