/// Messages of Wormhole have one form.

import Canonical
import Cryptography
import PullOracle
import TestKit
import Testing

struct WormholeMessageTests {
    private static let maker = AttestedBytes { Keccak256.hash($0).bytes }
    private static let emitter: AttestedBytes.Emitter = (1, [UInt8](repeating: 3, count: 32))

    private static func message(_ places: [UInt8]) -> [UInt8] {
        maker.wormhole(
            set: 4, guardians: places.map { ($0, AttestedBytes.address($0)) }, emitter: emitter,
            payload: [1, 2, 3], time: 77, sequence: 88)
    }

    private func fault(_ bytes: [UInt8]) -> PullFault? {
        do throws(PullFault) {
            _ = try WormholeMessage(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a message is read in full`() throws {
        let message = try WormholeMessage(Self.message([0, 3]))
        #expect(message.guardianSet == 4)
        #expect(message.signatures.map(\.guardian) == [0, 3])
        #expect(message.time == 77)
        #expect(message.sequence == 88)
        #expect(message.consistency == 1)
        #expect(message.payload == [1, 2, 3])
        #expect(message.emitter.chain == 1)
        #expect(message.signatures.allSatisfy { $0.signature.digest == message.digest })
    }

    @Test func `guardians ascend, and none stands twice`() {
        #expect(fault(Self.message([0, 1, 2])) == nil)
        #expect(fault(Self.message([0, 0])) == .guardiansOutOfOrder)
        #expect(fault(Self.message([1, 0])) == .guardiansOutOfOrder)
    }

    @Test func `one signature is the least, and thirty-two the most`() {
        #expect(fault(Self.message([])) == .malformed)
        #expect(fault(Self.message(Array(0..<32))) == nil)
        #expect(fault(Self.message(Array(0..<33))) == .malformed)
    }

    @Test func `another version and a parity above 1 are refused`() {
        var bytes = Self.message([0])
        bytes[0] = 2
        #expect(fault(bytes) == .malformed)
        bytes[0] = 1
        // Six bytes of header, the place, r and s.
        for parity: UInt8 in [2, 3, 27, 28] {
            bytes[6 + 1 + 64] = parity
            #expect(fault(bytes) == .malformed, "\(parity)")
        }
        bytes[6 + 1 + 64] = 1
        #expect(fault(bytes) == nil)
    }
}
