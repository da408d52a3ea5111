import Canonical
import Testing

@testable import Replication

@Suite("Changed leaves of many blocks")
struct LeafChangeTests {
    /// Keys that differ in every part that is compared, and one that begins another.
    private static let keys: [[UInt8]] = [
        [1], [1, 0], [1, 0, 0, 0, 0, 0, 0, 0, 2], [1, 0, 0, 0, 0, 0, 0, 0, 2, 9],
        [UInt8](repeating: 3, count: 16), [UInt8](repeating: 3, count: 16) + [0],
        [UInt8](repeating: 3, count: 16) + [7, 1], [UInt8](repeating: 3, count: 16) + [8],
        [4, 255], [200],
    ]

    private static func list(_ keys: [[UInt8]]) -> LeafList {
        var list = LeafList()
        for key in keys { list.append(key: key, value: [1]) }
        return list
    }

    @Test("Changes ascend by key, byte for byte")
    func ascend() {
        let mixed = [7, 2, 9, 0, 5, 1, 8, 4, 3, 6].map { LeafChangeTests.keys[$0] }
        let changes = LeafChange.ascending([LeafChangeTests.list(mixed)])
        #expect(changes.map(\.key) == LeafChangeTests.keys)
        for change in changes { #expect(mixed[change.leaf] == change.key) }
    }

    @Test("Of one key the newest change comes first")
    func newestFirst() {
        let key: [UInt8] = [5, 5]
        let other: [UInt8] = [5, 4]
        let changes = LeafChange.ascending([
            LeafChangeTests.list([key, other]), LeafChangeTests.list([other, key, key]),
            LeafChangeTests.list([key]),
        ])
        #expect(changes.map(\.key) == [other, other, key, key, key, key])
        #expect(changes.map(\.block) == [1, 0, 2, 1, 1, 0])
        #expect(changes.map(\.leaf) == [0, 1, 0, 2, 1, 0])
    }

    @Test("No changes are none")
    func nothing() {
        #expect(LeafChange.ascending([]).isEmpty)
        #expect(LeafChange.ascending([LeafList()]).isEmpty)
    }
}
