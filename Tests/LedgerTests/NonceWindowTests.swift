/// The window of nonces, against the obvious set of all that were used.

import Canonical
import FixedPoint
import TestKit
import Testing

@testable import Ledger

@Suite struct NonceWindowTests {
    private static let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `a window agrees with the set of all nonces that were used`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var window = NonceWindow()
        var used: Set<UInt64> = [0]
        for _ in 0..<6_000 {
            let highest = used.max() ?? 0
            let reach = ([3, 40, 130, 260, 600] as [UInt64]).randomElement(using: &random) ?? 3
            let low = highest > reach ? highest - reach : 0
            let nonce = UInt64.random(in: low...(highest + reach / 2 + 1), using: &random)
            let expected: Refusal? =
                nonce + NonceWindow.width <= highest
                ? .nonceTooOld : used.contains(nonce) ? .nonceUsed : nil
            #expect(window.refusal(of: nonce, at: Self.start) == expected, "seed \(seed)")
            if expected == nil {
                window.use(nonce)
                used.insert(nonce)
            }
            #expect(window.highest == used.max())
            #expect(try NonceWindow(canonicalBytes: window.canonicalBytes) == window)
        }
    }

    @Test func `both sides of the window's lower end`() {
        var window = NonceWindow()
        window.use(1_000)
        #expect(window.lowest == 745)
        #expect(window.refusal(of: 745, at: Self.start) == nil)
        #expect(window.refusal(of: 744, at: Self.start) == .nonceTooOld)
        window.use(745)
        #expect(window.refusal(of: 745, at: Self.start) == .nonceUsed)
        window.use(1_001)
        #expect(window.refusal(of: 745, at: Self.start) == .nonceTooOld)
        #expect(NonceWindow().lowest == 1)
        #expect(NonceWindow().refusal(of: 0, at: Self.start) == .nonceUsed)
    }

    @Test func `a step may be as long as the limit from the time or the highest, and no longer`() {
        let limit = NonceWindow.farthestStep
        var window = NonceWindow()
        let time = Self.start.nanoseconds
        #expect(window.refusal(of: time + limit, at: Self.start) == nil)
        #expect(window.refusal(of: time + limit + 1, at: Self.start) == .nonceTooFar)
        #expect(window.refusal(of: .max, at: Self.start) == .nonceTooFar)
        window.use(time + limit)
        #expect(window.refusal(of: time + 2 * limit, at: Self.start) == nil)
        #expect(window.refusal(of: time + 2 * limit + 1, at: Self.start) == .nonceTooFar)
        // Whatever was used by mistake, there is a next nonce.
        #expect(window.refusal(of: window.highest + 1, at: Self.start) == nil)
    }

    @Test func `a mask that no use can leave is refused`() {
        var one = NonceWindow()
        one.use(1)
        let good = one.canonicalBytes
        #expect((try? NonceWindow(canonicalBytes: good)) == one)
        // The highest is not marked; a nonce below 1 is; nothing is used, and yet marked.
        for (place, byte) in [(8, 0), (8, 3), (0, 0), (16, 1), (39, 1)] as [(Int, UInt8)] {
            var bytes = good
            bytes[place] = byte
            #expect(throws: DecodingFault(.outOfRange, at: 0)) {
                _ = try NonceWindow(canonicalBytes: bytes)
            }
        }
        var long = NonceWindow()
        long.use(200)
        var bytes = long.canonicalBytes
        // Bit 200 would be the nonce 0.
        bytes[8 + 25] = 1
        #expect(throws: DecodingFault(.outOfRange, at: 0)) {
            _ = try NonceWindow(canonicalBytes: bytes)
        }
        bytes[8 + 25] = 0
        bytes[8 + 24] = 0x80
        #expect(throws: Never.self) { _ = try NonceWindow(canonicalBytes: bytes) }
    }
}
