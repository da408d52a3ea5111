/// Leaves as bytes: what goes in comes out, in order.
import Canonical
import Testing

@Suite struct LeafListTests {
    @Test func leavesStandInTheOrderTheyCame() {
        var list = LeafList()
        #expect(list.count == 0 && list.byteCount == 0)
        list.append(key: [1], value: [2, 3])
        list.append(key: [4, 5], value: [])
        let all: [UInt8] = [6, 7, 8]
        list.append(key: all.span.extracting(0..<1), value: all.span.extracting(1..<3))
        #expect(list.count == 3 && list.byteCount == 8)
        #expect((0..<3).map { list.key($0) } == [[1], [4, 5], [6]])
        #expect((0..<3).map { list.value($0) } == [[2, 3], [], [7, 8]])
        #expect(list.keys.count == 3 && list.values.count == 3)
        list.removeAll()
        #expect(list.count == 0 && list.byteCount == 0)
        list.append(key: [9], value: [9])
        #expect(list.key(0) == [9])
    }
}
