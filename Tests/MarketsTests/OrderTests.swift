/// Sides and the leaf of an order.
import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Markets

@Test func aSideAcceptsItsLimitAndWhatIsBetter() {
    for (side, price, accepted) in [
        (Side.buy, Int64(99), true), (.buy, 100, true), (.buy, 101, false),
        (.sell, 99, false), (.sell, 100, true), (.sell, 101, true),
    ] {
        #expect(side.accepts(Price(ticks: price), limit: Price(ticks: 100)) == accepted)
    }
    #expect(Side.buy.sign == 1 && Side.sell.sign == -1)
    #expect(Side.buy.opposite == .sell && Side.sell.opposite == .buy)
}

@Test func anOrderSurvivesItsEncoding() throws {
    let seed: UInt64 = 52
    var random = SeededGenerator(seed: seed)
    var refused = 0
    for _ in 0..<2_000 {
        let resting = order(
            .random(in: 0...(1 << 60), using: &random), Bool.random(using: &random) ? .buy : .sell,
            price: .random(in: .min ... .max, using: &random),
            lots: .random(in: 1 ... .max, using: &random))
        var bytes = resting.canonicalBytes
        #expect(try Order(canonicalBytes: bytes) == resting, "seed \(seed)")
        bytes[.random(in: bytes.indices, using: &random)] = .random(in: 0...255, using: &random)
        do {
            let other = try Order(canonicalBytes: bytes)
            #expect(other.canonicalBytes == bytes, "seed \(seed)")
        } catch {
            refused += 1
        }
    }
    #expect(refused > 50, "seed \(seed)")
}

@Test func anUnknownSideAndAnOrderWithoutLotsAreNoEncodings() throws {
    #expect(throws: DecodingFault(.unknownTag, at: 0)) { try Side(canonicalBytes: [2]) }
    // Identifier 8, account 4, instrument 2, client 8, flags 2, price 8: lots from byte 32 on.
    var bytes = order(1, .sell, price: 5, lots: 5).canonicalBytes
    bytes[22] = 1 << 6
    #expect(throws: DecodingFault(.outOfRange, at: 22)) { try Order(canonicalBytes: bytes) }
    for lots in [Int64(0), -1] {
        let empty = order(1, .sell, price: 5, lots: lots)
        #expect(throws: DecodingFault(.outOfRange, at: 32)) {
            try Order(canonicalBytes: empty.canonicalBytes)
        }
    }
}
