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
    /// What forced closing has taken of a market's book lately; where it ever took anything.
    case closing(InstrumentIdentifier)
    /// When the auction of an account under liquidation began, where there is one.
    case auction(AccountIdentifier)
    /// What an account that is committed to a backstop takes, where one is.
    case backstop(AccountIdentifier)
    /// The fees that wait to be shared, and for how long makers stood, where there is any of it.
    case incentives(CompartmentIdentifier)
    /// What the engine may do for an account before it is liquidated, where it has asked.
    case rescue(AccountIdentifier)
    /// What depth and peg add to the haircuts of an asset, where genesis has rules for it.
    case haircut(InstrumentIdentifier)
    /// What the quote asset is taken to be worth, where it has a feed.
    case quotePeg
    /// M of an underlying and what it stands on; where its margin sets itself.
    case margin(UnderlyingIdentifier)
    /// The returns of an underlying that its M is estimated from: rewritten once an hour.
    case returns(UnderlyingIdentifier)
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
    /// Before a second tag: what protects accounts before liquidation.
    private static let protectionTag: UInt8 = 19

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
        case .auction(let identifier):
            encoder.append(UInt8(15))
            encoder.append(identifier)
        case .backstop(let identifier):
            encoder.append(UInt8(16))
            encoder.append(identifier)
        case .incentives(let identifier):
            encoder.append(UInt8(20))
            encoder.append(identifier)
        case .guardians: encoder.append(UInt8(12))
        case .economics(let identifier):
            encoder.append(UInt8(13))
            encoder.append(identifier)
        case .closing(let identifier):
            encoder.append(UInt8(14))
            encoder.append(identifier)
        case .rescue(let identifier):
            encoder.append(LeafKey.protectionTag)
            encoder.append(UInt8(0))
            encoder.append(identifier)
        case .haircut(let identifier):
            encoder.append(LeafKey.protectionTag)
            encoder.append(UInt8(1))
            encoder.append(identifier)
        case .quotePeg:
            encoder.append(LeafKey.protectionTag)
            encoder.append(UInt8(2))
        case .margin(let identifier):
            encoder.append(UInt8(17))
            encoder.append(UInt8(0))
            encoder.append(identifier)
        case .returns(let identifier):
            encoder.append(UInt8(17))
            encoder.append(UInt8(1))
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
        case 14: self = .closing(try decoder.value())
        case 15: self = .auction(try decoder.value())
        case 16: self = .backstop(try decoder.value())
        case 20: self = .incentives(try decoder.value())
        case LeafKey.protectionTag:
            switch try decoder.byte() {
            case 0: self = .rescue(try decoder.value())
            case 1: self = .haircut(try decoder.value())
            case 2: self = .quotePeg
            default: throw DecodingFault(.unknownTag, at: start)
            }
        case 17:
            let isHistory = try decoder.boolean()
            let identifier: UnderlyingIdentifier = try decoder.value()
            self = isHistory ? .returns(identifier) : .margin(identifier)
        case 18: self = .price(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
