/// Identifiers, byte strings and symbols: each survives its encoding, has the stated width, and
/// orders as its bytes or numbers do.
import Canonical
import TestKit
import Testing

private let seed: UInt64 = 21

/// Encodes and decodes, with one byte more and one less.
private func expectRoundTrip<Value: CanonicalValue & Equatable>(
    _ value: Value, width: Int
) throws {
    let bytes = value.canonicalBytes
    #expect(bytes.count == width, "\(Value.self)")
    #expect(try Value(canonicalBytes: bytes) == value, "\(Value.self), seed \(seed)")
    #expect(throws: DecodingFault(.trailingBytes, at: width)) {
        try Value(canonicalBytes: bytes + [0])
    }
    do {
        _ = try Value(canonicalBytes: Array(bytes.dropLast()))
        Issue.record("\(Value.self) accepts a truncated encoding")
    } catch {
        #expect(error.reason == .truncated)
    }
}

@Test func identifiersAndKeysSurviveTheirEncoding() throws {
    var random = SeededGenerator(seed: seed)
    for round in 0..<200 {
        // The ends of the range first.
        let wide: UInt64 = round == 0 ? .min : round == 1 ? .max : random.next()
        let half = UInt32(truncatingIfNeeded: wide)
        let quarter = UInt16(truncatingIfNeeded: wide)
        try expectRoundTrip(AccountIdentifier(half), width: 4)
        try expectRoundTrip(CompartmentIdentifier(quarter), width: 2)
        try expectRoundTrip(UnderlyingIdentifier(quarter), width: 2)
        try expectRoundTrip(InstrumentIdentifier(quarter), width: 2)
        try expectRoundTrip(PublisherIdentifier(quarter), width: 2)
        try expectRoundTrip(OrderIdentifier(wide), width: 8)
        try expectRoundTrip(ClientOrderIdentifier(wide), width: 8)
        let bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }
        try expectRoundTrip(Digest(Bytes32(bytes)), width: 32)
        try expectRoundTrip(PublicKey(Bytes32(bytes)), width: 32)
        try expectRoundTrip(
            Signature(r: Bytes32(bytes), s: Bytes32(bytes, at: 32)), width: 64)
        #expect(Signature(r: Bytes32(bytes), s: Bytes32(bytes, at: 32)).canonicalBytes == bytes)
    }
}

@Test func integersAreWrittenLowestByteFirst() {
    #expect(AccountIdentifier(0x0102_0304).canonicalBytes == [4, 3, 2, 1])
    #expect(InstrumentIdentifier(0x0102).canonicalBytes == [2, 1])
    #expect(OrderIdentifier(0x0102_0304_0506_0708).canonicalBytes == [8, 7, 6, 5, 4, 3, 2, 1])
}

@Test func byteStringsOrderAsTheirBytesDo() {
    var random = SeededGenerator(seed: seed)
    var first = [UInt8](repeating: 0, count: 32)
    for _ in 0..<2_000 {
        var second = first
        let place = Int.random(in: 0..<32, using: &random)
        second[place] = .random(in: 0...255, using: &random)
        let isLess = first.lexicographicallyPrecedes(second)
        #expect((Bytes32(first) < Bytes32(second)) == isLess, "seed \(seed)")
        #expect(
            (Digest(Bytes32(first)) < Digest(Bytes32(second))) == isLess, "seed \(seed)")
        #expect(
            (PublicKey(Bytes32(first)) < PublicKey(Bytes32(second))) == isLess, "seed \(seed)")
        for index in 0..<32 { #expect(Bytes32(second)[index] == second[index]) }
        first = second
    }
    #expect(Digest.zero.canonicalBytes == [UInt8](repeating: 0, count: 32))
}

@Test func bitsAreCountedFromTheHighestOfTheFirstByte() {
    for index in 0..<256 {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes[index / 8] = 0x80 >> UInt8(index % 8)
        let value = Bytes32(bytes)
        for other in 0..<256 { #expect(value.bit(other) == (other == index)) }
    }
}

@Test func symbolsSurviveTheirEncodingAndOrderByBytes() throws {
    var random = SeededGenerator(seed: seed)
    let allowed = Array("ABCXYZabcxyz0189-./_".utf8)
    var last: [UInt8]?
    for _ in 0..<1_000 {
        let characters = (0..<Int.random(in: 1...32, using: &random)).map { _ in
            allowed.randomElement(using: &random)!
        }
        let symbol = try #require(Symbol(characters))
        try expectRoundTrip(symbol, width: 32)
        #expect(symbol.characters == characters, "seed \(seed)")
        if let last {
            #expect(
                (try #require(Symbol(last)) < symbol) == last.lexicographicallyPrecedes(characters),
                "seed \(seed)")
        }
        last = characters
    }
}

@Test func everyCharacterIsAllowedOrRefused() {
    let allowed = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-./_".utf8)
    for character in UInt8.min ... .max {
        #expect((Symbol([character]) != nil) == allowed.contains(character))
    }
}
