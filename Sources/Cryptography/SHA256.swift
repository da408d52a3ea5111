/// SHA-256 of one message, in one go or in pieces. It is the only hash of the state tree, of events
/// and receipts, and of everything that is signed; `SHA256+ManyAtOnce.swift` hashes many messages.
/// Source: FIPS 180-4, section 6.2. Public data only: time depends on the length of the message.
public import Canonical

/// A SHA-256 computation that takes its message in pieces.
public struct SHA256: Sendable {
    private var state: SHA256State<UInt32>
    private var buffer: InlineArray<64, UInt8>
    private var buffered: Int
    private var length: UInt64

    /// The hash of nothing so far.
    public init() {
        state = SHA256State()
        buffer = InlineArray(repeating: 0)
        buffered = 0
        length = 0
    }

    /// The SHA-256 hash of `bytes`. O(`bytes.count`).
    public static func digest(_ bytes: [UInt8]) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }

    /// The SHA-256 hash of `bytes` under `label`: of the label's header and then `bytes`.
    ///
    /// Everything signed or hashed outside the Merkle trees goes through here, so that no two kinds
    /// of message share a hash (`HashLabel` lists the kinds). O(`bytes.count`).
    public static func digest(label: HashLabel, _ bytes: [UInt8]) -> Digest {
        var hash = SHA256(label: label)
        hash.update(bytes)
        return hash.finalize()
    }

    /// A computation that has already taken in the header of `label`.
    public init(label: HashLabel) {
        self.init()
        update(label.header)
    }

    /// Takes in `bytes`. O(`bytes.count`).
    public mutating func update(_ bytes: [UInt8]) {
        update(bytes.span)
    }

    /// Takes in `input`. O(`input.count`).
    public mutating func update(_ input: borrowing Span<UInt8>) {
        length &+= UInt64(input.count)
        var offset = 0
        if buffered > 0 {
            while offset < input.count && buffered < 64 {
                buffer[buffered] = input[offset]
                buffered += 1
                offset += 1
            }
            if buffered < 64 { return }
            absorbBuffer()
        }
        while input.count - offset >= 64 {
            absorb(input, at: offset)
            offset += 64
        }
        while offset < input.count {
            buffer[buffered] = input[offset]
            buffered += 1
            offset += 1
        }
    }

    /// Takes in one byte.
    public mutating func update(_ byte: UInt8) {
        length &+= 1
        append(byte)
    }

    /// Takes in the thirty-two bytes of `digest`.
    public mutating func update(_ digest: Digest) {
        length &+= 32
        for index in 0..<32 { append(digest.storage[index]) }
    }

    /// The hash of everything taken in.
    public func finalize() -> Digest {
        var copy = self
        let bitCount = length &* 8
        copy.append(0x80)
        while copy.buffered != 56 { copy.append(0) }
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            copy.append(UInt8(truncatingIfNeeded: bitCount &>> shift))
        }
        let s = copy.state
        return Digest(bigEndianWords: s.a, s.b, s.c, s.d, s.e, s.f, s.g, s.h)
    }

    private mutating func append(_ byte: UInt8) {
        buffer[buffered] = byte
        buffered += 1
        if buffered == 64 { absorbBuffer() }
    }

    private mutating func absorbBuffer() {
        let full = buffer
        absorb(full.span, at: 0)
        buffered = 0
    }

    private mutating func absorb(_ input: borrowing Span<UInt8>, at offset: Int) {
        var block = InlineArray<16, UInt32>(repeating: 0)
        for word in 0..<16 {
            let start = offset &+ word &* 4
            let high = (UInt32(input[start]) &<< 24) | (UInt32(input[start &+ 1]) &<< 16)
            let low = (UInt32(input[start &+ 2]) &<< 8) | UInt32(input[start &+ 3])
            block[word] = high | low
        }
        state.absorb(block)
    }
}

extension Digest {
    /// The digest whose bytes are those of eight words, each with its first byte highest.
    @inline(__always)
    init(
        bigEndianWords a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32,
        _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: UInt32
    ) {
        var storage = Bytes32()
        storage.word0 = UInt64(a.byteSwapped) | (UInt64(b.byteSwapped) &<< 32)
        storage.word1 = UInt64(c.byteSwapped) | (UInt64(d.byteSwapped) &<< 32)
        storage.word2 = UInt64(e.byteSwapped) | (UInt64(f.byteSwapped) &<< 32)
        storage.word3 = UInt64(g.byteSwapped) | (UInt64(h.byteSwapped) &<< 32)
        self.init(storage)
    }
}
