/// Short names that people read (BTC-PERP, USDC), as bytes: the deterministic rooms compare no
/// strings.

/// One to sixteen characters out of `A-Z a-z 0-9 - . / _`, padded with zero bytes; ordered by
/// bytes.
@frozen
public struct Symbol: Comparable, Sendable {
    /// The characters, the first in the highest byte.
    public let packed: UInt128

    private init(packed: UInt128) { self.packed = packed }

    /// The symbol with these characters; nil where there are none, more than sixteen, or others.
    public init?(_ characters: [UInt8]) {
        guard (1...16).contains(characters.count) else { return nil }
        var packed: UInt128 = 0
        for character in characters {
            guard Symbol.allows(character) else { return nil }
            packed = packed << 8 | UInt128(character)
        }
        self.packed = packed << UInt128((16 - characters.count) * 8)
    }

    /// The characters without padding.
    public var characters: [UInt8] {
        var out: [UInt8] = []
        var rest = packed
        while rest != 0 {
            out.append(UInt8(truncatingIfNeeded: rest >> 120))
            rest <<= 8
        }
        return out
    }

    private static func allows(_ character: UInt8) -> Bool {
        switch character {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: true
        default: false
        }
    }

    public static func < (left: Symbol, right: Symbol) -> Bool { left.packed < right.packed }
}

extension Symbol: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        for shift in stride(from: 120, through: 0, by: -8) {
            encoder.append(UInt8(truncatingIfNeeded: packed >> UInt128(shift)))
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        var characters: [UInt8] = []
        var padding = false
        for _ in 0..<16 {
            let character = try decoder.byte()
            if character == 0 {
                padding = true
            } else {
                guard !padding else { throw DecodingFault(.outOfRange, at: start) }
                characters.append(character)
            }
        }
        guard let symbol = Symbol(characters) else { throw DecodingFault(.outOfRange, at: start) }
        self = symbol
    }
}
