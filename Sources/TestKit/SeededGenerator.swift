/// Chance for tests: a failing seed can be kept and run again.

/// xoshiro256** by Blackman and Vigna (2018), seeded through SplitMix64 as they advise.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: [UInt64] = []

    /// A generator whose numbers depend on `seed` alone.
    public init(seed: UInt64) {
        var counter = seed
        for _ in 0..<4 {
            counter &+= 0x9e37_79b9_7f4a_7c15
            var mixed = counter
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            state.append(mixed ^ (mixed >> 31))
        }
    }

    /// A generator that starts from the four words of the published algorithm.
    public init(state: (UInt64, UInt64, UInt64, UInt64)) {
        self.state = [state.0, state.1, state.2, state.3]
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let result = SeededGenerator.rotated(state[1] &* 5, by: 7) &* 9
        let shifted = state[1] << 17
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = SeededGenerator.rotated(state[3], by: 45)
        return result
    }

    private static func rotated(_ value: UInt64, by count: UInt64) -> UInt64 {
        (value << count) | (value >> (64 - count))
    }
}
