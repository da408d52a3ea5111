/// Integers modulo n, the order of the base point of secp256k1, by which points are multiplied.
/// Variable time: public data only. Source: SEC 2 version 2.0, section 2.4.1.
import Canonical

/// An integer in `[0, n)`.
struct Secp256k1Scalar: Equatable, Sendable {
    /// Word i counts 2^(64 i).
    private(set) var words: InlineArray<4, UInt64>

    static var one: Secp256k1Scalar { Secp256k1Scalar(words: [1, 0, 0, 0]) }

    /// n, lowest word first.
    @inline(__always)
    private static var order: InlineArray<4, UInt64> {
        [
            0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe,
            0xffff_ffff_ffff_ffff,
        ]
    }

    /// 2²⁵⁶ − n, which is 2²⁵⁶ modulo n and has 129 bits.
    @inline(__always)
    private static var tail: InlineArray<4, UInt64> {
        [0x402d_a173_2fc9_bebf, 0x4551_2319_50b7_5fc4, 1, 0]
    }

    /// (n − 1) / 2: the greatest s that a signature may have.
    @inline(__always)
    private static var half: InlineArray<4, UInt64> {
        [
            0xdfe9_2f46_681b_20a0, 0x5d57_6e73_57a4_501d, 0xffff_ffff_ffff_ffff,
            0x7fff_ffff_ffff_ffff,
        ]
    }

    private init(words: InlineArray<4, UInt64>) { self.words = words }

    private static func words(bigEndian bytes: Bytes32) -> InlineArray<4, UInt64> {
        [
            bytes.word3.byteSwapped, bytes.word2.byteSwapped, bytes.word1.byteSwapped,
            bytes.word0.byteSwapped,
        ]
    }

    /// The integer in `bytes`, highest byte first, modulo n.
    init(reducing bytes: Bytes32) {
        let value = Self.words(bigEndian: bytes)
        words =
            Words256.isBelow(value, Self.order) ? value : Words256.difference(value, Self.order)
    }

    /// The integer in `bytes`, highest byte first, or nil where it is 0, or n or more.
    init?(inRange bytes: Bytes32) {
        words = Self.words(bigEndian: bytes)
        if isZero || !Words256.isBelow(words, Self.order) { return nil }
    }

    /// A 512-bit integer modulo n, lowest word first.
    ///
    /// With c = 2²⁵⁶ − n of 129 bits, the upper half is replaced by c times it, three times over:
    /// then it has 130 bits, 3 bits and, as the sum stays below 2²⁵⁶ + 2¹³³, at most one.
    private init(reducing wide: InlineArray<8, UInt64>) {
        var low: InlineArray<4, UInt64> = [wide[0], wide[1], wide[2], wide[3]]
        var high: InlineArray<4, UInt64> = [wide[4], wide[5], wide[6], wide[7]]
        while high[0] | high[1] | high[2] | high[3] != 0 {
            let product = Words256.product(high, Self.tail)
            var carry: UInt64 = 0
            for index in 0..<8 {
                let word = index < 4 ? low[index & 3] : 0
                let sum = UInt128(product[index]) &+ UInt128(word) &+ UInt128(carry)
                if index < 4 {
                    low[index & 3] = UInt64(truncatingIfNeeded: sum)
                } else {
                    high[index & 3] = UInt64(truncatingIfNeeded: sum)
                }
                carry = UInt64(truncatingIfNeeded: sum &>> 64)
            }
        }
        words = Words256.isBelow(low, Self.order) ? low : Words256.difference(low, Self.order)
    }

    static func == (left: Secp256k1Scalar, right: Secp256k1Scalar) -> Bool {
        left.words[0] == right.words[0] && left.words[1] == right.words[1]
            && left.words[2] == right.words[2] && left.words[3] == right.words[3]
    }

    var isZero: Bool { words[0] | words[1] | words[2] | words[3] == 0 }

    /// Whether the integer is above (n − 1) / 2: of s and n − s exactly one is.
    var isHigh: Bool { Words256.isBelow(Self.half, words) }

    static func * (left: Secp256k1Scalar, right: Secp256k1Scalar) -> Secp256k1Scalar {
        Secp256k1Scalar(reducing: Words256.product(left.words, right.words))
    }

    static prefix func - (value: Secp256k1Scalar) -> Secp256k1Scalar {
        value.isZero ? value : Secp256k1Scalar(words: Words256.difference(order, value.words))
    }

    /// The inverse, as the power n − 2; the inverse of 0 is 0. Four bits of the exponent at a time.
    var inverse: Secp256k1Scalar {
        var table = InlineArray<16, Secp256k1Scalar>(repeating: .one)
        for index in 1..<16 { table[index] = table[index &- 1] * self }
        let exponent = Words256.difference(Self.order, [2, 0, 0, 0])
        var result = Self.one
        for digit in (0..<64).reversed() {
            for _ in 0..<4 { result = result * result }
            let bits = exponent[digit / 16] &>> UInt64(digit % 16 * 4)
            result = result * table[Int(truncatingIfNeeded: bits & 15)]
        }
        return result
    }

    /// The signed digits of width `width`, 256 of them (`Words256.writeSignedDigits`), of the
    /// integer or of its negative, whichever is below 2²⁵⁵, and whether it is the negative.
    func signedDigits(width: Int) -> (digits: [Int8], negated: Bool) {
        let negated = isHigh
        var digits = [Int8](repeating: 0, count: 256)
        Words256.writeSignedDigits(
            of: negated ? (-self).words : words, width: width, to: &digits, offset: 0, stride: 1)
        return (digits, negated)
    }
}
