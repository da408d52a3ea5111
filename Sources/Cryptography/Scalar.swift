/// Integers modulo L = 2²⁵² + 27742317777372353535851937790883648493, the order of the base point
/// of Ed25519, by which points are multiplied. Variable time: public data only. Source: RFC 8032,
/// section 5.1.
import Canonical

/// An integer in `[0, L)`.
struct Scalar: Equatable, Sendable {
    /// Word i counts 2^(64 i).
    private(set) var words: InlineArray<4, UInt64>

    static func == (left: Scalar, right: Scalar) -> Bool {
        left.words[0] == right.words[0] && left.words[1] == right.words[1]
            && left.words[2] == right.words[2] && left.words[3] == right.words[3]
    }

    static var zero: Scalar { Scalar(words: [0, 0, 0, 0]) }

    /// L, lowest word first.
    @inline(__always)
    private static var order: InlineArray<4, UInt64> {
        [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6, 0, 0x1000_0000_0000_0000]
    }

    private init(words: InlineArray<4, UInt64>) { self.words = words }

    /// The 256-bit integer in `bytes`, lowest byte first, or nil where it is L or more.
    init?(canonical bytes: Bytes32) {
        words = [bytes.word0, bytes.word1, bytes.word2, bytes.word3]
        if !Words256.isBelow(words, Self.order) { return nil }
    }

    /// A 128-bit integer, in two words.
    init(low: UInt64, high: UInt64) {
        words = [low, high, 0, 0]
    }

    /// The integer, lowest byte first.
    var bytes: Bytes32 {
        var bytes = Bytes32()
        bytes.word0 = words[0]
        bytes.word1 = words[1]
        bytes.word2 = words[2]
        bytes.word3 = words[3]
        return bytes
    }

    /// A 512-bit integer modulo L, lowest word first.
    ///
    /// With c = L − 2²⁵², 2²⁵² is −c. Splitting at bit 252 and replacing the upper part by −c times
    /// it, four times over, gives x ≡ low₀ − low₁ + low₂ − low₃ with each low below 2²⁵²; the upper
    /// parts have 260, 133, 6 and 0 bits. Adding 2 L makes the sum positive and below 5 L.
    init(reducing wide: InlineArray<8, UInt64>) {
        var rest = wide
        var positive: InlineArray<4, UInt64> = [
            0xb024_c634_b9eb_a7da, 0x29bd_f3bd_45ef_39ac, 0, 0x2000_0000_0000_0000,
        ]
        for step in 0..<4 {
            let low: InlineArray<4, UInt64> = [
                rest[0], rest[1], rest[2], rest[3] & 0x0fff_ffff_ffff_ffff,
            ]
            if step % 2 == 0 {
                positive = Words256.sum(positive, low)
            } else {
                positive = Words256.difference(positive, low)
            }
            rest = Self.upperTimesTail(rest)
        }
        while !Words256.isBelow(positive, Self.order) {
            positive = Words256.difference(positive, Self.order)
        }
        words = positive
    }

    /// c times the bits from 252 up, where c is L − 2²⁵².
    private static func upperTimesTail(_ value: InlineArray<8, UInt64>) -> InlineArray<8, UInt64> {
        let tail: InlineArray<2, UInt64> = [0x5812_631a_5cf5_d3ed, 0x14de_f9de_a2f7_9cd6]
        var out = InlineArray<8, UInt64>(repeating: 0)
        for index in 0..<5 {
            let above = index < 4 ? value[index &+ 4] &<< 4 : 0
            let word = (value[index &+ 3] &>> 60) | above
            var carry: UInt64 = 0
            for part in 0..<2 {
                let sum =
                    UInt128(word) &* UInt128(tail[part]) &+ UInt128(out[index &+ part])
                    &+ UInt128(carry)
                out[index &+ part] = UInt64(truncatingIfNeeded: sum)
                carry = UInt64(truncatingIfNeeded: sum &>> 64)
            }
            out[index &+ 2] = carry
        }
        return out
    }

    static func * (left: Scalar, right: Scalar) -> Scalar {
        Scalar(reducing: Words256.product(left.words, right.words))
    }

    static func + (left: Scalar, right: Scalar) -> Scalar {
        let sum = Words256.sum(left.words, right.words)
        return Scalar(
            words: Words256.isBelow(sum, order) ? sum : Words256.difference(sum, order))
    }

    static prefix func - (value: Scalar) -> Scalar {
        value == .zero ? .zero : Scalar(words: Words256.difference(order, value.words))
    }

    /// Writes the signed digits of width `width` (`Words256.writeSignedDigits`).
    func writeSignedDigits(
        width: Int, to digits: inout [Int8], offset: Int, stride: Int
    ) {
        Words256.writeSignedDigits(
            of: words, width: width, to: &digits, offset: offset, stride: stride)
    }
}
