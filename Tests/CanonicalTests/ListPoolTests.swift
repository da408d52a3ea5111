/// Lists in one array against arrays of their own.
import Canonical
import TestKit
import Testing

@Test func pooledListsAreTheArraysThatTheyStandFor() {
    let seed: UInt64 = 83
    var random = SeededGenerator(seed: seed)
    var pool = ListPool<Int>(filler: -1)
    var lists = [PooledList](repeating: PooledList(), count: 20)
    var arrays = [[Int]](repeating: [], count: 20)
    for round in 0..<20_000 {
        let which = Int.random(in: 0..<20, using: &random)
        let count = arrays[which].count
        switch Int.random(in: 0..<5, using: &random) {
        case 0...2 where count < 40:
            let place = Int.random(in: 0...count, using: &random)
            pool.insert(round, at: place, in: &lists[which])
            arrays[which].insert(round, at: place)
        case 3 where count > 0:
            let place = Int.random(in: 0..<count, using: &random)
            pool[lists[which], place] += 1
            arrays[which][place] += 1
        default:
            // Some lists are emptied, so that runs are used again.
            for _ in 0..<min(count, round % 3 == 0 ? 40 : 1) {
                let place = Int.random(in: arrays[which].indices, using: &random)
                pool.remove(at: place, from: &lists[which])
                arrays[which].remove(at: place)
            }
        }
        for (list, array) in zip(lists, arrays) where list.count != array.count {
            Issue.record("seed \(seed), round \(round)")
        }
        #expect(pool.elements(of: lists[which]) == arrays[which], "seed \(seed), round \(round)")
    }
    for (list, array) in zip(lists, arrays) { #expect(pool.elements(of: list) == array) }
}

@Test func aPlaceBehindAListStopsTheProgram() async {
    await #expect(processExitsWith: .failure) {
        var pool = ListPool<Int>(filler: 0)
        var (first, second) = (PooledList(), PooledList())
        pool.insert(1, at: 0, in: &first)
        pool.insert(2, at: 0, in: &second)
        _ = pool[first, 1]
    }
}

@Test func anArrayGrowsByAnEighth() {
    var array: [UInt64] = []
    var copies = 0
    for element in 0..<100_000 as Range<UInt64> {
        let capacity = array.capacity
        array.makeRoom(for: 1)
        array.append(element)
        if array.capacity != capacity { copies += 1 }
        // The allocator may give whole pages, of which the array makes use.
        #expect(array.capacity <= array.count + array.count / 8 + 8 + 2 * 4_096 / 8)
    }
    #expect(array.count == 100_000 && copies < 100)
}
