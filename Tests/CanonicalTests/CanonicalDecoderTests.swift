/// The encoding as a whole: what is written is read again, what is not an encoding is refused with
/// its reason and place, and no bytes make the decoder trap.
import Canonical
import FixedPoint
import TestKit
import Testing

private let seed: UInt64 = 22

/// A value with one field of every shape.
private struct Sample: CanonicalValue, Equatable {
    var small: UInt16
    var amount: Amount
    var wide: Int128
    var flag: Bool
    var name: Digest?
    var list: [OrderIdentifier]
    var raw: [UInt8]

    init<Random: RandomNumberGenerator>(using random: inout Random) {
        small = .random(in: 0 ... .max, using: &random)
        amount = Amount(microunits: .random(in: .min ... .max, using: &random))
        wide = .random(in: .min ... .max, using: &random)
        flag = .random(using: &random)
        let bytes = (0..<32).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
        name = Bool.random(using: &random) ? Digest(Bytes32(bytes)) : nil
        list = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            OrderIdentifier(.random(in: 0 ... .max, using: &random))
        }
        raw = (0..<Int.random(in: 0...9, using: &random)).map { _ in
            .random(in: 0 ... .max, using: &random)
        }
    }

    func encode(into encoder: inout CanonicalEncoder) {
        encoder.append(small)
        encoder.append(amount)
        encoder.append(wide)
        encoder.append(flag)
        encoder.append(name)
        encoder.append(list)
        encoder.append(bytes: raw)
    }

    init(from decoder: inout CanonicalDecoder) throws(DecodingFault) {
        small = try decoder.uint16()
        amount = try decoder.quantity()
        wide = try decoder.int128()
        flag = try decoder.boolean()
        name = try decoder.optional()
        list = try decoder.list(limit: 4)
        raw = try decoder.byteString(limit: 9)
    }
}

@Test func everyValueSurvivesItsEncoding() throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
        let sample = Sample(using: &random)
        #expect(try Sample(canonicalBytes: sample.canonicalBytes) == sample, "seed \(seed)")
    }
}

/// Whatever the decoder accepts, it would have written itself: mutated bytes either fail or are the
/// one encoding of another value.
@Test func theDecoderAcceptsOnlyEncodings() {
    var random = SeededGenerator(seed: seed)
    var refused = 0
    for _ in 0..<20_000 {
        var bytes = Sample(using: &random).canonicalBytes
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            bytes[.random(in: 0..<bytes.count, using: &random)] ^=
                UInt8(1) << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.removeLast(.random(in: 1...bytes.count, using: &random))
        default: bytes.append(.random(in: 0 ... .max, using: &random))
        }
        do {
            #expect(try Sample(canonicalBytes: bytes).canonicalBytes == bytes, "seed \(seed)")
        } catch {
            refused += 1
        }
    }
    #expect(refused > 10_000, "seed \(seed)")
}

/// One read of some bytes, and the fault that it must give.
private struct FaultRow: Sendable {
    let bytes: [UInt8]
    let fault: DecodingFault?
    let read: @Sendable (inout CanonicalDecoder) throws(DecodingFault) -> Void

    init(
        _ bytes: [UInt8], _ reason: DecodingFault.Reason?, at offset: Int = 0,
        _ read: @escaping @Sendable (inout CanonicalDecoder) throws(DecodingFault) -> Void
    ) {
        self.bytes = bytes
        fault = reason.map { DecodingFault($0, at: offset) }
        self.read = read
    }
}

private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

private let widthRows: [FaultRow] = [
    FaultRow([], .truncated) { (decoder) throws(DecodingFault) in _ = try decoder.byte() },
    FaultRow([9], nil) { (decoder) throws(DecodingFault) in _ = try decoder.byte() },
    FaultRow(zeros(1), .truncated) { (decoder) throws(DecodingFault) in _ = try decoder.uint16() },
    FaultRow(zeros(3), .truncated) { (decoder) throws(DecodingFault) in
        _ = try decoder.uint32()
    },
    FaultRow(zeros(7), .truncated) { (decoder) throws(DecodingFault) in _ = try decoder.uint64() },
    FaultRow(zeros(8), nil) { (decoder) throws(DecodingFault) in _ = try decoder.int64() },
    FaultRow(zeros(15), .truncated) { (decoder) throws(DecodingFault) in
        _ = try decoder.int128()
    },
    FaultRow(zeros(31), .truncated) { (decoder) throws(DecodingFault) in _ = try decoder.bytes32()
    },
    FaultRow(zeros(33), .trailingBytes, at: 32) { (decoder) throws(DecodingFault) in
        _ = try decoder.bytes32()
    },
    FaultRow([1, 2], .trailingBytes, at: 1) { (decoder) throws(DecodingFault) in
        _ = try decoder.byte()
    },
]

private let shapeRows: [FaultRow] = [
    FaultRow([1], nil) { (decoder) throws(DecodingFault) in _ = try decoder.boolean() },
    FaultRow([2], .notBoolean) { (decoder) throws(DecodingFault) in _ = try decoder.boolean() },
    FaultRow([255], .notBoolean) { (decoder) throws(DecodingFault) in
        _ = try decoder.optional(Digest.self)
    },
    FaultRow([1, 7], .truncated, at: 1) { (decoder) throws(DecodingFault) in
        _ = try decoder.optional(Digest.self)
    },
    FaultRow([0], nil) { (decoder) throws(DecodingFault) in _ = try decoder.optional(Digest.self) },
    FaultRow([2, 0, 0, 0, 1, 1], nil) { (decoder) throws(DecodingFault) in
        _ = try decoder.byteString(limit: 2)
    },
    FaultRow([3, 0, 0, 0, 1, 1, 1], .tooMany) { (decoder) throws(DecodingFault) in
        _ = try decoder.byteString(limit: 2)
    },
    FaultRow([2, 0, 0, 0, 1], .truncated, at: 4) { (decoder) throws(DecodingFault) in
        _ = try decoder.byteString(limit: 2)
    },
    FaultRow([2, 0, 0, 0] + zeros(16), nil) { (decoder) throws(DecodingFault) in
        _ = try decoder.list(of: OrderIdentifier.self, limit: 2)
    },
    FaultRow([3, 0, 0, 0] + zeros(24), .tooMany) { (decoder) throws(DecodingFault) in
        _ = try decoder.list(of: OrderIdentifier.self, limit: 2)
    },
    // A count that no memory could hold is refused for the missing bytes.
    FaultRow([255, 255, 255, 255], .truncated, at: 4) { (decoder) throws(DecodingFault) in
        _ = try decoder.list(of: OrderIdentifier.self, limit: .max)
    },
]

@Test(arguments: widthRows + shapeRows)
private func eachFaultNamesItsReasonAndPlace(_ row: FaultRow) {
    var decoder = CanonicalDecoder(row.bytes)
    var fault: DecodingFault?
    do {
        try row.read(&decoder)
        try decoder.finish()
    } catch {
        fault = error
    }
    #expect(fault == row.fault)
}

/// A part of an array is read as if it were all of it, wherever it stands: not one byte before it
/// or behind it.
@Test func aDecoderStaysWithinItsPart() throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
        let sample = Sample(using: &random)
        let bytes = sample.canonicalBytes
        for (before, behind) in [(0, 0), (1, 0), (0, 1), (5, 9)] {
            let whole = [UInt8](repeating: 1, count: before) + bytes + zeros(behind)
            var decoder = CanonicalDecoder(whole, in: before..<(before + bytes.count))
            #expect(decoder.offset == before && decoder.remaining == bytes.count)
            #expect(try decoder.value() == sample, "seed \(seed)")
            try decoder.finish()
            var short = CanonicalDecoder(whole, in: before..<(before + bytes.count - 1))
            #expect(throws: DecodingFault.self) { try short.value(Sample.self) }
            #expect(short.offset <= before + bytes.count - 1)
        }
    }
    for part in [0..<0, 3..<3, 4..<4] {
        var decoder = CanonicalDecoder(zeros(4), in: part)
        #expect(throws: DecodingFault(.truncated, at: part.lowerBound)) { try decoder.byte() }
    }
}

/// Every width, with exactly its bytes, one byte less, and a start that no word is aligned to.
@Test func integersAreReadAtAnyPlaceLowestByteFirst() throws {
    let bytes = (1...40).map { UInt8($0) }
    for start in 0..<8 {
        for width in [1, 2, 4, 8, 16] {
            let expected = (0..<width).reversed().reduce(Int128(0)) {
                $0 << 8 | Int128(bytes[start + $1])
            }
            for isShort in [false, true] {
                let end = start + width - (isShort ? 1 : 0)
                var decoder = CanonicalDecoder(bytes, in: start..<end)
                let read: Result<Int128, DecodingFault> = Result { () throws(DecodingFault) in
                    switch width {
                    case 1: Int128(try decoder.byte())
                    case 2: Int128(try decoder.uint16())
                    case 4: Int128(try decoder.uint32())
                    case 8: Int128(try decoder.uint64())
                    default: try decoder.int128()
                    }
                }
                let fault = DecodingFault(.truncated, at: start)
                #expect(read == (isShort ? .failure(fault) : .success(expected)))
                #expect(decoder.offset == (isShort ? start : end))
            }
        }
    }
}
