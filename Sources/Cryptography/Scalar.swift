/// Integers modulo L = 2²⁵² + 27742317777372353535851937790883648493, the order of the base point
/// of Ed25519, by which points are multiplied. Variable time: public data only. Source: RFC 8032,
/// section 5.1; signed digits as in Hankerson, Menezes and Vanstone, "Guide to Elliptic Curve
/// Cryptography" (2004), algorithm 3.35.
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
        if !Self.isBelow(words, Self.order) { return nil }
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
                positive = Self.sum(positive, low)
            } else {
                positive = Self.difference(positive, low)
            }
            rest = Self.upperTimesTail(rest)
        }
        while !Self.isBelow(positive, Self.order) {
            positive = Self.difference(positive, Self.order)
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
        var wide = InlineArray<8, UInt64>(repeating: 0)
        for index in 0..<4 {
            var carry: UInt64 = 0
            for part in 0..<4 {
                let sum =
                    UInt128(left.words[index]) &* UInt128(right.words[part])
                    &+ UInt128(wide[index &+ part]) &+ UInt128(carry)
                wide[index &+ part] = UInt64(truncatingIfNeeded: sum)
                carry = UInt64(truncatingIfNeeded: sum &>> 64)
            }
            wide[index &+ 4] = carry
        }
        return Scalar(reducing: wide)
    }

    static func + (left: Scalar, right: Scalar) -> Scalar {
        let sum = Self.sum(left.words, right.words)
        return Scalar(words: isBelow(sum, order) ? sum : difference(sum, order))
    }

    static prefix func - (value: Scalar) -> Scalar {
        value == .zero ? .zero : Scalar(words: difference(order, value.words))
    }

    /// Writes the signed digits of width `width` (2 to 8) to every `stride`-th place of `digits`
    /// from `offset`: digit i counts 2ⁱ, is 0 or odd, and is below 2^(width − 1) in size. Of any
    /// `width` digits in a row at most one is not 0. There are 256 digits, the top ones 0.
    func writeSignedDigits(
        width: Int, to digits: inout [Int8], offset: Int, stride: Int
    ) {
        let modulus = 1 &<< width
        var position = 0
        var carry = 0
        while position < 256 {
            let word = position / 64
            let bit = UInt64(position % 64)
            var window = words[word] &>> bit
            if bit > 0 && word < 3 { window |= words[word &+ 1] &<< (64 &- bit) }
            let value = carry &+ Int(truncatingIfNeeded: window & UInt64(modulus &- 1))
            if value % 2 == 0 {
                position &+= 1
                continue
            }
            let isUpper = value >= modulus / 2
            carry = isUpper ? 1 : 0
            digits[offset &+ position &* stride] =
                Int8(truncatingIfNeeded: isUpper ? value &- modulus : value)
            position &+= width
        }
    }

    // MARK: 256-bit integers

    private static func isBelow(
        _ left: InlineArray<4, UInt64>, _ right: InlineArray<4, UInt64>
    ) -> Bool {
        for index in (0..<4).reversed() where left[index] != right[index] {
            return left[index] < right[index]
        }
        return false
    }

    /// The sum, which the caller knows to be below 2²⁵⁶.
    private static func sum(
        _ left: InlineArray<4, UInt64>, _ right: InlineArray<4, UInt64>
    ) -> InlineArray<4, UInt64> {
        var out = left
        var carry: UInt64 = 0
        for index in 0..<4 {
            let sum = UInt128(left[index]) &+ UInt128(right[index]) &+ UInt128(carry)
            out[index] = UInt64(truncatingIfNeeded: sum)
            carry = UInt64(truncatingIfNeeded: sum &>> 64)
        }
        return out
    }

    /// The difference, which the caller knows to be 0 or more.
    private static func difference(
        _ left: InlineArray<4, UInt64>, _ right: InlineArray<4, UInt64>
    ) -> InlineArray<4, UInt64> {
        var out = left
        var borrow: UInt64 = 0
        for index in 0..<4 {
            let (first, under) = left[index].subtractingReportingOverflow(right[index])
            let (second, again) = first.subtractingReportingOverflow(borrow)
            out[index] = second
            borrow = under || again ? 1 : 0
        }
        return out
    }
}
