/// The one source of chance in a simulation: seeded, ours, and the same on every machine for ever.

/// xoshiro256** by Blackman and Vigna (2018), seeded through SplitMix64 as they advise.
package struct SimulationGenerator: RandomNumberGenerator, Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// A generator whose numbers depend on `seed` alone.
    package init(seed: UInt64) {
        var mixer = SplitMix(state: seed)
        state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
    }

    /// A generator for one named part of a simulation, so that parts do not shift each other's numbers.
    package init(seed: UInt64, stream: UInt64) {
        var mixer = SplitMix(state: stream)
        self.init(seed: seed ^ mixer.next())
    }

    package mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = ((product << 7) | (product >> 57)) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = (state.3 << 45) | (state.3 >> 19)
        return result
    }

    /// A whole number in `range`, by the high half of a product, which is the same in every version of
    /// the standard library; the bias is below 2⁻³² for ranges below 2³².
    package mutating func integer(in range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(bitPattern: range.upperBound &- range.lowerBound) &+ 1
        guard width > 0 else { return Int64(bitPattern: next()) }
        return range.lowerBound &+ Int64(bitPattern: next().multipliedFullWidth(by: width).high)
    }

    /// Nearly normal with mean 0 and standard deviation `deviation`: the sum of twelve uniform numbers,
    /// so never beyond six deviations.
    package mutating func normal(deviation: Int64) -> Int64 {
        var sum: Int64 = 0
        for _ in 0..<12 { sum += Int64(next() >> 44) }
        let centred = sum - 6 * (1 << 20)
        return Int64(truncatingIfNeeded: Int128(centred) * Int128(deviation) / (1 << 20))
    }
}

/// SplitMix64 by Vigna, used to spread a seed over a larger state.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
