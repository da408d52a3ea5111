/// The field of integers modulo p = 2²⁵⁶ − 2³² − 977, over which secp256k1 is drawn.
///
/// An element is five limbs of 52 bits, the last of 48, with slack, so that sums need no carries.
/// One invariant keeps everything in range: every operation takes limbs below 2⁵⁵; products,
/// squares, differences and negations return limbs below 2⁵³, and `+` of two such returns limbs
/// below 2⁵⁴. So up to two sums may stand between products. Arithmetic wraps because these bounds
/// exclude overflow. Variable time: public data only. Source: SEC 2 version 2.0, section 2.4.1; the
/// shape of the limbs is that of libsecp256k1's `field_5x52`.
import Canonical

/// An integer modulo 2²⁵⁶ − 2³² − 977; the representation is not unique.
struct Secp256k1Field: Sendable {
    /// Limb i counts 2^(52 i).
    var limb0: UInt64
    var limb1: UInt64
    var limb2: UInt64
    var limb3: UInt64
    var limb4: UInt64

    @inline(__always)
    init(_ limb0: UInt64, _ limb1: UInt64, _ limb2: UInt64, _ limb3: UInt64, _ limb4: UInt64) {
        self.limb0 = limb0
        self.limb1 = limb1
        self.limb2 = limb2
        self.limb3 = limb3
        self.limb4 = limb4
    }

    @inline(__always)
    static var zero: Secp256k1Field { Secp256k1Field(0, 0, 0, 0, 0) }

    @inline(__always)
    static var one: Secp256k1Field { Secp256k1Field(1, 0, 0, 0, 0) }

    /// 2⁵² − 1.
    @inline(__always)
    private static var mask: UInt64 { 0xf_ffff_ffff_ffff }

    /// 2⁴⁸ − 1.
    @inline(__always)
    private static var topMask: UInt64 { 0xffff_ffff_ffff }

    /// 2²⁵⁶ modulo p: 2³² + 977.
    @inline(__always)
    private static var fold: UInt64 { 0x1_0000_03d1 }

    /// The integer in `bytes`, highest byte first; values of p and above are taken modulo p.
    init(bigEndian bytes: Bytes32) {
        self.init(words: [
            bytes.word3.byteSwapped, bytes.word2.byteSwapped, bytes.word1.byteSwapped,
            bytes.word0.byteSwapped,
        ])
    }

    /// The integer in four words, lowest first.
    init(words: InlineArray<4, UInt64>) {
        let mask = Self.mask
        limb0 = words[0] & mask
        limb1 = ((words[0] &>> 52) | (words[1] &<< 12)) & mask
        limb2 = ((words[1] &>> 40) | (words[2] &<< 24)) & mask
        limb3 = ((words[2] &>> 28) | (words[3] &<< 36)) & mask
        limb4 = words[3] &>> 16
    }

    /// The representative in `[0, p)`, highest byte first.
    var bigEndianBytes: Bytes32 {
        let value = canonical
        var bytes = Bytes32()
        bytes.word3 = (value.limb0 | (value.limb1 &<< 52)).byteSwapped
        bytes.word2 = ((value.limb1 &>> 12) | (value.limb2 &<< 40)).byteSwapped
        bytes.word1 = ((value.limb2 &>> 24) | (value.limb3 &<< 28)).byteSwapped
        bytes.word0 = ((value.limb3 &>> 36) | (value.limb4 &<< 16)).byteSwapped
        return bytes
    }

    @inline(__always)
    static func + (left: Secp256k1Field, right: Secp256k1Field) -> Secp256k1Field {
        Secp256k1Field(
            left.limb0 &+ right.limb0, left.limb1 &+ right.limb1, left.limb2 &+ right.limb2,
            left.limb3 &+ right.limb3, left.limb4 &+ right.limb4)
    }

    /// Adds 256 p first, so that no limb goes below zero: its limbs are 2⁶⁰ − 256 · (2³² + 977),
    /// three times 2⁶⁰ − 256, and 2⁵⁶ − 256.
    @inline(__always)
    static func - (left: Secp256k1Field, right: Secp256k1Field) -> Secp256k1Field {
        let first: UInt64 = 0xfff_feff_fffc_2f00
        let others: UInt64 = 0xfff_ffff_ffff_ff00
        let last: UInt64 = 0xff_ffff_ffff_ff00
        return Secp256k1Field(
            (left.limb0 &+ first) &- right.limb0, (left.limb1 &+ others) &- right.limb1,
            (left.limb2 &+ others) &- right.limb2, (left.limb3 &+ others) &- right.limb3,
            (left.limb4 &+ last) &- right.limb4
        ).carried
    }

    static prefix func - (value: Secp256k1Field) -> Secp256k1Field { zero - value }

    /// The same element with limbs below 2⁵³ (for limbs below 2⁶¹).
    @inline(__always)
    private var carried: Secp256k1Field {
        let mask = Self.mask
        return Secp256k1Field(
            (limb0 & mask) &+ (limb4 &>> 48) &* Self.fold, (limb1 & mask) &+ (limb0 &>> 52),
            (limb2 & mask) &+ (limb1 &>> 52), (limb3 & mask) &+ (limb2 &>> 52),
            (limb4 & Self.topMask) &+ (limb3 &>> 52))
    }

    @inline(__always)
    private static func wide(_ left: UInt64, _ right: UInt64) -> UInt128 {
        UInt128(truncatingIfNeeded: left) &* UInt128(truncatingIfNeeded: right)
    }

    /// Nine sums of products, each below 2¹¹³, where sum i counts 2^(52 i), modulo p.
    ///
    /// They are carried to limbs of 52 bits; limb 5 + i is folded onto limb i with 2²⁶⁰ ≡ 16 fold,
    /// and what then is above bit 256 onto limb 0.
    @inline(__always)
    private static func reduced(_ sums: InlineArray<9, UInt128>) -> Secp256k1Field {
        var limbs = InlineArray<10, UInt64>(repeating: 0)
        var carry: UInt128 = 0
        for index in 0..<9 {
            let value = sums[index] &+ carry
            limbs[index] = UInt64(truncatingIfNeeded: value) & mask
            carry = value &>> 52
        }
        limbs[9] = UInt64(truncatingIfNeeded: carry)
        carry = 0
        for index in 0..<4 {
            let value =
                UInt128(truncatingIfNeeded: limbs[index]) &+ wide(limbs[index &+ 5], fold &* 16)
                &+ carry
            limbs[index] = UInt64(truncatingIfNeeded: value) & mask
            carry = value &>> 52
        }
        let top =
            UInt128(truncatingIfNeeded: limbs[4]) &+ wide(limbs[9], fold &* 16) &+ carry
        let lowest =
            UInt128(truncatingIfNeeded: limbs[0])
            &+ wide(UInt64(truncatingIfNeeded: top &>> 48), fold)
        return Secp256k1Field(
            UInt64(truncatingIfNeeded: lowest) & mask,
            limbs[1] &+ UInt64(truncatingIfNeeded: lowest &>> 52), limbs[2], limbs[3],
            UInt64(truncatingIfNeeded: top) & topMask)
    }

    static func * (a: Secp256k1Field, b: Secp256k1Field) -> Secp256k1Field {
        reduced([
            wide(a.limb0, b.limb0),
            wide(a.limb0, b.limb1) &+ wide(a.limb1, b.limb0),
            wide(a.limb0, b.limb2) &+ wide(a.limb1, b.limb1) &+ wide(a.limb2, b.limb0),
            wide(a.limb0, b.limb3) &+ wide(a.limb1, b.limb2) &+ wide(a.limb2, b.limb1)
                &+ wide(a.limb3, b.limb0),
            wide(a.limb0, b.limb4) &+ wide(a.limb1, b.limb3) &+ wide(a.limb2, b.limb2)
                &+ wide(a.limb3, b.limb1) &+ wide(a.limb4, b.limb0),
            wide(a.limb1, b.limb4) &+ wide(a.limb2, b.limb3) &+ wide(a.limb3, b.limb2)
                &+ wide(a.limb4, b.limb1),
            wide(a.limb2, b.limb4) &+ wide(a.limb3, b.limb3) &+ wide(a.limb4, b.limb2),
            wide(a.limb3, b.limb4) &+ wide(a.limb4, b.limb3),
            wide(a.limb4, b.limb4),
        ])
    }

    /// The element times itself.
    var squared: Secp256k1Field {
        let double0 = limb0 &* 2
        let double1 = limb1 &* 2
        let double2 = limb2 &* 2
        let double3 = limb3 &* 2
        return Self.reduced([
            Self.wide(limb0, limb0),
            Self.wide(double0, limb1),
            Self.wide(double0, limb2) &+ Self.wide(limb1, limb1),
            Self.wide(double0, limb3) &+ Self.wide(double1, limb2),
            Self.wide(double0, limb4) &+ Self.wide(double1, limb3) &+ Self.wide(limb2, limb2),
            Self.wide(double1, limb4) &+ Self.wide(double2, limb3),
            Self.wide(double2, limb4) &+ Self.wide(limb3, limb3),
            Self.wide(double3, limb4),
            Self.wide(limb4, limb4),
        ])
    }

    /// The element squared `count` times, `count` at least 1.
    func squared(times count: Int) -> Secp256k1Field {
        var value = squared
        for _ in 1..<count { value = value.squared }
        return value
    }

    /// The one representative in `[0, p)`, limbs below 2⁵² and the last below 2⁴⁸.
    var canonical: Secp256k1Field {
        let value = carried.rippled(adding: 0)
        // The value is below 2 p: adding 2²⁵⁶ − p carries out of bit 256 exactly where it
        // is p or more.
        let shifted = value.rippled(adding: Self.fold)
        var result = shifted.limb4 &>> 48 == 0 ? value : shifted
        result.limb4 &= Self.topMask
        return result
    }

    /// The element plus `amount`, carried from limb to limb; what is above bit 256 stays in limb 4.
    @inline(__always)
    private func rippled(adding amount: UInt64) -> Secp256k1Field {
        let mask = Self.mask
        let next0 = limb0 &+ amount
        let next1 = limb1 &+ (next0 &>> 52)
        let next2 = limb2 &+ (next1 &>> 52)
        let next3 = limb3 &+ (next2 &>> 52)
        return Secp256k1Field(
            next0 & mask, next1 & mask, next2 & mask, next3 & mask, limb4 &+ (next3 &>> 52))
    }

    /// Whether the element is 0 modulo p.
    var isZero: Bool {
        let value = canonical
        return value.limb0 | value.limb1 | value.limb2 | value.limb3 | value.limb4 == 0
    }

    /// The lowest bit of the canonical representative.
    var isOdd: Bool { canonical.limb0 & 1 == 1 }

    /// Whether two elements are equal modulo p.
    static func == (left: Secp256k1Field, right: Secp256k1Field) -> Bool { (left - right).isZero }
}
