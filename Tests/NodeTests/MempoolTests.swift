/// Room in the mempool, and who gets it.

import Canonical
import Cryptography
import FixedPoint
import Gateway
import Ledger
import Testing

@testable import Node

@Suite struct MempoolTests {
    private static let statement = SignedStatement(
        key: PublicKey(Bytes32()), message: SignedMessage([1]),
        signature: Signature(r: Bytes32(), s: Bytes32()))

    private func transaction(
        _ number: UInt64, bytes: Int = 10, isReducing: Bool = false
    ) -> PendingTransaction {
        PendingTransaction(
            ticket: Ticket(number), bytes: [UInt8](repeating: 0, count: bytes),
            statement: MempoolTests.statement, account: AccountIdentifier(1), commands: 1,
            isReducing: isReducing)
    }

    /// A pool of 8 unverified and 8 ready transactions and 1,000 bytes.
    private func pool() -> Mempool {
        Mempool(limits: MempoolLimits(transactions: 8, unverified: 8, bytes: 1_000))
    }

    private func pass(_ pool: Mempool) throws {
        let taken = try #require(pool.takeUnverified(upTo: 100))
        pool.settle(taken, accepted: taken.map { _ in true })
    }

    @Test func whatReducesRiskGoesIntoTheBlockFirst() throws {
        let pool = pool()
        for number in 1...3 { try pool.submit(transaction(UInt64(number))) }
        try pool.submit(transaction(4, isReducing: true))
        try pass(pool)
        #expect(pool.takeReady(upTo: 3).map(\.ticket.number) == [4, 1, 2])
        #expect(pool.takeReady(upTo: 3).map(\.ticket.number) == [3])
        #expect(pool.occupancy.bytes == 0)
    }

    @Test func newRiskIsShedWhileThereIsStillRoomForCancels() throws {
        let pool = pool()
        for number in 1...6 { try pool.submit(transaction(UInt64(number))) }
        #expect(throws: AdmissionRefusal.self) { try pool.submit(transaction(7)) }
        try pool.submit(transaction(8, isReducing: true))
        try pool.submit(transaction(9, isReducing: true))
        #expect(throws: AdmissionRefusal.self) {
            try pool.submit(transaction(10, isReducing: true))
        }
    }

    @Test func bytesAreBoundedToo() throws {
        let pool = pool()
        try pool.submit(transaction(1, bytes: 750))
        #expect(throws: AdmissionRefusal.self) { try pool.submit(transaction(2, bytes: 1)) }
        try pool.submit(transaction(3, bytes: 250, isReducing: true))
        #expect(throws: AdmissionRefusal.self) {
            try pool.submit(transaction(4, bytes: 1, isReducing: true))
        }
    }

    @Test func aBadSignatureGivesItsRoomBack() throws {
        let pool = pool()
        for number in 1...6 { try pool.submit(transaction(UInt64(number))) }
        let taken = try #require(pool.takeUnverified(upTo: 100))
        #expect(throws: AdmissionRefusal.self) { try pool.submit(transaction(7)) }
        pool.settle(taken, accepted: taken.map { $0.ticket.number == 2 })
        #expect(pool.occupancy == (0, 1, 10))
        try pool.submit(transaction(8))
    }

    @Test func aPoolThatStopsTakesNothingAndLetsWaitersGo() throws {
        let pool = pool()
        try pool.submit(transaction(1))
        pool.stop()
        #expect(throws: AdmissionRefusal.unavailable) { try pool.submit(transaction(2)) }
        try pass(pool)
        #expect(pool.takeUnverified(upTo: 1) == nil)
        #expect(pool.isReady)
    }
}

@Suite struct CommandLimitsTests {
    private static let second: UInt64 = 1_000_000_000
    private let account = AccountIdentifier(7)

    @Test func aBurstPassesAndTheNextCommandWaits() {
        var limits = CommandLimits(rate: 10, burst: 5)
        #expect(limits.charge(account, commands: 5, isReducing: false, at: 0) == nil)
        let wait = limits.charge(account, commands: 1, isReducing: false, at: 0)
        #expect(wait == 101)
        let time = 101 * CommandLimitsTests.second / 1_000
        #expect(limits.charge(account, commands: 1, isReducing: false, at: time) == nil)
    }

    @Test func cancelsPassWhenOrdersDoNot() {
        var limits = CommandLimits(rate: 10, burst: 5)
        #expect(limits.charge(account, commands: 5, isReducing: false, at: 0) == nil)
        #expect(limits.charge(account, commands: 5, isReducing: true, at: 0) == nil)
        #expect(limits.charge(account, commands: 1, isReducing: true, at: 0) != nil)
    }

    @Test func accountsDoNotPayForEachOther() {
        var limits = CommandLimits(rate: 1, burst: 1)
        #expect(limits.charge(account, commands: 1, isReducing: false, at: 0) == nil)
        let other = AccountIdentifier(8)
        #expect(limits.charge(other, commands: 1, isReducing: false, at: 0) == nil)
    }

    @Test func longSilenceFillsTheBucketAndNoMore() {
        var limits = CommandLimits(rate: 10_000_000, burst: 2)
        #expect(limits.charge(account, commands: 2, isReducing: false, at: 0) == nil)
        #expect(limits.charge(account, commands: 2, isReducing: false, at: .max) == nil)
        #expect(limits.charge(account, commands: 1, isReducing: false, at: .max) != nil)
    }
}
