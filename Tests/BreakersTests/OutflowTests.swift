/// How fast a vault empties: the room on both sides, and what goes round does not use it.

import Breakers
import Canonical
import FixedPoint
import Testing

struct OutflowTests {
    private let parameters = VaultParameters.standard
    private let start = Timestamp(nanoseconds: 1_749_990_600_000_000_000)

    private func dollars(_ count: Int64) -> Amount { Amount(microunits: count * 1_000_000) }

    @Test func `three hundredths leave in an hour and a tenth in a day`() {
        var outflow = VaultOutflow()
        var vault = dollars(1_000_000)
        var now = start
        var left = Amount.zero
        #expect(outflow.room(in: vault, parameters, at: now) == dollars(30_000))
        for hour in 0..<4 {
            let room = outflow.room(in: vault, parameters, at: now)
            #expect(room.isPositive, "hour \(hour)")
            outflow.count(room, at: now)
            vault -= room
            left += room
            #expect(outflow.room(in: vault, parameters, at: now) == .zero)
            now = now.advanced(by: .seconds(3_660))
        }
        #expect(left == dollars(100_000))
        #expect(outflow.room(in: vault, parameters, at: now) == .zero)
        now = start.advanced(by: .seconds(25 * 3_600))
        #expect(outflow.room(in: vault, parameters, at: now).isPositive)
    }

    @Test func `what is put back makes room again`() {
        var outflow = VaultOutflow()
        outflow.count(dollars(30_000), at: start)
        #expect(outflow.room(in: dollars(970_000), parameters, at: start) == .zero)
        outflow.takeBack(dollars(30_000), at: start)
        #expect(outflow.isIdle)
        #expect(outflow.room(in: dollars(1_000_000), parameters, at: start) == dollars(30_000))
    }

    @Test func `the lane for small withdrawals has room of its own`() {
        var outflow = VaultOutflow()
        #expect(outflow.smallRoom(in: dollars(1_000_000), parameters, at: start) == dollars(10_000))
        outflow.countSmall(dollars(10_000), at: start)
        #expect(outflow.smallRoom(in: dollars(990_000), parameters, at: start) == .zero)
        #expect(outflow.room(in: dollars(990_000), parameters, at: start) == dollars(29_700))
    }

    @Test func `money that goes round counts once, and what was brought leaves freely`() throws {
        var account = AccountOutflow()
        let first = account.deposit(dollars(100), at: start)
        #expect(first == .zero && account.credit(at: start) == dollars(100))
        let free = account.withdraw(dollars(40), at: start)
        let counted = account.withdraw(dollars(80), at: start)
        #expect(free == .zero && counted == dollars(20))
        // Of what comes back, twenty put back what counted.
        let back = account.deposit(dollars(30), at: start)
        #expect(back == dollars(20))
        #expect(account.credit(at: start) == dollars(10))
        #expect(try AccountOutflow(canonicalBytes: account.canonicalBytes) == account)
        // It is remembered for the day after, and no longer.
        let tomorrow = start.advanced(by: .day)
        #expect(account.credit(at: tomorrow) == dollars(10))
        #expect(account.credit(at: tomorrow.advanced(by: .day)) == .zero)
    }

    @Test func `the small lane of an account is by day`() {
        var account = AccountOutflow()
        account.withdrawSmall(dollars(9_000), at: start)
        #expect(account.small(at: start) == dollars(9_000))
        #expect(account.small(at: start.advanced(by: .day)) == .zero)
    }

    @Test func `what is no state of a vault is refused`() throws {
        var outflow = VaultOutflow()
        outflow.count(dollars(1), at: start)
        let bytes = outflow.canonicalBytes
        #expect(try VaultOutflow(canonicalBytes: bytes) == outflow)
        var wrong = bytes
        for place in 8..<16 { wrong[place] = 0xff }
        #expect(throws: DecodingFault.self) { try VaultOutflow(canonicalBytes: wrong) }
    }
}
