/// Short names that people read (BTC-PERP, BTC-27MAR26-100000-C, USDC), as bytes: the deterministic
/// rooms compare no strings.

/// One to thirty-two characters out of `A-Z a-z 0-9 - . / _`, padded with zero bytes; ordered by
/// bytes.
@frozen
public struct Symbol: Comparable, Sendable {
    /// Most characters. A dated option of a long-named underlying fits.
    public static let limit = 32
    /// Characters in each of the two words.
    private static let half = 16

    /// The first sixteen characters, the first in the highest byte.
    let high: UInt128
    /// The others; zero where there are none.
    let low: UInt128

    /// The symbol with these characters; nil where there are none, more than thirty-two, or others.
    public init?(_ characters: [UInt8]) {
        guard (1...Symbol.limit).contains(characters.count) else { return nil }
        var words: (high: UInt128, low: UInt128) = (0, 0)
        for place in 0..<Symbol.limit {
            let character = place < characters.count ? characters[place] : 0
            guard place >= characters.count || Symbol.allows(character) else { return nil }
            if place < Symbol.half {
                words.high = words.high << 8 | UInt128(character)
            } else {
                words.low = words.low << 8 | UInt128(character)
            }
        }
        (high, low) = words
    }

    /// The characters without padding.
    public var characters: [UInt8] {
        var out: [UInt8] = []
        for word in [high, low] {
            var rest = word
            while rest != 0 {
                out.append(UInt8(truncatingIfNeeded: rest >> 120))
                rest <<= 8
            }
        }
        return out
    }

    private static func allows(_ character: UInt8) -> Bool {
        switch character {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: true
        default: false
        }
    }

    public static func < (left: Symbol, right: Symbol) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension Symbol: CanonicalValue {
    public func encode(into encoder: inout CanonicalEncoder) {
        for word in [high, low] {
            for shift in stride(from: 120, through: 0, by: -8) {
                encoder.append(UInt8(truncatingIfNeeded: word >> UInt128(shift)))
            }
        }
    }

    public init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        let start = decoder.offset
        var characters: [UInt8] = []
        var padding = false
        for _ in 0..<Symbol.limit {
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
