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
    /// Before a second tag: what margin follows.
    private static let marginTag: UInt8 = 17

    /// The first byte, and the second where there is one.
    private var tags: (first: UInt8, second: UInt8?) {
        switch self {
        case .chain: (0, nil)
        case .account: (1, nil)
        case .order: (2, nil)
        case .instrument: (3, nil)
        case .underlying: (4, nil)
        case .compartment: (5, nil)
        case .protections: (6, nil)
        case .curve: (7, nil)
        case .keys: (8, nil)
        case .breaker: (9, nil)
        case .standing: (10, nil)
        case .vault: (11, nil)
        case .guardians: (12, nil)
        case .economics: (13, nil)
        case .closing: (14, nil)
        case .auction: (15, nil)
        case .backstop: (16, nil)
        case .margin: (LeafKey.marginTag, 0)
        case .returns: (LeafKey.marginTag, 1)
        case .price: (18, nil)
        case .rescue: (LeafKey.protectionTag, 0)
        case .haircut: (LeafKey.protectionTag, 1)
        case .quotePeg: (LeafKey.protectionTag, 2)
        case .incentives: (20, nil)
        }
    }

    public func encode(into encoder: inout CanonicalEncoder) {
        let tags = tags
        encoder.append(tags.first)
        if let second = tags.second { encoder.append(second) }
        switch self {
        case .chain, .guardians, .quotePeg: break
        case .account(let account), .protections(let account), .keys(let account),
            .standing(let account), .auction(let account), .backstop(let account),
            .rescue(let account):
            encoder.append(account)
        case .order(let order): encoder.append(order)
        case .instrument(let instrument), .closing(let instrument), .haircut(let instrument):
            encoder.append(instrument)
        case .underlying(let underlying), .economics(let underlying), .margin(let underlying),
            .returns(let underlying), .price(let underlying):
            encoder.append(underlying)
        case .compartment(let compartment), .vault(let compartment), .incentives(let compartment):
            encoder.append(compartment)
        case .curve(let underlying, let expiry):
            encoder.append(underlying)
            encoder.append(expiry)
        case .breaker(let scope): encoder.append(scope)
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
        case LeafKey.marginTag:
            let isHistory = try decoder.boolean()
            let identifier: UnderlyingIdentifier = try decoder.value()
            self = isHistory ? .returns(identifier) : .margin(identifier)
        case 18: self = .price(try decoder.value())
        default: throw DecodingFault(.unknownTag, at: start)
        }
    }
}
