/// What is remembered of bad times, and for how long.

import Canonical
import Estimation
import FixedPoint
import Testing

struct StressedHistoryTests {
    private func share(_ percent: Int64) -> Real { Real(percent, over: 100) }

    @Test func `a day counts with its lowest estimate, once it is over`() {
        var history = StressedHistory()
        history.note(share(5), day: 60)
        history.note(share(40), day: 60)
        #expect(history.shortfall == .zero)
        history.note(share(30), day: 61)
        #expect(history.shortfall == share(5))
        history.note(share(20), day: 61)
        history.note(share(1), day: 62)
        #expect(history.shortfall == share(20))
    }

    @Test
    func `what was worst is remembered for eleven periods of thirty days and the one it was in`() {
        var history = StressedHistory()
        history.note(share(20), day: 30)
        history.note(share(3), day: 31)
        for day in 32..<390 as Range<UInt64> {
            history.note(share(3), day: day)
            #expect(history.shortfall == share(20), "\(day)")
        }
        history.note(share(3), day: 390)
        #expect(history.shortfall == share(3))
    }

    @Test func `a gap of years forgets all but the day before it`() {
        var history = StressedHistory()
        history.note(share(20), day: 30)
        history.note(share(9), day: 31)
        history.note(share(1), day: 9_000)
        #expect(history.shortfall == .zero)
    }

    @Test func `it reads as it was written, and no day outside its period does`() throws {
        var history = StressedHistory()
        #expect(try StressedHistory(canonicalBytes: history.canonicalBytes) == history)
        for day in 500..<600 as Range<UInt64> { history.note(share(Int64(day % 7)), day: day) }
        var bytes = history.canonicalBytes
        #expect(try StressedHistory(canonicalBytes: bytes) == history)
        bytes[bytes.count - 15] ^= 1
        #expect(throws: DecodingFault.self) { try StressedHistory(canonicalBytes: bytes) }
    }
}
