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
    @inline(__always)
    mutating func absorb(_ block: InlineArray<16, Word>) {
        var schedule = block
        var working = self
        working.runSixteenRounds(schedule, from: 0)
        for start in 1..<4 {
            Self.extend(&schedule)
            working.runSixteenRounds(schedule, from: start &* 16)
        }
        a = a &+ working.a
        b = b &+ working.b
        c = c &+ working.c
        d = d &+ working.d
        e = e &+ working.e
        f = f &+ working.f
        g = g &+ working.g
        h = h &+ working.h
    }

    /// The next sixteen words of the message schedule, over the last sixteen.
    @inline(__always)
    private static func extend(_ w: inout InlineArray<16, Word>) {
        for index in 0..<16 {
            let early = w[(index &+ 1) & 15]
            let late = w[(index &+ 14) & 15]
            let small0 =
                early.rotatedRight(by: 7) ^ early.rotatedRight(by: 18) ^ early.shiftedRight(by: 3)
            let small1 =
                late.rotatedRight(by: 17) ^ late.rotatedRight(by: 19) ^ late.shiftedRight(by: 10)
            w[index] = w[index] &+ small0 &+ w[(index &+ 9) & 15] &+ small1
        }
    }

    @inline(__always)
    private mutating func runSixteenRounds(_ w: InlineArray<16, Word>, from start: Int) {
        let constants = SHA256Constants.rounds
        for half in 0..<2 {
            let i = half &* 8
            let k = start &+ i
            Self.round(a, b, c, &d, e, f, g, &h, w[i], constants[k])
            Self.round(h, a, b, &c, d, e, f, &g, w[i &+ 1], constants[k &+ 1])
            Self.round(g, h, a, &b, c, d, e, &f, w[i &+ 2], constants[k &+ 2])
            Self.round(f, g, h, &a, b, c, d, &e, w[i &+ 3], constants[k &+ 3])
            Self.round(e, f, g, &h, a, b, c, &d, w[i &+ 4], constants[k &+ 4])
            Self.round(d, e, f, &g, h, a, b, &c, w[i &+ 5], constants[k &+ 5])
            Self.round(c, d, e, &f, g, h, a, &b, w[i &+ 6], constants[k &+ 6])
            Self.round(b, c, d, &e, f, g, h, &a, w[i &+ 7], constants[k &+ 7])
        }
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
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ]
}
