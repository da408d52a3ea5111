/// The names of leaves in the state tree. Their encoding is the key of the leaf.

public import Breakers
public import Canonical
import Cryptography
public import FixedPoint

/// A leaf.
public enum LeafKey: Equatable, Sendable {
    /// Heights, counters, the roots of the last block.
    case chain
    case account(AccountIdentifier)
    case order(OrderIdentifier)
    /// What is listed, its phase, mark, funding, open interest. It stays after settlement.
    case instrument(InstrumentIdentifier)
    /// Index, what publishers last said, averages behind expiries.
    case underlying(UnderlyingIdentifier)
    /// Vault, insurance fund, fees.
    case compartment(CompartmentIdentifier)
    /// Market-maker protection, where an account has some.
    case protections(AccountIdentifier)
    /// What publishers last said of an expiry, and the curve in force.
    case curve(UnderlyingIdentifier, expiry: Timestamp)
    /// Who may sign for an account, the nonces they have used, and where its money may go.
    case keys(AccountIdentifier)
    /// Who attests prices over Wormhole, where genesis takes some.
    case guardians
    /// The depth of an underlying's sources, the caps of its markets, what its books have shown;
    /// where genesis states economics.
    case economics(UnderlyingIdentifier)
    /// What holds a market, an index or a compartment back, and what that is measured by; where
    /// there has been anything.
    case breaker(BreakerScope)
    /// Flow, commitment and outflow of an account, where there is any.
    case standing(AccountIdentifier)
    /// What left the vault of a compartment lately.
    case vault(CompartmentIdentifier)
    /// What margin was told of an underlying: small, for certificates.
    case price(UnderlyingIdentifier)
}

/// A piece of primary state and its name.
public struct Leaf: Equatable, Sendable {
    public let key: LeafKey
    public let value: [UInt8]

    public init(key: LeafKey, value: [UInt8]) {
        self.key = key
        self.value = value
    }

    /// As the state tree takes it.
    var change: LeafChange { LeafChange(key: key.canonicalBytes, value: value) }
}

extension LeafKey: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        switch self {
        case .chain: encoder.append(UInt8(0))
        case .account(let identifier):
            encoder.append(UInt8(1))
            encoder.append(identifier)
        case .order(let identifier):
            encoder.append(UInt8(2))
            encoder.append(identifier)
        case .instrument(let identifier):
            encoder.append(UInt8(3))
            encoder.append(identifier)
        case .underlying(let identifier):
            encoder.append(UInt8(4))
            encoder.append(identifier)
        case .compartment(let identifier):
            encoder.append(UInt8(5))
            encoder.append(identifier)
        case .protections(let identifier):
            encoder.append(UInt8(6))
            encoder.append(identifier)
        case .curve(let underlying, let expiry):
            encoder.append(UInt8(7))
            encoder.append(underlying)
            encoder.append(expiry)
        case .keys(let identifier):
            encoder.append(UInt8(8))
            encoder.append(identifier)
        case .breaker(let scope):
            encoder.append(UInt8(9))
            encoder.append(scope)
        case .standing(let identifier):
            encoder.append(UInt8(10))
            encoder.append(identifier)
        case .vault(let identifier):
            encoder.append(UInt8(11))
            encoder.append(identifier)
        case .guardians: encoder.append(UInt8(12))
        case .economics(let identifier):
            encoder.append(UInt8(13))
            encoder.append(identifier)
        case .price(let identifier):
            encoder.append(UInt8(18))
            encoder.append(identifier)
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        switch try decoder.byte() {
        case 0: self = .chain
        case 1: self = .account(try decoder.value())
        case 2: self = .order(try decoder.value())
        case 3: self = .instrument(try decoder.value())
        case 4: self = .underlying(try decoder.value())
        case 5: self = .compartment(try decoder.value())
        case 6: self = .protections(try decoder.value())
        case 7: self = .curve(try decoder.value(), expiry: try decoder.timestamp())
        case 8: self = .keys(try decoder.value())
        case 12: self = .guardians
        case 13: self = .economics(try decoder.value())
        case 9: self = .breaker(try decoder.value())
        case 10: self = .standing(try decoder.value())
        case 11: self = .vault(try decoder.value())
        case 18: self = .price(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
