/// Keccak-256 as Ethereum uses it: the function of the SHA-3 competition, whose padding differs
/// from that of FIPS 202. Ethereum addresses and EIP-712 digests are made with it, nothing else in
/// the house is. Source: Bertoni and others, "The Keccak reference" 3.0 (2011), section 1.2; rate
/// 1088 bits, capacity 512. Public data only: time depends on the length of the message.
public import Canonical

/// A Keccak-256 computation that takes its message in pieces.
public struct Keccak256: Sendable {
    /// Bytes taken in between two permutations.
    private static let rate = 136
    /// The first byte of the padding (FIPS 202 has 6).
    private static let paddingStart: UInt64 = 0x01
    /// The last bit of the padding, in the last lane of the rate.
    private static let paddingEnd: UInt64 = 0x8000_0000_0000_0000

    private var state: KeccakState
    /// Bytes already taken into the current block, below the rate.
    private var filled: Int

    /// The hash of nothing so far.
    public init() {
        state = KeccakState()
        filled = 0
    }

    /// The Keccak-256 hash of `bytes`. O(`bytes.count`).
    public static func hash(_ bytes: [UInt8]) -> Bytes32 {
        var hash = Keccak256()
        hash.update(bytes)
        return hash.finalize()
    }

    /// Takes in `bytes`. O(`bytes.count`).
    public mutating func update(_ bytes: [UInt8]) {
        let input = bytes.span
        var offset = 0
        while offset < input.count {
            if filled & 7 == 0 && input.count - offset >= 8 {
                var word: UInt64 = 0
                for index in (0..<8).reversed() {
                    word = word &<< 8 | UInt64(input[offset + index])
                }
                absorb(word, width: 8)
                offset += 8
            } else {
                absorb(UInt64(input[offset]), width: 1)
                offset += 1
            }
        }
    }

    /// Takes in thirty-two bytes.
    public mutating func update(_ bytes: Bytes32) { update(bytes.bytes) }

    /// The hash of everything taken in.
    public func finalize() -> Bytes32 {
        var last = state
        last.lanes[filled >> 3] ^= Self.paddingStart &<< UInt64((filled & 7) * 8)
        last.lanes[Self.rate / 8 - 1] ^= Self.paddingEnd
        last.permute()
        var out = Bytes32()
        out.word0 = last.lanes[0]
        out.word1 = last.lanes[1]
        out.word2 = last.lanes[2]
        out.word3 = last.lanes[3]
        return out
    }

    /// Takes in the lowest `width` bytes of `word`, which do not cross a lane.
    @inline(__always)
    private mutating func absorb(_ word: UInt64, width: Int) {
        state.lanes[filled >> 3] ^= word &<< UInt64((filled & 7) * 8)
        filled += width
        if filled == Self.rate {
            state.permute()
            filled = 0
        }
    }
}

/// The 25 lanes of Keccak-f[1600]; lane x + 5 y is A[x, y] of the reference.
private struct KeccakState {
    var lanes = InlineArray<25, UInt64>(repeating: 0)

    /// ι: what is added to lane 0 in each of the 24 rounds (section 1.2, table of RC).
    private static let roundConstants: [UInt64] = [
        0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a,
        0x8000_0000_8000_8000, 0x0000_0000_0000_808b, 0x0000_0000_8000_0001,
        0x8000_0000_8000_8081, 0x8000_0000_0000_8009, 0x0000_0000_0000_008a,
        0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
        0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089,
        0x8000_0000_0000_8003, 0x8000_0000_0000_8002, 0x8000_0000_0000_0080,
        0x0000_0000_0000_800a, 0x8000_0000_8000_000a, 0x8000_0000_8000_8081,
        0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
    ]

    /// ρ and π together, as one walk over the lanes 1 to 24: the lane that is written next.
    private static let walk: InlineArray<24, Int> = [
        10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
    ]

    /// The rotation of each step of the walk: the triangular numbers modulo 64.
    private static let rotations: InlineArray<24, UInt64> = [
        1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
    ]

    /// Keccak-f[1600].
    mutating func permute() {
        let walk = Self.walk
        let rotations = Self.rotations
        for constant in Self.roundConstants {
            mixColumns()
            var carried = lanes[1]
            for step in 0..<24 {
                let target = walk[step]
                let kept = lanes[target]
                lanes[target] = Self.rotated(carried, by: rotations[step])
                carried = kept
            }
            for row in stride(from: 0, to: 25, by: 5) { mixRow(from: row) }
            lanes[0] ^= constant
        }
    }

    /// θ: each lane takes in the parities of two columns.
    @inline(__always)
    private mutating func mixColumns() {
        var parity = InlineArray<5, UInt64>(repeating: 0)
        for x in 0..<5 {
            parity[x] = lanes[x] ^ lanes[x &+ 5] ^ lanes[x &+ 10] ^ lanes[x &+ 15] ^ lanes[x &+ 20]
        }
        for x in 0..<5 {
            let mask =
                parity[x == 0 ? 4 : x &- 1] ^ Self.rotated(parity[x == 4 ? 0 : x &+ 1], by: 1)
            for y in stride(from: 0, to: 25, by: 5) { lanes[x &+ y] ^= mask }
        }
    }

    /// χ: the only step that is not linear.
    @inline(__always)
    private mutating func mixRow(from row: Int) {
        let (a, b, c) = (lanes[row], lanes[row &+ 1], lanes[row &+ 2])
        let (d, e) = (lanes[row &+ 3], lanes[row &+ 4])
        lanes[row] = a ^ (~b & c)
        lanes[row &+ 1] = b ^ (~c & d)
        lanes[row &+ 2] = c ^ (~d & e)
        lanes[row &+ 3] = d ^ (~e & a)
        lanes[row &+ 4] = e ^ (~a & b)
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
        (word &<< count) | (word &>> (64 &- count))
    }
}
