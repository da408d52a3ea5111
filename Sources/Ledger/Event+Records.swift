/// The encodings of what events carry.

public import Canonical
import FixedPoint
public import Markets
public import Oracle

extension OrderAcceptance: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(order)
        encoder.append(account)
        encoder.append(instrument)
        encoder.append(clientIdentifier)
        encoder.append(limit)
        encoder.append(quantity)
        encoder.append(flags)
        encoder.append(trigger)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        order = try decoder.value()
        account = try decoder.value()
        instrument = try decoder.value()
        clientIdentifier = try decoder.value()
        limit = try decoder.quantity()
        quantity = try decoder.quantity()
        flags = try decoder.value()
        trigger = try decoder.optional()
    }
}

extension OrderRest: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(order)
        encoder.append(price)
        encoder.append(remaining)
        encoder.append(shown)
        encoder.append(priority)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        order = try decoder.value()
        price = try decoder.quantity()
        remaining = try decoder.quantity()
        shown = try decoder.quantity()
        priority = try decoder.uint64()
    }
}

extension Trade: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(instrument)
        encoder.append(makerOrder)
        encoder.append(takerOrder)
        encoder.append(maker)
        encoder.append(taker)
        encoder.append(takerSide)
        encoder.append(price)
        encoder.append(quantity)
        encoder.append(notional)
        encoder.append(makerFee)
        encoder.append(takerFee)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        instrument = try decoder.value()
        makerOrder = try decoder.value()
        takerOrder = try decoder.value()
        maker = try decoder.value()
        taker = try decoder.value()
        takerSide = try decoder.value()
        price = try decoder.quantity()
        quantity = try decoder.quantity()
        notional = try decoder.quantity()
        makerFee = try decoder.quantity()
        takerFee = try decoder.quantity()
    }
}

extension PositionSettlement: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(account)
        encoder.append(instrument)
        encoder.append(kind)
        encoder.append(quantity)
        encoder.append(payout)
        encoder.append(profit)
        encoder.append(notional)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        account = try decoder.value()
        instrument = try decoder.value()
        kind = try decoder.value()
        quantity = try decoder.quantity()
        payout = try decoder.quantity()
        profit = try decoder.quantity()
        notional = try decoder.quantity()
    }
}

extension AuctionClearing: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(price)
        encoder.append(quantity)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        self.init(price: try decoder.quantity(), quantity: try decoder.quantity())
    }
}

/// A choice whose encoding is its number in one byte.
protocol NumberedChoice: CanonicalValue, RawRepresentable where RawValue == UInt8 {}

extension NumberedChoice {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let value = Self(rawValue: try decoder.byte()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = value
    }
}

extension CloseReason: NumberedChoice {}
extension SettlementKind: NumberedChoice {}
extension DeleverageKind: NumberedChoice {}
extension LossStage: NumberedChoice {}
extension CurveSource: NumberedChoice {}

extension Refusal: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) { encoder.append(rawValue) }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        guard let refusal = Refusal(rawValue: try decoder.uint16()) else {
            throw DecodingFault(.unknownTag, at: start)
        }
        self = refusal
    }
}
