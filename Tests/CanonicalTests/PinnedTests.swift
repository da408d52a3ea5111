/// What a pinned value costs.
import Testing

@testable import Canonical

/// As the large values hold it.
private struct Holder: ~Copyable {
    private let pinned = Pinned()
    var number: UInt64 = 7
}

@Test func aPinTakesAByteAndLeavesTheRestAsItIs() {
    #expect(MemoryLayout<Pinned>.size == 1)
    var holder = Holder()
    holder.number += 1
    let moved = holder
    #expect(moved.number == 8)
}
