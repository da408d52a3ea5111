/// What circuit breakers do, with all that it takes to check them: the numbers compared, and the
/// leaves in which they stand.

public import Breakers
public import Canonical
public import FixedPoint

/// Why the level of a scope changed, or did not although a trigger did.
///
/// Who checks it takes the leaves that `evidence` names under this block's root, makes the measure
/// from them as `docs/breakers.md` says, and compares.
public struct BreakerCertificate: Equatable, Sendable {
    public let scope: BreakerScope
    public let trigger: BreakerTrigger
    public let change: BreakerChange
    /// What the trigger measured; nil for the guardian, and where a hold expired.
    public let measured: Int64?
    /// What it is compared with, of the same unit; zero where nothing was measured.
    public let threshold: Int64
    /// The level of the scope before and after.
    public let from: MarketLevel
    public let to: MarketLevel
    /// When the hold ends unless it is renewed; when it ended.
    public let until: Timestamp

    /// The leaves in which the measure stands: prices, and the breaker's own window or sum.
    public var evidence: [LeafKey] {
        switch (trigger, scope) {
        case (.guardian, _): []
        case (.sourceDivergence, .underlying(let identifier)),
            (.staleIndex, .underlying(let identifier)),
            (.deadIndex, .underlying(let identifier)):
            [.underlying(identifier)]
        case (_, .underlying(let identifier)): [.underlying(identifier), .breaker(scope)]
        case (_, .instrument(let identifier)): [.instrument(identifier), .breaker(scope)]
        case (_, .compartment(let identifier)): [.compartment(identifier), .breaker(scope)]
        }
    }
}

extension BreakerCertificate: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(scope)
        encoder.append(trigger)
        encoder.append(change)
        encoder.append(measured != nil)
        if let measured { encoder.append(measured) }
        encoder.append(threshold)
        encoder.append(from)
        encoder.append(to)
        encoder.append(until)
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        scope = try decoder.value()
        trigger = try decoder.value()
        change = try decoder.value()
        measured = try decoder.boolean() ? try decoder.int64() : nil
        threshold = try decoder.int64()
        from = try decoder.value()
        to = try decoder.value()
        until = try decoder.timestamp()
    }
}

extension Event {
    func encodeBreakers(into encoder: inout CanonicalEncoder) {
        switch self {
        case .breakerChanged(let certificate):
            encoder.append(UInt8(112))
            encoder.append(certificate)
        case .makerCommitted(let account, let isMaker):
            encoder.append(UInt8(113))
            encoder.append(account)
            encoder.append(isMaker)
        case .suspicionsChanged(let account, let suspicions):
            encoder.append(UInt8(114))
            encoder.append(account)
            encoder.append(suspicions)
        case .withdrawalQueued(let account, let amount, let destination):
            encoder.append(UInt8(115))
            encoder.append(account)
            encoder.append(amount)
            encoder.append(destination)
        case .withdrawalUnqueued(let account, let amount):
            encoder.append(UInt8(116))
            encoder.append(account)
            encoder.append(amount)
        default: break
        }
    }

    init(breakers tag: UInt8, from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        switch tag {
        case 112: self = .breakerChanged(try decoder.value())
        case 113: self = .makerCommitted(try decoder.value(), try decoder.boolean())
        case 114: self = .suspicionsChanged(try decoder.value(), try decoder.byte())
        case 115:
            self = .withdrawalQueued(
                try decoder.value(), try decoder.quantity(), destination: try decoder.bytes32())
        case 116: self = .withdrawalUnqueued(try decoder.value(), try decoder.quantity())
        default: throw DecodingFault(.unknownTag, at: decoder.offset)
        }
    }
}
