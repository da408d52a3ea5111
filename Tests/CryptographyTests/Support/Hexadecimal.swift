// Hexadecimal text to bytes and back, and a small generator of random numbers with a fixed seed,
// for the tests of this room.
import Canonical

func bytes(_ hexadecimal: String) -> [UInt8] {
    var out: [UInt8] = []
    var high: UInt8?
    for character in hexadecimal {
        guard let digit = character.hexDigitValue else { continue }
        if let first = high {
            out.append(first << 4 | UInt8(digit))
            high = nil
        } else {
            high = UInt8(digit)
        }
    }
    return out
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

func digest(_ hexadecimal: String) -> Digest { Digest(Bytes32(bytes(hexadecimal))) }

/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers in every run.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    mutating func digest() -> Digest { Digest(Bytes32(bytes(32))) }
}
