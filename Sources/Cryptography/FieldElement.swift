/// The field of integers modulo p = 2²⁵⁵ − 19, over which Ed25519 is drawn.
///
/// An element is five limbs of 51 bits, with slack, so that sums need no carries. One invariant
/// keeps everything in range: every operation takes limbs below 2⁵⁴; products, squares, differences
/// and negations return limbs below 2⁵², and `+` of two such returns limbs below 2⁵³. So one sum
/// (or two) may stand between products. Arithmetic wraps because these bounds exclude overflow.
/// Variable time: public data only. Source: Bernstein, "Curve25519" (2006); the bounds are those of
/// curve25519-dalek's 64-bit backend.
import Canonical

/// An integer modulo 2²⁵⁵ − 19; the representation is not unique.
struct FieldElement: Sendable {
    /// Limb i counts 2^(51 i).
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
    static var zero: FieldElement { FieldElement(0, 0, 0, 0, 0) }

    @inline(__always)
    static var one: FieldElement { FieldElement(1, 0, 0, 0, 0) }

    /// 2⁵¹ − 1.
    @inline(__always)
    private static var mask: UInt64 { 0x7_ffff_ffff_ffff }

    /// The low 255 bits of `bytes`, lowest byte first; values of p and above are taken modulo p.
    init(_ bytes: Bytes32) {
        let mask = FieldElement.mask
        limb0 = bytes.word0 & mask
        limb1 = ((bytes.word0 &>> 51) | (bytes.word1 &<< 13)) & mask
        limb2 = ((bytes.word1 &>> 38) | (bytes.word2 &<< 26)) & mask
        limb3 = ((bytes.word2 &>> 25) | (bytes.word3 &<< 39)) & mask
        limb4 = (bytes.word3 &>> 12) & mask
    }

    @inline(__always)
    static func + (left: FieldElement, right: FieldElement) -> FieldElement {
        FieldElement(
            left.limb0 &+ right.limb0, left.limb1 &+ right.limb1, left.limb2 &+ right.limb2,
            left.limb3 &+ right.limb3, left.limb4 &+ right.limb4)
    }

    /// Adds 16 p first, whose limbs are 2⁵⁵ − 304 and 2⁵⁵ − 16, so that no limb goes below zero.
    @inline(__always)
    static func - (left: FieldElement, right: FieldElement) -> FieldElement {
        let first: UInt64 = 0x7f_ffff_ffff_fed0
        let others: UInt64 = 0x7f_ffff_ffff_fff0
        return FieldElement(
            (left.limb0 &+ first) &- right.limb0, (left.limb1 &+ others) &- right.limb1,
            (left.limb2 &+ others) &- right.limb2, (left.limb3 &+ others) &- right.limb3,
            (left.limb4 &+ others) &- right.limb4
        ).carried
    }

    static prefix func - (value: FieldElement) -> FieldElement { zero - value }

    /// The same element with limbs below 2⁵² (for limbs of any 64 bits).
    @inline(__always)
    private var carried: FieldElement {
        let mask = FieldElement.mask
        return FieldElement(
            (limb0 & mask) &+ (limb4 &>> 51) &* 19, (limb1 & mask) &+ (limb0 &>> 51),
            (limb2 & mask) &+ (limb1 &>> 51), (limb3 & mask) &+ (limb2 &>> 51),
            (limb4 & mask) &+ (limb3 &>> 51))
    }

    @inline(__always)
    private static func wide(_ left: UInt64, _ right: UInt64) -> UInt128 {
        UInt128(truncatingIfNeeded: left) &* UInt128(truncatingIfNeeded: right)
    }

    /// Five sums of products, each below 2¹¹⁵, carried to limbs below 2⁵².
    @inline(__always)
    private static func reduced(
        _ sum0: UInt128, _ sum1: UInt128, _ sum2: UInt128, _ sum3: UInt128, _ sum4: UInt128
    ) -> FieldElement {
        let carry0 = UInt64(truncatingIfNeeded: sum0 &>> 51)
        let next1 = sum1 &+ UInt128(truncatingIfNeeded: carry0)
        let carry1 = UInt64(truncatingIfNeeded: next1 &>> 51)
        let next2 = sum2 &+ UInt128(truncatingIfNeeded: carry1)
        let carry2 = UInt64(truncatingIfNeeded: next2 &>> 51)
        let next3 = sum3 &+ UInt128(truncatingIfNeeded: carry2)
        let carry3 = UInt64(truncatingIfNeeded: next3 &>> 51)
        let next4 = sum4 &+ UInt128(truncatingIfNeeded: carry3)
        let carry4 = UInt64(truncatingIfNeeded: next4 &>> 51)
        let low0 = (UInt64(truncatingIfNeeded: sum0) & mask) &+ carry4 &* 19
        let low1 = (UInt64(truncatingIfNeeded: next1) & mask) &+ (low0 &>> 51)
        return FieldElement(
            low0 & mask, low1, UInt64(truncatingIfNeeded: next2) & mask,
            UInt64(truncatingIfNeeded: next3) & mask, UInt64(truncatingIfNeeded: next4) & mask)
    }

    static func * (a: FieldElement, b: FieldElement) -> FieldElement {
        let b1 = b.limb1 &* 19
        let b2 = b.limb2 &* 19
        let b3 = b.limb3 &* 19
        let b4 = b.limb4 &* 19
        let sum0 =
            wide(a.limb0, b.limb0) &+ wide(a.limb1, b4) &+ wide(a.limb2, b3)
            &+ wide(a.limb3, b2) &+ wide(a.limb4, b1)
        let sum1 =
            wide(a.limb0, b.limb1) &+ wide(a.limb1, b.limb0) &+ wide(a.limb2, b4)
            &+ wide(a.limb3, b3) &+ wide(a.limb4, b2)
        let sum2 =
            wide(a.limb0, b.limb2) &+ wide(a.limb1, b.limb1) &+ wide(a.limb2, b.limb0)
            &+ wide(a.limb3, b4) &+ wide(a.limb4, b3)
        let sum3 =
            wide(a.limb0, b.limb3) &+ wide(a.limb1, b.limb2) &+ wide(a.limb2, b.limb1)
            &+ wide(a.limb3, b.limb0) &+ wide(a.limb4, b4)
        let sum4 =
            wide(a.limb0, b.limb4) &+ wide(a.limb1, b.limb3) &+ wide(a.limb2, b.limb2)
            &+ wide(a.limb3, b.limb1) &+ wide(a.limb4, b.limb0)
        return reduced(sum0, sum1, sum2, sum3, sum4)
    }

    /// The element times itself.
    var squared: FieldElement {
        let double0 = limb0 &* 2
        let double1 = limb1 &* 2
        let double2 = limb2 &* 2
        let times3 = limb3 &* 19
        let times4 = limb4 &* 19
        let sum0 =
            Self.wide(limb0, limb0) &+ Self.wide(double1, times4) &+ Self.wide(double2, times3)
        let sum1 =
            Self.wide(double0, limb1) &+ Self.wide(double2, times4) &+ Self.wide(limb3, times3)
        let sum2 =
            Self.wide(double0, limb2) &+ Self.wide(limb1, limb1)
            &+ Self.wide(limb3 &* 2, times4)
        let sum3 =
            Self.wide(double0, limb3) &+ Self.wide(double1, limb2) &+ Self.wide(limb4, times4)
        let sum4 =
            Self.wide(double0, limb4) &+ Self.wide(double1, limb3) &+ Self.wide(limb2, limb2)
        return Self.reduced(sum0, sum1, sum2, sum3, sum4)
    }

    /// The element squared `count` times, `count` at least 1.
    func squared(times count: Int) -> FieldElement {
        var value = squared
        for _ in 1..<count { value = value.squared }
        return value
    }

    /// The one representative in `[0, p)`, limbs below 2⁵¹.
    var canonical: FieldElement {
        let mask = FieldElement.mask
        var value = carried.carried
        // The value is below 2 p: adding 19 carries out of bit 255 exactly where it is p or more.
        var carry = (value.limb0 &+ 19) &>> 51
        carry = (value.limb1 &+ carry) &>> 51
        carry = (value.limb2 &+ carry) &>> 51
        carry = (value.limb3 &+ carry) &>> 51
        carry = (value.limb4 &+ carry) &>> 51
        value.limb0 &+= 19 &* carry
        value.limb1 &+= value.limb0 &>> 51
        value.limb2 &+= value.limb1 &>> 51
        value.limb3 &+= value.limb2 &>> 51
        value.limb4 &+= value.limb3 &>> 51
        return FieldElement(
            value.limb0 & mask, value.limb1 & mask, value.limb2 & mask, value.limb3 & mask,
            value.limb4 & mask)
    }

    /// Whether the element is 0 modulo p.
    var isZero: Bool {
        let value = canonical
        return value.limb0 | value.limb1 | value.limb2 | value.limb3 | value.limb4 == 0
    }

    /// The lowest bit of the canonical representative: the "sign" of RFC 8032.
    var isOdd: Bool { canonical.limb0 & 1 == 1 }

    /// Whether two elements are equal modulo p.
    static func == (left: FieldElement, right: FieldElement) -> Bool { (left - right).isZero }
}
