/// Guardian sets: each follows the one before, counts once, and stays for a day of grace.

import Canonical
import Cryptography
import FixedPoint
import PullOracle
import TestKit
import Testing

struct GuardianSetTests {
    private static let maker = AttestedBytes { Keccak256.hash($0).bytes }
    private static let governance: AttestedBytes.Emitter = (
        1, [UInt8](repeating: 0, count: 31) + [4]
    )
    private static let start = Timestamp(nanoseconds: 1_000_000 * 1_000_000_000)

    private static func set(_ index: UInt32, _ numbers: [UInt8]) -> GuardianSet {
        GuardianSet(
            index: index, guardians: numbers.map { EthereumAddress(AttestedBytes.address($0)) })
    }

    private static func upgrade(
        from old: UInt32 = 0, to index: UInt32, _ numbers: [UInt8] = [5, 6, 7]
    ) throws -> GuardianSetUpgrade {
        try GuardianSetUpgrade(
            try WormholeMessage(
                maker.wormhole(
                    set: old, guardians: [(0, AttestedBytes.address(1))], emitter: governance,
                    payload: AttestedBytes.upgrade(
                        to: index, guardians: numbers.map(AttestedBytes.address)))))
    }

    @Test(.sharedFiles) func `seven real messages lead from one key to set 7`() throws {
        var state = try MainNetwork.state(0)
        #expect(
            state.guardians?.current.guardians
                == [EthereumAddress(bytes("58CC3AE5C097b213cE3c81979e1B9f9570746AA5"))])
        var now = Self.start
        for vector in try UpgradeVector.all() {
            let attestation = try Attestation(bytes(vector.vaa))
            guard case .guardians(let upgrade) = attestation else {
                Issue.record("\(vector.name) is a new set")
                continue
            }
            let signers = try state.signers(of: attestation, at: now)
            let recovered = PortableVerifier().recover(attestation.signatures)
            #expect(signers.fault(recovered[...]) == nil)
            try state.replaceGuardians(by: upgrade, at: now)
            #expect(state.guardians?.current == (try MainNetwork.set(vector.index)))
            // A second time, it is signed by a set that is no longer the current one.
            #expect(throws: PullFault.self) { try state.signers(of: attestation, at: now) }
            now = now.advanced(by: .hour)
        }
        #expect(state.guardians?.current.index == 7)
    }

    @Test(.sharedFiles) func `no real message counts before its turn`() throws {
        let state = try MainNetwork.state(0)
        for vector in try UpgradeVector.all().dropFirst() {
            #expect(throws: PullFault.unknownGuardianSet) {
                try state.signers(of: try Attestation(bytes(vector.vaa)), at: Self.start)
            }
        }
    }

    @Test func `two thirds and one more are a quorum`() {
        let rows: [(count: UInt8, quorum: Int)] = [(1, 1), (2, 2), (3, 3), (4, 3), (19, 13)]
        for row in rows {
            #expect(Self.set(0, Array(1...row.count)).quorum == row.quorum, "\(row.count)")
        }
    }

    @Test func `a set has someone, nobody twice and not too many`() {
        #expect(!Self.set(0, []).isValid)
        #expect(Self.set(0, [1]).isValid)
        #expect(!Self.set(0, [1, 1]).isValid)
        #expect(!Self.set(0, [1, 0]).isValid)
        #expect(Self.set(0, Array(1...32)).isValid)
        #expect(!Self.set(0, Array(1...33)).isValid)
    }

    @Test func `the next set counts, no other`() throws {
        var sets = GuardianSets(current: Self.set(3, [1, 2]))
        for wrong: (from: UInt32, to: UInt32) in [(3, 3), (3, 5), (2, 4), (4, 4), (4, 5)] {
            let upgrade = try Self.upgrade(from: wrong.from, to: wrong.to)
            #expect(throws: PullFault.guardianSetNotNext, "\(wrong)") {
                try sets.replace(by: upgrade, at: Self.start)
            }
        }
        try sets.replace(by: try Self.upgrade(from: 3, to: 4), at: Self.start)
        #expect(sets.current == Self.set(4, [5, 6, 7]))
        #expect(throws: PullFault.guardianSetNotNext) {
            try sets.replace(by: try Self.upgrade(from: 3, to: 4), at: Self.start)
        }
    }

    @Test func `a replaced set counts until a day has passed`() throws {
        var sets = GuardianSets(current: Self.set(0, [1]))
        try sets.replace(by: try Self.upgrade(to: 1), at: Self.start)
        let end = Self.start.advanced(by: GuardianSets.grace)
        let before = Timestamp(nanoseconds: end.nanoseconds - 1)
        #expect(try sets.set(0, at: before) == Self.set(0, [1]))
        #expect(throws: PullFault.guardianSetExpired) { try sets.set(0, at: end) }
        #expect(try sets.set(1, at: end).index == 1)
        #expect(throws: PullFault.unknownGuardianSet) { try sets.set(2, at: end) }
    }

    @Test func `sets read as they were written, also with replaced ones`() throws {
        var sets = GuardianSets(current: Self.set(0, [1]))
        #expect(try GuardianSets(canonicalBytes: sets.canonicalBytes) == sets)
        for index: UInt32 in 1...6 {
            try sets.replace(
                by: try Self.upgrade(from: index - 1, to: index, [UInt8(index)]), at: Self.start)
            #expect(try GuardianSets(canonicalBytes: sets.canonicalBytes) == sets)
        }
        #expect(sets.retired.map(\.set.index) == [2, 3, 4, 5])
    }

    @Test func `the announcement of a set has one form`() throws {
        func payload(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
            var payload = AttestedBytes.upgrade(
                to: 1, guardians: [AttestedBytes.address(5), AttestedBytes.address(6)])
            change(&payload)
            return payload
        }
        func isRead(_ payload: [UInt8]) -> Bool {
            let message = Self.maker.wormhole(
                set: 0, guardians: [(0, AttestedBytes.address(1))], emitter: Self.governance,
                payload: payload)
            return (try? GuardianSetUpgrade(try WormholeMessage(message))) != nil
        }
        #expect(isRead(payload { _ in }))
        #expect(!isRead(payload { $0[0] = 1 }))
        #expect(!isRead(payload { $0[28] = 0 }))
        #expect(!isRead(payload { $0[32] = 1 }))
        #expect(!isRead(payload { $0[34] = 2 }))
        #expect(!isRead(payload { $0[39] = 1 }))
        #expect(!isRead(payload { $0.append(0) }))
        #expect(!isRead(payload { $0.replaceSubrange(40..<60, with: $0[60..<80]) }))
    }
}
