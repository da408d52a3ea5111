/// SHA-512, which Ed25519 prescribes (RFC 8032, section 5.1) and which derives the coefficients of
/// a batch. Nothing else in the house uses it. Source: FIPS 180-4, sections 4.1.3, 4.2.3, 5.3.5 and
/// 6.4. Public data only: time depends on the length of the message.
public import Canonical

/// A SHA-512 computation that takes its message in pieces.
public struct SHA512: Sendable {
    private var state: SHA512State
    private var buffer: InlineArray<128, UInt8>
    private var buffered: Int
    private var length: UInt64

    /// The hash of nothing so far.
    public init() {
        state = SHA512State()
        buffer = InlineArray(repeating: 0)
        buffered = 0
        length = 0
    }

    /// Takes in `bytes`. O(`bytes.count`).
    public mutating func update(_ bytes: [UInt8]) { update(bytes, bytes.indices) }

    /// Takes in `bytes[range]`. O(`range.count`).
    ///
    /// - Precondition: `range` lies within `bytes`.
    public mutating func update(_ bytes: [UInt8], _ range: Range<Int>) {
        let input = bytes.span.extracting(range)
        length &+= UInt64(input.count)
        var offset = 0
        if buffered > 0 {
            while offset < input.count && buffered < 128 {
                buffer[buffered] = input[offset]
                buffered += 1
                offset += 1
            }
            if buffered < 128 { return }
            absorbBuffer()
        }
        while input.count - offset >= 128 {
            state.absorb(InlineArray { word in Self.bigEndian(input, at: offset + word * 8) })
            offset += 128
        }
        while offset < input.count {
            buffer[buffered] = input[offset]
            buffered += 1
            offset += 1
        }
    }

    /// Takes in thirty-two bytes.
    public mutating func update(_ bytes: Bytes32) {
        length &+= 32
        for index in 0..<32 { append(bytes[index]) }
    }

    /// The 64 bytes of the hash of everything taken in.
    public func finalize() -> [UInt8] {
        let words = finalizedWords()
        var out: [UInt8] = []
        out.reserveCapacity(64)
        for index in 0..<8 { words[index].byteSwapped.appendLittleEndian(to: &out) }
        return out
    }

    /// The SHA-512 hash of `bytes`: 64 bytes. O(`bytes.count`).
    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA512()
        hash.update(bytes)
        return hash.finalize()
    }

    /// The eight words of the hash, word 0 the first, each with its first byte highest.
    func finalizedWords() -> InlineArray<8, UInt64> {
        var copy = self
        let bitCount = length &* 8
        copy.append(0x80)
        while copy.buffered != 112 { copy.append(0) }
        for _ in 0..<8 { copy.append(0) }
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            copy.append(UInt8(truncatingIfNeeded: bitCount &>> shift))
        }
        return copy.state.words
    }

    /// The hash as a 512-bit integer, lowest word first, its first byte lowest (RFC 8032).
    func littleEndianWords() -> InlineArray<8, UInt64> {
        let words = finalizedWords()
        return InlineArray { words[$0].byteSwapped }
    }

    private mutating func append(_ byte: UInt8) {
        buffer[buffered] = byte
        buffered += 1
        if buffered == 128 { absorbBuffer() }
    }

    private mutating func absorbBuffer() {
        let full = buffer
        let input = full.span
        state.absorb(InlineArray { word in Self.bigEndian(input, at: word * 8) })
        buffered = 0
    }

    @inline(__always)
    private static func bigEndian(_ input: borrowing Span<UInt8>, at offset: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<8 { value = (value &<< 8) | UInt64(input[offset &+ index]) }
        return value
    }
}

/// The eight working words of SHA-512.
struct SHA512State: Sendable {
    /// The initial hash value: fractional parts of the square roots of the first eight primes.
    var words: InlineArray<8, UInt64> = [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ]

    /// Takes in one block of sixteen big-endian words (FIPS 180-4, 6.4.2).
    mutating func absorb(_ block: InlineArray<16, UInt64>) {
        var w = block
        var working = words
        for start in 0..<5 {
            if start > 0 { Self.extend(&w) }
            Self.runSixteenRounds(&working, w, from: start &* 16)
        }
        for index in 0..<8 { words[index] = words[index] &+ working[index] }
    }

    @inline(__always)
    private static func extend(_ w: inout InlineArray<16, UInt64>) {
        for index in 0..<16 {
            let early = w[(index &+ 1) & 15]
            let late = w[(index &+ 14) & 15]
            let small0 = rotated(early, by: 1) ^ rotated(early, by: 8) ^ (early &>> 7)
            let small1 = rotated(late, by: 19) ^ rotated(late, by: 61) ^ (late &>> 6)
            w[index] = w[index] &+ small0 &+ w[(index &+ 9) & 15] &+ small1
        }
    }

    @inline(__always)
    private static func runSixteenRounds(
        _ s: inout InlineArray<8, UInt64>, _ w: InlineArray<16, UInt64>, from start: Int
    ) {
        let constants = SHA512Constants.rounds
        var (a, b, c, d) = (s[0], s[1], s[2], s[3])
        var (e, f, g, h) = (s[4], s[5], s[6], s[7])
        for index in 0..<16 {
            let big1 = rotated(e, by: 14) ^ rotated(e, by: 18) ^ rotated(e, by: 41)
            let choice = g ^ (e & (f ^ g))
            let first = h &+ big1 &+ choice &+ constants[start &+ index] &+ w[index]
            let big0 = rotated(a, by: 28) ^ rotated(a, by: 34) ^ rotated(a, by: 39)
            let second = big0 &+ ((a & b) ^ (c & (a ^ b)))
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }
        s = [a, b, c, d, e, f, g, h]
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
        (word &>> count) | (word &<< (64 &- count))
    }
}

/// The round constants: fractional parts of the cube roots of the first 80 primes.
enum SHA512Constants {
    static let rounds: [UInt64] = [
        0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
        0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
        0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
        0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
        0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
        0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
        0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
        0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
        0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
        0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
        0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
        0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
        0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
        0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
        0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
        0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
        0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
        0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
        0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
        0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
    ]
}
