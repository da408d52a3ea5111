/// The compression function of SHA-256, written once for one message and for eight at a time. A
/// `SHA256Word` is either one 32-bit word or a vector of eight, one lane per message; the steps are
/// the same. Source: FIPS 180-4, sections 4.1.2, 4.2.2, 5.3.3 and 6.2.2. Public data only.

/// What the rounds need of a word: wrapping addition, logic, and shifts by a constant.
protocol SHA256Word: Sendable {
    init(broadcasting value: UInt32)
    static func &+ (left: Self, right: Self) -> Self
    static func ^ (left: Self, right: Self) -> Self
    static func & (left: Self, right: Self) -> Self
    /// The word rotated towards its low end by `count` bits, in `1 ..< 32`.
    func rotatedRight(by count: UInt32) -> Self
    /// The word shifted towards its low end by `count` bits, in `1 ..< 32`.
    func shiftedRight(by count: UInt32) -> Self
}

extension UInt32: SHA256Word {
    @inline(__always)
    init(broadcasting value: UInt32) { self = value }

    @inline(__always)
    func rotatedRight(by count: UInt32) -> UInt32 { (self &>> count) | (self &<< (32 &- count)) }

    @inline(__always)
    func shiftedRight(by count: UInt32) -> UInt32 { self &>> count }
}

/// One word of each of eight messages, hashed side by side.
struct EightWords: SHA256Word {
    var lanes: SIMD8<UInt32>

    @inline(__always)
    init(_ lanes: SIMD8<UInt32>) { self.lanes = lanes }

    @inline(__always)
    init(broadcasting value: UInt32) { lanes = SIMD8(repeating: value) }

    @inline(__always)
    static func &+ (left: EightWords, right: EightWords) -> EightWords {
        EightWords(left.lanes &+ right.lanes)
    }

    @inline(__always)
    static func ^ (left: EightWords, right: EightWords) -> EightWords {
        EightWords(left.lanes ^ right.lanes)
    }

    @inline(__always)
    static func & (left: EightWords, right: EightWords) -> EightWords {
        EightWords(left.lanes & right.lanes)
    }

    @inline(__always)
    func rotatedRight(by count: UInt32) -> EightWords {
        let right = lanes &>> SIMD8(repeating: count)
        return EightWords(right | (lanes &<< SIMD8(repeating: 32 &- count)))
    }

    @inline(__always)
    func shiftedRight(by count: UInt32) -> EightWords {
        EightWords(lanes &>> SIMD8(repeating: count))
    }
}

/// The eight working words of SHA-256, for one message or for eight.
struct SHA256State<Word: SHA256Word>: Sendable {
    var a: Word
    var b: Word
    var c: Word
    var d: Word
    var e: Word
    var f: Word
    var g: Word
    var h: Word

    /// The initial hash value: fractional parts of the square roots of the first eight primes.
    @inline(__always)
    init() {
        a = Word(broadcasting: 0x6a09e667)
        b = Word(broadcasting: 0xbb67ae85)
        c = Word(broadcasting: 0x3c6ef372)
        d = Word(broadcasting: 0xa54ff53a)
        e = Word(broadcasting: 0x510e527f)
        f = Word(broadcasting: 0x9b05688c)
        g = Word(broadcasting: 0x1f83d9ab)
        h = Word(broadcasting: 0x5be0cd19)
    }

    /// Takes in one block of sixteen big-endian words (FIPS 180-4, 6.2.2).
    ///
    /// Indices are written out, so that the schedule and the working words stay in registers.
    @inline(__always)
    mutating func absorb(_ block: InlineArray<16, Word>) {
        let constants = SHA256Constants.rounds
        var w = block
        var s = self
        for group in 0..<4 {
            if group > 0 { Self.extend(&w) }
            let k = group &* 16
            Self.round(s.a, s.b, s.c, &s.d, s.e, s.f, s.g, &s.h, w[0], constants[k])
            Self.round(s.h, s.a, s.b, &s.c, s.d, s.e, s.f, &s.g, w[1], constants[k &+ 1])
            Self.round(s.g, s.h, s.a, &s.b, s.c, s.d, s.e, &s.f, w[2], constants[k &+ 2])
            Self.round(s.f, s.g, s.h, &s.a, s.b, s.c, s.d, &s.e, w[3], constants[k &+ 3])
            Self.round(s.e, s.f, s.g, &s.h, s.a, s.b, s.c, &s.d, w[4], constants[k &+ 4])
            Self.round(s.d, s.e, s.f, &s.g, s.h, s.a, s.b, &s.c, w[5], constants[k &+ 5])
            Self.round(s.c, s.d, s.e, &s.f, s.g, s.h, s.a, &s.b, w[6], constants[k &+ 6])
            Self.round(s.b, s.c, s.d, &s.e, s.f, s.g, s.h, &s.a, w[7], constants[k &+ 7])
            Self.round(s.a, s.b, s.c, &s.d, s.e, s.f, s.g, &s.h, w[8], constants[k &+ 8])
            Self.round(s.h, s.a, s.b, &s.c, s.d, s.e, s.f, &s.g, w[9], constants[k &+ 9])
            Self.round(s.g, s.h, s.a, &s.b, s.c, s.d, s.e, &s.f, w[10], constants[k &+ 10])
            Self.round(s.f, s.g, s.h, &s.a, s.b, s.c, s.d, &s.e, w[11], constants[k &+ 11])
            Self.round(s.e, s.f, s.g, &s.h, s.a, s.b, s.c, &s.d, w[12], constants[k &+ 12])
            Self.round(s.d, s.e, s.f, &s.g, s.h, s.a, s.b, &s.c, w[13], constants[k &+ 13])
            Self.round(s.c, s.d, s.e, &s.f, s.g, s.h, s.a, &s.b, w[14], constants[k &+ 14])
            Self.round(s.b, s.c, s.d, &s.e, s.f, s.g, s.h, &s.a, w[15], constants[k &+ 15])
        }
        a = a &+ s.a
        b = b &+ s.b
        c = c &+ s.c
        d = d &+ s.d
        e = e &+ s.e
        f = f &+ s.f
        g = g &+ s.g
        h = h &+ s.h
    }

    /// The next sixteen words of the message schedule, over the last sixteen.
    @inline(__always)
    private static func extend(_ w: inout InlineArray<16, Word>) {
        w[0] = next(w[0], w[1], w[9], w[14])
        w[1] = next(w[1], w[2], w[10], w[15])
        w[2] = next(w[2], w[3], w[11], w[0])
        w[3] = next(w[3], w[4], w[12], w[1])
        w[4] = next(w[4], w[5], w[13], w[2])
        w[5] = next(w[5], w[6], w[14], w[3])
        w[6] = next(w[6], w[7], w[15], w[4])
        w[7] = next(w[7], w[8], w[0], w[5])
        w[8] = next(w[8], w[9], w[1], w[6])
        w[9] = next(w[9], w[10], w[2], w[7])
        w[10] = next(w[10], w[11], w[3], w[8])
        w[11] = next(w[11], w[12], w[4], w[9])
        w[12] = next(w[12], w[13], w[5], w[10])
        w[13] = next(w[13], w[14], w[6], w[11])
        w[14] = next(w[14], w[15], w[7], w[12])
        w[15] = next(w[15], w[0], w[8], w[13])
    }

    /// The word sixteen places after `oldest`.
    @inline(__always)
    private static func next(_ oldest: Word, _ early: Word, _ middle: Word, _ late: Word) -> Word {
        let small0 =
            early.rotatedRight(by: 7) ^ early.rotatedRight(by: 18) ^ early.shiftedRight(by: 3)
        let small1 =
            late.rotatedRight(by: 17) ^ late.rotatedRight(by: 19) ^ late.shiftedRight(by: 10)
        return oldest &+ small0 &+ middle &+ small1
    }

    /// One round with the roles of the eight words rotated by the caller instead of moved.
    @inline(__always)
    private static func round(
        _ a: Word, _ b: Word, _ c: Word, _ d: inout Word,
        _ e: Word, _ f: Word, _ g: Word, _ h: inout Word,
        _ word: Word, _ constant: UInt32
    ) {
        let big1 = e.rotatedRight(by: 6) ^ e.rotatedRight(by: 11) ^ e.rotatedRight(by: 25)
        let choice = g ^ (e & (f ^ g))
        let first = h &+ big1 &+ choice &+ (word &+ Word(broadcasting: constant))
        let big0 = a.rotatedRight(by: 2) ^ a.rotatedRight(by: 13) ^ a.rotatedRight(by: 22)
        let majority = (a & b) ^ (c & (a ^ b))
        d = d &+ first
        h = first &+ big0 &+ majority
    }
}

/// The round constants: fractional parts of the cube roots of the first 64 primes.
enum SHA256Constants {
    static let rounds: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1,
        0x923f_82a4, 0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
        0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786,
        0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147,
        0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
        0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
        0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a,
        0x5b9c_ca4f, 0x682e_6ff3, 0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
        0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]
}
