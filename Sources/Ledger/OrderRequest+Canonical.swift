/// The encoding of what an owner can ask for about orders: the fields in the order of their
/// declaration.

public import Canonical
import FixedPoint
import Markets

extension OrderRequest: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(instrument)
        encoder.append(side)
        encoder.append(limit != nil)
        if let limit { encoder.append(limit) }
        encoder.append(quantity)
        encoder.append(timeInForce)
        encoder.append(postOnly)
        encoder.append(slides)
        encoder.append(reduceOnly)
        encoder.append(clientIdentifier)
        encoder.append(selfTrade)
        encoder.append(isProtected)
        encoder.append(expiry != nil)
        if let expiry { encoder.append(expiry) }
        encoder.append(display != nil)
        if let display { encoder.append(display) }
        encoder.append(trigger)
        encoder.append(pair)
        encoder.append(label)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        instrument = try decoder.value()
        side = try decoder.value()
        limit = try decoder.boolean() ? try decoder.quantity() : nil
        quantity = try decoder.quantity()
        timeInForce = try decoder.value()
        postOnly = try decoder.boolean()
        slides = try decoder.boolean()
        reduceOnly = try decoder.boolean()
        clientIdentifier = try decoder.value()
        selfTrade = try decoder.value()
        isProtected = try decoder.boolean()
        expiry = try decoder.boolean() ? try decoder.timestamp() : nil
        display = try decoder.boolean() ? try decoder.quantity() : nil
        trigger = try decoder.optional()
        pair = try decoder.value()
        label = try decoder.value()
    }
}

extension AmendRequest: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(order)
        encoder.append(limit != nil)
        if let limit { encoder.append(limit) }
        encoder.append(remaining)
        encoder.append(postOnly)
        encoder.append(trigger != nil)
        if let trigger { encoder.append(trigger) }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        order = try decoder.value()
        limit = try decoder.boolean() ? try decoder.quantity() : nil
        remaining = try decoder.quantity()
        postOnly = try decoder.boolean()
        trigger = try decoder.boolean() ? try decoder.quantity() : nil
    }
}

extension QuoteRequest: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(instrument)
        encoder.append(bid)
        encoder.append(bidQuantity)
        encoder.append(ask)
        encoder.append(askQuantity)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        instrument = try decoder.value()
        bid = try decoder.quantity()
        bidQuantity = try decoder.quantity()
        ask = try decoder.quantity()
        askQuantity = try decoder.quantity()
    }
}
