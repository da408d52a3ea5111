/// Byte strings in one buffer: each stands where it says, and what was there before is forgotten.
import Canonical
import TestKit
import Testing

@Suite struct ByteStringsTests {
    private func strings(of list: ByteStrings) -> [[UInt8]] {
        (0..<list.count).map { Array(list.storage[list.range(of: $0)]) }
    }

    @Test func `what is appended stands in its range, empty strings too`() {
        var random = SeededGenerator(seed: 5)
        var list = ByteStrings()
        for length in [0, 1, 3, 200, 7] {
            // The second round is shorter or longer than the room of the first.
            let wanted = (0..<length).map { _ in
                (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    UInt8.random(in: 0 ... .max, using: &random)
                }
            }
            list.removeAll()
            for string in wanted { list.append { $0.append(uncounted: string) } }
            #expect(strings(of: list) == wanted)
            #expect(strings(of: ByteStrings(wanted)) == wanted)
        }
    }

    @Test func `several appends make one string`() {
        var list = ByteStrings()
        list.append { _ in }
        list.append { encoder in
            encoder.append(UInt8(1))
            encoder.append(UInt16(0x0302))
        }
        #expect(strings(of: list) == [[], [1, 2, 3]])
    }

    @Test func `an encoder that starts again writes what a new one writes`() {
        var encoder = CanonicalEncoder(reservingCapacity: 3)
        #expect(encoder.bytes.isEmpty)
        for value in [UInt64.max, 1, 0] {
            encoder.removeAll()
            #expect(encoder.count == 0)
            encoder.append(value)
            encoder.append(Int128(-2))
            encoder.append(true)
            #expect(encoder.count == 25)
            var expected = (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
            expected += [254] + [UInt8](repeating: 255, count: 15) + [1]
            #expect(encoder.bytes == expected)
        }
        // What was handed out does not change with what is written later.
        let before = encoder.bytes
        encoder.append([UInt8](repeating: 9, count: 100).reduce(UInt8(0), &+))
        #expect(before.count == 25 && encoder.bytes.dropLast() == before[...])
    }
}
