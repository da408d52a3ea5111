import Canonical
import FixedPoint
import Testing

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
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
        let sample = Sample(using: &random)
        #expect(try Sample(canonicalBytes: sample.canonicalBytes) == sample)
    }
}

/// Whatever the decoder accepts, it would have written itself: mutated bytes either fail or are the
/// one encoding of another value.
@Test func theDecoderAcceptsOnlyEncodings() {
    var random = SystemRandomNumberGenerator()
    var refused = 0
    for _ in 0..<20_000 {
        var bytes = Sample(using: &random).canonicalBytes
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[.random(in: 0..<bytes.count, using: &random)] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.removeLast(.random(in: 1...bytes.count, using: &random))
        default: bytes.append(.random(in: 0 ... .max, using: &random))
        }
        do {
            #expect(try Sample(canonicalBytes: bytes).canonicalBytes == bytes)
        } catch {
            refused += 1
        }
    }
    #expect(refused > 10_000)
}

@Test func eachFaultNamesItsReasonAndPlace() {
    func fault(_ bytes: [UInt8], _ read: (inout CanonicalDecoder) throws -> Void) -> DecodingFault? {
        var decoder = CanonicalDecoder(bytes)
        do {
            try read(&decoder)
            try decoder.finish()
            return nil
        } catch {
            return error as? DecodingFault
        }
    }
    #expect(fault([1]) { _ = try $0.uint16() } == DecodingFault(.truncated, at: 0))
    #expect(fault([1, 2]) { _ = try $0.byte() } == DecodingFault(.trailingBytes, at: 1))
    #expect(fault([2]) { _ = try $0.boolean() } == DecodingFault(.notBoolean, at: 0))
    #expect(
        fault([3, 0, 0, 0, 1, 1, 1]) { _ = try $0.byteString(limit: 2) }
            == DecodingFault(.tooMany, at: 0))
    #expect(fault([2, 0, 0, 0, 1, 1]) { _ = try $0.byteString(limit: 2) } == nil)
    #expect(
        fault([255, 255, 255, 255]) {
            _ = try $0.list(of: OrderIdentifier.self, limit: .max)
        } == DecodingFault(.truncated, at: 4))
}
