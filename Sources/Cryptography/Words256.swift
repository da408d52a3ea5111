/// Integers of 256 bits in four words, lowest first: what the scalars of both curves are made of.
/// Nothing here reduces; the scalars know their modulus. Variable time: public data only. Source:
/// Hankerson, Menezes and Vanstone, "Guide to Elliptic Curve Cryptography" (2004), algorithms 2.5,
/// 2.6, 2.9 and 3.35.

/// Arithmetic on 256-bit integers.
enum Words256 {
    /// Whether `left` is less than `right`.
    static func isBelow(
        _ left: InlineArray<4, UInt64>, _ right: InlineArray<4, UInt64>
    ) -> Bool {
        for index in (0..<4).reversed() where left[index] != right[index] {
            return left[index] < right[index]
        }
        return false
    }

    /// The sum, which the caller knows to be below 2²⁵⁶.
    static func sum(
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
    static func difference(
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

    /// The product, 512 bits.
    static func product(
        _ left: InlineArray<4, UInt64>, _ right: InlineArray<4, UInt64>
    ) -> InlineArray<8, UInt64> {
        var wide = InlineArray<8, UInt64>(repeating: 0)
        for index in 0..<4 {
            var carry: UInt64 = 0
            for part in 0..<4 {
                let sum =
                    UInt128(left[index]) &* UInt128(right[part])
                    &+ UInt128(wide[index &+ part]) &+ UInt128(carry)
                wide[index &+ part] = UInt64(truncatingIfNeeded: sum)
                carry = UInt64(truncatingIfNeeded: sum &>> 64)
            }
            wide[index &+ 4] = carry
        }
        return wide
    }

    /// Writes the signed digits of width `width` (2 to 8) of `value`, which is below 2²⁵⁵, to every
    /// `stride`-th place of `digits` from `offset`: digit i counts 2ⁱ, is 0 or odd, and is below
    /// 2^(width − 1) in size. Of any `width` digits in a row at most one is not 0. There are 256
    /// digits, the top ones 0.
    static func writeSignedDigits(
        of value: InlineArray<4, UInt64>, width: Int, to digits: inout [Int8], offset: Int,
        stride: Int
    ) {
        let modulus = 1 &<< width
        var position = 0
        var carry = 0
        while position < 256 {
            let word = position / 64
            let bit = UInt64(position % 64)
            var window = value[word] &>> bit
            if bit > 0 && word < 3 { window |= value[word &+ 1] &<< (64 &- bit) }
            let digit = carry &+ Int(truncatingIfNeeded: window & UInt64(modulus &- 1))
            if digit % 2 == 0 {
                position &+= 1
                continue
            }
            let isUpper = digit >= modulus / 2
            carry = isUpper ? 1 : 0
            digits[offset &+ position &* stride] =
                Int8(truncatingIfNeeded: isUpper ? digit &- modulus : digit)
            position &+= width
        }
    }
}
