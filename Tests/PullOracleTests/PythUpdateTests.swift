/// What is read in updates of Pyth is what upstream reads in them; what does not lead to the root
/// is refused.

import Canonical
import Cryptography
import FixedPoint
import PullOracle
import TestKit
import Testing

struct PythUpdateTests {
    private static let maker = AttestedBytes { Keccak256.hash($0).bytes }
    private static let emitter: AttestedBytes.Emitter = (26, [UInt8](repeating: 3, count: 32))
    private static let feed = [UInt8](repeating: 9, count: 32)

    private static func update(_ messages: [[UInt8]]) -> [UInt8] {
        maker.pyth(messages) { payload in
            maker.wormhole(
                set: 0, guardians: [(0, AttestedBytes.address(1))], emitter: emitter,
                payload: payload)
        }
    }

    private static func price(_ price: Int64) -> [UInt8] {
        AttestedBytes.pythPrice(feed: feed, price: price, confidence: 2, exponent: -8, time: 7)
    }

    private func fault(_ bytes: [UInt8]) -> PullFault? {
        do throws(PullFault) {
            _ = try PythUpdate(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test(.sharedFiles) func `everything is read as upstream reads it`() throws {
        for vector in try PythVector.real() {
            let update = try PythUpdate(bytes(vector.update))
            let message = update.message
            #expect(message.guardianSet == vector.guardianSet)
            #expect(message.signatures.map(\.guardian) == vector.signers)
            #expect(message.time == vector.vaa.timestamp)
            #expect(message.nonce == vector.vaa.nonce)
            #expect(message.emitter == MainNetwork.pyth)
            #expect(String(message.sequence) == vector.vaa.sequence)
            #expect(message.consistency == vector.vaa.consistencyLevel)
            #expect(message.digest.bytes == bytes(vector.vaa.digest))
            #expect(String(update.slot) == vector.accumulator.slot)
            #expect(update.ringSize == vector.accumulator.ringSize)
            #expect(update.messages.count == vector.updates.count)
            for (read, expected) in zip(update.messages, vector.updates) {
                try compare(read, try #require(expected.parsed), vector.name)
            }
        }
    }

    private func compare(
        _ message: PythMessage, _ expected: PythVector.Parsed, _ name: String
    ) throws {
        switch message {
        case .price(let price):
            #expect(price.feed.bytes == bytes(expected.feed ?? ""), "\(name)")
            #expect(String(price.price) == expected.price)
            #expect(String(price.confidence) == expected.confidence)
            #expect(price.exponent == expected.exponent)
            #expect(price.time == expected.publishTime)
            #expect(price.previousTime == expected.previousTime)
            #expect(String(price.average) == expected.average)
            #expect(String(price.averageConfidence) == expected.averageConfidence)
        case .sums(let sums):
            #expect(sums.feed.bytes == bytes(expected.feed ?? ""), "\(name)")
            #expect(String(sums.price) == expected.cumulativePrice)
            #expect(String(sums.confidence) == expected.cumulativeConfidence)
            #expect(String(sums.silentSlots) == expected.silentSlots)
            #expect(sums.exponent == expected.exponent)
            #expect(sums.time == expected.publishTime)
            #expect(sums.previousTime == expected.previousTime)
            #expect(String(sums.slot) == expected.slot)
        }
    }

    @Test(.sharedFiles) func `updates of test networks follow the same rules`() throws {
        let faults = try PythVector.all().filter { !$0.isReal }.map {
            ($0.name, fault(bytes($0.update)))
        }
        let expected: [(String, PullFault?)] = [
            ("sui_0", nil), ("sui_1", .wrongProof),
            // It states version 1.10 and more header.
            ("sui_3", .malformed),
            // Its messages are longer than those of version 1.0.
            ("sui_4", .malformed), ("sui_5", nil), ("aptos_2", nil),
            ("aptos_4", .wrongProof),
        ]
        #expect(faults.map(\.0) == expected.map(\.0))
        for (found, row) in zip(faults, expected) { #expect(found.1 == row.1, "\(found.0)") }
    }

    @Test func `a made-up update is read, with one price and with many`() throws {
        for count in 1...5 {
            let bytes = Self.update((1...count).map { Self.price(Int64($0)) })
            let update = try PythUpdate(bytes)
            #expect(update.messages.count == count)
        }
    }

    @Test func `a right proof for another message is refused`() throws {
        let two = Self.update([Self.price(1), Self.price(2)])
        let forged = Self.update([Self.price(3), Self.price(2)])
        #expect(fault(two) == nil)
        // The message of the one over the proof and root of the other.
        let size = Self.price(1).count
        let start = two.count - 2 * (2 + size + 1 + 20) + 2
        var mixed = two
        mixed.replaceSubrange(
            start..<(start + size), with: forged[start..<(start + size)])
        #expect(fault(mixed) == .wrongProof)
    }

    @Test func `an inner node is no message`() throws {
        // What stands before the hash tells leaves and nodes apart.
        let pair = Self.update([Self.price(1), Self.price(2)])
        let update = try PythUpdate(pair)
        #expect(update.messages.count == 2)
        let node = [UInt8](repeating: 4, count: 40)
        #expect(fault(Self.update([node])) == .malformed)
    }

    @Test func `versions, kinds and counts other than the one form are refused`() {
        let good = Self.update([Self.price(1)])
        #expect(fault(good) == nil)
        for (place, value) in [(0, 0x51), (4, 2), (5, 1), (6, 1), (7, 1), (10, 2)] {
            var bytes = good
            bytes[place] = UInt8(value)
            #expect(fault(bytes) == .malformed, "\(place)")
        }
        let nothing = Array(good[..<(good.count - (2 + Self.price(1).count + 1) - 1)]) + [0]
        #expect(fault(nothing) == .malformed)
        for payload in [[UInt8]("AUWX".utf8), Array("AUWV".utf8) + [1]] {
            let message = Self.maker.wormhole(
                set: 0, guardians: [(0, AttestedBytes.address(1))], emitter: Self.emitter,
                payload: payload + [UInt8](repeating: 0, count: 33))
            let bytes =
                Array("PNAU".utf8) + [1, 0, 0, 0]
                + AttestedBytes.number(UInt16(message.count)) + message + [0]
            #expect(fault(bytes) == .malformed)
        }
    }

    @Test func `a message of another kind, or of another length, is refused`() {
        var other = Self.price(1)
        other[0] = 2
        #expect(fault(Self.update([other])) == .malformed)
        #expect(fault(Self.update([Self.price(1) + [0]])) == .malformed)
        #expect(fault(Self.update([Array(Self.price(1).dropLast())])) == .malformed)
    }
}
