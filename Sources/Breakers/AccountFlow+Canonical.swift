/// The encoding of an owner's flow.

public import Canonical
import FixedPoint

extension FlowCounts: CanonicalValue {
    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(orders)
        encoder.append(cancels)
        encoder.append(fills)
        encoder.append(takes)
        encoder.append(selfTrades)
        encoder.append(busySeconds)
        encoder.append(tookBuying)
        encoder.append(tookSelling)
        encoder.append(bought)
        encoder.append(sold)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        orders = try decoder.uint32()
        cancels = try decoder.uint32()
        fills = try decoder.uint32()
        takes = try decoder.uint32()
        selfTrades = try decoder.uint32()
        busySeconds = try decoder.uint32()
        let start = decoder.offset
        tookBuying = try decoder.int64()
        tookSelling = try decoder.int64()
        bought = try decoder.int64()
        sold = try decoder.int64()
        guard min(tookBuying, tookSelling, bought, sold) >= 0 else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}

extension AccountFlow: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(ordersUntil)
        encoder.append(cancelsUntil)
        encoder.append(minute)
        encoder.append(current)
        encoder.append(previous)
        encoder.append(second)
        encoder.append(messages)
        encoder.append(partner)
        encoder.append(lead)
        encoder.append(suspicions)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        self.init()
        ordersUntil = try decoder.uint64()
        cancelsUntil = try decoder.uint64()
        minute = try decoder.uint64()
        current = try decoder.value()
        previous = try decoder.value()
        second = try decoder.uint64()
        messages = try decoder.uint32()
        partner = try decoder.uint32()
        lead = try decoder.uint32()
        let start = decoder.offset
        suspicions = try decoder.byte()
        guard Int(suspicions) >> Suspicion.allCases.count == 0 else {
            throw DecodingFault(.outOfRange, at: start)
        }
    }
}
