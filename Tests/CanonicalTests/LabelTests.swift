/// What a label may consist of, its order, and its one encoding.
import Canonical
import TestKit
import Testing

@Test func aLabelIsUpToSixtyFourBytesOfPrintableASCII() throws {
    for count in [0, 1, 31, 32, 33, 63, 64] {
        let bytes = (0..<count).map { UInt8(0x20 + $0) }
        let label = try #require(Label(bytes))
        #expect(label.bytes == bytes && label.isEmpty == (count == 0))
        #expect(label.canonicalBytes.count == 4 + count)
    }
    #expect(Label([UInt8](repeating: 0x41, count: 65)) == nil)
    for byte in 0...255 as ClosedRange<UInt8> {
        #expect((Label([0x41, byte]) != nil) == (0x20...0x7E).contains(byte))
    }
    #expect(Label() == Label([]))
}

@Test func labelsAndFingerprintsAreEqualIfTheirBytesAre() {
    let seed: UInt64 = 23
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
        let pair = (0..<2).map { _ in
            (0..<Int.random(in: 0...64, using: &random)).map { _ in
                UInt8.random(in: 0x41...0x42, using: &random)
            }
        }
        guard let left = Label(pair[0]), let right = Label(pair[1]) else {
            Issue.record("both are labels, seed \(seed)")
            return
        }
        #expect((left.fingerprint == right.fingerprint) == (pair[0] == pair[1]))
        #expect((left == right) == (pair[0] == pair[1]))
    }
}

@Test func aLabelHasOneEncoding() throws {
    let seed: UInt64 = 24
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
        let text = (0..<Int.random(in: 0...64, using: &random)).map { _ in
            UInt8.random(in: 0x20...0x7E, using: &random)
        }
        var bytes = try #require(Label(text)).canonicalBytes
        #expect(try Label(canonicalBytes: bytes).bytes == text, "seed \(seed)")
        bytes[.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
        guard let other = try? Label(canonicalBytes: bytes) else { continue }
        #expect(other.canonicalBytes == bytes, "seed \(seed)")
    }
    #expect(throws: DecodingFault.self) {
        try Label(canonicalBytes: [65, 0, 0, 0] + [UInt8](repeating: 0x41, count: 65))
    }
}
